"""What interrupted runs left in the emulated cloud, brought in line with the states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.provider.clients import Clients
from sandbox.provider.configuration import Configuration
from sandbox.provider.journal import Journal, Operation
from sandbox.provider.kubernetes import interrupted
from sandbox.provider.resources import Cloud, Resources


@dataclass(frozen=True)
class Swept:
    """What a sweep did: creations that a state knows (their record was dropped), those that none knew (they were undone), and failures."""

    settled: int
    undone: tuple[Operation, ...]
    failed: tuple[tuple[Operation, Exception], ...] = ()
    """What could not be undone, and why; it stays where it is and is told this once."""


def sweep(endpoint: str, known: Iterable[tuple[str, str]]) -> Swept:
    """Settles every creation whose (URN, id) is in `known`, the resources of all states; undoes the others.

    Call it only while no engine runs: a creation under way is in no state yet.
    """
    journal, states = Journal(endpoint), frozenset(known)
    settled = 0
    unknown, undone, failed = [], [], []
    for operation in journal.pending():
        if operation.resource_id is not None and (operation.urn, operation.resource_id) in states:
            journal.forget(operation.id)
            settled += 1
        else:
            unknown.append(operation)
    # The last that was made first: what stands on something goes before it.
    for operation in reversed(unknown):
        try:
            if operation.token.startswith("kubernetes:"):
                interrupted.undo(endpoint, operation)
                journal.forget(operation.id)
            else:
                _undo(endpoint, journal, operation)
        except Exception as error:
            # What one handler trips over is no reason to leave the rest behind.
            failed.append((operation, error))
        else:
            undone.append(operation)
    return Swept(settled, tuple(undone), tuple(failed))


def _undo(endpoint: str, journal: Journal, operation: Operation) -> None:
    region = str(operation.inputs.get("region") or "us-east-1")
    # The emulated cloud takes an account's number as access key, and acts in that account.
    clients = Clients(endpoint, {"aws_access_key_id": operation.account, "aws_secret_access_key": "sandbox"})
    Resources(Cloud(Configuration(region=region), clients, operation.account, journal)).undo(operation)
