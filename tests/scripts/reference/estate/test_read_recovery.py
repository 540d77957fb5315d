"""Backups and secrets are told as the resources say."""

from config.load import load
from scripts.reference.estate.facts import BackupRule, Secrets
from scripts.reference.estate.read_recovery import read_backups, read_secrets
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack

RULE = {"ruleName": "daily", "schedule": "cron(0 1 * * ? *)", "lifecycle": {"deleteAfter": 9}}


def test_a_rule_is_told_with_its_schedule_its_days_and_its_copies() -> None:
    graph = graph_of(resource("aws:backup/plan:Plan", "plan", rules=[RULE, {**RULE, "ruleName": "far", "copyActions": [{}, {}]}]))
    assert read_backups(graph) == (
        BackupRule(name="daily", schedule="cron(0 1 * * ? *)", days=9, copies=0),
        BackupRule(name="far", schedule="cron(0 1 * * ? *)", days=9, copies=2),
    )


def test_recovery_points_are_copied_into_every_region_that_the_config_names() -> None:
    for name in NAMES:
        assert max(rule.copies for rule in shipped_stack(name).backups) == len(load(name).plan.copies)


def test_secrets_are_counted_with_those_that_are_renewed_by_a_function() -> None:
    secrets = [resource("aws:secretsmanager/secret:Secret", name) for name in ("a", "b")]
    graph = graph_of(*secrets, resource("aws:secretsmanager/secretRotation:SecretRotation", "a-rotation"))
    assert read_secrets(graph) == Secrets(number=2, rotated=1)
