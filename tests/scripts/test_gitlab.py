"""A token is sent to GitLab's API alone, and never shown. Limits, faults and refusals are tried where the API is used: notes and issues."""

import pytest

from scripts.gitlab import TRIES, GitLabError, Rest, Words

WORDS = Words(variable="SOME_TOKEN", absent="it is not there", refused="it is not taken")


def test_a_token_goes_to_nobody_unproven() -> None:
    with pytest.raises(GitLabError, match="must begin with https://"):
        Rest("http://gitlab.example.com/api/v4", "glpat-x", WORDS)
    assert "glpat-x" not in repr(Rest("https://gitlab.example.com/api/v4", "glpat-x", WORDS))


def test_without_a_token_it_is_said_which_one_is_needed_and_where() -> None:
    with pytest.raises(GitLabError, match=r"there is no token: give a project access token .* as SOME_TOKEN"):
        Rest("https://gitlab.example.com/api/v4", "", WORDS)


def test_an_address_at_which_nobody_answers_is_named_after_the_last_attempt() -> None:
    waited: list[float] = []
    with pytest.raises(GitLabError, match=rf"no answer in {TRIES} tries at http://127\.0\.0\.1:9/api/v4/user: it cannot be reached"):
        Rest("http://127.0.0.1:9/api/v4", "glpat-x", WORDS, waited.append).ask("GET", "/user")
    assert waited == [1.0, 2.0, 4.0, 8.0, 16.0]
