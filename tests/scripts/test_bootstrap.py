"""The environment is made from the lock, whole, and only when it has to be."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout with a lock that asks for nothing."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/bootstrap.sh", tmp_path / "scripts")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    return tmp_path


def make(clone: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", ".venv/installed", f"PYTHON={python}"], cwd=clone, capture_output=True, text=True, check=False)


def test_the_environment_is_made_once_and_again_when_the_lock_changes(clone: Path) -> None:
    first = make(clone)
    assert first.returncode == 0, first.stderr
    assert "Installing the environment" in first.stderr
    (clone / ".venv/ours").touch()
    (clone / "requirements.lock").touch()
    assert "Installing" not in make(clone).stderr
    assert (clone / ".venv/ours").exists()
    (clone / "requirements.lock").write_text("# still nothing\n")
    assert "Installing the environment" in make(clone).stderr
    assert not (clone / ".venv/ours").exists()


def test_an_interrupted_installation_is_begun_again_from_nothing(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/half").touch()
    assert make(clone).returncode == 0
    assert not (clone / ".venv/half").exists()
    subprocess.run([clone / ".venv/bin/python", "-c", ""], check=True)


def test_a_package_that_does_not_match_its_hash_is_refused_and_nothing_counts_as_installed(clone: Path) -> None:
    wheel = clone / "demo-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    (clone / "requirements.lock").write_text(f"demo @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    done = make(clone)
    assert done.returncode != 0
    assert not (clone / ".venv/installed").exists()


def test_a_python_that_is_too_old_or_missing_is_named_with_the_remedy(clone: Path) -> None:
    old = clone / "old"
    old.write_text("#!/bin/sh\ncase $1 in --version) echo Python 3.9.1;; *) exit 1;; esac\n")
    old.chmod(0o755)
    for python, told in ((str(old), "Python 3.9.1"), ("/nowhere/python3", "not there")):
        done = make(clone, python)
        assert done.returncode != 0
        assert "Python 3.11 or newer is needed" in done.stderr and told in done.stderr
        assert "make up PYTHON=" in done.stderr
    assert not (clone / ".venv").exists()
