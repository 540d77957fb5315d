"""docs/reference/controls.md: every control with why, how to mend, clauses, packs and types, and how much of each framework that covers."""

from collections.abc import Iterable
from itertools import groupby

from policies.catalogue import PACKS, catalogue, held_by
from policies.control import Control, Framework, Strength
from policies.evidence.clauses import Listed, Proof, clauses_of
from policies.evidence.report import covered
from scripts.reference.table import cell, code, table

_INTRODUCTION = """\
# Controls

What must hold in every stack. Each control is a file under `policies/controls`, is run by every preview through the packs that hold it,
and is tried in tests by changes of the shipped estate that it must catch and others that it must let pass.

A clause with a star is our own reading, which a qualified reviewer has yet to confirm; so is whatever is said of LGPD. Titles of clauses
are short paraphrases. A message of a control names properties and what is allowed there, never what was found."""

_COVERAGE = """\
## How much of each framework

Nothing is dropped: `policies/clauses` lists every clause of every framework, with the reason why infrastructure can prove it, support it,
or show nothing of it. *Mapped* clauses have a control by a published mapping; *read* ones by our own reading alone."""

_NO_PROOF = """\
## What infrastructure cannot prove

These are listed in every report as what other evidence has to show."""

_NOT_YET = """\
## What no control asks for yet

Infrastructure could prove these, or support them."""

_SEVERITIES = ("critical", "high", "medium", "low")


def render() -> str:
    """Return the page."""
    controls = list(catalogue().values())
    lines = [_INTRODUCTION, "", _summary(controls), "", *_packs(), "", _COVERAGE, "", *_coverage()]
    lines += ["", "## All controls"]
    for group, members in groupby(controls, key=lambda control: control.id.rpartition("-")[0]):
        lines += ["", f"### {group}", ""]
        lines += table(
            ("control", "what holds where it passes", "severity", "packs"),
            ([f"[{each.id}](#{each.id.lower()})", each.title, each.severity, " ".join(_holders(each))] for each in members),
        )
    lines += ["", "## Each control"]
    for control in controls:
        lines += ["", *_section(control)]
    lines += ["", _NOT_YET, *_clauses_with(proven=True), "", _NO_PROOF, *_clauses_with(proven=False)]
    return "\n".join(lines) + "\n"


def _summary(controls: list[Control]) -> str:
    types = {type_ for control in controls for type_ in control.governs}
    counts = ", ".join(f"{sum(control.severity == severity for control in controls)} {severity}" for severity in _SEVERITIES)
    remedies = sum(bool(control.remedies) for control in controls)
    return (
        f"{len(controls)} controls ({counts}) judge {len(types)} resource types. {remedies} have a remedy that mends safely, off until set."
    )


def _packs() -> list[str]:
    return table(("pack", "controls", "run it"), ([pack, str(len(held_by(pack))), code(_command(pack))] for pack in PACKS))


def _command(pack: str) -> str:
    return f"pulumi preview --policy-pack policies/packs/{pack}"


def _coverage() -> list[str]:
    return table(
        ("framework", "clauses", "mapped", "read", "no control yet", "not provable"),
        ([clauses_of(framework).title, *map(str, numbers(framework).values())] for framework in Framework),
    )


def numbers(framework: Framework) -> dict[str, int]:
    """Return how many clauses a framework has, and how many of them are mapped, read, without a control, or not provable."""
    listed, answers = clauses_of(framework).clauses, covered(framework)
    strengths = [{strength for _, strength in each} for each in answers.values()]
    return {
        "clauses": len(listed),
        "mapped": sum(Strength.MAPPED in each for each in strengths),
        "read": sum(each == {Strength.READING} for each in strengths),
        "without": len(_left(framework, proven=True)),
        "not provable": len(_left(framework, proven=False)),
    }


def _left(framework: Framework, *, proven: bool) -> list[Listed]:
    """Return clauses without a control: those that could have one, or those that cannot."""
    answers = covered(framework)
    return [each for each in clauses_of(framework).clauses.values() if not answers[each.name] and (each.proof is not Proof.NONE) is proven]


def _section(control: Control) -> list[str]:
    lines = [f"### {control.id}", "", f"**{cell(control.title)}.** {cell(control.why)}", "", f"- To do: {cell(control.fix)}"]
    lines.append(f"- Severity: {control.severity}, {control.level}{'' if control.exceptable else '; never excepted'}")
    lines.append(f"- Packs: {', '.join(_holders(control))}")
    answered = [(clauses_of(framework).title, control.answers(framework)) for framework in Framework]
    lines += [f"- {title}: {', '.join(_starred(each.name, each.strength) for each in own)}" for title, own in answered if own]
    lines.append(f"- Judges: {', '.join(map(code, control.governs))}")
    if control.remedies:
        lines.append(f"- Remedy {code(f'{control.id}-remedy')} for {', '.join(map(code, sorted(control.remedies)))}")
    return lines


def _starred(name: str, strength: Strength) -> str:
    return f"{name}\\*" if strength is Strength.READING else name


def _holders(control: Control) -> list[str]:
    return [pack for pack in PACKS if control in held_by(pack)]


def _clauses_with(*, proven: bool) -> list[str]:
    lines = []
    for framework in Framework:
        left = _left(framework, proven=proven)
        lines += ["", f"### {clauses_of(framework).title}, {'open' if proven else 'not provable'}", ""]
        lines += table(("why", "clauses"), _by_reason(left)) if left else ["None."]
    return lines


def _by_reason(clauses: Iterable[Listed]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for clause in clauses:
        found.setdefault(clause.why, []).append(f"{clause.name} {clause.title}")
    return [(why, "; ".join(names)) for why, names in found.items()]
