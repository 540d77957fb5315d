"""Frameworks and report plans of AWS Backup Audit Manager."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.backup.common import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, moment

_FRAMEWORK = Translation(
    "backup",
    "CreateFramework",
    names={
        "name": "FrameworkName",
        "description": "FrameworkDescription",
        "controls": "FrameworkControls",
        "inputParameters": "ControlInputParameters",
        "scope": "ControlScope",
        "FrameworkControl.name": "ControlName",
        "ControlInputParameter.name": "ParameterName",
        "value": "ParameterValue",
    },
)
_REPORT = Translation("backup", "CreateReportPlan", names={"name": "ReportPlanName", "description": "ReportPlanDescription"})


class Framework(Handler):
    """Controls that backups are held against."""

    token = "aws:backup/framework:Framework"
    create_only = frozenset({"name"})
    unordered = frozenset({"controls"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _FRAMEWORK.failures(inputs, IdempotencyToken="token")

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        backup = call.client("backup")
        backup.create_framework(**_FRAMEWORK.request(inputs), IdempotencyToken=call.token(), FrameworkTags=inputs["tagsAll"])
        return inputs["name"], _outputs(backup.describe_framework(FrameworkName=inputs["name"]))

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").describe_framework(FrameworkName=resource_id)
        found = _FRAMEWORK.properties(self.token, live)
        found["controls"] = aligned(state.get("controls", []), found["controls"])
        return found | _outputs(live) | {"tags": live_tags(call, live["FrameworkArn"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        backup = call.client("backup")
        retag(call, old["arn"], old, new)
        backup.update_framework(**_FRAMEWORK.request(new), IdempotencyToken=call.token())
        return _outputs(backup.describe_framework(FrameworkName=resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_framework(FrameworkName=resource_id)


class ReportPlan(Handler):
    """Which report is written where, every day."""

    token = "aws:backup/reportPlan:ReportPlan"
    create_only = frozenset({"name"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _REPORT.failures(inputs, IdempotencyToken="token")

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        backup = call.client("backup")
        backup.create_report_plan(**_REPORT.request(inputs), IdempotencyToken=call.token(), ReportPlanTags=inputs["tagsAll"])
        return inputs["name"], _reported(backup.describe_report_plan(ReportPlanName=inputs["name"])["ReportPlan"])

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").describe_report_plan(ReportPlanName=resource_id)["ReportPlan"]
        found = _REPORT.properties(self.token, live)
        for key in ("reportDeliveryChannel", "reportSetting"):
            found[key] = aligned(state.get(key, found[key]), found[key])
        return found | _reported(live) | {"tags": live_tags(call, live["ReportPlanArn"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        backup = call.client("backup")
        retag(call, old["arn"], old, new)
        backup.update_report_plan(**_REPORT.request(new), IdempotencyToken=call.token())
        return _reported(backup.describe_report_plan(ReportPlanName=resource_id)["ReportPlan"])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_report_plan(ReportPlanName=resource_id)


def _outputs(live: dict[str, Any]) -> Properties:
    return {
        "arn": live["FrameworkArn"],
        "creationTime": moment(live["CreationTime"]),
        "deploymentStatus": live["DeploymentStatus"],
        "status": live["FrameworkStatus"],
    }


def _reported(live: dict[str, Any]) -> Properties:
    return {
        "arn": live["ReportPlanArn"],
        "creationTime": moment(live["CreationTime"]),
        "deploymentStatus": live["DeploymentStatus"],
    }
