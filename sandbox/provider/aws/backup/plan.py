"""Plans of AWS Backup, and the selections of what they back up."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.backup.common import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties

_RULE = {
    "name": "BackupPlanName",
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "destinationVaultArn": "DestinationBackupVaultArn",
}
_PLAN = Translation("backup", "CreateBackupPlan", below="BackupPlan", names=_RULE, apart=frozenset({"scanSettings"}))
_SELECTION = Translation(
    "backup",
    "CreateBackupSelection",
    below="BackupSelection",
    names={
        "name": "SelectionName",
        "stringEquals": "StringEquals",
        "key": "ConditionKey",
        "value": "ConditionValue",
        "type": "ConditionType",
    },
    apart=frozenset({"planId", "selectionTags"}),
)
_CONTINUOUS_DAYS = 35
_COLD_DAYS = 90
"""What goes to cold storage stays there so long.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
"""
_PREFIX = "aws:ResourceTag/"


class Plan(Handler):
    """What is done when, and how long its results are kept."""

    token = "aws:backup/plan:Plan"
    create_only = frozenset({"name"})
    unordered = frozenset({"rules", "advancedBackupSettings"})
    autoname = "name"
    autoname_limit = 50
    volatile = frozenset({"version"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [failure for position, rule in enumerate(inputs["rules"]) for failure in _of_rule(rule, f"rules[{position}]")]
        return found + _PLAN.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("backup").create_backup_plan(
            BackupPlan=_PLAN.request(inputs), BackupPlanTags=inputs["tagsAll"], CreatorRequestId=call.token()
        )
        return made["BackupPlanId"], {"arn": made["BackupPlanArn"], "version": made["VersionId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").get_backup_plan(BackupPlanId=resource_id)
        found = _PLAN.properties(self.token, live["BackupPlan"])
        found["rules"] = aligned(state.get("rules", []), found.get("rules", []))
        return found | {"arn": live["BackupPlanArn"], "version": live["VersionId"], "tags": live_tags(call, live["BackupPlanArn"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        backup = call.client("backup")
        retag(call, old["arn"], old, new)
        live = backup.get_backup_plan(BackupPlanId=resource_id)
        has = _PLAN.properties(self.token, live["BackupPlan"]).get("rules", [])
        # Every update makes a version, the one after an interruption as well.
        if not self.equal("rules", aligned(new["rules"], has), new["rules"]) or old.get("advancedBackupSettings") != new.get(
            "advancedBackupSettings"
        ):
            live = backup.update_backup_plan(BackupPlanId=resource_id, BackupPlan=_PLAN.request(new))
        return {"arn": old["arn"], "version": live["VersionId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_plan(BackupPlanId=resource_id)


def _of_rule(rule: Any, path: str) -> list[Failure]:
    """What the service refuses about one rule, beyond what its model says."""
    if rule is UNKNOWN:
        return []
    lifecycle = rule.get("lifecycle") or {}
    found = _of_lifecycle(lifecycle, f"{path}.lifecycle")
    for position, copy in enumerate(rule.get("copyActions") or ()):
        found += _of_lifecycle(copy.get("lifecycle") or {}, f"{path}.copyActions[{position}].lifecycle")
    days = lifecycle.get("deleteAfter")
    if rule.get("enableContinuousBackup") is True and days is not UNKNOWN and not (days and 1 <= days <= _CONTINUOUS_DAYS):
        found.append(Failure(f"{path}.lifecycle.deleteAfter", f"of a continuous backup must be 1 to {_CONTINUOUS_DAYS} (got {days})"))
    if rule.get("enableContinuousBackup") is True and lifecycle.get("coldStorageAfter"):
        found.append(Failure(f"{path}.lifecycle.coldStorageAfter", "is not for a continuous backup"))
    return found


def _of_lifecycle(lifecycle: Properties, path: str) -> list[Failure]:
    cold, end = lifecycle.get("coldStorageAfter"), lifecycle.get("deleteAfter")
    if isinstance(cold, int) and isinstance(end, int) and cold and end < cold + _COLD_DAYS:
        return [Failure(f"{path}.deleteAfter", f"must be at least {_COLD_DAYS} days after coldStorageAfter (got {end} and {cold})")]
    return []


class Selection(Handler):
    """What a plan backs up."""

    token = "aws:backup/selection:Selection"
    create_only = frozenset({"name", "planId", "iamRoleArn", "conditions", "notResources", "resources", "selectionTags"})
    unordered = frozenset({"notResources", "resources", "selectionTags"})
    autoname = "name"
    autoname_limit = 50

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        if not any(inputs.get(key) for key in ("resources", "selectionTags", "conditions")):
            found.append(Failure("resources", "a selection must say what it selects: resources, selectionTags or conditions"))
        for condition in inputs.get("conditions") or ():
            for test in [test for tests in condition.values() for test in tests]:
                key = test["key"]
                if isinstance(key, str) and not key.startswith(_PREFIX):
                    found.append(Failure("conditions", f"keys must begin with {_PREFIX!r} (got {key!r})"))
        return found + _SELECTION.failures(inputs, BackupPlanId=inputs["planId"])

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"notResources": inputs.get("notResources", []), "conditions": inputs.get("conditions", [])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("backup").create_backup_selection(
            BackupPlanId=inputs["planId"], BackupSelection=self._request(inputs), CreatorRequestId=call.token()
        )
        return made["SelectionId"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import gives `<plan>|<selection>`, as the selection's own id does not lead to its plan.
        plan, _, selection = resource_id.rpartition("|")
        plan = plan or state["planId"]
        live = call.client("backup").get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"]
        found = _SELECTION.properties(self.token, live)
        tags = [
            {"type": item["ConditionType"], "key": item["ConditionKey"], "value": item["ConditionValue"]} for item in live["ListOfTags"]
        ]
        conditions = aligned(state.get("conditions", []), found["conditions"]) if found.get("conditions") else []
        given = {"selectionTags": tags} if tags else {}
        return {"notResources": [], **found, "conditions": conditions, "planId": plan, **given}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_selection(BackupPlanId=state["planId"], SelectionId=resource_id.rpartition("|")[2])

    def _request(self, inputs: Properties) -> Properties:
        wanted = _SELECTION.request(inputs)
        tags = inputs.get("selectionTags")
        if tags:
            wanted["ListOfTags"] = [
                {"ConditionType": tag["type"], "ConditionKey": tag["key"], "ConditionValue": tag["value"]} for tag in tags
            ]
        return wanted
