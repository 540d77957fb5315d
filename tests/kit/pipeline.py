"""The pipeline as GitLab reads it: templates merged, rules decided for one event, jobs with what they wait for.

Only what .gitlab-ci.yml uses is understood; anything else is an AssertionError, so that no rule is taken for something it is not.
Source: https://docs.gitlab.com/ci/yaml/ and https://docs.gitlab.com/ci/jobs/job_rules/
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from config.load import ROOT

FILE = ROOT / ".gitlab-ci.yml"
GLOBAL = {"stages", "variables", "default", "workflow"}
_TERM = re.compile(r'^\$(\w+) (==|!=) (?:"([^"]*)"|\$(\w+))$')


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job that a pipeline has."""

    name: str
    content: Mapping[str, Any]
    when: str
    needs: tuple[str, ...]

    @property
    def script(self) -> list[str]:
        """Every line that the job runs."""
        return [line for key in ("before_script", "script", "after_script") for line in self.content.get(key, ())]

    @property
    def stacks(self) -> list[str]:
        """The stacks that the job is about, one each where it is run in parallel."""
        matrix = self.content.get("parallel", {}).get("matrix", ())
        listed = [value for row in matrix for value in ([row["STACK"]] if isinstance(row["STACK"], str) else row["STACK"])]
        own = self.content.get("variables", {}).get("STACK")
        return listed or ([own] if own else [])


def shipped() -> dict[str, Any]:
    """Return the file's content, to be changed at will."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def jobs(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every job with its templates and the defaults merged in."""
    return {name: _whole(content, name) for name in content if name not in GLOBAL and not name.startswith(".")}


def pipeline(content: Mapping[str, Any], **variables: str) -> dict[str, Job]:
    """Return the jobs of the pipeline that GitLab makes of an event, by name; none when `workflow` wants none."""
    given = {name: value if isinstance(value, str) else value["value"] for name, value in content["variables"].items()}
    known = given | {"CI_DEFAULT_BRANCH": "main"} | variables
    if not any(_holds(rule.get("if", ""), known) for rule in content["workflow"]["rules"]):
        return {}
    made = {}
    for name, job in jobs(content).items():
        rule = next((rule for rule in job["rules"] if _holds(rule.get("if", ""), known)), None)
        if rule is None or rule.get("when") == "never":
            continue
        needs = tuple(need if isinstance(need, str) else need["job"] for need in rule.get("needs", job.get("needs", ())))
        made[name] = Job(name=name, content=job, when=rule.get("when", job.get("when", "on_success")), needs=needs)
    return made


def before(made: Mapping[str, Job], name: str) -> set[str]:
    """Return the names of all jobs that must have ended well before this one begins."""
    found: set[str] = set()
    waiting = list(made[name].needs)
    while waiting:
        need = waiting.pop()
        assert need in made, f"{name} waits for {need}, which this pipeline does not have: GitLab refuses it"
        if need not in found:
            found.add(need)
            waiting += made[need].needs
    assert name not in found, f"{name} waits for itself"
    return found


def _whole(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    own = copy.deepcopy(content[name])
    named = own.pop("extends", [])
    merged: dict[str, Any] = {}
    for base in [named] if isinstance(named, str) else named:
        merged = _merge(merged, _whole(content, base))
    merged = _merge(merged, own)
    return merged if name.startswith(".") else {**copy.deepcopy(content["default"]), **merged}


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as `extends` does: maps into each other, anything else in its place."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _holds(condition: str, variables: Mapping[str, str]) -> bool:
    if not condition:
        return True
    # GitLab binds && before ||.
    return any(all(_term(term.strip(), variables) for term in part.split("&&")) for part in condition.split("||"))


def _term(term: str, variables: Mapping[str, str]) -> bool:
    found = _TERM.match(term)
    assert found, f"the condition {term!r} is not understood: compare a variable with a text or another variable"
    name, operator, text, other = found.groups()
    # What is not set equals only what is not set.
    value = variables.get(other) if other else text
    return (variables.get(name) == value) == (operator == "==")
