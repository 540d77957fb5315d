"""A plan is kept, applied, and refused when it no longer fits: on the real engine, with a program that needs no cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.engine import build, home
from sandbox.paths import Home
from scripts.deploy import engine, receipt
from scripts.deploy.engine import EngineFailedError, PlanOutdatedError

PROGRAM = """
import os

import pulumi


class Thing(pulumi.ComponentResource):
    def __init__(self, name, words):
        super().__init__("tiny:index:Thing", name, {"words": words})
        self.register_outputs({})


if os.environ.get("BROKEN"):
    raise RuntimeError("the program is broken")
words = pulumi.Output.secret(os.environ["WORDS"])
for name in os.environ["NAMES"].split():
    Thing(name, words)
pulumi.export("names", os.environ["NAMES"])
"""
STACK = "one"


class Tiny:
    """A project of one stack, in a home of the engine's own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, list[str]()
        (folder / "Pulumi.yaml").write_text("name: tiny\nruntime: {name: python, options: {virtualenv: .venv}}\n")
        (folder / "Pulumi.one.yaml").write_text("config: {}\n")
        (folder / "__main__.py").write_text(PROGRAM)
        (folder / ".venv").symlink_to(sys.prefix)
        place = Home(folder)
        found = build.find_or_build(lambda _step: None)
        home.prepare(place, found)
        self.variables = home.for_process(home.environment(place, None, "123456789012"))
        # The engine itself, ahead of the sandbox's own command, which knows only stacks that the sandbox made.
        self.variables["PATH"] = os.pathsep.join([str(found.parent), self.variables["PATH"]])
        made = ["pulumi", "stack", "init", STACK, "--non-interactive"]
        subprocess.run(made, cwd=folder, env=self.variables, check=True, capture_output=True)

    def run(self, arguments: list[str], record: Path | None = None, **environment: str) -> engine.Ran:
        given = {"NAMES": "first", "WORDS": "hush-hush"} | environment
        variables: Mapping[str, str] = engine.environment(self.variables | given)
        return engine.run(arguments, project=self.folder, variables=variables, say=self.said.append, record=record)

    @property
    def deployed(self) -> str:
        done = subprocess.run(
            ["pulumi", "stack", "output", "names"], cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()


def _unjudged(arguments: list[str]) -> list[str]:
    """Leave the pack out, which would find that nothing in this program is the estate's."""
    at = arguments.index("--policy-pack")
    return arguments[:at] + arguments[at + 2 :]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return Tiny(tmp_path_factory.mktemp("tiny"))


def test_a_plan_is_kept_and_applied_and_one_that_no_longer_fits_changes_nothing(tiny: Tiny) -> None:
    plan, events = tiny.folder / "plans" / "one.json", tiny.folder / "plans" / "one.jsonl"
    plan.parent.mkdir()
    up, preview = _unjudged(engine.up_arguments(STACK, plan)), _unjudged(engine.preview_arguments(STACK, plan))

    shown = tiny.run(preview, record=events)
    assert shown.changes == {"create": 2} and tiny.deployed == ""
    made = receipt.issue(plan, stack=STACK, commit="c0ffee", changes=shown.changes, now=datetime.now(UTC))
    assert (made.exports, made.first) == (("names",), True)
    assert any("summaryEvent" in json.loads(line) for line in events.read_text().splitlines())
    assert "would create tiny:index:Thing first" in tiny.said
    assert not any("hush-hush" in text for text in (plan.read_text(), events.read_text(), *tiny.said))

    with pytest.raises(PlanOutdatedError, match=r"nothing was changed: .*second.*not allowed by the plan"):
        tiny.run(up, NAMES="first second")
    with pytest.raises(PlanOutdatedError, match=r"Thing::first violates plan: properties changed: .*words$") as refused:
        tiny.run(up, WORDS="other-secret")
    assert "hush" not in str(refused.value) and "other-secret" not in "".join([str(refused.value), *tiny.said])
    assert tiny.deployed == ""

    assert tiny.run(up).changes == {"create": 2} and tiny.deployed == "first"


def test_a_program_that_fails_is_told_in_its_own_words(tiny: Tiny) -> None:
    with pytest.raises(EngineFailedError, match=r"(?s)nothing was changed: .*the program is broken"):
        tiny.run(_unjudged(engine.preview_arguments(STACK, tiny.folder / "none.json")), BROKEN="yes")


def test_a_project_that_is_none_is_told_in_the_engines_words(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(EngineFailedError, match=r"no Pulumi\.yaml"):
        engine.run(engine.drift_arguments(STACK), project=tmp_path, variables=engine.environment(tiny.variables), say=tiny.said.append)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "resource urn:x violates plan: properties changed: =~key[{hush}], ++other[{hush}]",
            "resource urn:x violates plan: properties changed: =~key",
        ),
        ("resource violates plan: outputs changed: +~key[{a[b]c}!={hush}]", "resource violates plan: outputs changed: +~key"),
        ("creating bucket: BucketAlreadyExists [400]", "creating bucket: BucketAlreadyExists [400]"),
    ],
)
def test_values_that_a_plan_is_compared_by_are_not_repeated(text: str, shown: str) -> None:
    assert engine.masked(text) == shown
