"""What a preview says, as values: resources, and what becomes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scripts.review.masking import Secrets


class Action(StrEnum):
    """What becomes of a resource, the gravest first."""

    REPLACE = "replace"
    DELETE = "delete"
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    SAME = "same"


SHOWN = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a preview says of one resource or component."""

    urn: str
    type: str
    action: Action
    old: Mapping[str, Any] = field(repr=False)
    """Its state before as the engine writes it, secrets and all; empty for what is created."""
    new: Mapping[str, Any] = field(repr=False)
    """Its state afterwards; empty for what is deleted."""
    detailed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Paths of properties that change, with the kind of change."""
    replacing: frozenset[str] = frozenset()
    """Paths or names of properties that ask for the replacement."""

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def parent(self) -> str:
        """Urn of its parent; empty for the stack."""
        return str((self.new or self.old).get("parent") or "")

    @property
    def custom(self) -> bool:
        """True for a provider's resource, False for a component."""
        return bool((self.new or self.old).get("custom"))

    @property
    def kept(self) -> bool:
        """True where the cloud's resource stays though Pulumi lets go of it."""
        return bool(self.old.get("retainOnDelete"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A policy that is not kept, as the engine tells it."""

    policy: str
    urn: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What one stack's preview says."""

    stack: str
    steps: tuple[Step, ...]
    """In the order of the gravest action, then of urns."""
    secrets: Secrets = field(repr=False)
    config: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """What went wrong, without secrets."""
    refusals: tuple[Refusal, ...] = ()
    """Mandatory policies that are not kept."""
    complete: bool = True
    """False for a preview that failed or broke off: what follows the failure is not in it. One that policies alone refuse is complete."""
    passed: bool = True
    """Whether the engine would go on and apply it."""
    partial: bool = False
    """True where resources that stay as they are were left out, as in the document of a preview without `--show-sames`."""

    @property
    def counts(self) -> Counter[Action]:
        """How many resources of a provider meet each action."""
        return Counter(step.action for step in self.steps if step.custom)

    @property
    def changed(self) -> tuple[Step, ...]:
        """What does not stay as it is, components left out."""
        return tuple(step for step in self.steps if step.custom and step.action is not Action.SAME)

    @property
    def region(self) -> str:
        """The region of the stack, by its configuration; empty where that does not say."""
        return self.config.get("aws:region", "")


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps in the order of the gravest action, then of urns."""
    order = list(Action)
    return tuple(sorted(steps, key=lambda step: (order.index(step.action), step.urn)))
