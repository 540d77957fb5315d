"""Violations that are allowed for a while, each by a row that a person owns and another approved.

Pulumi's own exceptions expire and are approved in Pulumi Cloud only; these are lines of a file that review sees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from policies.control import Control, Severity
from policies.verdict import Finding, Verdict

FILE = Path(__file__).with_name("exceptions.yaml")
LONGEST = timedelta(days=90)
LONGEST_CRITICAL = timedelta(days=30)

Person = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9._@+-]{1,100}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=500)]


class Row(BaseModel):
    """One exception: one control, one resource, a reason, and an end (COM-1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    control: Annotated[str, Field(description="id of the control")]
    urn: Annotated[str, Field(pattern=r"^urn:pulumi:[^:*]+::[^:*]+::[^*]+::[^*]+$", description="exact urn of the resource, no pattern")]
    reason: Annotated[Sentence, Field(description="why it cannot be mended now")]
    owner: Annotated[Person, Field(description="who mends it")]
    approver: Annotated[Person, Field(description="who allowed it, another person than the owner")]
    link: Annotated[str, Field(pattern=r"^https://[^\s]+$", description="where it is tracked")]
    created: date
    expires: Annotated[date, Field(description="last day: at most 90 days after `created`, 30 for a critical control")]
    compensating: Annotated[Sentence, Field(description="what lowers the risk meanwhile")]

    @model_validator(mode="after")
    def _is_sound(self) -> "Row":
        if self.owner.casefold() == self.approver.casefold():
            raise ValueError("the approver is the owner: another person has to approve")
        if not self.created < self.expires <= self.created + LONGEST:
            raise ValueError(f"expires must be 1 to {LONGEST.days} days after created")
        return self

    @property
    def stack(self) -> str:
        """The stack its resource is in."""
        return self.urn.split(":")[2]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A row that the gate does not take."""

    row: int
    """Counted from 1, as they stand in the file."""
    text: str

    def __str__(self) -> str:
        return f"exceptions.yaml, row {self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The rows that can be read, by their number, and the faults of the others."""

    rows: Mapping[int, Row]
    faults: tuple[Fault, ...] = ()


def read(path: Path = FILE) -> Exceptions:
    """Return what the file says; a file without its list is one fault."""
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse(content: Any) -> Exceptions:
    """Return the rows of `exceptions: [...]`, each read by itself, so that a bad one hides no other."""
    listed = content.get("exceptions") if isinstance(content, dict) and set(content) == {"exceptions"} else None
    if not isinstance(listed, list):
        return Exceptions({}, (Fault(0, "expected one key `exceptions` with a list of rows, [] for none"),))
    rows: dict[int, Row] = {}
    faults = []
    for number, each in enumerate(listed, 1):
        try:
            row = Row.model_validate(each)
        except ValidationError as error:
            said = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'row'}: {one['msg']}" for one in error.errors(include_input=False))
            faults.append(Fault(number, f"malformed: {said}"))
            continue
        if any((row.control, row.urn) == (other.control, other.urn) for other in rows.values()):
            faults.append(Fault(number, f"{row.control} is excepted for this resource by a row above: remove one"))
            continue
        rows[number] = row
    return Exceptions(rows, tuple(faults))


def standing(exceptions: Exceptions, known: Mapping[str, Control], today: date) -> Exceptions:
    """Return the rows in force today, with a fault for each that is not: expired, of no control, or of one that allows none."""
    good: dict[int, Row] = {}
    faults = list(exceptions.faults)
    for number, row in exceptions.rows.items():
        problem = _problem(row, known.get(row.control), today)
        if problem is None:
            good[number] = row
        else:
            faults.append(Fault(number, f"{row.control}: {problem}"))
    return Exceptions(good, tuple(sorted(faults)))


def _problem(row: Row, control: Control | None, today: date) -> str | None:
    if control is None:
        return "there is no such control: correct the id, or remove the row"
    if not control.exceptable:
        return "this control may never be excepted: mend the resource"
    if control.severity is Severity.CRITICAL and row.expires > row.created + LONGEST_CRITICAL:
        return f"a critical control is excepted for {LONGEST_CRITICAL.days} days at most"
    if row.created > today:
        return f"created on {row.created}, which is to come"
    if row.expires < today:
        return f"expired on {row.expires}: mend the resource, or ask for approval anew"
    return None


def apply(exceptions: Exceptions, findings: Sequence[Finding], *, stacks: Iterable[str]) -> tuple[list[Finding], list[Fault]]:
    """Return the findings with allowed violations as excepted, and a fault for each row that excepts nothing.

    A row is asked about only if its stack is among `stacks` and its control was run; an undecided finding keeps it alive.
    """
    rows = {(row.control, row.urn): number for number, row in exceptions.rows.items()}
    used = {
        rows[finding.control, finding.urn]
        for finding in findings
        if (finding.control, finding.urn) in rows and finding.verdict in (Verdict.VIOLATION, Verdict.UNDECIDED)
    }
    run = {finding.control for finding in findings}
    there = set(stacks)
    orphans = [
        Fault(number, f"{row.control}: excepts nothing, the resource is right or gone: remove the row")
        for number, row in exceptions.rows.items()
        if number not in used and row.stack in there and row.control in run
    ]

    def seen(finding: Finding) -> Finding:
        number = rows.get((finding.control, finding.urn))
        if number is None or finding.verdict is not Verdict.VIOLATION:
            return finding
        return replace(finding, verdict=Verdict.EXCEPTED, message=f"{finding.message} (excepted until {exceptions.rows[number].expires})")

    return [seen(finding) for finding in findings], orphans
