"""Which watcher is chosen, and what plain lines say."""

import io

import pytest
from rich.console import Console

from sandbox.engine import events
from sandbox.engine.run import Outcome
from sandbox.watch.lines import LineWatcher, summary
from sandbox.watch.tree import TreeWatcher
from sandbox.watch.watcher import duration, watcher

KEY = events.Resource("urn:pulumi:d::p::aws:kms/key:Key::main", "aws:kms/key:Key", "", True)
GROUP = events.Resource("urn:pulumi:d::p::x:y:Group::g", "x:y:Group", "", False)


def lines(watch: LineWatcher) -> list[str]:
    assert isinstance(watch.console.file, io.StringIO)
    return watch.console.file.getvalue().splitlines()


@pytest.fixture
def plain() -> LineWatcher:
    return LineWatcher(Console(file=io.StringIO(), width=60))


def test_one_line_for_each_change_and_none_for_what_stays(plain: LineWatcher) -> None:
    run = plain.begin("eu-west-1", "applying")
    for op, resource in (("create", KEY), ("same", KEY), ("create", GROUP)):
        plain.tell(run, events.StepBegan(resource, op, planning=True))
    plain.tell(run, events.PhaseEnded(True, "succeeded", {"create": 2, "same": 1}))
    for op, resource in (("create", KEY), ("same", KEY), ("create", GROUP)):
        plain.tell(run, events.StepBegan(resource, op, planning=False))
        plain.tell(run, events.StepEnded(resource, op, planning=False))
    assert lines(plain) == [
        "eu-west-1: started",
        "eu-west-1: preview: 2 create, 1 unchanged",
        "eu-west-1: 1/3 created aws:kms/key:Key main",
    ]


def test_a_failure_is_one_line_however_narrow_the_page(plain: LineWatcher) -> None:
    run = plain.begin("eu-west-1", "applying")
    plain.tell(run, events.Message("creating the key: " + "very " * 30 + "long\n", "error", KEY.urn))
    assert len(lines(plain)) == 2
    assert lines(plain)[1].startswith("✘ eu-west-1 aws:kms/key:Key main: creating the key: very")
    assert "\x1b" not in lines(plain)[1]


def test_square_brackets_in_messages_are_words_and_not_colours(plain: LineWatcher) -> None:
    run = plain.begin("eu-west-1", "applying")
    plain.tell(run, events.Message("[red]tags[/nothing] [secret]\n", "error", KEY.urn))
    assert "[red]tags[/nothing] [secret]" in lines(plain)[1]


def test_an_engine_that_told_no_event_is_quoted(plain: LineWatcher) -> None:
    run = plain.begin("eu-west-1", "applying")
    plain.end(run, Outcome("eu-west-1", 255, 1.0, None, None, "error: no Pulumi.yaml project file found"), canceled=False)
    assert lines(plain)[1] == "✘ eu-west-1 no Pulumi.yaml project file found"
    assert lines(plain)[2].startswith("eu-west-1: failed in ")


def test_an_engine_that_was_killed_is_said_to_be(plain: LineWatcher) -> None:
    run = plain.begin("eu-west-1", "applying")
    plain.end(run, Outcome("eu-west-1", -9, 1.0, None, None, ""), canceled=False)
    assert lines(plain)[1] == "✘ eu-west-1 the engine was ended by SIGKILL"


@pytest.mark.parametrize(
    ("terminal", "environment", "kind"),
    [(True, {}, TreeWatcher), (False, {}, LineWatcher), (True, {"CI": "true"}, LineWatcher), (True, {"TERM": "dumb"}, LineWatcher)],
)
def test_the_tree_is_for_terminals_only(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, environment: dict[str, str], kind: type[object]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    console = Console(file=io.StringIO(), force_terminal=terminal, _environ={"TERM": "xterm", **environment})
    assert type(watcher(console)) is kind


def test_no_color_is_respected() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80, _environ={"NO_COLOR": "1", "TERM": "xterm-256color"})
    watch = LineWatcher(console)
    run = watch.begin("eu-west-1", "applying")
    watch.tell(run, events.Message("bad\n", "error", KEY.urn))
    assert not [part for part in file.getvalue().split("\x1b[")[1:] if part.startswith(("3", "9", "4"))]


def test_durations_are_short(plain: LineWatcher) -> None:
    assert [duration(seconds) for seconds in (0.04, 9.96, 12.4, 99.4, 187)] == ["0.0s", "10.0s", "12s", "99s", "3:07"]
    assert summary({}) == "nothing to do"
    assert summary({"same": 3, "delete": 1}) == "1 delete, 3 unchanged"
