"""What a control is, and how its check becomes findings that never fail in silence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from policies.graph import Graph, Resource
from policies.values import Answer, asks
from policies.verdict import Finding, Ruling, Verdict


class Severity(StrEnum):
    """How bad a violation is; a critical one may be excepted for 30 days only."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a violation does to a preview."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


class Framework(StrEnum):
    """A law or standard whose clauses controls answer (COM-1)."""

    GDPR = "gdpr"
    LGPD = "lgpd"
    SOC2 = "soc2"
    ISO27001 = "iso27001"
    PCI_DSS = "pci-dss"


class Strength(StrEnum):
    """How sure it is that a control answers a clause."""

    MAPPED = "mapped"
    """A published mapping says so."""
    READING = "reading"
    """Our reading, which a qualified reviewer has yet to confirm."""


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """One clause that a control answers."""

    framework: Framework
    name: str
    strength: Strength

    def __str__(self) -> str:
        return f"{self.framework} {self.name}"


def clauses(*, gdpr: str = "", lgpd: str = "", soc2: str = "", iso27001: str = "", pci: str = "") -> tuple[Clause, ...]:
    """Return clauses written as in `gdpr="25* 32"`; a star marks our own reading, and what is said of LGPD always is one.

    The names of a framework are separated by spaces: articles, trust criteria, Annex A controls, requirements.
    """
    found = []
    for framework, written in zip(Framework, (gdpr, lgpd, soc2, iso27001, pci), strict=True):
        for word in written.split():
            reading = word.endswith("*") or framework is Framework.LGPD
            found.append(Clause(framework, word.rstrip("*"), Strength.READING if reading else Strength.MAPPED))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Need:
    """Something a resource must be."""

    path: str
    """The property that decides; empty where another resource is needed beside this one."""
    met: Answer
    allowed: str
    """What is allowed there; never what was found."""


def need(resource: Resource, path: str, test: Callable[[Any], bool], allowed: str, *, absent: Answer = False) -> Need:
    """Ask a property; `absent` says whether leaving it out is right."""
    return Need(path, asks(resource.properties, path, test, absent=absent), allowed)


def ruled(resource: Resource, *needs: Need) -> Ruling:
    """Return violation if one need is not met, else undecided if one is open, else pass."""
    missed = [each for each in needs if each.met is False]
    unclear = [each for each in needs if each.met is None]
    if missed:
        text = "; ".join(f"{each.path}: allowed is {each.allowed}" if each.path else f"it needs {each.allowed}" for each in missed)
        return Ruling(urn=resource.urn, verdict=Verdict.VIOLATION, message=text)
    if unclear:
        text = f"not known before the update: {', '.join(dict.fromkeys(each.path or each.allowed for each in unclear))}"
        return Ruling(urn=resource.urn, verdict=Verdict.UNDECIDED, message=text)
    return Ruling(urn=resource.urn, verdict=Verdict.PASS)


Check = Callable[[Graph], Iterable[Ruling]]
Remedy = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gets a resource's inputs, returns those to change; nothing when they are right already."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing that must hold, why, and how to mend it (COM-1)."""

    id: str
    title: str
    """What holds where the control passes."""
    severity: Severity
    why: str
    fix: str
    """How to mend it in Pulumi's Python."""
    clauses: tuple[Clause, ...]
    governs: tuple[str, ...]
    """Types whose resources it judges; without any in a graph it is not applicable."""
    check: Check
    level: Level = Level.MANDATORY
    house: bool = False
    """Held by the company's own pack as well, such as residency, tags, versions and cost."""
    exceptable: bool = True
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    """What mends a resource safely, by its type."""

    def evaluate(self, graph: Graph) -> list[Finding]:
        """Return a finding for everything the control governs, in the order of urns; never raises.

        A check that throws is a violation: what cannot be judged has not been shown to be right.
        """
        if graph.types.isdisjoint(self.governs):
            return [self._finding("", Verdict.NOT_APPLICABLE, "there is none of what it governs")]
        try:
            found = [self._finding(ruling.urn, ruling.verdict, ruling.message) for ruling in self.check(graph)]
        except Exception as error:
            # Not its text: a message may quote a property.
            return [self._finding("", Verdict.VIOLATION, f"{self.id} failed with {type(error).__name__}: mend the control")]
        return sorted(found) or [self._finding("", Verdict.NOT_APPLICABLE, "nothing of what it governs is in its scope")]

    def _finding(self, urn: str, verdict: Verdict, message: str) -> Finding:
        return Finding(control=self.id, urn=urn, verdict=verdict, message=message)

    def answers(self, framework: Framework) -> tuple[Clause, ...]:
        """Return its clauses of one framework."""
        return tuple(clause for clause in self.clauses if clause.framework is framework)
