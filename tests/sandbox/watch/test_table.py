"""The table at the end, and the list of changes."""

import io
from pathlib import Path

from rich.console import Console

from sandbox.engine import events
from sandbox.engine.stacks import Held, State
from sandbox.watch import changes, table
from sandbox.watch.model import Change

SUPPORT = {"aws:ec2/vpc:Vpc": "held", "aws:kms/key:Key": "partly", "aws:eks/addon:Addon": "recorded"}


def support(token: str) -> str:
    return SUPPORT.get(token, "unsupported")


def held(kind: str, name: str, region: str | None = None) -> Held:
    return Held(f"urn:{name}", kind, name, {"region": region} if region else {})


def stack(name: str, /, *resources: Held, **outputs: object) -> table.StackSummary:
    return table.StackSummary(State(name, Path("/state"), resources, outputs), name, 12.0)


def shown(*stacks: table.StackSummary) -> str:
    console = Console(file=io.StringIO(), width=120)
    table.show(console, stacks, support)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if name in line)
    return [cell.strip() for cell in line.strip("│").split("│")][1:]


def test_resources_are_counted_by_service_and_by_the_region_they_are_in() -> None:
    text = shown(
        stack("us-east-1", held("aws:ec2/vpc:Vpc", "a"), held("aws:ec2/vpc:Vpc", "b", "us-west-2")),
        stack("eu-west-1", held("aws:kms/key:Key", "c", "eu-west-1")),
    )
    assert [cell.strip() for cell in text.splitlines()[2].strip("┃").split("┃")] == [
        "service",
        "us-east-1",
        "eu-west-1",
        "us-west-2",
        "all",
    ]
    assert row(text, "ec2") == ["1", "", "1", "2"]
    assert row(text, "kms") == ["", "1", "", "1"]
    assert row(text, "resources") == ["1", "1", "1", "3"]
    assert row(text, "time") == ["12s", "12s", "", ""]


def test_the_table_says_how_much_is_really_held_and_names_what_is_not() -> None:
    things = [
        held("aws:ec2/vpc:Vpc", "a"),
        held("aws:kms/key:Key", "b"),
        held("aws:eks/addon:Addon", "c"),
        held("aws:eks/addon:Addon", "d"),
    ]
    text = shown(stack("eu-west-1", *things))
    assert row(text, "held by moto") == ["1", "1"]
    assert row(text, "held partly") == ["1", "1"]
    assert row(text, "only recorded") == ["2", "2"]
    assert "Only recorded (moto cannot hold them): aws:eks/addon:Addon (2)" in text
    assert "Held partly: aws:kms/key:Key (1)" in text
    assert table.levels(things, support) == {"held": 1, "partly": 1, "recorded": 2}


def test_what_has_no_handler_is_not_claimed_to_be_held() -> None:
    assert table.levels([held("aws:new/thing:Thing", "x")], support) == {"held": 0, "partly": 0, "recorded": 1}


def test_exports_are_shown_and_long_ones_cut() -> None:
    text = shown(stack("eu-west-1", held("aws:ec2/vpc:Vpc", "a"), name="x", zones=["a", "b"], long="y" * 300))
    assert 'zones  ["a", "b"]' in text
    assert "y" * 99 + "…" in text and "y" * 101 not in text


def listed(*found: Change) -> list[str]:
    console = Console(file=io.StringIO(), width=120)
    changes.show(console, "eu-west-1", found, "no drift")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def change(op: str, name: str, *differs: str) -> Change:
    return Change(events.Resource(f"urn:x::{name}", "aws:kms/key:Key", "", True), op, differs)


def test_changes_are_listed_with_what_differs() -> None:
    assert listed(change("update", "a", "tags.x"), change("create", "b"), change("delete", "c")) == [
        "eu-west-1: 1 create, 1 delete, 1 update",
        "   + aws:kms/key:Key b",
        "   ~ aws:kms/key:Key a  (tags.x)",
        "   - aws:kms/key:Key c",
    ]
    assert listed() == ["eu-west-1: no drift"]


def test_very_many_new_resources_are_counted_by_type() -> None:
    lines = listed(*(change("create", f"k{number}") for number in range(250)))
    assert lines == ["eu-west-1: 250 create", "   +  250 aws:kms/key:Key"]
