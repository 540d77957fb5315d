"""What was changed by hand is found on the real engine and the emulated cloud, and neither is touched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.engine import home
from sandbox.paths import Home
from scripts.deploy import drift, engine
from scripts.deploy.drift import Drifted, Findings, FindingsError
from tests.kit.project import ACCOUNTS, project

PROGRAM = """
import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.secretsmanager.secret import Secret
from pulumi_aws.secretsmanager.secret_version import SecretVersion

secret = Secret("held", name="demo/held", recovery_window_in_days=0)
SecretVersion("held", secret_id=secret.id, secret_string="first")
for name in ("changed", "gone", "left"):
    LogGroup(name, name=f"/demo/{name}", retention_in_days=30)
"""
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TYPE = "aws:cloudwatch/logGroup:LogGroup"


def a_row(name: str, *, gone: bool = False, properties: tuple[str, ...] = ()) -> Drifted:
    return Drifted(urn=f"urn:pulumi:hub::demo::{TYPE}::{name}", type=TYPE, name=name, gone=gone, properties=properties)


def test_what_was_changed_by_hand_is_found_and_left_as_it_is(tmp_path: Path) -> None:
    with project(tmp_path) as demo:
        demo.write(PROGRAM)
        demo.succeed("up", "--stack", "hub")
        logs = demo.boto("logs", "hub")
        logs.put_retention_policy(logGroupName="/demo/changed", retentionInDays=7)
        logs.delete_log_group(logGroupName="/demo/gone")
        demo.boto("secretsmanager", "hub").delete_secret(SecretId="demo/held", ForceDeleteWithoutRecovery=True)
        state = next((tmp_path / ".sandbox" / "state").rglob("hub.json"))
        before = state.read_bytes()

        variables = home.for_process(home.environment(Home(tmp_path), demo.endpoint, ACCOUNTS["hub"]))
        ran = engine.run(engine.drift_arguments("hub"), project=tmp_path, variables=engine.environment(variables), say=lambda _line: None)

        found = drift.findings("hub", "c0ffee", ran.ended, NOW)
        secret = "aws:secretsmanager/secret:Secret"
        lost = Drifted(urn=f"urn:pulumi:hub::demo::{secret}::held", type=secret, name="held", gone=True, properties=())
        # What the secret held went with it, and is not looked at: that would take the right to read it.
        assert found.drifted == (a_row("changed", properties=("retentionInDays",)), a_row("gone", gone=True), lost)
        assert state.read_bytes() == before
        remain = {each["logGroupName"]: each.get("retentionInDays") for each in logs.describe_log_groups()["logGroups"]}
        assert remain == {"/demo/changed": 7, "/demo/left": 30}


def test_findings_are_kept_and_read_again(tmp_path: Path) -> None:
    found = Findings(stack="hub", commit="c0ffee", looked=NOW.isoformat(), drifted=(a_row("changed", properties=("tags.owner",)),))
    drift.write(found, tmp_path / "drift")
    assert drift.read(tmp_path / "drift") == [found]
    (tmp_path / "drift" / "west.json").write_text(json.dumps({"stack": "west"}))
    with pytest.raises(FindingsError, match="make drift STACK=west"):
        drift.read(tmp_path / "drift")


def test_the_issue_says_what_differs_and_what_nobody_could_look_at() -> None:
    rows = tuple(a_row(f"group-{number}", gone=number == 0, properties=("retentionInDays",)) for number in range(250))
    found = [
        Findings(stack="hub", commit="c0ffee" * 7, looked=NOW.isoformat(), drifted=rows),
        Findings(stack="west", commit="c0ffee", looked=NOW.isoformat(), drifted=()),
    ]
    text = drift.description(found, ["south"])
    assert "**Not looked at** (the job failed, see its log): south." in text
    assert "250 resources differ" in text and "0 resources differ" in text and "commit c0ffeec0ffee." in text
    assert f"| `group-0` | `{TYPE}` | is gone |" in text and f"| `group-1` | `{TYPE}` | `retentionInDays` |" in text
    assert "and 50 more" in text and "group-200" not in text
    assert "Not looked at" not in drift.description(found, [])
