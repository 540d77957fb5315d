"""Stacks in the sandbox's backend: making them, reading their states, and protecting what they hold."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.paths import Home
from sandbox.processes import write_text

DEFAULT_ACCOUNT = "123456789012"
"""The account of AWS's documentation, and moto's own."""
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks values of its own in a state; the exports use it for secrets only."""


class StackError(Exception):
    """A stack that cannot be made or read."""


@dataclass(frozen=True, slots=True)
class Held:
    """A cloud resource as a state holds it."""

    urn: str
    type: str
    id: str
    outputs: dict[str, Any] = field(hash=False, repr=False)

    @property
    def service(self) -> str:
        """ "ec2" of "aws:ec2/vpc:Vpc"; objects of a cluster are one service, whatever their group."""
        if self.type.startswith("kubernetes:"):
            return "kubernetes"
        return self.type.split(":")[1].partition("/")[0]


@dataclass(frozen=True, slots=True)
class State:
    """What a stack's state says."""

    stack: str
    path: Path
    resources: tuple[Held, ...]
    """Cloud resources only: no components, providers or references."""
    outputs: dict[str, Any] = field(hash=False)
    """The stack's exports, secrets hidden."""


def project_name(project: Path) -> str:
    """The `name` in Pulumi.yaml. StackError when there is none."""
    try:
        content = yaml.safe_load((project / "Pulumi.yaml").read_text())
        return str(content["name"])
    except (FileNotFoundError, KeyError, TypeError, yaml.YAMLError) as error:
        raise StackError(f"{project / 'Pulumi.yaml'} is not a Pulumi project: {error}") from error


def settings(project: Path, stack: str) -> dict[str, Any]:
    """The `config` of the stack's file; empty when there is no such file, or it is not readable (the program will say so)."""
    try:
        content = yaml.safe_load((project / f"Pulumi.{stack}.yaml").read_text())
        return dict(content["config"])
    except (FileNotFoundError, KeyError, TypeError, ValueError, yaml.YAMLError):
        return {}


def account(project: Path, stack: str) -> str:
    """The account that the stack may touch (`aws:allowedAccountIds` with one id), so that the emulated cloud acts as that one."""
    ids = settings(project, stack).get("aws:allowedAccountIds")
    if isinstance(ids, list) and len(ids) == 1 and re.fullmatch(r"\d{12}", str(ids[0])):
        return str(ids[0])
    return DEFAULT_ACCOUNT


def state_path(home: Home, stack: str) -> Path:
    """Where the backend keeps the stack's state."""
    return home.state / ".pulumi" / "stacks" / project_name(home.project) / f"{stack}.json"


def create(home: Home, engine: Path, stack: str, environment: Mapping[str, str]) -> None:
    """Makes the stack unless it is there, from a folder of its own: `stack init` writes into the folder's stack file."""
    salt = home.scratch / f"Pulumi.{stack}.yaml"
    if state_path(home, stack).exists() and salt.exists():
        return
    salt.unlink(missing_ok=True)
    state_path(home, stack).unlink(missing_ok=True)
    write_text(home.scratch / "Pulumi.yaml", f"name: {project_name(home.project)}\nruntime: python\n")
    command = [str(engine), "stack", "init", stack, "--no-select", "--non-interactive"]
    done = subprocess.run(command, cwd=home.scratch, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StackError(f"the stack {stack} could not be made: {done.stderr.strip()}")


def state(home: Home, stack: str) -> State | None:
    """The stack's state; None when the stack was never made."""
    path = state_path(home, stack)
    try:
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
    except FileNotFoundError:
        return None
    except (json.JSONDecodeError, KeyError) as error:
        raise StackError(f"the state of {stack} cannot be read ({error}): {path}") from error
    held, outputs = [], {}
    for resource in latest.get("resources") or ():
        if resource["type"] == "pulumi:pulumi:Stack":
            outputs = {name: _shown(value) for name, value in (resource.get("outputs") or {}).items()}
        elif resource.get("custom") and not resource.get("external") and not resource["type"].startswith("pulumi:"):
            held.append(Held(resource["urn"], resource["type"], resource.get("id", ""), resource.get("outputs") or {}))
    return State(stack, path, tuple(held), outputs)


def unprotect(home: Home, stack: str) -> int:
    """Takes `protect` off every resource in the state, as `pulumi state unprotect --all` does. Gives how many had it."""
    path = state_path(home, stack)
    content = json.loads(path.read_text())
    marked = [item for item in (content["checkpoint"].get("latest") or {}).get("resources") or () if item.pop("protect", False)]
    if marked:
        write_text(path, json.dumps(content))
    return len(marked)


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return "[secret]" if _SIGNATURE in value else {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value
