"""The engine's home: complete, private, and leading to no real account."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine import home
from sandbox.engine.stacks import StackError
from sandbox.paths import Home


@pytest.fixture
def place(tmp_path: Path) -> Home:
    made = Home(tmp_path / "a project")
    made.project.mkdir()
    home.prepare(made, Path("/opt/engine/pulumi"))
    return made


def test_the_passphrase_is_random_private_and_kept(place: Home, tmp_path: Path) -> None:
    first = place.passphrase.read_text()
    assert len(first) >= 40
    assert place.passphrase.stat().st_mode & 0o777 == 0o600
    home.prepare(place, Path("/opt/engine/pulumi"))
    assert place.passphrase.read_text() == first
    other = Home(tmp_path / "other")
    home.prepare(other, Path("/opt/engine/pulumi"))
    assert other.passphrase.read_text() != first


@pytest.mark.parametrize(("name", "role"), [("aws", "provider"), ("kubernetes", "provider-kubernetes")])
def test_the_engine_finds_the_plugins_at_the_versions_the_sdks_ask_for(place: Home, name: str, role: str) -> None:
    version = importlib.metadata.version(f"pulumi_{name}")
    plugin = place.plugins / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"
    assert os.access(plugin, os.X_OK)
    assert os.access(place.plugins / "language-python-v3.246.0" / "pulumi-language-python", os.X_OK)
    child = subprocess.Popen([plugin, "127.0.0.1:1"], stdout=subprocess.PIPE, text=True, cwd="/")
    assert child.stdout is not None
    assert int(child.stdout.readline()) > 0
    note = json.loads(next(place.processes.glob("*.json")).read_text())
    assert (note["pid"], note["role"]) == (child.pid, role)
    child.terminate()
    assert child.wait(10) == 0
    assert not list(place.processes.iterdir())


def test_a_new_engine_replaces_the_old_one_in_the_scripts(place: Home) -> None:
    assert "/opt/engine/pulumi" in (place.bin / "pulumi").read_text()
    home.prepare(place, Path("/usr/bin/pulumi"))
    assert "/opt/engine/pulumi" not in (place.bin / "pulumi").read_text()


def test_a_shell_takes_the_environment_over(place: Home) -> None:
    text = home.for_shell(home.environment(place, "http://127.0.0.1:4566", "111122223333"))
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    before = {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "real", "PATH": "/usr/bin:/bin", "PULUMI_STACK": "us-east-1"}
    done = subprocess.run(["sh", "-c", f"{text}\n{sys.executable} -c '{show}'"], env=before, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert not set(home.UNSET) & set(seen)
    assert seen["PULUMI_HOME"] == str(place.engine_home)
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert seen["AWS_ACCESS_KEY_ID"] == "111122223333"
    assert seen["PATH"].split(":")[0] == str(place.bin)
    assert seen["PATH"].endswith("/usr/bin:/bin")


def test_a_process_of_ours_inherits_nothing_that_leads_to_a_real_account(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in home.UNSET:
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://ec2.eu-west-1.amazonaws.com")
    monkeypatch.setenv("OTHER", "kept")
    made = home.for_process(home.environment(place, "http://127.0.0.1:4566", "111122223333"))
    assert not set(home.UNSET) & set(made)
    assert made["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert made["OTHER"] == "kept"


def test_each_state_is_written_once_unless_a_person_wants_it_as_on_aws(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_STATE", raising=False)
    assert home.environment(place, None, "123456789012")["PULUMI_SKIP_CHECKPOINTS"] == "true"
    monkeypatch.setenv("SANDBOX_STATE", "every-step")
    assert "PULUMI_SKIP_CHECKPOINTS" not in home.environment(place, None, "123456789012")
    monkeypatch.setenv("SANDBOX_STATE", "everystep")
    with pytest.raises(StackError, match="SANDBOX_STATE is 'everystep': allowed is every-step"):
        home.environment(place, None, "123456789012")
