"""When and by what a secret is rotated."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_ROTATE = Translation("secretsmanager", "RotateSecret", apart=frozenset({"rotationEnabled"}))


class SecretRotation(Handler):
    """A schedule, and the function that makes the new value."""

    token = "aws:secretsmanager/secretRotation:SecretRotation"
    support = Support.PARTLY
    gap = "no rotation function is run, so no value changes"
    create_only = frozenset({"secretId"})
    defaults = {"rotateImmediately": True}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        rules, off = inputs.get("rotationRules"), inputs.get("rotationEnabled") is False
        if off and rules:
            return [Failure("rotationRules", "mean nothing with rotationEnabled: false; leave them out")]
        if not off and not rules:
            return [Failure("rotationRules", "are needed unless rotationEnabled is false")]
        if isinstance(rules, dict) and known(rules) and ("automaticallyAfterDays" in rules) == ("scheduleExpression" in rules):
            return [Failure("rotationRules", "need either automaticallyAfterDays or scheduleExpression")]
        return _ROTATE.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return self._put(call, inputs), {"rotationEnabled": inputs.get("rotationEnabled", True)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("secretsmanager").describe_secret(SecretId=resource_id)
        if live.get("DeletedDate"):
            return None
        enabled = live.get("RotationEnabled", False)
        found: Properties = {"secretId": state.get("secretId", resource_id), "rotationEnabled": enabled}
        if not enabled:
            return found | {"rotationRules": {}, "rotationLambdaArn": ""}
        found |= {key: value for key, value in _ROTATE.properties(self.token, live).items() if key.startswith(("rotation", "external"))}
        return found | {"rotationRules": aligned(state.get("rotationRules", {}), found["rotationRules"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if any(old.get(key) != new.get(key) for key in (*_rotating(old), *_rotating(new))):
            self._put(call, new)
        return {"rotationEnabled": new.get("rotationEnabled", True)}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("secretsmanager").cancel_rotate_secret(SecretId=resource_id)

    def _put(self, call: Call, inputs: Properties) -> str:
        secrets = call.client("secretsmanager")
        if inputs.get("rotationEnabled") is False:
            return str(secrets.cancel_rotate_secret(SecretId=inputs["secretId"])["ARN"])
        return str(secrets.rotate_secret(**_ROTATE.request(inputs), ClientRequestToken=call.token())["ARN"])


def _rotating(properties: Any) -> list[str]:
    return [key for key in properties if key.startswith(("rotation", "external"))]
