"""What a control says of a resource."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """A control's answer (COM-1); the engine itself knows violation and silence only."""

    PASS = "pass"  # noqa: S105 - no password
    VIOLATION = "violation"
    NOT_APPLICABLE = "not-applicable"
    """There is nothing in the graph that the control governs."""
    UNDECIDED = "undecided"
    """The answer depends on a value that is known after the update only."""
    EXCEPTED = "excepted"
    """A violation that a row of the exceptions allows for a while."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Ruling:
    """What a check says of one resource; a control makes a finding of it."""

    urn: str
    """Empty when the graph as a whole is meant."""
    verdict: Verdict
    message: str = ""
    """Names property paths and what is allowed there, never what was found: secrets reach policies in clear."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """A ruling with the control that made it."""

    control: str
    urn: str
    verdict: Verdict
    message: str = ""

    @property
    def resource(self) -> str:
        """Type and logical name of the resource, for people."""
        if not self.urn:
            return "the stack"
        type_, _, name = self.urn.partition("::")[2].partition("::")[2].rpartition("::")
        return f"{type_.rpartition('$')[2]} {name}"
