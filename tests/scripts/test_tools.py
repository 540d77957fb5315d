"""Programs of Debian packages, unpacked where nothing is installed."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from scripts.tools import ToolsError, provide, to_install

FAKE = """#!/bin/sh
# Answers as apt-get does for one package with one library.
case "$*" in
  *" update") exit 0 ;;
  *"-s "*) [ -n "$APT_FAILS" ] && { echo "E: Unable to locate package" >&2; exit 100; }
    printf 'Inst libgreet (1.0 Debian:12 [amd64])\\nInst greeter (1.0 Debian:12 [amd64])\\nConf greeter (1.0 Debian:12 [amd64])\\n' ;;
  *download*) echo one >>"$APT_LOG"; touch greeter.deb ;;
esac
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/bin" "$3/usr/lib/x"
printf '#!/bin/sh\\necho "hello from $LD_LIBRARY_PATH"\\n' >"$3/usr/bin/greet"
chmod +x "$3/usr/bin/greet"
touch "$3/usr/lib/x/libgreet.so.1"
"""


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with stand-ins for apt-get and dpkg-deb; returns the log of downloads."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, text in {"apt-get": FAKE, "dpkg-deb": DPKG}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("APT_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_what_a_simulated_installation_names_is_what_is_unpacked() -> None:
    said = "The following NEW packages will be installed:\nInst a-b (1 x)\nInst libc++1 (2 y [amd64])\nConf a-b (1 x)\n"
    assert to_install(said) == ["a-b", "libc++1"]
    assert to_install("0 upgraded, 0 newly installed\n") == []


def test_a_program_runs_from_the_folder_with_the_libraries_that_came_with_it(apt: Path, tmp_path: Path) -> None:
    folder = provide(["greeter"], tmp_path / "cache")
    said = subprocess.run([folder / "greet"], capture_output=True, text=True, check=True).stdout
    assert said == f"hello from {tmp_path / 'cache' / 'root' / 'usr/lib/x'}\n"
    assert stat.S_IMODE((folder / "greet").stat().st_mode) == 0o755


def test_a_package_is_downloaded_once_and_found_again(apt: Path, tmp_path: Path) -> None:
    assert provide(["greeter"], tmp_path / "cache") == provide(["greeter"], tmp_path / "cache")
    assert apt.read_text(encoding="utf-8") == "one\n"


def test_a_package_that_nobody_has_is_an_error_with_what_apt_said(apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APT_FAILS", "1")
    with pytest.raises(ToolsError, match="Unable to locate package"):
        provide(["greeter"], tmp_path / "cache")
    assert not (tmp_path / "cache" / "packages" / "greeter").exists()


@pytest.mark.parametrize("name", ["-o", "a b", "../x", "X"])
def test_what_is_no_name_of_a_package_never_reaches_apt(apt: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ToolsError, match="no name of a Debian package"):
        provide([name], tmp_path / "cache")
    assert not apt.exists()


def test_a_machine_without_apt_is_told_what_to_do_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolsError, match="put them on PATH"):
        provide(["greeter"], tmp_path / "cache")
