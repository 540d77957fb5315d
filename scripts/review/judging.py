"""What controls say of a stack before a merge request and after it, and what of that is new (COM-1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from policies import exceptions
from policies.catalogue import catalogue
from policies.control import Control, Level, Severity
from policies.evidence.verdicts import Effective
from policies.evidence.verdicts import Verdicts as Recorded
from policies.gate import Judgement
from policies.graph import Graph, Resource, canonical
from policies.readers import declared
from policies.values import ABSENT, plain
from policies.verdict import Finding, Verdict
from scripts.review.preview import Action, Preview, Step
from scripts.review.reading import resources

_DEFAULT = re.compile(r"::pulumi:providers:aws::default(_|::|$)")
SEVERITIES = tuple(reversed(Severity))
"""The worst first."""


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What controls say of a stack, and how that differs from before."""

    findings: tuple[Finding, ...]
    before: tuple[Finding, ...]
    faults: tuple[str, ...] = ()
    """Rows of exceptions that the gate does not take."""
    advisory: frozenset[str] = frozenset()
    """Controls of which a violation stops nothing."""

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """How many findings of each verdict."""
        return Counter(finding.verdict for finding in self.findings)

    @cached_property
    def violations(self) -> tuple[Finding, ...]:
        """Everything that is violated afterwards: new ones first, then the worst."""
        return tuple(sorted(self._with(Verdict.VIOLATION), key=lambda each: (not self.is_new(each), *worst_first(each))))

    @cached_property
    def new(self) -> tuple[Finding, ...]:
        """Violations that were not there before."""
        return tuple(finding for finding in self.violations if self.is_new(finding))

    @cached_property
    def mended(self) -> tuple[Finding, ...]:
        """Violations from before that are there no more."""
        now = {(finding.control, finding.urn) for finding in self._with(Verdict.VIOLATION)}
        gone = [each for each in self.before if each.verdict is Verdict.VIOLATION and (each.control, each.urn) not in now]
        return tuple(sorted(gone, key=worst_first))

    @cached_property
    def open(self) -> tuple[Finding, ...]:
        """What is decided only after the update."""
        return tuple(sorted(self._with(Verdict.UNDECIDED), key=worst_first))

    @cached_property
    def excepted(self) -> tuple[Finding, ...]:
        """Violations that are allowed for a while."""
        return tuple(sorted(self._with(Verdict.EXCEPTED), key=worst_first))

    def is_new(self, finding: Finding) -> bool:
        """Tell whether this violation was not there before."""
        return (finding.control, finding.urn) not in self._violated_before

    @cached_property
    def blocking(self) -> tuple[Finding, ...]:
        """Violations of mandatory controls: with one of these nothing is applied."""
        return tuple(finding for finding in self.violations if self.stops(finding))

    def stops(self, finding: Finding) -> bool:
        """Tell whether a violation stops the update."""
        return finding.control not in self.advisory

    @cached_property
    def _violated_before(self) -> set[tuple[str, str]]:
        return {(each.control, each.urn) for each in self.before if each.verdict in (Verdict.VIOLATION, Verdict.EXCEPTED)}

    def _with(self, verdict: Verdict) -> list[Finding]:
        return [finding for finding in self.findings if finding.verdict is verdict]


def control_of(finding: Finding) -> Control | None:
    """Return the control of a finding; None for one of a later version of the packs."""
    return catalogue().get(finding.control)


def severity(finding: Finding) -> Severity:
    """Return how bad a violation is; what is not known is taken to be the worst."""
    control = control_of(finding)
    return Severity.CRITICAL if control is None else control.severity


def worst_first(finding: Finding) -> tuple[int, str, str]:
    """Return what findings are sorted by."""
    return SEVERITIES.index(severity(finding)), finding.control, finding.urn


def judged(preview: Preview, state: Mapping[str, Any] | None, today: date, controls: Iterable[Control] | None = None) -> Verdicts:
    """Judge the graph that a preview starts from, and the one it leads to, by all controls.

    `state` is the export of the state; with it links between resources that the preview's events leave out are known.
    """
    known = tuple(catalogue().values() if controls is None else controls)
    rows = exceptions.read()
    before, after = (
        Judgement(graph, known, rows=rows, today=today, known={**catalogue(), **{each.id: each for each in known}})
        for graph in graphs(preview, state)
    )
    return Verdicts(
        findings=tuple(after.findings),
        before=tuple(before.findings),
        faults=tuple(map(str, after.faults)),
        advisory=frozenset(each.id for each in known if each.level is Level.ADVISORY),
    )


def recorded(after: Recorded, before: Iterable[Finding]) -> Verdicts:
    """Return what the packs wrote while a preview ran, beside what they say of the state before."""
    return Verdicts(
        findings=after.findings,
        before=tuple(before),
        faults=tuple(map(str, after.faults)),
        advisory=frozenset(control for control, level in after.levels.items() if level is not Effective.MANDATORY),
    )


def graphs(preview: Preview, state: Mapping[str, Any] | None) -> tuple[Graph, Graph]:
    """Return what stands before a preview and what after it, as controls see it."""
    links = {row["urn"]: row for row in resources(state)}
    home = preview.region or ABSENT
    return (
        Graph(_resource(step, step.old, links, home) for step in preview.steps if step.old),
        Graph(_resource(step, step.new, links, home) for step in preview.steps if step.new),
    )


def _resource(step: Step, side: Mapping[str, Any], links: Mapping[str, Mapping[str, Any]], home: Any) -> Resource:
    # Events do not tell what a resource depends on; `pulumi preview --json` and the state do.
    known = links.get(step.urn, {})
    dependencies = side.get("dependencies") or known.get("dependencies") or ()
    made_of = side.get("propertyDependencies") or known.get("propertyDependencies") or {}
    # Nor what a resource is answered that stays, or is changed in place: it keeps the names that others know it by.
    kept = step.old if step.action in (Action.SAME, Action.UPDATE) else {}
    outputs = {**(kept.get("outputs") or {}), **(side.get("outputs") or {})}
    own = {"id": name} if (name := side.get("id") or kept.get("id")) else {}
    return Resource(
        urn=step.urn,
        type=canonical(step.type),
        name=step.name,
        properties=plain({**declared(side.get("inputs") or {}, outputs), **own}),
        parent=side.get("parent"),
        dependencies=tuple(sorted(dependencies)),
        property_dependencies={key: tuple(sorted(urns or ())) for key, urns in made_of.items()},
        # The stack's configuration speaks for its default provider; what another one is set to is not told.
        provider_region=home if _DEFAULT.search(str(side.get("provider") or "")) else ABSENT,
        protect=bool(side.get("protect")),
    )
