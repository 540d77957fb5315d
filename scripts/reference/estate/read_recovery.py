"""Reads from a stack's graph how its stores are backed up, and how its secrets are renewed."""

from scripts.reference.estate.facts import BackupRule, Secrets
from tests.kit.recorder import Graph


def read_backups(graph: Graph) -> tuple[BackupRule, ...]:
    """Return the rules of all backup plans, in the order of each plan."""
    return tuple(
        BackupRule(
            name=rule["ruleName"],
            schedule=rule["schedule"],
            days=rule["lifecycle"]["deleteAfter"],
            copies=len(rule.get("copyActions", ())),
        )
        for plan in graph.of_type("aws:backup/plan:Plan")
        for rule in plan.inputs["rules"]
    )


def read_secrets(graph: Graph) -> Secrets:
    """Return how many secrets there are, and how many of them a function renews."""
    return Secrets(
        number=len(graph.of_type("aws:secretsmanager/secret:Secret")),
        rotated=len(graph.of_type("aws:secretsmanager/secretRotation:SecretRotation")),
    )
