"""Every type of the estate is judged by a control for what it is, or listed with the reason why none does."""

import pytest
from pydantic import ValidationError

from policies.catalogue import catalogue
from policies.control import Control, Severity
from policies.coverage import Uncovered, governed, of_a_cloud, problems, uncovered
from policies.graph import Graph
from tests.kit.mutations import Tried, everything, mutations
from tests.kit.policies import STACKS, mutated, shipped

TYPES = {resource.type for stack in STACKS for resource in shipped(stack).resources}
REASON = "it holds nothing and lets nobody in anywhere"


def control(id_: str, *types: str) -> Control:
    return Control(
        id=id_, title="t", severity=Severity.LOW, why="w", fix="f", clauses=(), governs=types, check=lambda graph: [], house=True
    )


def listing(*types: str, generic: tuple[str, ...] = ()) -> Uncovered:
    groups = [{"reason": REASON, "types": types}] if types else []
    return Uncovered.model_validate({"generic": dict.fromkeys(generic, REASON), "groups": groups})


def test_every_type_of_the_estate_is_judged_or_listed_and_no_row_is_out_of_date() -> None:
    assert problems(TYPES, catalogue().values(), uncovered()) == []


def test_most_types_are_judged() -> None:
    """A number that may only grow: whoever takes a control away sees it fall."""
    estate = of_a_cloud(TYPES)
    judged = estate & governed(catalogue().values(), uncovered()).keys()
    assert len(judged) / len(estate) > 0.7, f"{len(judged)} of {len(estate)}"


def test_controls_judge_what_they_say_they_govern() -> None:
    """Each speaks of a resource of the type, or says something else of the estate, as shipped or as its test changes it, without it."""
    unproven = {
        each.control.id: types
        for each in everything()
        if (types := [t for t in each.control.governs if t in TYPES and not proven(each, t)])
    }
    assert unproven == {}, "these say the same without what they govern: take it out of `governs`, or try a change of it"


def proven(each: Tried, type_: str) -> bool:
    return any(judges(each.control, type_, shipped(stack)) for stack in STACKS) or any(
        judges(each.control, type_, mutated(mutation)) for mutation in mutations(each)
    )


def judges(control: Control, type_: str, graph: Graph) -> bool:
    if type_ not in graph.types:
        return False
    said = control.evaluate(graph)
    if any((resource := graph.get(finding.urn)) is not None and resource.type == type_ for finding in said):
        return True
    return control.evaluate(Graph(resource for resource in graph.resources if resource.type != type_)) != said


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        (listing("aws:a/a:A"), "aws:b/b:B is judged by no control"),
        (listing("aws:a/a:A", "aws:a/a:A", "aws:b/b:B"), "aws:a/a:A is listed twice"),
        (listing("aws:a/a:A", "aws:b/b:B", "aws:c/c:C"), "aws:c/c:C is listed, and judged by TST-01"),
        (listing("aws:a/a:A", "aws:b/b:B", "aws:d/d:D"), "aws:d/d:D is listed, and the estate has none"),
        (listing("aws:a/a:A", "aws:b/b:B", generic=("TST-09",)), "TST-09 is in `generic`, and there is no such control"),
        (listing("aws:a/a:A", "aws:b/b:B", generic=("TST-01",)), "aws:c/c:C is judged by no control"),
        (listing("aws:a/a:A", "aws:b/b:B"), None),
    ],
)
def test_a_list_that_does_not_fit_is_told(listed: Uncovered, told: str | None) -> None:
    types = ["aws:a/a:A", "aws:b/b:B", "aws:c/c:C", "morefocus:data:Bucket", "pulumi:providers:aws"]
    found = problems(types, [control("TST-01", "aws:c/c:C")], listed)
    assert found == [] if told is None else (len(found) == 1 and found[0].startswith(told)), found


def test_a_row_without_a_reason_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"groups\.0\.reason"):
        Uncovered.model_validate({"generic": {}, "groups": [{"reason": "no", "types": ["aws:a/a:A"]}]})
