"""Which pipelines are trusted is written in full; wildcards and missing environments are refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError, Problem
from config.load import load
from tests.kit.plans import shipped, write

TODAY = date(2026, 11, 22)


def refused(root: Path, **gitlab: Any) -> Problem:
    documents = shipped()
    documents["config/estate.yaml"]["identity"]["gitlab"] |= gitlab
    with pytest.raises(ConfigError) as caught:
        load("us-east-1", root=write(documents, root), today=TODAY)
    (problem,) = caught.value.problems
    assert problem.file == "config/estate.yaml"
    return problem


@pytest.mark.parametrize(
    ("key", "value"), [("url", "http://gitlab.com"), ("url", "https://gitlab.com/"), ("project", "morefocus/*"), ("project", "platform")]
)
def test_an_address_or_project_that_could_be_another_is_refused(key: str, value: str, tmp_path: Path) -> None:
    problem = refused(tmp_path, **{key: value})
    assert (problem.key, problem.given) == (f"identity.gitlab.{key}", value)


def test_a_pattern_is_no_branch(tmp_path: Path) -> None:
    problem = refused(tmp_path, branches={"production": "release/*", "staging": "main"})
    assert problem.key == "identity.gitlab.branches" and "without wildcards" in problem.allowed


def test_every_environment_has_its_branch(tmp_path: Path) -> None:
    problem = refused(tmp_path, branches={"production": "main"})
    assert problem.key == "identity.gitlab.branches" and problem.remedy == "add staging"


def test_looking_for_unused_access_is_off_as_shipped_and_its_price_is_said_when_on(tmp_path: Path) -> None:
    documents = shipped()
    assert documents["config/estate.yaml"]["identity"]["unused_access_days"] is None
    documents["config/estate.yaml"]["identity"]["unused_access_days"] = 90
    notices = load("us-east-1", root=write(documents, tmp_path), today=TODAY).notices
    assert [notice.text for notice in notices if "unused" in notice.text] == [
        "access unused for 90 days is looked for, at 0.20 USD a month for each role and user"
    ]
