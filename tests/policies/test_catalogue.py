"""Every control says what it is for, is tried on the real estate both ways, and finds nothing wrong with what is shipped."""

import dataclasses
import importlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from policies import exceptions
from policies.catalogue import PACKS, catalogue, held_by
from policies.control import Control, Framework, Severity, Strength, clauses
from policies.gate import Judgement, outcome, settings
from policies.graph import Graph
from policies.verdict import Verdict
from tests.kit.policies import STACKS, Mutation, lone, resource, shipped

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = sorted(path for path in (ROOT / "policies/controls").rglob("*.py") if not path.name.startswith("_"))


def tried(path: Path) -> Any:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return importlib.import_module(".".join(["tests", *parts[:-1], f"test_{parts[-1]}"]))


@pytest.mark.parametrize("path", CONTROLS, ids=lambda path: path.stem)
def test_every_control_is_tried_by_a_change_that_it_catches_and_one_that_it_lets_pass(path: Path) -> None:
    module = tried(path)
    assert module.CAUGHT and module.SPARED
    assert all(isinstance(mutation, Mutation) for mutation in [*module.CAUGHT, *module.SPARED])


def test_every_file_is_a_control_and_has_its_id_in_its_first_line() -> None:
    assert len(CONTROLS) == len(catalogue())
    for path in CONTROLS:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        control = importlib.import_module(name).CONTROL
        assert path.read_text(encoding="utf-8").startswith(f'"""{control.id}: '), path


@pytest.mark.parametrize("control", catalogue().values(), ids=lambda control: control.id)
def test_a_control_says_why_how_to_mend_it_and_which_clauses_it_answers(control: Control) -> None:
    assert len(control.why) > 40 and control.why.endswith(".")
    assert len(control.fix) > 20 and len(control.title) > 15
    assert control.clauses or control.house
    assert len(set(control.clauses)) == len(control.clauses)
    assert all(re.match(r"^[\w-]+(:[\w.-]+)?(/[\w-]+)?:\w+$", type_) for type_ in control.governs), control.governs
    assert set(control.remedies) <= set(control.governs)


def test_clauses_are_read_as_they_are_written() -> None:
    found = clauses(gdpr="25* 32", lgpd="46", pci="1.3.1")
    assert [(clause.framework, clause.name, clause.strength) for clause in found] == [
        (Framework.GDPR, "25", Strength.READING),
        (Framework.GDPR, "32", Strength.MAPPED),
        (Framework.LGPD, "46", Strength.READING),
        (Framework.PCI_DSS, "1.3.1", Strength.MAPPED),
    ]


def test_every_control_is_held_by_a_pack_and_every_pack_holds_some() -> None:
    held = {control.id for pack in PACKS for control in held_by(pack)}
    assert held == set(catalogue())
    assert all(held_by(pack) for pack in PACKS[:-1])
    with pytest.raises(ValueError, match="allowed are gdpr"):
        held_by("hipaa")


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_estate_passes_the_gate_with_nothing_left_open(stack: str) -> None:
    judgement = Judgement(shipped(stack), catalogue().values(), rows=exceptions.read(), today=datetime.now(UTC).date())
    assert not outcome(judgement, settings()).reasons
    assert not judgement.with_verdict(Verdict.UNDECIDED)
    assert judgement.with_verdict(Verdict.PASS)


THING = "test:index:Thing"


def broken(graph: Graph) -> Any:
    raise RuntimeError("password=hunter2")


def sample(check: Any) -> Control:
    return Control(id="TST-01", title="t", severity=Severity.LOW, why="w", fix="f", clauses=(), governs=(THING,), check=check)


def test_a_control_that_throws_is_a_violation_that_tells_no_value() -> None:
    (finding,) = sample(broken).evaluate(lone(resource(THING)))
    assert (finding.verdict, finding.urn) == (Verdict.VIOLATION, "")
    assert finding.message == "TST-01 failed with RuntimeError: mend the control"


def test_a_control_without_anything_to_govern_says_so() -> None:
    assert [finding.verdict for finding in sample(broken).evaluate(lone(resource("test:index:Other")))] == [Verdict.NOT_APPLICABLE]
    assert [finding.verdict for finding in sample(lambda graph: []).evaluate(lone(resource(THING)))] == [Verdict.NOT_APPLICABLE]


def test_no_message_holds_a_value_that_was_read() -> None:
    """Every text of the estate is replaced by one of its own; none of them may show up in what controls say."""
    hidden: dict[str, str] = {}

    def veil(value: Any) -> Any:
        if isinstance(value, str):
            return hidden.setdefault(value, f"veiled-{len(hidden)}-hunter2")
        if isinstance(value, dict):
            return {key: veil(inner) for key, inner in value.items()}
        return [veil(inner) for inner in value] if isinstance(value, list) else value

    graph = Graph(dataclasses.replace(each, properties=veil(dict(each.properties))) for each in shipped("eu-west-1").resources)
    findings = [finding for control in catalogue().values() for finding in control.evaluate(graph)]
    assert any(finding.verdict is Verdict.VIOLATION for finding in findings)
    assert not [finding for finding in findings if "hunter2" in finding.message]
