"""`make evidence` writes what frameworks get to see of stacks, and fails where a gate is closed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from policies.catalogue import PACKS
from scripts.evidence.__main__ import app
from tests.kit.evidence import small
from tests.scripts.evidence.test_sources import backend, export

ROOT = Path(__file__).resolve().parents[3]
WRONG, EMPTY = export(publiclyAccessible=True), json.dumps({"deployment": {"resources": []}})


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["write", *arguments])
    return done.exit_code, done.output


def test_an_export_becomes_evidence_of_every_framework(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps(WRONG))
    code, said = run("--graph", f"eu-west-1={tmp_path / 'state.json'}", "--out", str(tmp_path / "out"), "--as-of", "2026-06-15")
    assert code == 1 and "the gate is closed for eu-west-1: gdpr" in said
    assert len(list((tmp_path / "out/eu-west-1").iterdir())) == 5 * len(PACKS)
    found = json.loads((tmp_path / "out/eu-west-1/gdpr.json").read_text())
    assert found["as_of"] == "2026-06-15" and len(found["commit"]["id"]) == 40


def test_files_of_packs_become_evidence_of_their_stack(tmp_path: Path) -> None:
    path = small().write(tmp_path, "gdpr")
    code, said = run("--verdicts", str(path), "--out", str(tmp_path / "out"))
    assert code == 1 and f"wrote {tmp_path / 'out/eu-west-1'}: " in said


def test_states_of_the_sandbox_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.evidence.opened.stacks.state_path", lambda home, stack: tmp_path / f"{stack}.json")
    (tmp_path / "eu-west-1.json").write_text(json.dumps(backend(publiclyAccessible=True)))
    (tmp_path / "staging.json").write_text(json.dumps({"checkpoint": {"latest": None}}))
    code, said = run("--stack", "staging", "--out", str(tmp_path / "out"))
    assert code == 2 and "there is no state of staging" in said
    monkeypatch.setattr("scripts.evidence.opened.export", lambda home, stack: WRONG)
    code, said = run("--out", str(tmp_path / "out"))
    assert code == 1 and [path.name for path in (tmp_path / "out").iterdir()] == ["eu-west-1"], said


def test_what_cannot_be_done_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.evidence.opened.stacks.state_path", lambda home, stack: tmp_path / f"{stack}.json")
    assert run() == (2, "no stack is up: run `make up`, or give --graph STACK=FILE with a state's export\n")
    assert run("--graph", "eu-west-1") == (2, "'eu-west-1' is not STACK=FILE: write for example eu-west-1=state.json\n")
    assert run("--verdicts", "one.json", "--stack", "eu-west-1")[0] == 2
    (tmp_path / "empty.json").write_text(EMPTY)
    code, said = run("--graph", f"eu-west-1={tmp_path / 'empty.json'}")
    assert code == 2 and "the state of eu-west-1 is empty" in said
