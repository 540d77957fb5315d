"""BCK-03: backups lie encrypted in vaults that nobody empties, and their copies stay where the law lets them be."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.residency._channels import CHANNELS, PLAN, VAULT
from policies.controls.residency._register import ALLOWED, lawful
from policies.graph import Graph, Resource
from policies.scope import listed, own_key, principals, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look, texts
from policies.verdict import Ruling

LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
VAULT_POLICY = "aws:backup/vaultPolicy:VaultPolicy"
_ENDING = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each vault by its key, its lock and its policy, each lock, and each plan by where its backups and their copies go."""
    for vault in graph.of(VAULT):
        locks = graph.attached(vault, LOCK, "backupVaultName")
        policies = graph.attached(vault, VAULT_POLICY, "backupVaultName")
        locked = any_of([*(True for _ in locks.resources), False if locks.certain else None])
        kept = any_of([*(_keeps(policy) for policy in policies.resources), False if policies.certain else None])
        yield ruled(
            vault,
            own_key(graph, vault, "kmsKeyArn"),
            Need("", locked, "a VaultLockConfiguration"),
            Need("", kept, f"a VaultPolicy that denies everyone {' and '.join(_ENDING)}"),
        )
    for lock in graph.of(LOCK):
        bounded = [
            need(lock, path, lambda days: days >= 1, "1 day or more, so that the lock binds")
            for path in ("minRetentionDays", "maxRetentionDays")
        ]
        yield ruled(lock, *bounded)
    for plan in graph.of(PLAN):
        yield ruled(plan, *_targets(graph, plan), *_copies(graph, plan))


def _targets(graph: Graph, plan: Resource) -> Iterator[Need]:
    """Ask that a rule keeps its backups in a vault that is judged here; AWS's own `Default` has no lock."""
    for order, _ in enumerate(each(plan.properties, "rules")):
        path = f"rules.{order}.targetVaultName"
        vaults = graph.target(plan, path, VAULT)
        known: Answer = True if vaults.resources else False if vaults.certain else None
        yield Need(path, known, "a vault of this stack")


def _copies(graph: Graph, plan: Resource) -> Iterator[Need]:
    for flow in CHANNELS[PLAN](graph, plan):
        yield Need(flow.path, lawful(flow.data, flow.home, flow.there), ALLOWED)


def _keeps(policy: Resource) -> Answer:
    """Tell whether nobody may end a recovery point before its time."""
    written = statements(policy.look("policy"))
    return all_of([any_of([_denies(statement, action) for statement in written]) for action in _ENDING])


def _denies(statement: Any, action: str) -> Answer:
    if statement is UNKNOWN:
        return None
    everyone = look(statement, "Effect") == "Deny" and "*" in texts(principals(statement)) and look(statement, "Condition") is ABSENT
    return everyone and any(one in (action, "backup:*", "*") for one in texts(listed(statement, "Action")))


CONTROL = Control(
    id="BCK-03",
    title="Backup vaults are encrypted with keys of our own, locked, and copied within the law only",
    severity=Severity.HIGH,
    why="Whoever wants a ransom deletes the backups first; a lock outlasts even an administrator's rights.",
    fix="give the Vault a kms_key_arn, a VaultLockConfiguration with both limits and a VaultPolicy against deletion; name it in the Plan",
    clauses=clauses(gdpr="32* 44*", lgpd="33 46", soc2="PI1.5", iso27001="5.33 8.13 8.24", pci="3.5.1 10.3.3*"),
    governs=(VAULT, LOCK, PLAN, VAULT_POLICY),
    check=check,
)
