"""The map shows every resource once, where it belongs, as what becomes of it."""

import re
from typing import Any
from xml.etree import ElementTree

from scripts.review.estate_map import WIDTH, draw, groups
from tests.scripts.review.samples import DATABASE, QUEUE, ROOT, create, delete, previewed, same, state, step, urn


def component(type_: str, name: str, parent: str = ROOT) -> list[dict[str, Any]]:
    return [step("same", *({**state(type_, name), "custom": False, "parent": parent},) * 2)]


def within(steps: list[dict[str, Any]], parent: str) -> list[dict[str, Any]]:
    for each in steps:
        for side in ("old", "new"):
            if held := each["resourcePreEvent"]["metadata"][side]:
                held["parent"] = parent
    return steps


TOP, INNER = urn("morefocus:data:Database", "database"), urn("morefocus:security:DataKey", "key")
STEPS = (
    component("morefocus:data:Database", "database"),
    component("morefocus:security:DataKey", "key", TOP),
    within(create("aws:kms/key:Key", "inner"), INNER),
    within(delete(DATABASE, "primary"), TOP),
    within(same(QUEUE, "jobs"), TOP),
    same("aws:iam/role:Role", "<lone>"),
)


def test_a_resource_belongs_to_the_topmost_component_that_it_stands_in() -> None:
    found = groups(previewed(*STEPS))
    assert {domain: [(group.name, [each.name for each in group.steps]) for group in each] for domain, each in found.items()} == {
        "data": [("database", ["primary", "inner", "jobs"])],
        "other": [("iam", ["<lone>"])],
    }
    assert [group.changed for group in (*found["data"], *found["other"])] == [True, False]


def test_what_changes_leads_to_its_difference_and_stores_are_round() -> None:
    preview = previewed(*STEPS)
    svg = ElementTree.fromstring(draw(preview, {step.urn: f"s0-{index}" for index, step in enumerate(preview.changed)}))
    links = {link.get("aria-label"): link.get("href") for link in svg.iter("a")}
    assert links == {f"delete: {DATABASE} primary": "#s0-0", "create: aws:kms/key:Key inner": "#s0-1"}
    cells = {(cell.get("class"), cell.get("rx")) for cell in svg.iter("rect") if cell.get("width") == "13"}
    assert cells == {("delete", "6.5"), ("create", "6.5"), ("same", "6.5"), ("same", "2.5")}
    assert [title.text for title in svg.iter("title")][-1] == "same: aws:iam/role:Role <lone>"


def test_however_many_there_are_all_stand_within_the_picture_and_none_on_another() -> None:
    steps = [component(f"morefocus:domain{index % 6}:Thing", f"thing-{index}-with-a-rather-long-name") for index in range(40)]
    for index in range(40):
        owner = urn(f"morefocus:domain{index % 6}:Thing", f"thing-{index}-with-a-rather-long-name")
        steps += [within(same(QUEUE, f"queue-{index}-{number}"), owner) for number in range(index)]
    svg = draw(previewed(*steps), {})
    height = float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[1])  # type: ignore[index]
    seen = set()
    for x, y, inner in re.findall(r'<g transform="translate\(([\d.]+) ([\d.]+)\)">(.*?)(?=<g transform|</svg>)', svg):
        for left, top in re.findall(r'<rect class="same" x="([\d.]+)" y="([\d.]+)"', inner):
            place = float(x) + float(left), float(y) + float(top)
            assert 0 <= place[0] <= WIDTH - 13 and 0 <= place[1] <= height - 13
            assert place not in seen
            seen.add(place)
    assert len(seen) == sum(range(40))


def test_many_small_components_of_one_class_that_stay_stand_together() -> None:
    steps = []
    for index in range(4):
        steps += [
            component("morefocus:platform:Egress", f"egress-{index}"),
            within(same(QUEUE, f"q{index}"), urn("morefocus:platform:Egress", f"egress-{index}")),
        ]
    steps += [component("morefocus:platform:Egress", "changed"), within(create(QUEUE, "new"), urn("morefocus:platform:Egress", "changed"))]
    assert [(group.name, len(group.steps)) for group in groups(previewed(*steps))["platform"]] == [("changed", 1), ("4 Egress", 4)]


def test_an_empty_stack_has_an_empty_map() -> None:
    assert ElementTree.fromstring(draw(previewed(), {})).get("viewBox") == f"0 0 {WIDTH} 40"
