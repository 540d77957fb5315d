"""The live tree stays readable: never higher than the terminal, busy things first, finished ones folded."""

import io

import pytest
from rich.console import Console

from sandbox.engine import events
from sandbox.watch.tree import TreeWatcher


def console(width: int, height: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, height=height, color_system=None, legacy_windows=False)


def simulate(watch: TreeWatcher, stack: str, resources: int, done: int, components: int = 10, failed: int = 0) -> None:
    run = watch.begin(stack, "applying")
    root = events.Resource(f"urn:{stack}", events.ROOT_TYPE, "", False)
    groups = [events.Resource(f"urn:{stack}::g{n}", "x:y:Group", root.urn, False) for n in range(components)]
    things = [
        events.Resource(
            f"urn:pulumi:{stack}::p::aws:ec2/routeTableAssociation:RouteTableAssociation::thing-{n}", "aws:ec2/x:X", group.urn, True
        )
        for n in range(resources)
        for group in [groups[n * components // resources]]
    ]
    for item in (root, *groups, *things):
        watch.tell(run, events.StepBegan(item, "create", planning=True))
    watch.tell(run, events.PhaseEnded(True, "succeeded", {"create": 1 + components + resources}))
    for item in (root, *groups):
        watch.tell(run, events.StepBegan(item, "create", planning=False))
        watch.tell(run, events.StepEnded(item, "create", planning=False))
    for number, item in enumerate(things[: done + 8]):
        watch.tell(run, events.StepBegan(item, "create", planning=False))
        if number < failed:
            watch.tell(run, events.Message("no\n", "error", item.urn))
            watch.tell(run, events.StepFailed(item, "create"))
        elif number < done:
            watch.tell(run, events.StepEnded(item, "create", planning=False))


def drawn(watch: TreeWatcher) -> list[str]:
    with watch.console.capture() as caught:
        watch.console.print(watch)
    return caught.get().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 50), (200, 24), (200, 60)])
def test_three_stacks_of_250_resources_fit_the_terminal(width: int, height: int) -> None:
    watch = TreeWatcher(console(width, height))
    for stack, done in (("us-east-1", 30), ("eu-west-1", 120), ("sa-east-1", 200)):
        simulate(watch, stack, 250, done)
    lines = drawn(watch)
    assert len(lines) <= height
    assert max(len(line) for line in lines) <= width
    text = "\n".join(lines)
    for stack, done in (("us-east-1", 41), ("eu-west-1", 131), ("sa-east-1", 211)):
        assert f"{stack} applying  {done}/261" in text


def test_the_tree_names_what_is_under_way_and_for_how_long() -> None:
    watch = TreeWatcher(console(120, 50))
    simulate(watch, "eu-west-1", 20, 6, components=2)
    lines = drawn(watch)
    assert any("g0" in line and "7/11" in line for line in lines)
    working = [line for line in lines if "creating" in line]
    assert len(working) == 8
    assert all(line.strip().startswith("thing-") and "s  aws:ec2/x:X" in line for line in working)


def test_what_is_done_is_folded_when_room_is_short() -> None:
    watch = TreeWatcher(console(100, 12))
    simulate(watch, "eu-west-1", 200, 150, components=20)
    text = "\n".join(drawn(watch))
    assert "components done" in text
    assert "more components" in text or "more" in text


def test_stacks_stand_beside_each_other_on_a_wide_terminal() -> None:
    watch = TreeWatcher(console(180, 40))
    simulate(watch, "eu-west-1", 20, 5)
    simulate(watch, "sa-east-1", 20, 5)
    assert any("eu-west-1" in line and "sa-east-1" in line for line in drawn(watch))


def test_a_failure_is_counted_at_the_head_and_marked_at_its_component() -> None:
    watch = TreeWatcher(console(120, 40))
    simulate(watch, "eu-west-1", 20, 10, components=2, failed=1)
    lines = drawn(watch)
    assert lines[0].endswith("1 failed")
    assert any(line.strip().startswith("✘ g0") for line in lines)


def test_a_finished_stack_shrinks_to_one_line() -> None:
    watch = TreeWatcher(console(120, 40))
    simulate(watch, "eu-west-1", 20, 20)
    watch.runs[0].changes = {"create": 20, "same": 1}
    watch.runs[0].end(succeeded=True)
    (line,) = drawn(watch)
    assert line.startswith("✔ eu-west-1 done  20 create, 1 unchanged")
