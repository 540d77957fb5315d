"""The four steps of a rotation, each of which may be run again: what is done already is left as it is.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.secret_rotation.kinds import KINDS, Connect, NotYetError, Plain, wait
from services.secret_rotation.rows import Row
from services.secret_rotation.values import content, made_up

_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"
_PATIENCE = 120.0
"""Seconds that the test waits until RDS has applied a password, which it does while it runs on."""


class RotationRefusedError(Exception):
    """The rotation cannot be run at all: trying it again is of no use."""


@dataclass(frozen=True)
class _Rotation:
    """One version of one secret on its way to become the current one."""

    client: Any
    connect: Connect
    secret: str
    version: str
    stages: Mapping[str, list[str]]
    row: Row

    @property
    def kind(self) -> Plain:
        return KINDS[self.row.kind]

    def current(self) -> dict[str, Any]:
        return content(self.client, self.secret, VersionStage=_CURRENT) or {}

    def pending(self) -> dict[str, Any] | None:
        return content(self.client, self.secret, VersionId=self.version, VersionStage=_PENDING)

    def made(self) -> dict[str, Any]:
        found = self.pending()
        if found is None:
            raise RotationRefusedError(f"version {self.version} of {self.secret} has no value: run createSecret first")
        return found


def rotate(event: Mapping[str, str], rows: Mapping[str, Row], connect: Connect) -> None:
    """Run one step of the rotation that `event` names (`SecretId`, `ClientRequestToken`, `Step`).

    Raises RotationRefusedError for a secret without a row, without rotation or without that version, and NotYetError where a later
    try may succeed; what it has done by then stays, and the next try goes on from there.
    """
    client, secret, version = connect("secretsmanager"), event["SecretId"], event["ClientRequestToken"]
    step = _STEPS.get(event["Step"])
    if step is None:
        raise RotationRefusedError(f"step must be one of {', '.join(_STEPS)} (got {event['Step']!r})")
    described = client.describe_secret(SecretId=secret)
    stages = described.get("VersionIdsToStages", {})
    row = rows.get(described["Name"])
    if row is None:
        raise RotationRefusedError(f"{described['Name']} has no row: deploy the function together with its secret")
    if not described.get("RotationEnabled"):
        raise RotationRefusedError(f"{described['Name']} does not rotate: switch its rotation on first")
    if version not in stages:
        raise RotationRefusedError(f"{described['Name']} has no version {version} to rotate to")
    if _CURRENT in stages[version]:
        _settle(client, secret, version, stages)
        return
    if _PENDING not in stages[version]:
        raise RotationRefusedError(f"version {version} of {described['Name']} is not labelled {_PENDING}")
    step(_Rotation(client, connect, secret, version, stages, row))


def _create(rotation: _Rotation) -> None:
    if rotation.pending() is not None:
        return
    renewed, current = made_up(rotation.kind.changed or rotation.row.holds), rotation.current()
    if not renewed.keys() & current.keys():
        # What a secret says of itself before its first value is no part of the value.
        current = {}
    rotation.client.put_secret_value(
        SecretId=rotation.secret,
        ClientRequestToken=rotation.version,
        SecretString=json.dumps({**current, **renewed}),
        VersionStages=[_PENDING],
    )


def _set(rotation: _Rotation) -> None:
    rotation.kind.set(rotation.connect, rotation.made())


def _test(rotation: _Rotation) -> None:
    pending = rotation.made()
    missing = [key for key in rotation.kind.changed or rotation.row.holds if not pending.get(key)]
    if missing:
        raise RotationRefusedError(f"version {rotation.version} of {rotation.secret} lacks {', '.join(missing)}")
    if not wait(lambda: rotation.kind.holds(rotation.connect, pending), seconds=_PATIENCE):
        raise NotYetError(f"the new value of {rotation.secret} is not in force after {_PATIENCE:.0f} seconds")


def _finish(rotation: _Rotation) -> None:
    holder = next((version for version, stages in rotation.stages.items() if _CURRENT in stages), None)
    leaving = {} if holder is None else {"RemoveFromVersionId": holder}
    rotation.client.update_secret_version_stage(
        SecretId=rotation.secret, VersionStage=_CURRENT, MoveToVersionId=rotation.version, **leaving
    )
    _settle(rotation.client, rotation.secret, rotation.version, rotation.stages)


def _settle(client: Any, secret: str, version: str, stages: Mapping[str, list[str]]) -> None:
    """Take the label of a rotation under way off the version that has become the current one."""
    if _PENDING in stages[version]:
        client.update_secret_version_stage(SecretId=secret, VersionStage=_PENDING, RemoveFromVersionId=version)


_STEPS = {"createSecret": _create, "setSecret": _set, "testSecret": _test, "finishSecret": _finish}
