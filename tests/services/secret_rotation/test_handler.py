"""What Lambda calls finds the rows beside the code, and never says a value."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.secret_rotation import handler, rows
from tests.services.secret_rotation.account import Account, account

DOCUMENT = {"sessions": {"kind": "plain", "days": 30, "generated": True, "rotates": True, "holds": ["secret"]}}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    (tmp_path / rows.FILE).write_text(json.dumps(DOCUMENT), encoding="utf-8")
    loaded = rows.load(tmp_path / rows.FILE)
    with account(monkeypatch, loaded) as made:
        monkeypatch.setattr(handler, "load", lambda: loaded)
        monkeypatch.setattr(handler, "connect", made.connect)
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "rotation")
        made.secrets.create_secret(Name="sessions")
        yield made


def test_the_schedule_and_secrets_manager_reach_the_same_function(cloud: Account, capsys: pytest.CaptureFixture[str]) -> None:
    handler.handle({}, None)
    first = cloud.value("sessions")["secret"]
    cloud.rotate("sessions")
    second = cloud.value("sessions")["secret"]
    assert first != second
    stages = cloud.secrets.describe_secret(SecretId="sessions")["VersionIdsToStages"]
    current = next(version for version, labels in stages.items() if "AWSCURRENT" in labels)
    handler.handle({"Step": "finishSecret", "SecretId": "sessions", "ClientRequestToken": current}, None)
    said = capsys.readouterr().out
    assert "sessions" in said and "finishSecret" in said
    assert first not in said and second not in said


def test_the_function_needs_nothing_but_what_lambda_has() -> None:
    folder = Path(handler.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = {line.split()[1].partition(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert named <= {"boto3", "services", *sys.stdlib_module_names}
