"""A sandbox taken for one command: locked, cleaned of what crashed, with an engine, a running cloud and its stacks."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox import lock
from sandbox.cloud import control
from sandbox.cloud.control import RunningCloud
from sandbox.cluster import bring_up, memory
from sandbox.engine import build, home, recovery, stacks
from sandbox.engine.stack_files import stacks_with_files
from sandbox.paths import Home
from sandbox.settings import settings
from sandbox.watch.progress import Reporter


class UnknownStackError(Exception):
    """A stack that this project does not have."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with."""

    home: Home
    engine: Path
    cloud: RunningCloud
    waves: tuple[tuple[str, ...], ...]
    """Stacks in the order to bring them up; those of one wave do not wait for each other."""

    def environment(self, stack: str | None = None) -> dict[str, str]:
        """Variables for the engine on that stack (or for a person): nothing in them leads to a real account."""
        account = stacks.account(self.home.project, stack or self.waves[0][0])
        return home.environment(self.home, self.cloud.endpoint, account)


@contextlib.contextmanager
def open_session(project: Path, command: str, only: str | None, report: Reporter) -> Iterator[Session]:
    """Makes the sandbox ready and holds it while the command runs. `only` limits it to one stack.

    Raises LockHeldError, EngineError, EngineBusyError, CloudError, ClusterError, StackError or UnknownStackError, each with what to do.
    """
    place = Home(project)
    chosen = waves(project, only)
    with lock.hold(place, command) as previous:
        if previous is not None:
            report.say(f"the last command (`{previous.role}`, process {previous.pid}) did not end properly; cleaning up after it")
        recovery.end_leftovers(place, report.say)
        with report.building() as told:
            engine = build.find_or_build(told)
        home.prepare(place, engine)
        recovery.mend_states(place, report.say)
        cloud = control.start(place)
        if not cloud.current:
            report.say("the emulated cloud was started before its code changed: `make down`, then `make up`, to have what it does now")
        recovery.settle_with(place, cloud.instance, report.say)
        bring_up.mend(place, report.say)
        memory.settle(place, report.say)
        session = Session(place, engine, cloud, chosen)
        make = home.for_process(session.environment())
        for stack in dict.fromkeys([*(name for wave in waves(project, None) for name in wave), *stacks_with_files(project)]):
            stacks.create(place, engine, stack, make)
        yield session


def waves(project: Path, only: str | None) -> tuple[tuple[str, ...], ...]:
    """The waves in [tool.sandbox] of pyproject.toml (without it: all stacks at once), or the one stack asked for.

    With `then_by` stacks that are named nowhere follow, so that a new stack file is enough for a new stack.

    UnknownStackError when there is no such stack.
    """
    known = stacks_with_files(project)
    if only is not None:
        if only not in known:
            raise UnknownStackError(f"there is no Pulumi.{only}.yaml; the stacks are {', '.join(known) or 'none'}")
        return ((only,),)
    own = settings(project)
    configured = own.get("waves")
    found = tuple(tuple(map(str, wave)) for wave in configured) if configured else (tuple(known),)
    missing = [stack for wave in found for stack in wave if stack not in known]
    if missing or not any(found):
        raise UnknownStackError(f"[tool.sandbox] waves names {', '.join(missing) or 'no stack'}, but {project} has no such stack file")
    return (*found, *_followers(project, own, {stack for wave in found for stack in wave}))


def _followers(project: Path, own: Mapping[str, Any], named: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Stacks that no wave names, and `apart` does not, each in a wave of its own: by the key of their files that `then_by` tells."""
    if "then_by" not in own:
        return
    others = [stack for stack in stacks_with_files(project) if stack not in {*named, *own.get("apart", ())}]
    for stack in sorted(others, key=lambda stack: (_value(project, stack, own["then_by"]), stack)):
        yield (stack,)


def _value(project: Path, stack: str, path: str) -> float:
    """The number at a dotted path of a stack file's config; what has none comes last."""
    found: Any = yaml.safe_load((project / f"Pulumi.{stack}.yaml").read_text()) or {}
    for part in ("config", *path.split(".")):
        found = found.get(part) if isinstance(found, dict) else None
    return float(found) if isinstance(found, int | float) else math.inf
