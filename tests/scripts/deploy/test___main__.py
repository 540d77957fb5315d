"""The commands as jobs and people give them, with a `pulumi` that writes down how it was called."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.load import ROOT, load
from policies.catalogue import EVERY
from scripts.deploy import __main__ as deploy
from scripts.deploy import drift, receipt, state
from tests.kit.cloud import EmulatedCloud
from tests.scripts.deploy.issues import PROJECT, TOKEN, serving

SUMMARY = {"summaryEvent": {"isPreview": True, "result": "succeeded", "resourceChanges": {"same": 3, "update": 2}}}
REFUSAL = {"diagnosticEvent": {"severity": "error", "message": "resource urn:x violates plan: properties changed: =~key[{hush}]"}}
ENGINE = f"""#!{sys.executable}
import json, os, sys
names = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "MOREFOCUS_VERDICTS", "PULUMI_BACKEND_URL")
call = {{"arguments": sys.argv[1:], "folder": os.getcwd()}} | {{name: os.environ.get(name) for name in names}}
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(call) + "\\n")
if "--save-plan" in sys.argv:
    with open(sys.argv[sys.argv.index("--save-plan") + 1], "w") as plan:
        json.dump({{"resourcePlans": {{}}}}, plan)
if os.environ.get("UNPLANNED"):
    print(json.dumps({REFUSAL}))
    sys.exit(1)
print(json.dumps({SUMMARY}))
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(engine.parent), os.environ["PATH"]]))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("CI_COMMIT_SHA", "c0ffee")
    for name in ("GITLAB_CI", "AWS_ID_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "calls"


def given(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(deploy.app, arguments)
    return done.exit_code, done.output


def called(calls: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []


def test_a_plan_is_made_with_all_packs_and_applied_by_the_same_commit_alone(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ("--stack", "staging", "--folder", str(tmp_path / "plans"))
    code, said = given("plan", *folder)
    assert code == 0 and "staging: 2 update; exports that change: none" in said, said
    assert (tmp_path / "plans" / "staging.jsonl").exists()
    code, said = given("up", *folder)
    assert (code, said) == (0, "staging: 2 update\n")
    assert receipt.applied_at(tmp_path / "plans" / "staging.json") is not None
    preview, up = called(calls)
    plan = str(tmp_path / "plans" / "staging.json")
    assert preview["arguments"][:2] == ["preview", "--stack"] and ["--save-plan", plan] == preview["arguments"][5:7]
    assert up["arguments"][:5] == ["up", "--stack", "staging", "--json", "--non-interactive"] and {"--yes", "--plan", plan} <= set(
        up["arguments"]
    )
    assert (preview["MOREFOCUS_VERDICTS"], up["MOREFOCUS_VERDICTS"]) == (str(tmp_path / "plans" / "verdicts"), None)
    for each in (preview, up):
        assert str(ROOT / "policies" / "packs" / EVERY) == each["arguments"][each["arguments"].index("--policy-pack") + 1]
        assert Path(each["folder"]) == ROOT and each["AWS_ROLE_ARN"] is None
    monkeypatch.setenv("CI_COMMIT_SHA", "beef")
    code, said = given("up", *folder)
    assert code == 1 and "made of commit c0ffee, and this is beef" in said
    assert len(called(calls)) == 2


def test_a_plan_that_no_longer_fits_is_refused_in_plain_words(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ("--stack", "staging", "--folder", str(tmp_path / "plans"))
    given("plan", *folder)
    monkeypatch.setenv("UNPLANNED", "yes")
    code, said = given("up", *folder)
    assert code == 1 and "hush" not in said
    assert "the plan no longer fits, and nothing was changed: resource urn:x violates plan: properties changed: =~key" in said
    assert "Make a new one with `make plan STACK=staging`, and let it be approved" in said


def test_jobs_read_with_one_role_and_deploy_with_another(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("AWS_ID_TOKEN", "header.claims.signature")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    folder = ("--stack", "eu-west-1", "--folder", str(tmp_path / "plans"))
    code, said = given("plan", *folder)
    assert code == 1 and "names no secrets provider in KMS" in said
    monkeypatch.setattr(state, "backend", lambda settings, _given: {"PULUMI_BACKEND_URL": f"s3://states-of-{settings.stack}"})
    assert [given(command, *folder)[0] for command in ("plan", "up", "drift")] == [0, 0, 0]
    roles = [each["AWS_ROLE_ARN"].rpartition("/")[2] for each in called(calls)]
    assert roles == ["gitlab-preview", "gitlab-production", "gitlab-preview"]
    assert {each["PULUMI_BACKEND_URL"] for each in called(calls)} == {"s3://states-of-eu-west-1"}
    assert not any(Path(each["AWS_WEB_IDENTITY_TOKEN_FILE"]).exists() for each in called(calls))
    assert called(calls)[2]["arguments"][:6] == ["refresh", "--stack", "eu-west-1", "--json", "--non-interactive", "--preview-only"]
    assert "**kubernetes:core/v1:Secret::*" in called(calls)[2]["arguments"][7::2]


def test_the_order_of_production_is_checked_by_the_receipts(tmp_path: Path) -> None:
    code, said = given("order", "--folder", str(tmp_path))
    assert code == 1 and "make both with `make plan`" in said
    for stack in ("us-east-1", "eu-west-1", "sa-east-1"):
        plan = tmp_path / f"{stack}.json"
        urn = f"urn:pulumi:{stack}::morefocus::pulumi:pulumi:Stack::morefocus-{stack}"
        changed = {"updates": {"hub_zone_id": "z"}} if stack == "us-east-1" else {}
        plan.write_text(json.dumps({"resourcePlans": {urn: {"goal": {"outputDiff": changed}}}}))
        receipt.issue(plan, stack=stack, commit="c0ffee", changes={}, now=datetime.now(UTC))
    code, said = given("order", "--folder", str(tmp_path))
    assert code == 1 and "us-east-1 changes hub_zone_id" in said
    assert given("order", "--rollout", "dependencies", "--folder", str(tmp_path)) == (0, "in this order: us-east-1, eu-west-1, sa-east-1\n")


def test_a_bake_watches_from_the_moment_of_the_deployment(
    emulated_cloud: EmulatedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AWS_ENDPOINT_URL": emulated_cloud.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    plan = tmp_path / "staging.json"
    receipt.applied(plan, datetime.now(UTC))
    cloudwatch, name = emulated_cloud.boto("cloudwatch", "us-east-1"), "morefocus-stg-use1-queue-old"
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace="AWS/SQS", MetricName="Age", Statistic="Maximum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    try:
        command = ("bake", "--stack", "staging", "--minutes", "0", "--folder", str(tmp_path))
        assert given(*command)[0] == 0
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")
        code, said = given(*command)
        assert code == 1 and f"{name} went off after the deployment" in said
    finally:
        cloudwatch.delete_alarms(AlarmNames=[name])


def test_drift_and_stacks_that_nobody_could_look_at_keep_the_issue_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ("--folder", str(tmp_path))
    with serving() as issues:
        monkeypatch.setenv("CI_API_V4_URL", issues.api)
        monkeypatch.setenv("CI_PROJECT_ID", PROJECT)
        monkeypatch.delenv("GITLAB_DRIFT_TOKEN", raising=False)
        code, said = given("issue", *folder)
        assert code == 1 and "GITLAB_DRIFT_TOKEN is not set" in said
        monkeypatch.setenv("GITLAB_DRIFT_TOKEN", TOKEN)
        stacks = list(load("staging").estate.plans)
        for stack in stacks[1:]:
            drift.write(drift.findings(stack, "c0ffee", [], datetime.now(UTC)), tmp_path)
        assert given("issue", *folder) == (0, "opened https://gitlab.example.com/-/issues/1\n")
        assert f"see its log): {stacks[0]}" in issues.held[0]["description"]
        drift.write(drift.findings(stacks[0], "c0ffee", [], datetime.now(UTC)), tmp_path)
        assert given("issue", *folder) == (0, "closed https://gitlab.example.com/-/issues/1\n")


def test_an_unknown_stack_is_told() -> None:
    code, said = given("plan", "--stack", "eu-wset-1")
    assert code == 1 and re.search("eu-wset-1", said)
