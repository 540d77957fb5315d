"""What a new password is set on, and how one knows that it holds: no database driver, AWS's own operations alone.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

Connect = Callable[[str], Any]
"""Name of a service to its boto3 client."""


class NotYetError(Exception):
    """What the password is set on is not ready: Secrets Manager tries the rotation again later, and goes on where it stopped."""


class Plain:
    """A value that nothing but its readers know."""

    changed: tuple[str, ...] = ()
    """Keys that a rotation renews; empty: those that the row names."""

    def set(self, connect: Connect, pending: Mapping[str, Any]) -> None:
        """Bring the new value to where it is checked."""

    def holds(self, connect: Connect, pending: Mapping[str, Any]) -> bool:
        """Return whether the new value is in force there."""
        return True


class Database(Plain):
    """The master user of an RDS instance, which the secret names by `dbInstanceIdentifier`."""

    changed = ("password",)

    def set(self, connect: Connect, pending: Mapping[str, Any]) -> None:
        """Raises NotYetError while the instance is not available."""
        identifier, rds = pending["dbInstanceIdentifier"], connect("rds")
        status = _instance(rds, identifier)["DBInstanceStatus"]
        if status != "available":
            raise NotYetError(f"the database {identifier} is {status}: it takes a new password while it is available")
        rds.modify_db_instance(DBInstanceIdentifier=identifier, MasterUserPassword=pending["password"], ApplyImmediately=True)

    def holds(self, connect: Connect, pending: Mapping[str, Any]) -> bool:
        """RDS applies a password while the instance runs, a little later than it was asked."""
        live = _instance(connect("rds"), pending["dbInstanceIdentifier"])
        return live["DBInstanceStatus"] == "available" and "MasterUserPassword" not in live.get("PendingModifiedValues", {})


KINDS: Mapping[str, Plain] = {"plain": Plain(), "database": Database()}


def wait(holds: Callable[[], bool], *, seconds: float, sleep: Callable[[float], None] = time.sleep, every: float = 5) -> bool:
    """Return whether it holds within that time."""
    waited = 0.0
    while not holds():
        if waited >= seconds:
            return False
        sleep(every)
        waited += every
    return True


def _instance(rds: Any, identifier: str) -> dict[str, Any]:
    (found,) = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    return dict(found)
