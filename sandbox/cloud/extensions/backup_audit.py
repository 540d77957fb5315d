"""AWS Backup Audit Manager: frameworks, changes and tags of report plans. Nothing is evaluated here, and no report is written."""

from __future__ import annotations

import json
import uuid
from functools import wraps
from typing import Any
from urllib.parse import unquote


def install() -> None:
    """Adds it to moto."""
    from moto.backup.responses import BackupResponse
    from moto.backup.urls import response, url_paths

    for path in ("{0}/audit/frameworks$", "{0}/audit/frameworks/(?P<frameworkName>[^/]+)$"):
        url_paths[path] = response.dispatch
    BackupResponse.create_framework = _create_framework
    BackupResponse.describe_framework = _describe_framework
    BackupResponse.list_frameworks = _list_frameworks
    BackupResponse.update_framework = _update_framework
    BackupResponse.delete_framework = _delete_framework
    BackupResponse.create_report_plan = _tagged(BackupResponse.create_report_plan)
    BackupResponse.update_report_plan = _update_report_plan


def _frameworks(self: Any) -> dict[str, Any]:
    found: dict[str, Any] = self.backup_backend.__dict__.setdefault("sandbox_frameworks", {})
    return found


def _framework(self: Any) -> dict[str, Any]:
    from moto.backup.exceptions import ResourceNotFoundException

    name = unquote(self.path.rstrip("/").rpartition("/")[2])
    if name not in _frameworks(self):
        raise ResourceNotFoundException(f"Framework {name} was not found")
    found: dict[str, Any] = _frameworks(self)[name]
    return found


def _create_framework(self: Any) -> str:
    from moto.backup.exceptions import AlreadyExistsException
    from moto.core.utils import unix_time

    asked = json.loads(self.body)
    name = asked["FrameworkName"]
    if name in _frameworks(self):
        raise AlreadyExistsException(f"A framework {name} exists already")
    arn = f"arn:aws:backup:{self.region}:{self.current_account}:framework:{name}-{uuid.uuid4()}"
    _frameworks(self)[name] = {
        "FrameworkName": name,
        "FrameworkArn": arn,
        "FrameworkDescription": asked.get("FrameworkDescription", ""),
        "FrameworkControls": asked["FrameworkControls"],
        "CreationTime": unix_time(),
        "DeploymentStatus": "COMPLETED",
        "FrameworkStatus": "ACTIVE",
    }
    self.backup_backend.tag_resource(arn, asked.get("FrameworkTags") or {})
    return json.dumps({"FrameworkName": name, "FrameworkArn": arn})


def _describe_framework(self: Any) -> str:
    return json.dumps(_framework(self))


def _list_frameworks(self: Any) -> str:
    shown = ("FrameworkName", "FrameworkArn", "FrameworkDescription", "CreationTime", "DeploymentStatus")
    found = [
        {key: item[key] for key in shown} | {"NumberOfControls": len(item["FrameworkControls"])} for item in _frameworks(self).values()
    ]
    return json.dumps({"Frameworks": found})


def _update_framework(self: Any) -> str:
    framework, asked = _framework(self), json.loads(self.body)
    framework.update({key: asked[key] for key in ("FrameworkDescription", "FrameworkControls") if key in asked})
    return json.dumps({key: framework[key] for key in ("FrameworkName", "FrameworkArn", "CreationTime")})


def _delete_framework(self: Any) -> str:
    del _frameworks(self)[_framework(self)["FrameworkName"]]
    return "{}"


def _tagged(original: Any) -> Any:
    @wraps(original)
    def create_report_plan(self: Any) -> Any:
        answer = original(self)
        name = self._get_param("ReportPlanName")
        plan = self.backup_backend.describe_report_plan(name)
        self.backup_backend.tag_resource(plan.report_plan_arn, self._get_param("ReportPlanTags") or {})
        return answer

    return create_report_plan


def _update_report_plan(self: Any) -> str:
    from moto.core.utils import unix_time

    plan = self.backup_backend.describe_report_plan(unquote(self.path.rstrip("/").rpartition("/")[2]))
    asked = json.loads(self.body)
    for member, attribute in (
        ("ReportPlanDescription", "report_plan_description"),
        ("ReportDeliveryChannel", "report_delivery_channel"),
        ("ReportSetting", "report_setting"),
    ):
        if member in asked:
            setattr(plan, attribute, asked[member])
    return json.dumps({"ReportPlanName": plan.report_plan_name, "ReportPlanArn": plan.report_plan_arn, "CreationTime": unix_time()})
