"""The SDK of the functions' tests is pinned, kept by its lock, and named when it is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.workload import install
from scripts import scheduling_programs
from scripts.scheduling_programs import SERVICE, ProgramsError, find, link, packages, provide


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pins alone, with an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "service"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_bytes((SERVICE / name).read_bytes())
    return folder


def test_every_archive_is_pinned_by_hash_and_by_no_address_and_nothing_is_installed_on_lambda() -> None:
    pinned = json.loads((SERVICE / "package-lock.json").read_text())["packages"]
    assert not [name for name, each in pinned.items() if name and not each.get("integrity", "").startswith("sha512-")]
    assert not [name for name, each in pinned.items() if "resolved" in each]
    told = json.loads((SERVICE / "package.json").read_text())
    assert "dependencies" not in told
    assert all(name.startswith("@aws-sdk/") and version[0].isdigit() for name, version in told["devDependencies"].items())


def test_another_lock_is_another_folder_and_the_link_follows_it(service: Path) -> None:
    first = packages(service)
    (first / "node_modules").mkdir(parents=True)
    assert link(service).resolve() == (first / "node_modules").resolve()
    (service / "package-lock.json").write_text("{}")
    assert packages(service) != first
    assert link(service).readlink() == packages(service) / "node_modules"


def test_packages_that_somebody_installed_in_place_are_left_alone(service: Path) -> None:
    (service / "node_modules" / "theirs").mkdir(parents=True)
    assert link(service) == service / "node_modules"
    assert (service / "node_modules" / "theirs").is_dir()


def test_without_node_or_packages_it_says_what_brings_them(service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(service) is None
    monkeypatch.setenv("PATH", "")
    assert install.find() is None
    with pytest.raises(ProgramsError, match=r"Node\.js 20 or newer is not on PATH.*make n8n-programs"):
        provide(service)


def test_a_failed_installation_is_told_and_is_not_taken_for_one(service: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, words in (("node", "echo v22.1.0"), ("npm", "echo no registry >&2; exit 1")):
        (programs / name).write_text(f"#!/bin/sh\n{words}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    with pytest.raises(ProgramsError, match="no registry"):
        provide(service)
    assert find(service) is None
    (programs / "node").write_text("#!/bin/sh\necho v18.20.0\n")
    assert scheduling_programs.find_node() is None
