"""Throw-away projects to measure: the estate, the floor, and many resources of one kind."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Any

from rich.console import Console

from sandbox.engine import home, stacks
from sandbox.paths import REPOSITORY
from sandbox.session import Session, open_session
from sandbox.watch.progress import Reporter
from scripts.bench.measure import Measured, run
from scripts.program import copy_program

_MARKED = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's protocol marks what is no plain value."""
_CUSTOM = "pulumi_kubernetes.apiextensions.CustomResource"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Bench:
    """A sandbox of its own, with the engine as a person calls it."""

    session: Session

    @property
    def project(self) -> Path:
        """The folder of the program's copy."""
        return self.session.home.project

    def pulumi(self, stack: str, *arguments: str, **environment: str) -> Measured:
        """One run of the engine on a stack."""
        place = self.session.home
        variables = home.for_process(self.session.environment(stack)) | environment
        return run([str(place.bin / "pulumi"), *arguments, "--stack", stack, "--non-interactive"], cwd=place.project, env=variables)

    def destroy(self, stack: str, **environment: str) -> Measured:
        """Destroys a stack, its protections lifted."""
        stacks.unprotect(self.session.home, stack)
        return self.pulumi(stack, "destroy", "--yes", SANDBOX_TEARDOWN="1", **environment)

    def registered(self, stack: str) -> list[dict[str, Any]]:
        """What the program registered: type, SDK module and inputs of each resource; a component is a bare `Item`."""
        exported = json.loads(self.pulumi(stack, "stack", "export").output)["deployment"]["resources"]
        return [_entry(item) for item in exported if not item["type"].startswith("pulumi:")]


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    token = item["type"]
    if not item["custom"]:
        return {"type": "aws:index/item:Item", "module": "pulumi_aws", "inputs": {}}
    return {"type": token, "module": _module(token), "inputs": _plain(item.get("inputs", {}))}


def _module(token: str) -> str:
    """The SDK's module of a type: `aws:ec2/vpcEndpoint:VpcEndpoint` is pulumi_aws.ec2.vpc_endpoint.

    Those of Kubernetes are called after the first word of their group; what has none is a custom resource.
    """
    if token.startswith("kubernetes:"):
        _, api, name = token.split(":")
        group, version = api.split("/")
        found = f"pulumi_kubernetes.{group.partition('.')[0]}.{version}"
        own = group in ("helm.sh", "core") or "." not in group or group.endswith(".k8s.io")
        return f"{found}.{name}" if own and find_spec("pulumi_kubernetes." + group.partition(".")[0]) else _CUSTOM
    folder, name = token.split(":")[1].split("/")
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name)
    # What is a word of Python's own, such as lambda, has an underscore behind it.
    return f"pulumi_aws.{folder}{'_' * iskeyword(folder)}.{words.lower()}"


def _plain(value: Any) -> Any:
    """The inputs without the engine's markers of secrets, and without archives, of which a state holds the hash alone."""
    if isinstance(value, dict):
        if "ciphertext" in value:
            return "secret"
        return {key: _plain(item) for key, item in value.items() if not _is_archive(item)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def unchanged(measured: Measured) -> bool:
    """Whether an up left everything as it was."""
    return "unchanged" in measured.output and " to " not in measured.output.split("Resources:")[-1]


def _is_archive(value: Any) -> bool:
    return isinstance(value, dict) and _MARKED in value and "ciphertext" not in value


@contextmanager
def estate(folder: Path) -> Iterator[Bench]:
    """The platform's own program."""
    copy_program(folder)
    with _opened(folder) as bench:
        yield bench


@contextmanager
def flat(folder: Path) -> Iterator[Bench]:
    """The floor: the resources in the file FLOOR_RESOURCES on a provider that echoes."""
    shutil.copytree(_HERE / "floor", folder, dirs_exist_ok=True)
    (folder / "plugin").mkdir()
    command = ["env", f"PYTHONPATH={REPOSITORY}", sys.executable, str(folder / "provider.py")]
    for name in ("aws", "kubernetes"):
        script = folder / "plugin" / f"pulumi-resource-{name}"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        script.chmod(0o755)
    with _opened(folder) as bench:
        yield bench


@contextmanager
def many(folder: Path) -> Iterator[Bench]:
    """MANY_RESOURCES log groups on the sandbox's provider."""
    shutil.copytree(_HERE / "many", folder, dirs_exist_ok=True)
    with _opened(folder) as bench:
        yield bench


@contextmanager
def _opened(folder: Path) -> Iterator[Bench]:
    (folder / ".venv").symlink_to(sys.prefix)
    try:
        with open_session(folder, "bench", None, Reporter(Console(stderr=True))) as session:
            yield Bench(session)
    finally:
        subprocess.run(
            [sys.executable, "-m", "sandbox", "down", "--force", "--project", str(folder)], cwd=REPOSITORY, check=False, capture_output=True
        )
