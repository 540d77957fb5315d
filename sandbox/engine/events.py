"""What the engine tells while it works: its JSON events, one a line, as values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROOT_TYPE = "pulumi:pulumi:Stack"
_GENERIC = re.compile(r"(update|preview|refresh|destroy) (failed|canceled)|resource creation failed")


@dataclass(frozen=True, slots=True)
class Resource:
    """The resource that an event is about."""

    urn: str
    type: str
    parent: str
    """URN of the parent; empty for the stack and for what has none."""
    custom: bool
    """True for what a provider makes, False for components."""

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def is_cloud_resource(self) -> bool:
        """False for components, providers and stack references."""
        return self.custom and not self.type.startswith("pulumi:")


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A preview or an operation starts."""


@dataclass(frozen=True, slots=True)
class StepBegan:
    """The engine starts on a resource."""

    resource: Resource
    op: str
    """create, update, delete, same, replace, create-replacement, delete-replaced, refresh, read ..."""
    planning: bool
    differs: tuple[str, ...] = ()
    """Paths of properties that change."""


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A resource is as it should be. `op` is what was done, for a refresh what it found."""

    resource: Resource
    op: str
    planning: bool
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A resource could not be brought to what it should be; a `Message` with the cause comes before."""

    resource: Resource
    op: str


@dataclass(frozen=True, slots=True)
class Message:
    """A diagnostic: of the engine, the provider or the program."""

    text: str
    severity: str
    """info, info#err, warning or error."""
    urn: str

    @property
    def generic(self) -> bool:
        """True for what only repeats that something failed."""
        return _GENERIC.fullmatch(self.text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Violation:
    """A policy is not kept."""

    policy: str
    pack: str
    level: str
    """advisory, mandatory, remediate ..."""
    text: str
    urn: str


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """A preview or an operation is over."""

    preview: bool
    result: str
    """succeeded, failed or canceled."""
    changes: dict[str, int] = field(hash=False)
    """How many resources per operation."""

    @property
    def changed(self) -> int:
        """Resources that were not as they should be."""
        return sum(count for op, count in self.changes.items() if op not in ("same", "read", "refresh"))


Event = PhaseBegan | StepBegan | StepEnded | StepFailed | Message | Violation | PhaseEnded


def parse(line: str) -> Event | None:
    """The event on the line. None for what is of no interest (debug messages) and for lines that are none."""
    try:
        content = json.loads(line)
    except json.JSONDecodeError:
        return None
    if not isinstance(content, dict):
        return None
    return next((made(content[name]) for name, made in _KINDS.items() if name in content), None)


def _diagnostic(content: dict[str, Any]) -> Message | None:
    if content["severity"] == "debug" or content.get("ephemeral"):
        return None
    return Message(content["message"], content["severity"], content.get("urn", ""))


def _violation(content: dict[str, Any]) -> Violation:
    return Violation(
        content["policyName"], content["policyPackName"], content["enforcementLevel"], content["message"], content.get("resourceUrn", "")
    )


def _resource(metadata: dict[str, Any]) -> Resource:
    state = metadata.get("new") or metadata.get("old") or {}
    return Resource(metadata["urn"], metadata["type"], state.get("parent", ""), bool(state.get("custom")))


def _differs(metadata: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(metadata.get("detailedDiff") or metadata.get("diffs") or ()))


def _began(content: dict[str, Any]) -> StepBegan:
    metadata = content["metadata"]
    return StepBegan(_resource(metadata), metadata["op"], bool(content.get("planning")), _differs(metadata))


def _ended(content: dict[str, Any]) -> StepEnded:
    metadata = content["metadata"]
    return StepEnded(_resource(metadata), metadata["op"], bool(content.get("planning")), _differs(metadata))


def _failed(content: dict[str, Any]) -> StepFailed:
    return StepFailed(_resource(content["metadata"]), content["metadata"]["op"])


def _summary(content: dict[str, Any]) -> PhaseEnded:
    return PhaseEnded(bool(content["isPreview"]), content.get("result", ""), content.get("resourceChanges") or {})


_KINDS: dict[str, Callable[[dict[str, Any]], Event | None]] = {
    "resourcePreEvent": _began,
    "resOutputsEvent": _ended,
    "diagnosticEvent": _diagnostic,
    "resOpFailedEvent": _failed,
    "policyEvent": _violation,
    "preludeEvent": lambda _content: PhaseBegan(),
    "summaryEvent": _summary,
}
