"""A pack: the controls of one framework as policies of Pulumi's engine."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pulumi_policy as sdk

from policies import exceptions, gate
from policies.analyzer import Analyzer, serve
from policies.catalogue import EVERY, HOUSE, PACKS, held_by
from policies.control import Control, Framework, Level, Remedy, Strength
from policies.gate import Judgement
from policies.graph import canonical
from policies.readers import from_analysis
from policies.recording import recorder
from policies.values import UNKNOWN, plain
from policies.verdict import Verdict

TOGETHER = "MOREFOCUS_POLICY_PACKS"
"""Names the packs that run together, separated by commas: a control that several hold is then run by the first of them alone."""

EXCEPTIONS, UNDECIDED, UNDECIDED_SHARE, EXCEPTED = "exceptions", "undecided", "undecided-share", "excepted"
_TITLES = {
    Framework.GDPR: "GDPR: personal data of persons in the EU",
    Framework.LGPD: "LGPD: personal data of persons in Brazil",
    Framework.SOC2: "SOC 2: trust services criteria",
    Framework.ISO27001: "ISO/IEC 27001:2022 Annex A",
    Framework.PCI_DSS: "PCI DSS 4.0.1",
    HOUSE: "MoreFocus: residency, tags, versions, licences and cost",
    EVERY: "Every control of MoreFocus, of all frameworks",
}
_OF_NO_ONE_FRAMEWORK = (HOUSE, EVERY)
_SHOWN = 4
"""Resources that a preview names of those a control leaves open; `make evidence` and the verdicts that packs write name all."""


class Analysis:
    """The judgement of the stack under analysis, made once for all policies of a pack that are given the same resources."""

    def __init__(self, controls: list[Control]) -> None:
        self._controls = controls
        self._resources: Any = None
        self._judgement: Judgement | None = None

    @property
    def judgement(self) -> Judgement:
        """The last one; ValueError when nothing was analysed yet."""
        if self._judgement is None:
            raise ValueError("no stack was analysed yet: call AnalyzeStack first")
        return self._judgement

    def of(self, args: sdk.StackValidationArgs) -> Judgement:
        """Return the judgement of these resources."""
        if self._judgement is None or self._resources is not args.resources:
            graph = from_analysis(args.resources)
            self._judgement = Judgement(graph, self._controls, rows=exceptions.read(), today=datetime.now(UTC).date())
            self._resources = args.resources
        return self._judgement


def policies_of(pack: str, together: str = "") -> list[sdk.Policy]:
    """Return a pack's policies; `together` names the packs that run beside it, separated by commas.

    Raises ValueError for a pack that is none.
    """
    return _assembled(pack, together)[1]


def _assembled(pack: str, together: str) -> tuple[Analysis, list[sdk.Policy]]:
    elsewhere = _elsewhere(pack, together)
    held = held_by(pack)
    analysis = Analysis([control for control in held if control.id not in elsewhere])
    found: list[sdk.Policy] = [_policy(control, pack, analysis, elsewhere.get(control.id)) for control in held]
    found += [
        sdk.ResourceValidationPolicy(
            name=f"{control.id}-remedy",
            description=f"Mends what {control.id} finds. Set its level to `remediate` to let it.",
            remediate=_remediation(control.remedies),
            enforcement_level=sdk.EnforcementLevel.DISABLED,
        )
        for control in held
        if control.remedies and control.id not in elsewhere
    ]
    return analysis, found + _of_the_gate(analysis)


def assembled(pack: str, environment: Mapping[str, str]) -> Analyzer:
    """Return the servicer of a pack in the environment that the engine gives it."""
    analysis, policies = _assembled(pack, environment.get(TOGETHER, ""))
    name = pack if pack == HOUSE else f"{HOUSE}-{pack}"
    return Analyzer(name, policies, _TITLES[pack], recorder(pack, lambda: analysis.judgement, environment))


def run(pack: str) -> None:
    """Serve a pack to the engine; does not return."""
    serve(assembled(pack, os.environ))


def _elsewhere(pack: str, together: str) -> Mapping[str, str]:
    """Return which other pack runs a control, for those that this one leaves to it."""
    named = {word for word in together.replace(" ", "").split(",") if word}
    unknown = named.difference(PACKS)
    if unknown:
        raise ValueError(f"{TOGETHER} names {', '.join(sorted(unknown))}: allowed are {', '.join(PACKS)}")
    found: dict[str, str] = {}
    for other in PACKS[: PACKS.index(pack)] if pack in PACKS else ():
        if other in named:
            found = {control.id: other for control in held_by(other)} | found
    return found


def _policy(control: Control, pack: str, analysis: Analysis, elsewhere: str | None) -> sdk.Policy:
    def validate(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        if elsewhere is not None:
            args.not_applicable(f"the pack {elsewhere} runs it, beside this one")
        found = analysis.of(args).of(control.id)
        for finding in found:
            if finding.verdict is Verdict.VIOLATION:
                report(f"{finding.message}. To do: {control.fix}{_clauses(control, pack)}", finding.urn)
        if all(finding.verdict is Verdict.NOT_APPLICABLE for finding in found):
            args.not_applicable(found[0].message)

    level = {Level.ADVISORY: sdk.EnforcementLevel.ADVISORY, Level.MANDATORY: sdk.EnforcementLevel.MANDATORY}[control.level]
    return sdk.StackValidationPolicy(
        name=control.id,
        description=f"{control.id}: {control.title}",
        validate=validate,
        enforcement_level=level,
        display_name=control.title,
        severity=sdk.Severity(control.severity.value),
        framework=_framework(control, pack),
        tags=[str(clause) for clause in control.clauses],
        remediation_steps=control.fix,
    )


def _clauses(control: Control, pack: str) -> str:
    shown = control.clauses if pack in _OF_NO_ONE_FRAMEWORK else control.answers(Framework(pack))
    return f" ({', '.join(map(str, shown))})" if shown else ""


def _framework(control: Control, pack: str) -> sdk.PolicyComplianceFramework | None:
    if pack in _OF_NO_ONE_FRAMEWORK:
        return None
    own = control.answers(Framework(pack))
    strength = "; ".join(f"{clause.name}: {'our reading' if clause.strength is Strength.READING else 'mapped'}" for clause in own)
    return sdk.PolicyComplianceFramework(name=_TITLES[Framework(pack)], reference=", ".join(c.name for c in own), specification=strength)


def _of_the_gate(analysis: Analysis) -> list[sdk.Policy]:
    """Return what fails or tells besides controls: rows of exceptions, and what is open until the update."""

    def faulty(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        for fault in analysis.of(args).faults:
            report(str(fault), None)

    def too_open(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        for text in gate.undecided_problem(analysis.of(args), gate.settings()):
            report(text, None)

    def still_open(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        # One line a control: in a first preview hundreds of resources wait for the same few ARNs.
        for control, findings in groupby(analysis.of(args).with_verdict(Verdict.UNDECIDED), key=lambda finding: finding.control):
            names = [finding.resource.rpartition(" ")[2] for finding in findings]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            report(f"{control} is open for {', '.join(names[:_SHOWN])}{more}", None)

    def excepted(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        for finding in analysis.of(args).with_verdict(Verdict.EXCEPTED):
            report(f"{finding.control}: {finding.message}", finding.urn)

    def policy(name: str, description: str, validate: Any, level: sdk.EnforcementLevel) -> sdk.Policy:
        return sdk.StackValidationPolicy(name=name, description=description, validate=validate, enforcement_level=level)

    mandatory, advisory = sdk.EnforcementLevel.MANDATORY, sdk.EnforcementLevel.ADVISORY
    return [
        policy(EXCEPTIONS, "Every exception is sound and in force, and excepts something.", faulty, mandatory),
        policy(UNDECIDED_SHARE, "Few decisions of controls are open until the update.", too_open, mandatory),
        policy(UNDECIDED, "Decided after the update: it depends on a value not known yet.", still_open, advisory),
        policy(EXCEPTED, "A violation that a row of the exceptions allows.", excepted, advisory),
    ]


def _remediation(remedies: Mapping[str, Remedy]) -> Any:
    def remediate(args: sdk.ResourceValidationArgs) -> Mapping[str, Any] | None:
        remedy = remedies.get(canonical(args.resource_type))
        changes = remedy(plain(args.props)) if remedy else None
        if not changes:
            return None
        # An earlier remedy leaves plain properties, and no proxy.
        given = args.props.get("__target", args.props)
        return {**given, **{key: _as_it_came(given.get(key), value) for key, value in changes.items()}}

    return remediate


def _as_it_came(given: Any, changed: Any) -> Any:
    """Return a changed property in which all that was not changed is as the engine sent it: secrets marked, unknowns unknown."""
    if changed is UNKNOWN or plain(given) == changed:
        return given
    if isinstance(given, Mapping) and isinstance(changed, Mapping):
        marked = given.get("__target", given)
        return {key: _as_it_came(marked.get(key), value) for key, value in changed.items()}
    if isinstance(given, list) and isinstance(changed, list) and len(given) == len(changed):
        return [_as_it_came(*pair) for pair in zip(given, changed, strict=True)]
    return changed
