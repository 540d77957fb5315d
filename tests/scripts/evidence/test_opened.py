"""States of the sandbox are judged with their secrets opened, by the engine that sealed them."""

import json
from pathlib import Path

import pytest

from sandbox.paths import Home
from scripts.evidence import opened
from tests.kit.project import project

PROGRAM = """
import pulumi
from pulumi_aws.secretsmanager.secret import Secret
from pulumi_aws.secretsmanager.secret_version import SecretVersion

one = Secret("one", name="one", recovery_window_in_days=0)
SecretVersion("one", secret_id=one.id, secret_string=pulumi.Output.secret("hunter2"))
"""


def test_a_sealed_value_is_opened_for_the_judge_and_stays_sealed_in_the_state(tmp_path: Path) -> None:
    with project(tmp_path) as made:
        made.write(PROGRAM)
        made.succeed("up", "--stack", "hub")
        home = Home(made.folder)
        assert opened.states(home) == ["hub"], "the other stacks have no resources"
        assert "hunter2" in json.dumps(opened.export(home, "hub"))
        assert "hunter2" not in (made.folder / ".sandbox/state/.pulumi/stacks/demo/hub.json").read_text()
        with pytest.raises(ValueError, match="there is no state of west"):
            opened.export(home, "west")
        (home.bin / "pulumi").write_text("#!/bin/sh\necho locked >&2; exit 1\n")
        with pytest.raises(ValueError, match="cannot be opened: locked"):
            opened.export(home, "hub")
        (home.bin / "pulumi").unlink()
        with pytest.raises(ValueError, match="cannot be run"):
            opened.export(home, "hub")


def test_without_a_sandbox_it_is_said_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    with pytest.raises(ValueError, match="no stack is up: run `make up`"):
        opened.states(Home(tmp_path))
