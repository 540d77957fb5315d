"""There is one issue about drift, whatever happens on the way to GitLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.deploy.drift import LABEL, TITLE
from scripts.deploy.issue import WORDS, keep_issue
from scripts.gitlab import TRIES, GitLabError, Rest
from tests.scripts.deploy.issues import PROJECT, TOKEN, Issues, serving


@pytest.fixture
def issues() -> Iterator[Issues]:
    with serving() as served:
        yield served


def keep(issues: Issues, text: str = "text", *, wanted: bool = True, token: str = TOKEN, waited: list[float] | None = None) -> str:
    rest = Rest(issues.api, token, WORDS, ([] if waited is None else waited).append)
    return keep_issue(rest, PROJECT, TITLE, LABEL, text, wanted=wanted)


def test_it_is_opened_once_then_updated_then_closed_and_opened_anew(issues: Issues) -> None:
    assert keep(issues, "first") == "opened https://gitlab.example.com/-/issues/1"
    assert keep(issues, "second") == "updated https://gitlab.example.com/-/issues/1"
    assert [(each["description"], each["labels"], each["state"]) for each in issues.held] == [("second", [LABEL], "opened")]
    assert keep(issues, "none", wanted=False) == "closed https://gitlab.example.com/-/issues/1"
    assert keep(issues, wanted=False) == "no issue is open, and none is needed"
    assert keep(issues, "again") == "opened https://gitlab.example.com/-/issues/2"
    assert [each["state"] for each in issues.held] == ["closed", "opened"]


def test_issues_that_only_look_like_it_are_left_alone_and_the_oldest_counts(issues: Issues) -> None:
    other, mine, _ = issues.add(f"About: {TITLE}", LABEL), issues.add(TITLE, LABEL), issues.add(TITLE, LABEL)
    issues.add(TITLE, "question")
    assert keep(issues, "text").endswith("/2")
    assert other["description"] == "" and mine["description"] == "text"


def test_it_waits_as_long_as_gitlab_asks_and_comes_again(issues: Issues) -> None:
    issues.refusals = [(429, "7"), (503, ""), (502, "")]
    waited: list[float] = []
    assert keep(issues, waited=waited).startswith("opened")
    assert waited == [7.0, 2.0, 4.0]


def test_making_an_issue_is_not_tried_twice_where_it_may_have_been_made(issues: Issues) -> None:
    issues.loses_answers_to = "POST"
    with pytest.raises(GitLabError, match="may have made it: run the job again later"):
        keep(issues)
    assert issues.asked == ["GET", "POST"] and len(issues.held) == 1


@pytest.mark.parametrize(
    ("status", "said"), [(403, "role Reporter as GITLAB_DRIFT_TOKEN"), (404, "check CI_PROJECT_ID"), (500, "run the job again later")]
)
def test_a_refusal_says_what_to_do(issues: Issues, status: int, said: str) -> None:
    issues.refusals = [(status, "")] * TRIES
    with pytest.raises(GitLabError, match=said) as refused:
        keep(issues)
    assert str(status) in str(refused.value)


def test_a_wrong_token_is_told_without_repeating_it(issues: Issues) -> None:
    with pytest.raises(GitLabError, match="401") as refused:
        keep(issues, token="not-the-token")
    assert "not-the-token" not in str(refused.value) + repr(Rest(issues.api, "not-the-token", WORDS))
