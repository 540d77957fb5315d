"""Secrets Manager: types, keys of replicas and rotation schedules are kept; a name waits until its old secret is gone.

No rotation function is run here, so a rotation changes no value.
"""

from __future__ import annotations

import json
import time
from functools import wraps
from typing import Any

_DAY = 86_400


def install() -> None:
    """Adds it to moto."""
    from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend
    from moto.secretsmanager.responses import SecretsManagerResponse

    SecretsManagerBackend.create_secret = _in_time(SecretsManagerBackend.create_secret)
    SecretsManagerBackend.update_secret_version_stage = _current(SecretsManagerBackend.update_secret_version_stage)
    SecretsManagerResponse.create_secret = _typed(SecretsManagerResponse.create_secret, "Name")
    SecretsManagerResponse.update_secret = _typed(SecretsManagerResponse.update_secret, "SecretId")
    SecretsManagerResponse.rotate_secret = _rotate
    SecretsManagerResponse.cancel_rotate_secret = _cancel
    FakeSecret.create_replicas = _keyed(FakeSecret.create_replicas)
    FakeSecret.to_dict = _described(FakeSecret.to_dict)


def _in_time(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, name: str, **asked: Any) -> Any:
        from moto.secretsmanager.exceptions import InvalidRequestException

        if name in self.secrets and self.secrets[name].is_deleted():
            raise InvalidRequestException("You can't create this secret because a secret with this name is already scheduled for deletion.")
        return original(self, name=name, **asked)

    return create


def _typed(original: Any, naming: str) -> Any:
    @wraps(original)
    def change(self: Any) -> Any:
        answer = original(self)
        secret = self.backend.describe_secret(self._get_param(naming))
        if self._get_param("Type") is not None:
            secret.kind = self._get_param("Type")
        if self._get_param("Description") == "":
            secret.description = ""
        return answer

    return change


def _current(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, secret_id: str, version_stage: str, remove_from_version_id: str, move_to_version_id: str) -> Any:
        answer = original(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if version_stage == "AWSCURRENT" and move_to_version_id:
            self.secrets[secret_id].set_default_version_id(move_to_version_id)
        return answer

    return update


def _keyed(original: Any) -> Any:
    @wraps(original)
    def create_replicas(self: Any, replica_regions: Any, force_overwrite: bool) -> Any:
        replicas = original(self, replica_regions, force_overwrite)
        for replica, asked in zip(replicas, replica_regions or [], strict=True):
            replica.config["KmsKeyId"] = asked.get("KmsKeyId") or replica.config["KmsKeyId"]
        return replicas

    return create_replicas


def _described(original: Any) -> Any:
    @wraps(original)
    def to_dict(self: Any) -> Any:
        kind = getattr(self, "kind", None)
        return original(self) | ({"Type": kind} if kind else {}) | getattr(self, "rotation", {})

    return to_dict


def _rotate(self: Any) -> str:
    from moto.awslambda.utils import get_backend
    from moto.secretsmanager.exceptions import InvalidRequestException, ResourceNotFoundException

    secret = self.backend.describe_secret(self._get_param("SecretId"))
    told = getattr(secret, "rotation", {})
    function = self._get_param("RotationLambdaARN") or told.get("RotationLambdaARN")
    if not function and not self._get_param("ExternalSecretRotationRoleArn"):
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")
    if function and function not in {item.function_arn for item in get_backend(self.current_account, self.region).list_functions()}:
        raise ResourceNotFoundException(f"Resource not found for ARN '{function}'.")
    secret.rotation = told | {
        "RotationEnabled": True,
        "RotationLambdaARN": function or "",
        "RotationRules": self._get_param("RotationRules") or told.get("RotationRules", {}),
        "LastRotatedDate": int(time.time()),
    }
    days = secret.rotation["RotationRules"].get("AutomaticallyAfterDays")
    if days:
        secret.rotation["NextRotationDate"] = secret.rotation["LastRotatedDate"] + days * _DAY
    for parameter in ("ExternalSecretRotationMetadata", "ExternalSecretRotationRoleArn"):
        if self._get_param(parameter):
            secret.rotation[parameter] = self._get_param(parameter)
    return str(secret.to_short_dict())


def _cancel(self: Any) -> str:
    secret = self.backend.describe_secret(self._get_param("SecretId"))
    secret.rotation = getattr(secret, "rotation", {}) | {"RotationEnabled": False}
    secret.rotation.pop("NextRotationDate", None)
    return json.dumps({"ARN": secret.arn, "Name": secret.name})
