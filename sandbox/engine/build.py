"""Finds the engine, or builds it once: Pulumi's own Go module, at the version pinned in go.mod, checked against go.sum."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from sandbox import go
from sandbox.go import GoError, Report, Step
from sandbox.paths import engine_cache

MODULE = Path(__file__).resolve().parent
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


class EngineError(Exception):
    """There is no engine, and none can be built."""


def find_or_build(report: Report) -> Path:
    """The `pulumi` to use: the one on PATH if recent enough, else ours from the cache, else ours built now.

    EngineError says what to install when none can be had.
    """
    found = _on_path() or _cached()
    if found is not None:
        return found
    tool = shutil.which("go")
    if tool is None:
        raise EngineError(
            f"The engine is missing: neither `pulumi` {pinned()} or newer nor Go {go.least_version(MODULE)} or newer is on PATH. "
            "Install one of them (https://www.pulumi.com/docs/install/ or https://go.dev/dl/) and repeat the command."
        )
    target = _target()
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent.with_name(f"{target.parent.name}.lock")):
        # Another build may have ended while this one waited.
        return _cached() or _build(tool, target, report)


def pinned() -> str:
    """The engine's version in go.mod, as "3.246.0"."""
    found = re.search(r"^\s*(?:require )?github\.com/pulumi/pulumi/pkg/v3 v(\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        raise EngineError(f"{MODULE / 'go.mod'} pins no github.com/pulumi/pulumi/pkg/v3")
    return found[1]


def version(engine: Path) -> str:
    """What `pulumi version` says, without the v; empty when it cannot be run."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        environment = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
        done = subprocess.run([engine, "version"], capture_output=True, text=True, timeout=30, check=True, env=environment)
        return done.stdout.strip().removeprefix("v")
    return ""


def _on_path() -> Path | None:
    for folder in os.get_exec_path():
        candidate = shutil.which("pulumi", path=folder)
        # The sandbox's own `pulumi` only passes on to the engine that is being looked for.
        if candidate is None or Path(folder).parent.name == ".sandbox":
            continue
        return Path(candidate) if _numbers(version(Path(candidate))) >= _numbers(pinned()) else None
    return None


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else ()


def _target() -> Path:
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum", "tools.go"):
        digest.update((MODULE / name).read_bytes())
    return engine_cache() / f"v{pinned()}-{digest.hexdigest()[:12]}" / "pulumi"


def _cached() -> Path | None:
    target = _target()
    return target if os.access(target, os.X_OK) else None


def _build(tool: str, target: Path, report: Report) -> Path:
    # Read-only: a module that is not in go.sum, or differs from it, is an error and never an edit.
    modules = (MODULE / "go.mod").read_text().count(" v")
    fetched, packages = 0, 0
    for line in _lines([tool, "list", "-mod=readonly", "-deps", _PACKAGE]):
        if line.startswith("go: downloading"):
            fetched += 1
            report(Step("downloading modules", min(fetched, modules), modules))
        else:
            packages += 1
    for abandoned in target.parent.glob("pulumi.*"):
        abandoned.unlink()
    built = target.with_name(f"pulumi.{os.getpid()}")
    flags = f"-s -w -X {_VERSION_VARIABLE}=v{pinned()}"
    command = [tool, "build", "-mod=readonly", "-v", "-trimpath", "-ldflags", flags, "-o", str(built), _PACKAGE]
    try:
        for number, _ in enumerate(_lines(command), 1):
            report(Step("compiling packages", min(number, packages), packages))
        target.parent.mkdir(parents=True, exist_ok=True)
        built.replace(target)
    finally:
        built.unlink(missing_ok=True)
    return target


def _lines(command: list[str]) -> Iterator[str]:
    """What the command prints, line by line. EngineError with its last words when it fails."""
    try:
        yield from go.lines(command, MODULE)
    except GoError as error:
        raise EngineError(
            f"Building the engine failed (`{' '.join(command[:3])} ...` in {MODULE}):\n  {error}\n"
            f"It needs Go {go.least_version(MODULE)} or newer and Go's module proxy; "
            f"or install `pulumi` {pinned()} or newer and repeat the command."
        ) from error
