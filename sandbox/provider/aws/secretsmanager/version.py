"""Values of secrets. They are secret in every output, whatever the program says."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.provider.errors import Failure, error_code
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, Secret

_PUT = Translation(
    "secretsmanager", "PutSecretValue", apart=frozenset({"secretBinary", "secretStringWo", "secretStringWoVersion", "secretString"})
)
_CURRENT = "AWSCURRENT"
_VALUES = ("secretString", "secretBinary", "secretStringWo")


class SecretVersion(Handler):
    """One value of a secret. A new value is a new version; the service never gives one up whose label is AWSCURRENT."""

    token = "aws:secretsmanager/secretVersion:SecretVersion"
    create_only = frozenset({"secretBinary", "secretId", "secretString", "secretStringWoVersion"})
    unordered = frozenset({"versionStages"})
    volatile = frozenset({"versionStages"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        given = [key for key in _VALUES if key in inputs]
        if len(given) != 1:
            got = f"got {', '.join(given)}" if given else "got none"
            return [Failure("secretString", f"exactly one of {', '.join(_VALUES)} is needed ({got})")]
        if ("secretStringWo" in inputs) != ("secretStringWoVersion" in inputs):
            return [Failure("secretStringWoVersion", "goes with secretStringWo, and only with it: raise it when the value changes")]
        if "secretBinary" in inputs and not _is_base64(inputs["secretBinary"]):
            return [Failure("secretBinary", "must be base64")]
        return _PUT.failures(inputs, **_value(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return _hidden(inputs) | {"hasSecretStringWo": "secretStringWo" in inputs}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("secretsmanager").put_secret_value(**_PUT.request(inputs), **_value(inputs), ClientRequestToken=call.token())
        computed = {
            "arn": made["ARN"],
            "secretArn": made["ARN"],
            "versionId": made["VersionId"],
            "versionStages": made["VersionStages"],
        }
        return f"{inputs['secretId']}|{made['VersionId']}", computed | self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        secret, _, version = resource_id.partition("|")
        try:
            live = call.client("secretsmanager").get_secret_value(SecretId=secret, VersionId=version)
        except Exception as error:
            # What the service says of a secret that waits for its deletion.
            if error_code(error) == "InvalidRequestException":
                return None
            raise
        written_only = bool(state.get("hasSecretStringWo"))
        found: Properties = {
            "arn": live["ARN"],
            "secretArn": live["ARN"],
            "secretId": secret,
            "versionId": live["VersionId"],
            "versionStages": live["VersionStages"],
            "hasSecretStringWo": written_only,
        }
        if "SecretBinary" in live:
            found["secretBinary"] = Secret(base64.b64encode(live["SecretBinary"]).decode())
        elif not written_only:
            found["secretString"] = Secret(live["SecretString"])
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        secrets = call.client("secretsmanager")
        secret, _, version = resource_id.partition("|")
        for stage in new.get("versionStages", []):
            holder = next((key for key, stages in _stages(secrets, secret).items() if stage in stages), None)
            if holder != version:
                taken = {"RemoveFromVersionId": holder} if holder else {}
                secrets.update_secret_version_stage(SecretId=secret, VersionStage=stage, MoveToVersionId=version, **taken)
        if "versionStages" in new:
            self._release(secrets, secret, version, keeping=new["versionStages"])
        return _hidden(new) | {"versionStages": _stages(secrets, secret)[version]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        secret, _, version = resource_id.partition("|")
        self._release(call.client("secretsmanager"), secret, version, keeping=())

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "secretStringWo":
            return True  # never kept, so never compared: its version number tells of a change
        return super().equal(path, *(item.value if isinstance(item, Secret) else item for item in (old, new)))

    def _release(self, secrets: Any, secret: str, version: str, keeping: Any) -> None:
        """Takes its labels off, but for AWSCURRENT, which the service only moves."""
        for stage in _stages(secrets, secret).get(version, []):
            if stage != _CURRENT and stage not in keeping:
                secrets.update_secret_version_stage(SecretId=secret, VersionStage=stage, RemoveFromVersionId=version)


def _stages(secrets: Any, secret: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = secrets.describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    return found


def _value(inputs: Properties) -> Properties:
    if "secretBinary" in inputs:
        binary = inputs["secretBinary"]
        return {"SecretBinary": UNKNOWN if binary is UNKNOWN else base64.b64decode(binary)}
    return {"SecretString": inputs.get("secretString", inputs.get("secretStringWo"))}


def _hidden(inputs: Properties) -> Properties:
    """The value as an output: secret, or nowhere at all when it was given to be written only."""
    values = {key: Secret(inputs[key]) for key in ("secretString", "secretBinary") if key in inputs}
    return values | ({"secretStringWo": None} if "secretStringWo" in inputs else {})


def _is_base64(value: Any) -> bool:
    try:
        return value is UNKNOWN or bool(base64.b64decode(value, validate=True))
    except (binascii.Error, TypeError):
        return False
