"""Builds the programs of a control plane once, each from its Go module at the version pinned under `tools/`, checked against go.sum.

A family of programs has a module of its own: kwok and Kubernetes need different versions of the same libraries.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from sandbox import go
from sandbox.go import GoError, Report, Step
from sandbox.paths import cluster_cache

TOOLS = Path(__file__).resolve().parent / "tools"
COMMAND = "make cluster-programs"
"""What builds them."""
_STAGES = ("node/fast/node-initialize", "node/heartbeat-with-lease/node-heartbeat-with-lease", "pod/fast/pod-ready")
_STAGES_OF_ENDS = ("pod/fast/pod-complete", "pod/fast/pod-delete")


class ClusterBuildError(Exception):
    """There are no programs for a cluster, and none can be built."""


@dataclass(frozen=True, slots=True)
class _Program:
    name: str
    module: str
    """The folder under `tools` that pins it."""
    package: str


_PROGRAMS = (
    _Program("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    _Program("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    *(
        _Program(name, "k8s", f"k8s.io/kubernetes/cmd/{name}")
        for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
    ),
)


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of what was built."""

    folder: Path

    def path(self, name: str) -> Path:
        """A program: etcd, kwok, kubectl or one of the kube-... ones."""
        return self.folder / name

    @property
    def stages(self) -> Path:
        """How kwok lets nodes and pods become ready, complete and go, as its makers ship it."""
        return self.folder / "stages.yaml"


def version() -> str:
    """The Kubernetes version in go.mod, as "1.35.4"."""
    return pinned("k8s", "k8s.io/kubernetes")


def pinned(module: str, dependency: str) -> str:
    """The version that a module under `tools` pins, without the v."""
    text = (TOOLS / module / "go.mod").read_text()
    found = re.search(rf"^\s*(?:require )?{re.escape(dependency)} v(\S+)", text, re.MULTILINE)
    if found is None:
        raise ClusterBuildError(f"{TOOLS / module / 'go.mod'} pins no {dependency}")
    return found[1]


def find() -> Programs | None:
    """What was built from these very pins; None when it was not, or not to its end."""
    programs = Programs(target())
    complete = all(os.access(programs.path(program.name), os.X_OK) for program in _PROGRAMS) and programs.stages.exists()
    return programs if complete else None


def find_or_build(report: Report) -> Programs:
    """The programs, built now unless they were before: some 13 minutes of a processor, at low priority.

    ClusterBuildError says what to install when they cannot be built. What was built before an interruption stays.
    """
    if (found := find()) is not None:
        return found
    tool = shutil.which("go")
    if tool is None:
        raise ClusterBuildError(
            f"The programs of a cluster (Kubernetes {version()}, etcd, kwok) are missing, and Go, which builds them, is not on PATH. "
            f"Install Go {go.least_version(TOOLS / 'k8s')} or newer (https://go.dev/dl/) and repeat the command; "
            "`make up` works without a cluster too: objects are then checked against the schemas of Kubernetes."
        )
    folder = target()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        # Another build may have ended while this one waited.
        for program in _PROGRAMS:
            if not os.access(folder / program.name, os.X_OK):
                _build(tool, program, folder, report)
        if not (folder / "stages.yaml").exists():
            _copy_stages(tool, folder)
    return Programs(folder)


def target() -> Path:
    """The folder of the cache that belongs to these very pins."""
    digest = hashlib.sha256()
    for path in sorted(TOOLS.glob("*/go.*")):
        digest.update(path.read_bytes())
    return cluster_cache() / f"v{version()}-{digest.hexdigest()[:12]}"


def _build(tool: str, program: _Program, target: Path, report: Report) -> None:
    module = TOOLS / program.module
    built = target / f".{program.name}.{os.getpid()}"
    for abandoned in target.glob(f".{program.name}.*"):
        abandoned.unlink()
    # Read-only: a module that is not in go.sum, or differs from it, is an error and never an edit.
    least = [tool, "list", "-mod=readonly", "-deps", program.package]
    build = [tool, "build", "-mod=readonly", "-v", "-p=2", "-trimpath", "-buildvcs=false", "-ldflags", _flags(program)]
    modules, fetched, packages = (module / "go.mod").read_text().count(" v"), 0, 0
    try:
        for line in go.lines(_gently(least), module):
            if line.startswith("go: downloading"):
                fetched += 1
                report(Step(f"{program.name}, downloading modules", min(fetched, modules), modules))
            else:
                packages += 1
        for number, _ in enumerate(go.lines(_gently([*build, "-o", str(built), program.package]), module), 1):
            report(Step(f"{program.name}, compiling packages", min(number, packages), packages))
        built.replace(target / program.name)
    except GoError as error:
        raise ClusterBuildError(
            f"Building {program.name} failed (`go build {program.package}` in {module}):\n  {error}\n"
            f"It needs Go {go.least_version(module)} or newer and Go's module proxy."
        ) from error
    finally:
        built.unlink(missing_ok=True)


def _flags(program: _Program) -> str:
    """What the linker is told: a server built as a module would report v0.0.0, as Kubernetes' own build sets these."""
    if program.module != "k8s":
        return "-s -w"
    stamps = {
        "gitVersion": f"v{version()}",
        "gitMajor": version().split(".")[0],
        "gitMinor": version().split(".")[1],
        "gitTreeState": "clean",
        "gitCommit": "module",
        "buildDate": "1970-01-01T00:00:00Z",
    }
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(["-s -w", *(f"-X {package}.{name}={value}" for package in packages for name, value in stamps.items())])


def _copy_stages(tool: str, target: Path) -> None:
    *_, folder = go.lines([tool, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"], TOOLS / "kwok")
    documents = [(Path(folder) / "kustomize" / "stage" / f"{name}.yaml").read_text() for name in (*_STAGES, *_STAGES_OF_ENDS)]
    written = target / f".stages.{os.getpid()}"
    written.write_text("---\n".join(documents))
    written.replace(target / "stages.yaml")


def _gently(command: list[str]) -> list[str]:
    """A build of many minutes leaves the processors to whoever waits for them."""
    return ["nice", "-n", "15", *command] if shutil.which("nice") else command
