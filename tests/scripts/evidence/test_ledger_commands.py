"""A person keeps runs, shows a period, has a ledger checked, and is told of drift, by commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from policies.evidence.ledger import Ledger
from policies.evidence.verdicts import Layer
from sandbox.engine import stacks
from sandbox.paths import Home
from scripts.evidence import sources
from scripts.evidence.__main__ import app
from tests.kit.provider import Workbench
from tests.policies.evidence.test_ledger import chain
from tests.scripts.evidence.running.piece import REGION, TODAY, Estate, deployed

RECORDS = "morefocus-prod-euw1-audit-records"


def call(*arguments: Any) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def kept(tmp_path: Path) -> Ledger:
    """A ledger of three runs, an hour apart."""
    ledger = Ledger.of(tmp_path / "ledger", REGION)
    for entry in chain(3):
        ledger.append(entry.run)
    return ledger


def test_the_report_of_a_period_is_shown_as_text_or_json(kept: Ledger) -> None:
    period = ("--stack", REGION, "--since", "2026-01-01", "--until", "2026-01-03", "--folder", kept.path.parent)
    said = call("ledger", "report", *period)
    assert said.exit_code == 0 and "RET-01   state    passing 100.0%  runs 3" in said.stdout
    found = json.loads(call("ledger", "report", *period, "--json", "--gap-days", "0.5", "--layer", "state").stdout)
    assert [len(row["gaps"]) for row in found["controls"]] == [1]
    assert json.loads(call("ledger", "report", *period, "--json", "--layer", "running").stdout)["controls"] == []


def test_a_ledger_that_was_changed_is_refused_by_its_line(kept: Ledger) -> None:
    place = ("--stack", REGION, "--folder", kept.path.parent)
    assert "3 lines of eu-west-1 are as they were written" in call("verify-ledger", *place).stdout
    kept.path.write_bytes(kept.path.read_bytes() + b'{"torn')
    assert (call("verify-ledger", *place).exit_code, call("verify-ledger", *place, "--mend").exit_code) == (1, 0)
    kept.path.write_bytes(kept.path.read_bytes().replace(b'"pass":2', b'"pass":3', 1))
    for command in (("verify-ledger",), ("ledger", "report", "--since", "2026-01-01")):
        said = call(*command, *place)
        assert said.exit_code == 1 and "line 1: its content and its hash do not fit" in said.stderr


def test_a_period_that_is_none_is_refused_with_what_to_do(kept: Ledger) -> None:
    said = call("ledger", "report", "--stack", REGION, "--since", "2026-02-01", "--until", "2026-01-01", "--folder", kept.path.parent)
    assert said.exit_code == 2 and "a period ends after it starts" in said.stderr


@pytest.fixture
def estate(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Estate:
    monkeypatch.setenv("AWS_ENDPOINT_URL", workbench.endpoint)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    return deployed(workbench)


def test_drift_is_told_by_the_exit_code_and_kept_in_the_ledger(estate: Estate, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(estate.state()))
    asked = ("drift", "--stack", REGION, "--graph", state, "--as-of", str(TODAY))
    said = call(*asked)
    assert said.exit_code == 0, said.output
    assert "11 of 11 resources and 11 of 11 types were read" in said.stdout and "differs" not in said.stdout
    estate.boto("s3").delete_public_access_block(Bucket="files")
    said = call(*asked, "--json", "--ledger", tmp_path / "ledger")
    assert said.exit_code == 1
    found = json.loads(said.stdout)
    assert [(each["control"], each["differs"]) for each in found["differences"] if each["control"] == "RET-01"] == [("RET-01", ["running"])]
    runs = [entry.run for entry in Ledger.of(tmp_path / "ledger", REGION).entries()]
    assert [(run.layer, len(run.controls["RET-01"].failing)) for run in runs] == [(Layer.STATE, 0), (Layer.RUNNING, 1)]


def test_a_preview_is_compared_too_and_its_verdicts_are_a_run(estate: Estate, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps(estate.state()))
    preview = sources.from_export(estate.state(), REGION, TODAY).model_copy(update={"layer": Layer.PREVIEW})
    file = preview.write(tmp_path, "soc2")
    said = call("drift", "--stack", REGION, "--graph", tmp_path / "state.json", "--preview", file, "--as-of", str(TODAY), "--json")
    assert said.exit_code == 0 and json.loads(said.stdout)["layers"] == ["preview", "state", "running"]
    assert call("ledger", "add", file, "--folder", tmp_path / "ledger").exit_code == 0
    (entry,) = Ledger.of(tmp_path / "ledger", REGION).entries()
    assert entry.run.layer is Layer.PREVIEW and len(entry.run.commit.removesuffix("-dirty")) == 40


def test_a_cloud_that_does_not_answer_is_no_agreement(estate: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state.json").write_text(json.dumps(estate.state()))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    # It would remember those of tests before.
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    said = call("drift", "--stack", REGION, "--graph", tmp_path / "state.json", "--as-of", str(TODAY))
    assert said.exit_code == 2 and "11 resources could not be read" in said.stderr
    assert "0 of 11 resources" in said.stdout and "its reader failed with NoCredentialsError" in said.stdout


def test_a_state_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    said = call("drift", "--stack", REGION, "--graph", tmp_path / "none.json")
    assert said.exit_code == 2 and "give --graph with an export" in said.stderr


def test_a_state_of_the_sandbox_is_not_compared_with_another_cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    (tmp_path / "Pulumi.yaml").write_text("name: morefocus\nruntime: python\n")
    path = stacks.state_path(Home(tmp_path), REGION)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    said = call("drift", "--stack", REGION, "--project", tmp_path)
    assert said.exit_code == 2 and "is compared with its own cloud" in said.stderr


def test_lines_go_to_the_records_of_the_region_and_come_back(estate: Estate, kept: Ledger, tmp_path: Path) -> None:
    s3 = estate.boto("s3")
    s3.create_bucket(Bucket=RECORDS, ObjectLockEnabledForBucket=True, CreateBucketConfiguration={"LocationConstraint": REGION})
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}}
    s3.put_object_lock_configuration(Bucket=RECORDS, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
    place = ("--stack", REGION, "--folder", kept.path.parent)
    assert f"3 of 3 lines were new: s3://{RECORDS}/ledger/eu-west-1/" in call("ledger", "upload", *place).stdout
    assert "3 of 3 lines are in the locked copy" in call("verify-ledger", *place, "--bucket", "records").stdout
    said = call("ledger", "restore", "--stack", REGION, "--folder", tmp_path / "again")
    assert said.exit_code == 0, said.output
    assert Ledger.of(tmp_path / "again", REGION).path.read_bytes() == kept.path.read_bytes()
    kept.path.write_bytes(chain(3)[0].line)
    kept.head.write_text(f"1 {chain(3)[0].hash}\n")
    said = call("verify-ledger", *place, "--bucket", "records")
    assert said.exit_code == 1 and "line 2: it is missing here, the locked copy has it" in said.stderr
