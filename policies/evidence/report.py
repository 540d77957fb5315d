"""What one framework gets to see of a stack's verdicts: every clause, every control and what it found, and what was relied on."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from policies.catalogue import HOUSE, catalogue, held_by
from policies.control import Control, Framework, Strength
from policies.evidence.clauses import Catalogue, Listed, Proof, clauses_of, whole
from policies.evidence.verdicts import Effective, Verdicts
from policies.exceptions import Fault, Row
from policies.verdict import Finding, Verdict

_HOUSE_TITLE = "MoreFocus: residency, tags, versions, licences and cost"
_HOUSE_SCOPE = "The company's own rules, which are no clauses of a standard."
READING = "A mapping marked as reading is ours; a qualified reviewer has yet to confirm it."


class Standing(StrEnum):
    """How a clause stands after a run: the worst of its controls, or why there is none."""

    VIOLATED = "violated"
    DISABLED = "disabled"
    """One of its controls was not run."""
    UNDECIDED = "undecided"
    EXCEPTED = "excepted"
    PASSED = "passed"
    NOT_APPLICABLE = "not-applicable"
    """The stack has nothing that its controls govern."""
    UNCONTROLLED = "uncontrolled"
    """Infrastructure could show it, or a part of it, but no control asks for it."""
    NOT_PROVABLE = "not-provable"


_STANDINGS = {
    Verdict.VIOLATION: Standing.VIOLATED,
    None: Standing.DISABLED,
    Verdict.UNDECIDED: Standing.UNDECIDED,
    Verdict.EXCEPTED: Standing.EXCEPTED,
    Verdict.PASS: Standing.PASSED,
    Verdict.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a report comes from."""

    commit: str
    """40 hexadecimal digits."""
    committed: str
    """When, as ISO 8601 with its offset."""
    changed: bool
    """Whether files differed from the commit when the report was made."""
    pack_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a control of a clause says."""

    control: str
    clause: str
    """As the control names it: a paragraph, maybe."""
    strength: Strength
    verdict: Verdict | None
    """None where the control was not run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClauseRow:
    """A clause with its controls' verdicts."""

    listed: Listed
    answers: tuple[Answer, ...]

    @property
    def standing(self) -> Standing:
        """How it stands."""
        if not self.answers:
            return Standing.NOT_PROVABLE if self.listed.proof is Proof.NONE else Standing.UNCONTROLLED
        given = {_STANDINGS[answer.verdict] for answer in self.answers}
        return next(standing for standing in Standing if standing in given)


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlRow:
    """A control of the framework, and what it found."""

    control: Control
    effective: Effective
    verdict: Verdict | None
    findings: tuple[Finding, ...]

    @property
    def lowered(self) -> bool:
        """Whether the run asked less of it than the control itself does."""
        order = list(Effective)
        return order.index(self.effective) < order.index(Effective(self.control.level.value))

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many findings there are of each verdict."""
        found = Counter(finding.verdict for finding in self.findings)
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


@dataclass(frozen=True, kw_only=True)
class Report:
    """Evidence of one framework for one stack."""

    framework: str
    """One of `catalogue.PACKS`."""
    title: str
    scope: str
    verdicts: Verdicts
    origin: Origin
    controls: tuple[ControlRow, ...]
    clauses: tuple[ClauseRow, ...]
    """All of the framework; none for the company's own pack."""

    @property
    def stack(self) -> str:
        """The stack it is about."""
        return self.verdicts.stack

    @property
    def as_of(self) -> date:
        """The day for which exceptions were read."""
        return self.verdicts.as_of

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Those of the framework's controls."""
        return tuple(finding for row in self.controls for finding in row.findings)

    @cached_property
    def ordinals(self) -> dict[Finding, int]:
        """Tell findings of one control about one resource apart, counted from 0: what names a finding must not depend on its message."""
        seen: Counter[tuple[str, str]] = Counter()
        found = {}
        for finding in self.findings:
            found[finding] = seen[finding.control, finding.urn]
            seen[finding.control, finding.urn] += 1
        return found

    def key(self, finding: Finding) -> str:
        """Return what tells a finding from others in every run: 64 hexadecimal digits."""
        ordinal = self.ordinals[finding]
        parts = [finding.control, finding.urn or self.stack, *([str(ordinal)] if ordinal else [])]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def exceptions(self) -> tuple[Row, ...]:
        """Rows that except a finding of the framework's controls."""
        own = {row.control.id for row in self.controls}
        return tuple(row for row in self.verdicts.exceptions if row.control in own)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Rows of exceptions that the gate does not take."""
        return self.verdicts.faults

    def control(self, name: str) -> Control:
        """Return a control by its id."""
        return next(row.control for row in self.controls if row.control.id == name)

    def with_standing(self, *standings: Standing) -> tuple[ClauseRow, ...]:
        """Return the clauses that stand so."""
        return tuple(row for row in self.clauses if row.standing in standings)

    @property
    def passes(self) -> bool:
        """Whether no mandatory control is violated, none was asked less than it should be, and every exception is sound."""
        violated = any(row.verdict is Verdict.VIOLATION and row.effective is Effective.MANDATORY for row in self.controls)
        return not (violated or self.faults or any(row.lowered for row in self.controls))


def report(framework: str, verdicts: Verdicts, origin: Origin) -> Report:
    """Return the evidence of one framework; raises ValueError where the verdicts lack a control that its pack holds."""
    held = held_by(framework)
    if missing := [control.id for control in held if control.id not in verdicts.levels]:
        raise ValueError(f"the verdicts of {verdicts.stack} lack {', '.join(missing)} of {framework}: judge with all packs")
    listed = Catalogue(_HOUSE_TITLE, _HOUSE_SCOPE, {}) if framework == HOUSE else clauses_of(Framework(framework))
    return Report(
        framework=framework,
        title=listed.title,
        scope=listed.scope,
        verdicts=verdicts,
        origin=origin,
        controls=tuple(_control(control, verdicts) for control in held),
        clauses=tuple(ClauseRow(listed=each, answers=_answers(each.name, framework, held, verdicts)) for each in listed.clauses.values()),
    )


def _control(control: Control, verdicts: Verdicts) -> ControlRow:
    return ControlRow(
        control=control,
        effective=verdicts.levels[control.id],
        verdict=verdicts.verdict(control.id),
        findings=verdicts.by_control.get(control.id, ()),
    )


def _answers(name: str, framework: str, held: Iterable[Control], verdicts: Verdicts) -> tuple[Answer, ...]:
    return tuple(
        Answer(control=control.id, clause=clause.name, strength=clause.strength, verdict=verdicts.verdict(control.id))
        for control in held
        for clause in control.answers(Framework(framework))
        if whole(clause) == name
    )


def covered(framework: Framework) -> dict[str, list[tuple[str, Strength]]]:
    """Return which controls answer each clause of a framework, by the name it is listed by; [] for none."""
    found: dict[str, list[tuple[str, Strength]]] = {name: [] for name in clauses_of(framework).clauses}
    for control in catalogue().values():
        for clause in control.answers(framework):
            found[whole(clause)].append((control.id, clause.strength))
    return found
