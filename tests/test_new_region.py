"""A fourth region on the real engine: one command, what a person decides, one `up`; no code is changed (REG-4)."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.load import ROOT
from scripts.program import copy_program

pytestmark = [pytest.mark.sandbox, pytest.mark.long, pytest.mark.xdist_group("new-region")]

NAME = "ap-southeast-2"
HUB = "us-east-1"
"""The one stack that a new region cannot do without."""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A copy of the program in which nothing runs afterwards."""
    copy_program(tmp_path, [HUB])
    (tmp_path / ".venv").symlink_to(sys.prefix)
    try:
        yield tmp_path
    finally:
        python("sandbox", "down", "--force", "--project", str(tmp_path))


def decide(project: Path) -> None:
    """What a person does after the command: the register's rows; and what the hub has of the regions that are left out here."""
    register = project / "config" / "transfers.yaml"
    register.write_text(register.read_text().replace("  # - {data: operational", "  - {data: operational"))
    shared = project / "config" / "estate.yaml"
    shared.write_text(re.sub(r"(instances:\n  min:) 6", r"\1 2", shared.read_text()))
    settings = project / "pyproject.toml"
    settings.write_text(re.sub(r"(?m)^waves = .*$", f'waves = [["{HUB}"]]', settings.read_text()))
    for tenant in (project / "config" / "tenants").glob("*.yaml"):
        if not re.search(r"(?m)^market: (US|CA)$", tenant.read_text()):
            tenant.unlink()
    hub = project / f"Pulumi.{HUB}.yaml"
    hub.write_text(re.sub(r"standby_region: \S+", "standby_region: null", hub.read_text()))


def up(project: Path, stack: str) -> str:
    done = python("sandbox", "up", "--stack", stack, "--project", str(project))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout + done.stderr


def test_a_fourth_region_comes_up_after_the_hub_and_stays_as_it_is(project: Path) -> None:
    decide(project)
    told = python("scripts.new_region", NAME, "--law", "none", "--project", str(project))
    assert told.returncode == 0, told.stderr
    decide(project)
    code = {path: path.read_bytes() for path in project.rglob("*.py")}
    up(project, HUB)
    up(project, NAME)
    again = up(project, NAME)
    assert "no change" in again
    assert {path: path.read_bytes() for path in project.rglob("*.py")} == code
