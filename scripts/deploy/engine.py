"""Runs the engine on a stack as pipelines do: with every control, keeping to a plan, and no value of a property in what it says."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.load import ROOT
from sandbox.engine import events
from sandbox.engine.events import Event, Message, PhaseEnded, StepEnded, StepFailed, Violation

PACK = Path("policies", "packs", "all")
"""Every control of every framework, each once, in one process; see policies/README.md."""
VERDICTS = "MOREFOCUS_VERDICTS"
"""Names the folder into which the pack writes what it found, for who reports it."""

HELD = ("aws:secretsmanager/secretVersion:SecretVersion", "aws:s3/bucketObjectv2:BucketObjectv2", "kubernetes:core/v1:Secret")
"""Types that cannot be read without reading what is stored in them, which whoever looks for drift may not."""
_UNPLANNED = re.compile(r"violates plan|not allowed by the plan|no plan for resource|expected resource operations for")
"""What the engine says of a step or a value that a plan does not hold (pulumi 3.246, resource/deploy/plan.go and step_generator.go)."""
_QUIET = ("same", "read", "refresh")


class EngineFailedError(Exception):
    """The engine refused or failed; says what it said and what to do."""


class PlanOutdatedError(EngineFailedError):
    """What the program and the stack have become needs more than the plan allows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What a run of the engine came to."""

    changes: Mapping[str, int]
    """How many resources per operation, those that stay left out."""
    ended: Sequence[StepEnded]
    """Every resource that is not as it was."""
    warnings: Sequence[str]


def preview_arguments(stack: str, plan: Path, root: Path = ROOT) -> list[str]:
    """Return the command that shows what would change, and keeps it as a plan."""
    return ["preview", *_common(stack), "--save-plan", str(plan), *_judged(root)]


def up_arguments(stack: str, plan: Path, root: Path = ROOT) -> list[str]:
    """Return the command that applies a plan.

    It previews first, so that packs judge and the plan is compared before anything is made: `--skip-preview` has no place here.
    """
    return ["up", *_common(stack), "--yes", "--plan", str(plan), *_judged(root)]


def drift_arguments(stack: str) -> list[str]:
    """Return the command that compares the state with what is running, and changes neither."""
    left_out = [word for type_ in HELD for word in ("--exclude", f"**{type_}::*")]
    return ["refresh", *_common(stack), "--preview-only", *left_out]


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the engine's environment: that of this process, `variables`, and events as lines."""
    return {
        **os.environ,
        **variables,
        "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def run(
    arguments: Sequence[str],
    *,
    project: Path,
    variables: Mapping[str, str],
    say: Callable[[str], None],
    record: Path | None = None,
) -> Ran:
    """Run `pulumi` in the folder `project`, tell each change as a line, and return what it came to.

    With `record` all events are kept there, one JSON object a line. Only previews may be recorded: what the engine says of values that a
    plan does not hold has them in clear.

    Raises PlanOutdatedError when the plan does not fit any more, EngineFailedError for anything else that ended it.
    """
    child = subprocess.Popen(
        ["pulumi", *arguments],
        cwd=project,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    words: list[str] = []
    reader = threading.Thread(target=lambda: words.extend(child.stderr or ()), daemon=True)
    reader.start()
    lines = list(_followed(child.stdout or (), say))
    code = child.wait()
    reader.join(5)
    if record is not None:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text("".join(line for line, _ in lines if line.startswith("{")), encoding="utf-8")
    heard = [event for _, event in lines if event is not None]
    if code != 0:
        raise _failure(heard, [*words, *(line for line, event in lines if event is None and not line.startswith("{"))])
    return Ran(
        changes=_changes(heard),
        ended=list(dict.fromkeys(event for event in heard if isinstance(event, StepEnded) and event.op not in _QUIET)),
        warnings=[event.text.strip() for event in heard if isinstance(event, Message) and event.severity == "warning"],
    )


def _followed(lines: Iterable[str], say: Callable[[str], None]) -> Iterator[tuple[str, Event | None]]:
    """Give each line with its event, and tell the event the first time: what a component says of its outputs ends it a second time."""
    told: set[Event] = set()
    for line in lines:
        event = events.parse(line)
        if event is not None and event not in told:
            _tell(event, say)
            told.add(event)
        yield line, event


def masked(text: str) -> str:
    """Return what the engine says of a plan without the values it quotes, which may be secrets in clear."""
    found = _UNPLANNED.search(text)
    return text if found is None else text.partition("[")[0].strip()


def _common(stack: str) -> list[str]:
    return ["--stack", stack, "--json", "--non-interactive"]


def _judged(root: Path) -> list[str]:
    return ["--policy-pack", str(root / PACK)]


def _changes(heard: Sequence[Event]) -> dict[str, int]:
    ends = [event for event in heard if isinstance(event, PhaseEnded)]
    return {op: count for op, count in ends[-1].changes.items() if op not in _QUIET} if ends else {}


def _tell(event: Event, say: Callable[[str], None]) -> None:
    if isinstance(event, StepEnded) and event.op not in _QUIET:
        differing = f" ({', '.join(event.differs)})" if event.differs else ""
        say(f"{'would ' if event.planning else ''}{event.op} {event.resource.type} {event.resource.name}{differing}")
    elif isinstance(event, Violation):
        say(f"{event.level}: {event.policy} of {event.pack}: {event.text.strip()} {event.urn}".rstrip())
    elif isinstance(event, Message) and event.severity in ("warning", "error") and event.text.strip():
        say(f"{event.severity}: {masked(event.text.strip())}")


def _failure(heard: Sequence[Event], words: Sequence[str]) -> EngineFailedError:
    errors = [_about(event) for event in heard if isinstance(event, Message) and event.severity == "error" and not event.generic]
    spoken = "".join(words).strip()
    made = {event.resource.urn for event in heard if isinstance(event, StepEnded) and not event.planning and event.op not in _QUIET}
    what = f"{len(made)} resources were changed before" if made else "nothing was changed"
    unplanned = [masked(text) for text in (*errors, *spoken.splitlines()) if _UNPLANNED.search(text)]
    if unplanned:
        return PlanOutdatedError(f"the plan no longer fits, and {what}: {'; '.join(dict.fromkeys(unplanned))}")
    broken = sorted({event.policy for event in heard if isinstance(event, Violation) and event.level == "mandatory"})
    if broken:
        return EngineFailedError(f"policies are not kept, and {what}: {', '.join(broken)}; each is explained above with what to do")
    failed = [f"{event.op} of {event.resource.type} {event.resource.name} failed" for event in heard if isinstance(event, StepFailed)]
    reasons = "; ".join([*failed, *errors]) or masked(spoken) or "the engine gave no reason"
    return EngineFailedError(f"the engine failed, and {what}: {reasons}")


def _about(event: Message) -> str:
    """Return what went wrong, and with what, where the message does not say it itself."""
    text = event.text.strip()
    return text if not event.urn or event.urn in text else f"{event.urn}: {text}"
