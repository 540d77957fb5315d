"""What is known of a stack's run at each moment, gathered from the engine's events. No drawing here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.engine import events
from sandbox.engine.events import Event, Resource
from sandbox.watch import failure
from sandbox.watch.failure import Failure

_BOOKKEEPING = {"replace", "remove-pending-replace", "discard", "read-discard", "discard-replaced"}
"""Steps that mark, and do nothing to the cloud."""
_AS_IT_IS = {"same", "read", "refresh"}
_VERBS = {
    "create": "creating",
    "create-replacement": "creating the replacement",
    "update": "updating",
    "delete": "deleting",
    "delete-replaced": "deleting the replaced",
    "refresh": "reading",
    "read": "reading",
    "import": "importing",
    "same": "checking",
}


@dataclass(slots=True)
class Work:
    """A resource being worked on."""

    resource: Resource
    op: str
    since: float

    @property
    def doing(self) -> str:
        """As "creating"."""
        return _VERBS.get(self.op, self.op)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to a resource, or what a refresh found."""

    resource: Resource
    op: str
    differs: tuple[str, ...]


@dataclass(slots=True)
class Branch:
    """A component directly under the stack, with all below it (or a resource that stands alone)."""

    resource: Resource
    known: int = 0
    done: int = 0
    changed: int = 0
    failed: int = 0
    began: float = 0.0
    ended: float = 0.0


@dataclass(slots=True)
class StackRun:
    """One stack's run. `tell` it every event; read the rest. Not thread-safe: its owner locks."""

    stack: str
    doing: str
    clock: Callable[[], float] = time.monotonic
    phase: str = "starting"
    """starting, previewing, or what `doing` says; then done, failed or canceled."""
    planned: int = 0
    """Steps the preview announced; 0 before its end and where there is none."""
    began: float = field(init=False)
    ended: float = 0.0
    done: int = 0
    working: dict[str, Work] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the program printed, and warnings."""
    changes: dict[str, int] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    planned_changes: list[Change] = field(default_factory=list)
    """What the preview announced, besides what stays as it is."""
    drifted: list[Change] = field(default_factory=list)
    """What a refresh found to be other than the state said."""
    _parents: dict[str, Resource] = field(default_factory=dict)
    _steps_of_preview: int = 0
    _told: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def seconds(self) -> float:
        """How long it runs, or ran."""
        return (self.ended or self.clock()) - self.began

    @property
    def over(self) -> bool:
        """Whether the engine has ended."""
        return self.ended > 0

    def tell(self, event: Event) -> Failure | str | None:
        """Takes the event in. Gives what should be told at once: a failure, or a note."""
        match event:
            case events.StepBegan():
                self._step_began(event)
            case events.StepEnded():
                self._step_ended(event)
            case events.StepFailed():
                self._step_failed(event)
            case events.Message():
                return self._message(event)
            case events.Violation():
                return self._violation(event)
            case events.PhaseEnded():
                self._phase_ended(event)
        return None

    def end(self, succeeded: bool, canceled: bool = False) -> None:
        """The engine has ended."""
        self.ended = self.clock()
        self.phase = "done" if succeeded else "canceled" if canceled else "failed"

    def running(self) -> list[Work]:
        """What is being worked on, the longest first; components are not work."""
        return sorted((work for work in self.working.values() if work.resource.custom), key=lambda work: work.since)

    def running_in(self, branch: Branch) -> Iterator[Work]:
        """What is being worked on below the branch."""
        return (work for work in self.running() if self._branch(work.resource) is branch)

    def _step_began(self, event: events.StepBegan) -> None:
        self._parents[event.resource.urn] = event.resource
        self.phase = "previewing" if event.planning else self.doing
        if event.op in _BOOKKEEPING:
            return
        branch = self._branch(event.resource)
        if event.planning:
            self._steps_of_preview += 1
            if event.op not in _AS_IT_IS:
                self.planned_changes.append(Change(event.resource, event.op, event.differs))
            if branch is not None:
                branch.known += 1
            return
        if branch is not None:
            branch.began = branch.began or self.clock()
            branch.known = max(branch.known, branch.done + 1)
        self.working[event.resource.urn] = Work(event.resource, event.op, self.clock())

    def _step_ended(self, event: events.StepEnded) -> None:
        # The engine reports a component twice, the second time when its outputs are known.
        work = self.working.pop(event.resource.urn, None)
        if event.planning or work is None:
            return
        if work.op == "refresh" and event.op not in _AS_IT_IS:
            self.drifted.append(Change(event.resource, event.op, event.differs))
        self.done += 1
        branch = self._branch(event.resource)
        if branch is not None:
            branch.done += 1
            branch.ended = self.clock()
            branch.changed += event.op not in _AS_IT_IS

    def _step_failed(self, event: events.StepFailed) -> None:
        self.working.pop(event.resource.urn, None)
        branch = self._branch(event.resource)
        if branch is not None:
            branch.failed += 1

    def _message(self, event: events.Message) -> Failure | str | None:
        text = event.text.strip()
        if not text or event.generic or (event.urn, text) in self._told:
            return None
        self._told.add((event.urn, text))
        if event.severity == "error":
            resource = self._parents.get(event.urn) or _of_urn(event.urn)
            if resource is None or resource.type == events.ROOT_TYPE:
                return self._fail(failure.of_program(text))
            return self._fail(failure.of_resource(resource.type, resource.name, text))
        self.notes.append(text)
        return text

    def _violation(self, event: events.Violation) -> Failure | str | None:
        text = event.text.strip()
        # The engine tells it in the preview and again while it applies.
        if (event.urn, event.policy, text) in self._told:
            return None
        self._told.add((event.urn, event.policy, text))
        about = f"policy {event.policy} on {event.urn.rpartition('::')[2]}" if event.urn else f"policy {event.policy}"
        if event.level == "mandatory":
            return self._fail(Failure(about, " ".join(text.split()), ""))
        note = f"{about}: {' '.join(text.split())}"
        self.notes.append(note)
        return note

    def _phase_ended(self, event: events.PhaseEnded) -> None:
        self.changes = event.changes
        if event.preview:
            self.planned = self._steps_of_preview

    def _fail(self, told: Failure) -> Failure:
        self.failures.append(told)
        return told

    def _branch(self, resource: Resource) -> Branch | None:
        """The child of the stack that the resource belongs to; None for the stack itself and for providers."""
        if resource.type == events.ROOT_TYPE or resource.type.startswith("pulumi:providers:"):
            return None
        top = resource
        while (parent := self._parents.get(top.parent)) is not None and parent.type != events.ROOT_TYPE:
            top = parent
        return self.branches.setdefault(top.urn, Branch(top))


def _of_urn(urn: str) -> Resource | None:
    """The resource that a URN names; what it does not say stays empty."""
    parts = urn.split("::")
    if len(parts) < 4:
        return None
    token = parts[2].rpartition("$")[2]
    return Resource(urn, token, "", custom=not token.startswith("pulumi:pulumi:"))
