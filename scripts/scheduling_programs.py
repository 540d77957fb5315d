"""`python -m scripts.scheduling_programs`: the SDK that tests of the scheduling functions import, into a cache, with a link to it.

On Lambda the SDK is in the runtime, so `node_modules` is for tests alone. `services/scheduling/package-lock.json` pins it with the hash of
every archive; another lock is another folder of the cache.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from filelock import FileLock

from sandbox.paths import REPOSITORY, workload_cache
from sandbox.workload import install

SERVICE = REPOSITORY / "services" / "scheduling"
COMMAND = "make scheduling-programs"
"""What installs them."""
OLDEST_NODE = 20
_PINS = ("package.json", "package-lock.json")
_COMPLETE = "complete"

app = typer.Typer(add_completion=False)


class ProgramsError(Exception):
    """Node.js or the packages cannot be had: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js that is new enough."""

    program: Path
    npm: tuple[str, ...]
    """The command of its package manager."""


@app.command(help=__doc__)
def main() -> None:
    """Install the packages and print their folder."""
    try:
        print(provide().program)
        print(link(SERVICE))
    except ProgramsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def provide(service: Path = SERVICE) -> Node:
    """Return Node.js, with the packages installed and linked; nothing is downloaded when they are. Raises ProgramsError."""
    node = find_node()
    if node is None:
        raise ProgramsError(f"Node.js {OLDEST_NODE} or newer is not on PATH: install it, or bring it with `{install.COMMAND}`")
    target = packages(service)
    if not (target / _COMPLETE).is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock")):
            # Another installation may have ended while this one waited.
            if not (target / _COMPLETE).is_file():
                _install(node, service, target)
    link(service)
    return node


def find(service: Path = SERVICE) -> Node | None:
    """Return Node.js when it is there and the packages of this very lock are installed; link them if they are not yet."""
    node = find_node()
    if node is None or not (packages(service) / _COMPLETE).is_file():
        return None
    link(service)
    return node


def find_node() -> Node | None:
    """Return the Node.js on PATH if it is new enough, else the one that came with n8n, else None."""
    on_path, npm = shutil.which("node"), shutil.which("npm")
    if on_path and npm and _major(on_path) >= OLDEST_NODE:
        return Node(Path(on_path), (npm,))
    brought = install.find()
    if brought is None:
        return None
    script = brought.node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(brought.node, (str(brought.node), str(script)))


def packages(service: Path = SERVICE) -> Path:
    """Return the folder of the cache for the service's lock, there or not."""
    digest = hashlib.sha256(b"".join((service / name).read_bytes() for name in _PINS)).hexdigest()[:12]
    return workload_cache().with_name("scheduling") / digest


def link(service: Path = SERVICE) -> Path:
    """Make `node_modules` beside the functions lead into the cache: modules are looked for upwards of the file that imports them."""
    place, target = service / "node_modules", packages(service) / "node_modules"
    if place.is_symlink() and place.readlink() == target:
        return place
    if place.is_dir() and not place.is_symlink():
        # Somebody ran `npm ci` here: theirs is used.
        return place
    made = place.with_name(f".node_modules-{os.getpid()}")
    made.unlink(missing_ok=True)
    made.symlink_to(target)
    made.replace(place)
    return place


def _major(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0


def _install(node: Node, service: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in _PINS:
        shutil.copy(service / name, target)
    _run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], target, node.program.parent)
    (target / _COMPLETE).touch()


def _run(command: Sequence[str], folder: Path, first: Path) -> None:
    environment = os.environ | {"NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1", "PATH": f"{first}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        words = "\n  ".join((done.stdout + done.stderr).splitlines()[-10:])
        raise ProgramsError(f"`npm ci` failed:\n  {words}\nIt needs npm's registry; repeat `{COMMAND}` when it can be reached.")


if __name__ == "__main__":
    app()
