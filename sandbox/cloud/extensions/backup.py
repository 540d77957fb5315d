"""AWS Backup: selections, vault policies and notifications, new versions of plans, restore testing, settings of a region.

No job is run here, so a vault has no recovery points.
"""

from __future__ import annotations

import json
import uuid
from functools import wraps
from typing import Any
from urllib.parse import unquote

_PATHS = (
    "{0}/backup-vaults/(?P<name>[^/]+)/access-policy$",
    "{0}/backup-vaults/(?P<name>[^/]+)/notification-configuration$",
    "{0}/restore-testing/plans$",
    "{0}/restore-testing/plans/(?P<rest>.+)$",
    "{0}/account-settings$",
)
_OPT_INS = (
    *("Aurora", "CloudFormation", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "Redshift"),
    *("Redshift Serverless", "S3", "SAP HANA on Amazon EC2", "Storage Gateway", "Timestream", "VirtualMachine"),
)
"""What a region can opt in to; as AWS has it, everything is on until somebody says otherwise."""
_MANAGED = {"DynamoDB": True, "EFS": True}


def install() -> None:
    """Adds it to moto."""
    from moto.backup.models import BackupBackend
    from moto.backup.responses import BackupResponse
    from moto.backup.urls import response, url_paths

    for path in _PATHS:
        url_paths[path] = response.dispatch
    for operation in (
        *(_update_backup_plan, _create_backup_selection, _get_backup_selection, _list_backup_selections, _delete_backup_selection),
        *(_put_backup_vault_access_policy, _get_backup_vault_access_policy, _delete_backup_vault_access_policy),
        *(_put_backup_vault_notifications, _get_backup_vault_notifications, _delete_backup_vault_notifications),
        *(_create_restore_testing_plan, _get_restore_testing_plan, _list_restore_testing_plans, _update_restore_testing_plan),
        *(_delete_restore_testing_plan, _create_restore_testing_selection, _get_restore_testing_selection),
        *(_list_restore_testing_selections, _update_restore_testing_selection, _delete_restore_testing_selection),
        *(_describe_region_settings, _update_region_settings),
    ):
        setattr(BackupResponse, operation.__name__.removeprefix("_"), operation)
    BackupBackend.delete_backup_plan = _unless_selected(BackupBackend.delete_backup_plan)
    BackupBackend.describe_backup_vault = _counted(BackupBackend.describe_backup_vault)


def _kept(response: Any, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = response.backup_backend.__dict__.setdefault(f"sandbox_{kind}", {})
    return found


def _asked(response: Any) -> dict[str, Any]:
    return json.loads(response.body) if response.body else {}


def _steps(response: Any) -> list[str]:
    return [unquote(step) for step in response.path.strip("/").split("/")]


def _missing(text: str) -> Exception:
    from moto.backup.exceptions import ResourceNotFoundException

    missing: Exception = ResourceNotFoundException(text)
    return missing


def _now() -> float:
    from moto.core.utils import unix_time

    return float(unix_time())


def _one(found: dict[str, Any], key: str) -> Any:
    if key not in found:
        raise _missing(f"{key} was not found")
    return found[key]


def _unless_selected(original: Any) -> Any:
    @wraps(original)
    def delete_backup_plan(self: Any, backup_plan_id: str) -> Any:
        from moto.backup.exceptions import InvalidRequestException

        if self.__dict__.get("sandbox_selections", {}).get(backup_plan_id):
            raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion.")
        answer = original(self, backup_plan_id)
        # moto keeps a deleted plan, whose name then could never be used again.
        del self.plans[backup_plan_id]
        return answer

    return delete_backup_plan


def _counted(original: Any) -> Any:
    @wraps(original)
    def describe_backup_vault(self: Any, backup_vault_name: str) -> Any:
        vault = original(self, backup_vault_name)
        vault.number_of_recovery_points = vault.num_of_recovery_points
        return vault

    return describe_backup_vault


def _update_backup_plan(self: Any) -> str:
    plan = self.backup_backend.get_backup_plan(_steps(self)[2], None)
    from moto.backup.models import Plan

    new = Plan(_asked(self)["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id, plan.advanced_backup_settings = new.backup_plan, new.version_id, new.advanced_backup_settings
    return json.dumps(plan.to_dict())


def _create_backup_selection(self: Any) -> str:
    plan_id, asked = _steps(self)[2], _asked(self)
    self.backup_backend.get_backup_plan(plan_id, None)
    selection = {
        "BackupPlanId": plan_id,
        "SelectionId": str(uuid.uuid4()),
        "CreationDate": _now(),
        "CreatorRequestId": asked.get("CreatorRequestId"),
        "BackupSelection": {"NotResources": [], "ListOfTags": [], "Resources": [], **asked["BackupSelection"]},
    }
    _kept(self, "selections").setdefault(plan_id, {})[selection["SelectionId"]] = selection
    return json.dumps({key: selection[key] for key in ("BackupPlanId", "SelectionId", "CreationDate")})


def _selections(self: Any) -> dict[str, Any]:
    found: dict[str, Any] = _kept(self, "selections").get(_steps(self)[2], {})
    return found


def _get_backup_selection(self: Any) -> str:
    return json.dumps(_one(_selections(self), _steps(self)[-1]))


def _list_backup_selections(self: Any) -> str:
    found = [
        {
            **{key: item[key] for key in ("BackupPlanId", "SelectionId", "CreationDate", "CreatorRequestId")},
            **{key: item["BackupSelection"][key] for key in ("SelectionName", "IamRoleArn")},
        }
        for item in _selections(self).values()
    ]
    return json.dumps({"BackupSelectionsList": found})


def _delete_backup_selection(self: Any) -> str:
    del _selections(self)[_one(_selections(self), _steps(self)[-1])["SelectionId"]]
    return "{}"


def _vault(self: Any) -> Any:
    vault = self.backup_backend.describe_backup_vault(_steps(self)[1])
    vault.__dict__.setdefault("sandbox_settings", {})
    return vault


def _put(self: Any, kind: str, setting: dict[str, Any]) -> str:
    _vault(self).sandbox_settings[kind] = setting
    return "{}"


def _get(self: Any, kind: str) -> str:
    vault = _vault(self)
    setting = _one(vault.sandbox_settings, kind)
    return json.dumps({"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, **setting})


def _drop(self: Any, kind: str) -> str:
    _vault(self).sandbox_settings.pop(kind, None)
    return "{}"


def _put_backup_vault_access_policy(self: Any) -> str:
    return _put(self, "policy", {"Policy": _asked(self)["Policy"]})


def _get_backup_vault_access_policy(self: Any) -> str:
    return _get(self, "policy")


def _delete_backup_vault_access_policy(self: Any) -> str:
    return _drop(self, "policy")


def _put_backup_vault_notifications(self: Any) -> str:
    asked = _asked(self)
    return _put(self, "notifications", {key: asked[key] for key in ("SNSTopicArn", "BackupVaultEvents")})


def _get_backup_vault_notifications(self: Any) -> str:
    return _get(self, "notifications")


def _delete_backup_vault_notifications(self: Any) -> str:
    return _drop(self, "notifications")


def _made(plan: dict[str, Any], *names: str) -> str:
    return json.dumps({name: plan[name] for name in ("CreationTime", "RestoreTestingPlanArn", "RestoreTestingPlanName", *names)})


def _plan(self: Any) -> dict[str, Any]:
    found: dict[str, Any] = _one(_kept(self, "restore_testing"), _steps(self)[2])
    return found


def _create_restore_testing_plan(self: Any) -> Any:
    from moto.backup.exceptions import AlreadyExistsException

    asked, plans = _asked(self), _kept(self, "restore_testing")
    plan = asked["RestoreTestingPlan"]
    name = plan["RestoreTestingPlanName"]
    if name in plans:
        raise AlreadyExistsException(f"A restore testing plan {name} exists already")
    arn = f"arn:aws:backup:{self.region}:{self.current_account}:restore-testing-plan:{name}-{uuid.uuid4()}"
    plan["RecoveryPointSelection"] = {"ExcludeVaults": [], "SelectionWindowDays": 30, **plan["RecoveryPointSelection"]}
    plans[name] = {
        "ScheduleExpressionTimezone": "Etc/UTC",
        "StartWindowHours": 24,
        **plan,
        "CreationTime": _now(),
        "RestoreTestingPlanArn": arn,
        "selections": {},
    }
    self.backup_backend.tag_resource(arn, asked.get("Tags") or {})
    return 201, {}, _made(plans[name])


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "selections"}


def _get_restore_testing_plan(self: Any) -> str:
    return json.dumps({"RestoreTestingPlan": _shown(_plan(self))})


def _list_restore_testing_plans(self: Any) -> str:
    return json.dumps({"RestoreTestingPlans": [_shown(plan) for plan in _kept(self, "restore_testing").values()]})


def _update_restore_testing_plan(self: Any) -> str:
    plan = _plan(self)
    plan.update(_asked(self)["RestoreTestingPlan"], UpdateTime=_now())
    return _made(plan, "UpdateTime")


def _delete_restore_testing_plan(self: Any) -> Any:
    from moto.backup.exceptions import InvalidRequestException

    plan = _plan(self)
    if plan["selections"]:
        raise InvalidRequestException("All selections of a restore testing plan must be deleted before it")
    del _kept(self, "restore_testing")[plan["RestoreTestingPlanName"]]
    return 204, {}, ""


def _create_restore_testing_selection(self: Any) -> Any:
    plan, selection = _plan(self), _asked(self)["RestoreTestingSelection"]
    plan["selections"][selection["RestoreTestingSelectionName"]] = {
        "ValidationWindowHours": 0,
        **selection,
        "CreationTime": _now(),
        "RestoreTestingPlanName": plan["RestoreTestingPlanName"],
        "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"],
    }
    return 201, {}, _made(plan["selections"][selection["RestoreTestingSelectionName"]], "RestoreTestingSelectionName")


def _tested(self: Any) -> dict[str, Any]:
    found: dict[str, Any] = _one(_plan(self)["selections"], _steps(self)[-1])
    return found


def _get_restore_testing_selection(self: Any) -> str:
    return json.dumps({"RestoreTestingSelection": _tested(self)})


def _list_restore_testing_selections(self: Any) -> str:
    return json.dumps({"RestoreTestingSelections": list(_plan(self)["selections"].values())})


def _update_restore_testing_selection(self: Any) -> str:
    selection = _tested(self)
    selection.update(_asked(self)["RestoreTestingSelection"], UpdateTime=_now())
    return _made(selection, "RestoreTestingSelectionName", "UpdateTime")


def _delete_restore_testing_selection(self: Any) -> Any:
    del _plan(self)["selections"][_tested(self)["RestoreTestingSelectionName"]]
    return 204, {}, ""


def _describe_region_settings(self: Any) -> str:
    kept = _kept(self, "region_settings")
    return json.dumps(
        {
            "ResourceTypeOptInPreference": dict.fromkeys(_OPT_INS, True) | kept.get("ResourceTypeOptInPreference", {}),
            "ResourceTypeManagementPreference": _MANAGED | kept.get("ResourceTypeManagementPreference", {}),
        }
    )


def _update_region_settings(self: Any) -> str:
    for key, preferences in _asked(self).items():
        _kept(self, "region_settings").setdefault(key, {}).update(preferences)
    return "{}"
