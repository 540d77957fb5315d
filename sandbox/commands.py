"""What the commands do: up, preview, refresh, down, status and env."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sandbox import audit, lock, processes
from sandbox.cloud import control
from sandbox.cluster import commands as clusters
from sandbox.engine import build, home, recovery, stacks
from sandbox.engine.run import Operation, Outcome
from sandbox.engine.stack_files import stacks_with_files
from sandbox.operate import Operator
from sandbox.paths import Home
from sandbox.session import Session, open_session, waves
from sandbox.watch import changes, objects, table
from sandbox.watch.progress import Reporter
from sandbox.watch.watcher import duration, watcher

INTERRUPTED = 130


def up(project: Path, only: str | None, console: Console) -> int:
    """Previews, then applies; ends with the table. Gives the exit code."""
    began = time.monotonic()
    report = Reporter(console)
    with open_session(project, _said("up", only), only, report) as session:
        operator, outcomes = _operate(session, Operation.UP, console)
        code = _code(session, operator, outcomes, console, "make up")
        if code == 0:
            recovery.sweep_orphans(session.home, session.cloud.endpoint, report.say)
        _show_table(session, outcomes, console)
        if code == 0 and _tell_dangling(session, console):
            return 1
        changed = sum(outcome.applied.changed for outcome in outcomes if outcome.applied)
        if code == 0:
            what = f"{changed} changes" if changed else "no change"
            console.print(f"\nUp in {duration(time.monotonic() - began)}: {what}. Emulated AWS: {session.cloud.endpoint}", highlight=False)
        return code


def preview(project: Path, only: str | None, console: Console) -> int:
    """Shows what `up` would do. Gives the exit code."""
    with open_session(project, _said("preview", only), only, Reporter(console)) as session:
        operator, outcomes = _operate(session, Operation.PREVIEW, console, _at_once(session))
        code = _code(session, operator, outcomes, console, "make preview")
        for outcome in outcomes:
            if outcome.succeeded:
                changes.show(console, outcome.stack, operator.runs[outcome.stack].planned_changes, "no change")
        return code


def refresh(project: Path, only: str | None, console: Console) -> int:
    """Brings the states in line with the emulated cloud and shows the drift. Gives the exit code."""
    with open_session(project, _said("refresh", only), only, Reporter(console)) as session:
        operator, outcomes = _operate(session, Operation.REFRESH, console, _at_once(session))
        code = _code(session, operator, outcomes, console, "make refresh")
        for outcome in outcomes:
            if outcome.succeeded:
                changes.show(console, outcome.stack, operator.runs[outcome.stack].drifted, "no drift")
        return code


def down(project: Path, console: Console, *, keep_cloud: bool, force: bool) -> int:
    """Destroys every stack in the opposite order, then ends what was started. Gives the exit code.

    With `keep_cloud` the emulated cloud stays, empty; with `force` all is dropped even where destroying fails.
    """
    place = Home(project)
    report = Reporter(console)
    code = 0
    if control.find(place) is not None:
        with open_session(project, "down", None, report) as session:
            code = _destroy(session, console, report)
    if code != 0 and not force:
        console.print("Not all could be destroyed. To drop everything with the emulated cloud itself: make down FORCE=1", highlight=False)
        return code
    with lock.hold(place, "down"):
        recovery.end_leftovers(place, report.say)
        if not keep_cloud:
            clusters.stop_all(place, report)
            control.stop(place)
            _end_all(place)
            place.instance.unlink(missing_ok=True)
        shutil.rmtree(place.state, ignore_errors=True)
    console.print("Down." if not keep_cloud else "Down; the emulated cloud stays.", highlight=False)
    return 0


def status(project: Path, console: Console, *, as_json: bool) -> int:
    """Tells what is up, where, and how it is held."""
    from sandbox.provider.registry import support

    place = Home(project)
    cloud = control.find(place)
    described: dict[str, Any] = {}
    planes = clusters.described(place)
    for stack in stacks_with_files(project):
        state = stacks.state(place, stack)
        if state is None or not state.resources:
            continue
        counted = table.levels(state.resources, support)
        described[stack] = {
            "resources": len(state.resources),
            **counted,
            "state": str(state.path),
            "kubeconfig": clusters.kubeconfig(planes.get(stack)),
            "objects": sum(map(objects.is_object, state.resources)),
            "standin_images": len(objects.standins(state.resources)),
        }
    endpoint = cloud.endpoint if cloud else None
    if as_json:
        console.file.write(json.dumps({"endpoint": endpoint, "stacks": described}) + "\n")
        return 0
    console.print(f"Emulated AWS: {endpoint or 'not running'}", highlight=False)
    if described:
        shown = Table("stack", "resources", "of them objects", "held", "partly", "recorded", "state")
        for stack, row in described.items():
            shown.add_row(
                stack, *(str(row[name]) for name in ("resources", "objects", "held", "partly", "recorded")), os.path.relpath(row["state"])
            )
        console.print(shown)
    clusters.tell(place, console)
    return 0


def environment(project: Path, out: Console, console: Console) -> int:
    """Prints the sandbox's environment for a shell, after making the sandbox ready."""
    place = Home(project)
    cloud = control.find(place)
    if cloud is not None and place.bin.exists():
        # Also while another command works: nothing is changed.
        account = stacks.account(project, waves(project, None)[0][0])
        text = home.for_shell(home.environment(place, cloud.endpoint, account))
    else:
        with open_session(project, "env", None, Reporter(console)) as session:
            text = home.for_shell(session.environment())
    out.file.write(text + "\n")
    return 0


def build_engine(console: Console) -> int:
    """Finds or builds the engine, and says where it is."""
    with Reporter(console).building() as told:
        engine = build.find_or_build(told)
    console.print(f"{engine} ({build.version(engine)})", highlight=False)
    return 0


def _said(command: str, only: str | None) -> str:
    return f"make {command}" + (f" STACK={only}" if only else "")


def _at_once(session: Session) -> tuple[tuple[str, ...], ...]:
    """All stacks in one wave: what changes no stack's exports need not wait for any."""
    return (tuple(stack for wave in session.waves for stack in wave),)


def _operate(
    session: Session,
    operation: Operation,
    console: Console,
    order: tuple[tuple[str, ...], ...] | None = None,
    extra: dict[str, str] | None = None,
) -> tuple[Operator, list[Outcome]]:
    with watcher(console) as watching:
        operator = Operator(session, operation, watching, extra)
        return operator, operator.over(session.waves if order is None else order)


def _code(session: Session, operator: Operator, outcomes: list[Outcome], console: Console, again: str) -> int:
    """The exit code, after saying what is pending and what died."""
    if all(outcome.succeeded for outcome in outcomes) and not operator.stopping:
        return 0
    for outcome in outcomes:
        name, run = outcome.stack, operator.runs[outcome.stack]
        if outcome.succeeded:
            continue
        if operator.operation is Operation.UP and run.done == 0:
            console.print(f"{name}: nothing was changed", highlight=False)
        elif run.planned > run.done:
            console.print(f"{name}: {run.done} of {run.planned} steps done, {run.planned - run.done} pending", highlight=False)
        for work in run.running():
            console.print(f"{name}: unfinished: {work.doing} {work.resource.type} {work.resource.name}", highlight=False)
    begun = set(operator.runs)
    waiting = [stack for wave in session.waves for stack in wave if stack not in begun]
    if waiting:
        console.print(f"not begun: {', '.join(waiting)}", highlight=False)
    if control.find(session.home) is None:
        console.print("The emulated cloud died. The next `make up` starts another and makes everything anew.", highlight=False)
    console.print(f"{'Stopped' if operator.stopping else 'Failed'}. `{again}` goes on from here.", highlight=False)
    return INTERRUPTED if operator.stopping else 1


def _show_table(session: Session, outcomes: list[Outcome], console: Console) -> None:
    from sandbox.provider.registry import support

    shown = []
    for outcome in outcomes:
        state = stacks.state(session.home, outcome.stack)
        if state is not None and (state.resources or outcome.succeeded):
            region = str(stacks.settings(session.home.project, outcome.stack).get("aws:region") or outcome.stack)
            shown.append(table.StackSummary(state, region, outcome.seconds))
    if shown:
        table.show(console, shown, support)


def _tell_dangling(session: Session, console: Console) -> bool:
    """Whether objects of a stack that is up point at nothing: they were applied, and would not work."""
    found = False
    for stack in (stack for wave in session.waves for stack in wave):
        state = stacks.state(session.home, stack)
        for words in audit.dangling(state.resources if state else ()):
            found = True
            console.print(f"✘ {stack} {words}", markup=False, highlight=False, soft_wrap=True)
    if found:
        console.print("Applied, but these objects would not work: mend the program, then `make up`.", highlight=False)
    return found


def _destroy(session: Session, console: Console, report: Reporter) -> int:
    order = tuple(tuple(stack for stack in wave if _holds(session.home, stack)) for wave in reversed(session.waves))
    others = tuple(stack for stack in stacks_with_files(session.home.project) if not any(stack in wave for wave in session.waves))
    order = (tuple(stack for stack in others if _holds(session.home, stack)), *order)
    if not any(order):
        recovery.sweep_orphans(session.home, session.cloud.endpoint, report.say)
        return 0
    freed = sum(stacks.unprotect(session.home, stack) for wave in order for stack in wave)
    report.say(
        "tearing down: deletion protection is lifted, buckets are emptied, final snapshots are skipped"
        + (f", and {freed} resources lose their `protect` mark" if freed else "")
    )
    operator, outcomes = _operate(session, Operation.DESTROY, console, order, {"SANDBOX_TEARDOWN": "1"})
    code = _code(session, operator, outcomes, console, "make down")
    if code == 0:
        recovery.sweep_orphans(session.home, session.cloud.endpoint, report.say)
    return code


def _holds(place: Home, stack: str) -> bool:
    state = stacks.state(place, stack)
    return state is not None and bool(state.resources)


def _end_all(place: Home) -> None:
    for process in processes.recorded(place.processes):
        processes.end(process, first=signal.SIGTERM, patience=5)
