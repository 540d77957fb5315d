"""Restore testing: when recovery points are restored on trial, and which."""

from __future__ import annotations

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.backup.common import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties

_NAME = {"name": "RestoreTestingPlanName"}
_PLAN = Translation("backup", "CreateRestoreTestingPlan", below="RestoreTestingPlan", names=_NAME)
_SELECTION = Translation(
    "backup",
    "CreateRestoreTestingSelection",
    below="RestoreTestingSelection",
    names={"name": "RestoreTestingSelectionName"},
    apart=frozenset({"restoreTestingPlanName"}),
)
_DEFAULT_HOURS, _DEFAULT_DAYS = 24, 30


class RestoreTestingPlan(Handler):
    """When tests run, and among which recovery points they choose."""

    token = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
    create_only = frozenset({"name"})
    autoname = "name"
    autoname_limit = 50

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        for key, value, most in (
            ("startWindowHours", inputs.get("startWindowHours"), 168),
            ("recoveryPointSelection.selectionWindowDays", inputs["recoveryPointSelection"].get("selectionWindowDays"), 365),
        ):
            if isinstance(value, int) and not 1 <= value <= most:
                found.append(Failure(key, f"must be 1 to {most} (got {value})"))
        name = inputs["name"]
        if isinstance(name, str) and not (name.replace("_", "").isalnum() and name.isascii() and len(name) <= 50):
            found.append(Failure("name", f"must be at most 50 letters, digits and underscores (got {name!r})"))
        return found + _PLAN.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        points = {"excludeVaults": [], "selectionWindowDays": _DEFAULT_DAYS, **inputs["recoveryPointSelection"]}
        return {
            "recoveryPointSelection": points,
            "scheduleExpressionTimezone": inputs.get("scheduleExpressionTimezone", "Etc/UTC"),
            "startWindowHours": inputs.get("startWindowHours", _DEFAULT_HOURS),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("backup").create_restore_testing_plan(
            CreatorRequestId=call.token(), RestoreTestingPlan=_PLAN.request(inputs), Tags=inputs["tagsAll"]
        )
        return made["RestoreTestingPlanName"], {**self.preview(call, inputs), "arn": made["RestoreTestingPlanArn"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").get_restore_testing_plan(RestoreTestingPlanName=resource_id)["RestoreTestingPlan"]
        found = _PLAN.properties(self.token, live)
        points = {"excludeVaults": [], **found["recoveryPointSelection"]}
        found["recoveryPointSelection"] = aligned(state.get("recoveryPointSelection", points), points)
        return found | {"arn": live["RestoreTestingPlanArn"], "tags": live_tags(call, live["RestoreTestingPlanArn"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, old["arn"], old, new)
        wanted = _PLAN.request({**new, **self.preview(call, new)})
        del wanted["RestoreTestingPlanName"]
        call.client("backup").update_restore_testing_plan(RestoreTestingPlanName=resource_id, RestoreTestingPlan=wanted)
        return {**self.preview(call, new), "arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_restore_testing_plan(RestoreTestingPlanName=resource_id)

    def equal(self, path: str, old: object, new: object) -> bool:
        if path == "recoveryPointSelection" and isinstance(old, dict) and isinstance(new, dict):
            filled = {"excludeVaults": [], "selectionWindowDays": _DEFAULT_DAYS}
            return super().equal(path, {**filled, **old}, {**filled, **new})
        return super().equal(path, old, new)


class RestoreTestingSelection(Handler):
    """One type of what is restored on trial, and how."""

    token = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    create_only = frozenset({"name", "restoreTestingPlanName", "protectedResourceType"})
    unordered = frozenset({"protectedResourceArns"})
    autoname = "name"
    autoname_limit = 50

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        hours, found = inputs.get("validationWindowHours"), []
        if isinstance(hours, int) and not 0 <= hours <= 168:
            found.append(Failure("validationWindowHours", f"must be 0 to 168 (got {hours})"))
        if not any(inputs.get(key) for key in ("protectedResourceArns", "protectedResourceConditions")):
            found.append(Failure("protectedResourceArns", 'say which: ARNs, or ["*"] with protectedResourceConditions'))
        plan = inputs["restoreTestingPlanName"]
        return found + _SELECTION.failures(inputs, RestoreTestingPlanName="plan" if plan is UNKNOWN else plan)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "protectedResourceArns": inputs.get("protectedResourceArns", []),
            "restoreMetadataOverrides": inputs.get("restoreMetadataOverrides", {}),
            "validationWindowHours": inputs.get("validationWindowHours", 0),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        plan = inputs["restoreTestingPlanName"]
        call.client("backup").create_restore_testing_selection(
            CreatorRequestId=call.token(), RestoreTestingPlanName=plan, RestoreTestingSelection=_SELECTION.request(inputs)
        )
        return f"{inputs['name']}:{plan}", self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        name, _, plan = resource_id.partition(":")
        live = call.client("backup").get_restore_testing_selection(RestoreTestingPlanName=plan, RestoreTestingSelectionName=name)
        found = _SELECTION.properties(self.token, live["RestoreTestingSelection"])
        if "protectedResourceConditions" in found:
            declared = state.get("protectedResourceConditions", found["protectedResourceConditions"])
            found["protectedResourceConditions"] = aligned(declared, found["protectedResourceConditions"])
        return {"restoreMetadataOverrides": {}, "protectedResourceArns": [], **found, "restoreTestingPlanName": plan}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        name, _, plan = resource_id.partition(":")
        wanted = _SELECTION.request({**new, **self.preview(call, new)})
        for fixed in ("RestoreTestingSelectionName", "ProtectedResourceType"):
            del wanted[fixed]
        call.client("backup").update_restore_testing_selection(
            RestoreTestingPlanName=plan, RestoreTestingSelectionName=name, RestoreTestingSelection=wanted
        )
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        name, _, plan = resource_id.partition(":")
        call.client("backup").delete_restore_testing_selection(RestoreTestingPlanName=plan, RestoreTestingSelectionName=name)
