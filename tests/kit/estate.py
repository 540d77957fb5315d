"""The three regions, brought up once a session by the sandbox's own commands from a copy of the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest

from scripts.program import copy_program
from tests.kit.cloud import REPOSITORY

REGIONS = ("us-east-1", "eu-west-1", "sa-east-1")


@dataclass(frozen=True)
class Estate:
    """A copy of the program with a sandbox of its own."""

    root: Path
    first_up: str
    """What the first `up` printed."""

    def run(self, *arguments: str, check: bool = True) -> str:
        """`python -m sandbox ...` on it; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", *arguments, "--project", str(self.root)],
            cwd=REPOSITORY,
            env={**os.environ, "CI": "true", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def shell(self, command: str) -> subprocess.CompletedProcess[str]:
        """A line of shell in the sandbox's environment, as after `eval "$(make -s env)"`."""
        environment = subprocess.run(
            [sys.executable, "-m", "sandbox", "env", "--project", str(self.root)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return subprocess.run(["sh", "-c", f"{environment}\n{command}"], cwd=self.root, capture_output=True, text=True, check=False)

    @property
    def endpoint(self) -> str:
        """The emulated cloud's address."""
        note = json.loads((self.root / ".sandbox" / "run" / "cloud.json").read_text())
        return f"http://127.0.0.1:{note['port']}"

    def boto(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client that knows nothing of Pulumi."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="123456789012",
            aws_secret_access_key="test",
        )

    @cached_property
    def states(self) -> dict[str, list[dict[str, Any]]]:
        """Each region's resources as any Pulumi CLI would read them from an export."""
        exported = {}
        for region in REGIONS:
            done = self.shell(f"pulumi stack export -s {region}")
            assert done.returncode == 0, done.stderr
            exported[region] = json.loads(done.stdout)["deployment"]["resources"]
        return exported


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """The estate of three regions, up."""
    root = tmp_path_factory.mktemp("estate") / "platform"
    copy_program(root)
    (root / ".venv").symlink_to(sys.prefix)
    made = Estate(root, "")
    try:
        yield Estate(root, made.run("up"))
        made.run("down")
    finally:
        made.run("down", "--force", check=False)
