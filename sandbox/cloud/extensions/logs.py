"""CloudWatch Logs: class, key and protection of log groups; policies of one resource; changes of a delivery."""

from __future__ import annotations

import json
import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept


def install() -> None:
    """Adds it to moto."""
    from moto.logs.models import LogGroup, LogsBackend
    from moto.logs.responses import LogsResponse

    LogsResponse.create_log_group = _create_group(LogsResponse.create_log_group)
    LogsResponse.associate_kms_key = _associate_key
    LogsResponse.disassociate_kms_key = _disassociate_key
    LogsResponse.put_log_group_deletion_protection = _protect
    LogsResponse.put_resource_policy = _put_policy(LogsResponse.put_resource_policy)
    LogsResponse.describe_resource_policies = _describe_policies
    LogsResponse.delete_resource_policy = _delete_policy(LogsResponse.delete_resource_policy)
    LogsResponse.update_delivery_configuration = _update_delivery
    LogsBackend.delete_log_group = _unless_protected(LogsBackend.delete_log_group)
    LogGroup.to_describe_dict = _described(LogGroup.to_describe_dict)


def _create_group(original: Any) -> Any:
    @wraps(original)
    def create_log_group(self: Any) -> Any:
        answer = original(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.log_class = self._get_param("logGroupClass") or "STANDARD"
        group.protected = bool(self._get_param("deletionProtectionEnabled"))
        return answer

    return create_log_group


def _described(original: Any) -> Any:
    @wraps(original)
    def to_describe_dict(self: Any) -> Any:
        return original(self) | {
            "logGroupClass": getattr(self, "log_class", "STANDARD"),
            "deletionProtectionEnabled": getattr(self, "protected", False),
        }

    return to_describe_dict


def _unless_protected(original: Any) -> Any:
    @wraps(original)
    def delete_log_group(self: Any, log_group_name: str) -> None:
        from moto.logs.exceptions import ValidationException

        if getattr(self.groups.get(log_group_name), "protected", False):
            raise ValidationException("Log group has deletion protection enabled.")
        original(self, log_group_name)

    return delete_log_group


def _protect(self: Any) -> str:
    _group(self, "logGroupIdentifier").protected = self._get_param("deletionProtectionEnabled")
    return "{}"


def _associate_key(self: Any) -> str:
    _group(self, "logGroupName").kms_key_id = self._get_param("kmsKeyId")
    return "{}"


def _disassociate_key(self: Any) -> str:
    _group(self, "logGroupName").kms_key_id = None
    return "{}"


def _group(response: Any, parameter: str) -> Any:
    from moto.logs.exceptions import ResourceNotFoundException

    name = response._get_param(parameter).rpartition(":log-group:")[2].removesuffix(":*")
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException()
    return response.logs_backend.groups[name]


def _put_policy(original: Any) -> Any:
    @wraps(original)
    def put_resource_policy(self: Any) -> Any:
        resource = self._get_param("resourceArn")
        if resource is None:
            return original(self)
        kept = {
            "policyDocument": self._get_param("policyDocument"),
            "policyScope": "RESOURCE",
            "resourceArn": resource,
            "revisionId": uuid.uuid4().hex,
        }
        _of_resources(self)[resource] = kept
        return json.dumps({"resourcePolicy": kept, "revisionId": kept["revisionId"]})

    return put_resource_policy


def _describe_policies(self: Any) -> str:
    resource = self._get_param("resourceArn")
    if resource is not None:
        found = [policy for arn, policy in _of_resources(self).items() if arn == resource]
    elif self._get_param("policyScope") == "RESOURCE":
        found = list(_of_resources(self).values())
    else:
        found = [policy.describe() | {"policyScope": "ACCOUNT"} for policy in self.logs_backend.describe_resource_policies()]
    return json.dumps({"resourcePolicies": found})


def _delete_policy(original: Any) -> Any:
    @wraps(original)
    def delete_resource_policy(self: Any) -> Any:
        from moto.logs.exceptions import ResourceNotFoundException

        resource = self._get_param("resourceArn")
        if resource is None:
            return original(self)
        if _of_resources(self).pop(resource, None) is None:
            raise ResourceNotFoundException(f"No policy of {resource} exists")
        return "{}"

    return delete_resource_policy


def _of_resources(response: Any) -> dict[str, Any]:
    return kept(response.logs_backend, "policies_of_resources")


def _update_delivery(self: Any) -> str:
    delivery = self.logs_backend.get_delivery(id=self._get_param("id"))
    for parameter, attribute in (
        ("recordFields", "record_fields"),
        ("fieldDelimiter", "field_delimiter"),
        ("s3DeliveryConfiguration", "s3_delivery_configuration"),
    ):
        if (value := self._get_param(parameter)) is not None:
            setattr(delivery, attribute, value)
    return "{}"
