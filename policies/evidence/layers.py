"""Whether what was asked for, what the engine keeps and what is running are judged alike; where they are not, something drifted (COM-1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policies.evidence.verdicts import Layer, Verdicts
from policies.verdict import Finding, Verdict

_WORST = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.PASS, Verdict.NOT_APPLICABLE)


class Kind(StrEnum):
    """What a difference between layers means."""

    DRIFT = "drift"
    """The same resource is judged otherwise: somebody changed it past the program, or a change is not deployed yet."""
    MISSING = "missing"
    """A layer has no such resource, or one that the others have not: deleted, or made, past the program."""
    DECIDED = "decided"
    """A preview or a state does not say what a later layer tells, such as an encrypted secret, or what AWS chose: nothing is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One resource that a control judges otherwise in another layer."""

    control: str
    urn: str
    kind: Kind
    verdicts: Mapping[Layer, Verdict | None]
    """None where the layer has nothing to judge there."""
    layers: tuple[Layer, ...]
    """Those that differ from what the program asked for, as the first layer that could tell says it."""
    messages: tuple[str, ...]
    """What the control says of it in those layers."""

    @property
    def worse(self) -> bool:
        """Whether a layer that differs has a violation."""
        return any(self.verdicts[layer] is Verdict.VIOLATION for layer in self.layers)

    def __str__(self) -> str:
        said = ", ".join(f"{layer} {verdict or 'nothing'}" for layer, verdict in self.verdicts.items())
        resource = Finding(control=self.control, urn=self.urn, verdict=Verdict.PASS).resource
        text = f": {'; '.join(self.messages)}" if self.messages else ""
        who = f"{', '.join(self.layers)} differs" if self.layers else "known later"
        return f"{self.control} {resource}: {who} ({said}){text}"


def compare(layers: Iterable[Verdicts]) -> list[Difference]:
    """Return the differences between layers of one stack, violations first, then by control and urn.

    Only controls that every layer ran are compared. Raises ValueError for fewer than two layers, one given twice, other stacks, or other
    controls and configuration: what is judged by other rules may well be judged otherwise.
    """
    given = sorted(layers, key=lambda each: list(Layer).index(each.layer))
    _same_judges(given)
    run = set.intersection(*({*each.by_control} for each in given))
    said = {each.layer: _by_resource(each, run) for each in given}
    found = []
    for control, urn in sorted({key for verdicts in said.values() for key in verdicts}):
        difference = _difference(control, urn, {layer: verdicts.get((control, urn)) for layer, verdicts in said.items()})
        if difference is not None:
            found.append(difference)
    return sorted(found, key=lambda each: (not each.worse, each.kind is Kind.DECIDED, each.control, each.urn))


def drifted(differences: Iterable[Difference]) -> list[Difference]:
    """Return those that are more than an answer which a preview could not give yet."""
    return [each for each in differences if each.kind is not Kind.DECIDED]


def to_json(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Return them as plain data, in the same order."""
    return [
        {
            "control": each.control,
            "urn": each.urn,
            "kind": each.kind,
            "differs": list(each.layers),
            "verdicts": dict(each.verdicts),
            "messages": list(each.messages),
        }
        for each in differences
    ]


def to_text(differences: Iterable[Difference]) -> str:
    """Return a line for each, or one that says there is none."""
    lines = [f"{each.kind:8} {each}" for each in differences]
    return "\n".join(lines or ["all layers are judged alike"]) + "\n"


def _same_judges(given: list[Verdicts]) -> None:
    if len({each.layer for each in given}) < max(2, len(given)):
        raise ValueError(f"expected two layers or more, each once; got {', '.join(each.layer for each in given) or 'none'}")
    for field in ("stack", "controls_digest", "configuration_digest"):
        if len({getattr(each, field) for each in given}) > 1:
            raise ValueError(f"the layers differ in their {field}: judge all of them anew, of one stack with one commit")


@dataclass(frozen=True, slots=True)
class _Said:
    verdict: Verdict
    messages: tuple[str, ...]


def _by_resource(verdicts: Verdicts, controls: set[str]) -> dict[tuple[str, str], _Said]:
    """Return the worst that each control says of each resource; that there is nothing to judge says nothing of a resource."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in verdicts.findings:
        if finding.control in controls and not (finding.verdict is Verdict.NOT_APPLICABLE and not finding.urn):
            grouped.setdefault((finding.control, finding.urn), []).append(finding)
    found = {}
    for key, findings in grouped.items():
        worst = min((finding.verdict for finding in findings), key=_WORST.index)
        found[key] = _Said(worst, tuple(finding.message for finding in findings if finding.verdict is worst and finding.message))
    return found


def _difference(control: str, urn: str, said: Mapping[Layer, _Said | None]) -> Difference | None:
    verdicts = {layer: None if each is None else each.verdict for layer, each in said.items()}
    if len(set(verdicts.values())) == 1:
        return None
    # What is open before the cloud is asked is answered by any other layer.
    known = {layer: verdict for layer, verdict in verdicts.items() if layer is Layer.RUNNING or verdict is not Verdict.UNDECIDED}
    asked = next(iter(known.values()), None)
    differing = tuple(layer for layer, verdict in known.items() if verdict is not asked and not _knows_more(layer, asked, verdict))
    kind = Kind.DECIDED if not differing else Kind.MISSING if None in known.values() else Kind.DRIFT
    told = tuple(dict.fromkeys(text for layer in differing if (each := said[layer]) is not None for text in each.messages))
    return Difference(control=control, urn=urn, kind=kind, verdicts=verdicts, layers=differing, messages=told)


def _knows_more(layer: Layer, asked: Verdict | None, verdict: Verdict | None) -> bool:
    """Tell whether the cloud only judges, and finds right, what a program leaves to AWS, such as the subnets of a replica."""
    return layer is Layer.RUNNING and asked is None and verdict is Verdict.PASS
