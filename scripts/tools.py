"""`python -m scripts.tools PACKAGE...`: programs of Debian packages for tests, unpacked into the cache; nothing is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock

from sandbox.paths import tools_cache

_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_PROGRAMS = ("usr/bin", "usr/sbin", "bin", "sbin")
_LIBRARIES = ("usr/lib", "lib")
_PLAIN = ("-o", "APT::Sandbox::User=root", "-o", "APT::Get::AllowUnauthenticated=false")
"""A folder of one's own is not readable by the user that apt would download as."""
app = typer.Typer(add_completion=False)


class ToolsError(Exception):
    """A package could not be had: what apt said, and what to do."""


@app.command(help=__doc__)
def main(packages: Annotated[list[str], typer.Argument(help="names of Debian packages, such as prometheus")]) -> None:
    """Unpack the packages and print the folder of their programs."""
    try:
        print(provide(packages))
    except ToolsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def provide(packages: Sequence[str], cache: Path | None = None) -> Path:
    """Return the folder of the packages' programs, which are downloaded with what they depend on the first time.

    What the machine has installed already is left out: its programs are on PATH. Raises ToolsError.
    """
    if wrong := [name for name in packages if not _NAME.fullmatch(name)]:
        raise ToolsError(f"{', '.join(wrong)}: no name of a Debian package; write names such as redis-server")
    cache = cache or tools_cache()
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "lock"):
        for package in packages:
            done = cache / "packages" / package
            if not done.is_file():
                wanted = _missing(package, cache)
                if wanted:
                    _unpack(wanted, cache)
                _link(cache)
                done.parent.mkdir(exist_ok=True)
                done.write_text("".join(f"{name}\n" for name in wanted), encoding="utf-8")
    (cache / "bin").mkdir(exist_ok=True)
    return cache / "bin"


def _missing(package: str, cache: Path) -> list[str]:
    """Return the package and all it needs, without what is installed; package lists are fetched once where there are none."""
    command = ["apt-get", *_options(cache), "-s", "--no-install-recommends", "install", package]
    try:
        said = _run(command)
    except ToolsError:
        # A slim image has no lists: fetch them into the cache, which needs no rights.
        lists = cache / "lists"
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        _run(["apt-get", *_options(cache), "update"])
        said = _run(["apt-get", *_options(cache), "-s", "--no-install-recommends", "install", package])
    return to_install(said)


def to_install(said: str) -> list[str]:
    """Return the packages that a simulated installation would unpack."""
    return re.findall(r"^Inst ([a-z0-9][a-z0-9+.-]*)", said, re.MULTILINE)


def _options(cache: Path) -> tuple[str, ...]:
    lists = cache / "lists"
    own = ("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache / 'apt'}", "-o", "Debug::NoLocking=1")
    return (*_PLAIN, *own) if lists.is_dir() else _PLAIN


def _unpack(packages: Iterable[str], cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        _run(["apt-get", *_options(cache), "download", *packages], Path(folder))
        for archive in sorted(Path(folder).glob("*.deb")):
            _run(["dpkg-deb", "--extract", str(archive), str(cache / "root")])


def _link(cache: Path) -> None:
    """Write a starter for each program, which finds the libraries that came with it."""
    root, folder = cache / "root", cache / "bin"
    folder.mkdir(exist_ok=True)
    found = {library.parent for top in _LIBRARIES for library in (root / top).rglob("*.so*")}
    path = ":".join(str(each) for each in sorted(found))
    for top in _PROGRAMS:
        for program in sorted((root / top).glob("*")):
            if program.is_file():
                start = folder / program.name
                start.write_text(f'#!/bin/sh\nexec env LD_LIBRARY_PATH="{path}" "{program}" "$@"\n', encoding="utf-8")
                start.chmod(0o755)


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    if shutil.which(command[0]) is None:
        raise ToolsError(f"{command[0]} is not on this machine: install the programs in another way, and put them on PATH")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ToolsError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


if __name__ == "__main__":
    app()
