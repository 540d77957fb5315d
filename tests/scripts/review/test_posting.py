"""One note per merge request: made once, updated in place, and every refusal said plainly."""

from collections.abc import Iterator
from email.utils import formatdate
from time import time

import pytest

from scripts.gitlab import LONGEST_WAIT, TRIES, GitLabError
from scripts.review import posting
from scripts.review.note import LIMIT, MARKER
from tests.kit.gitlab import BOT, PERSON, Fault, GitLab, gitlab

BODY = f"{MARKER}\n<!-- pipeline: 20 -->\nfirst"


@pytest.fixture
def server() -> Iterator[GitLab]:
    with gitlab() as held:
        yield held


class Waits(list[float]):
    """Seconds that were waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def post(
    server: GitLab, body: str = BODY, *, token: str = "glpat-writes", project: str = "42", number: str = "5", waits: Waits | None = None
) -> str:
    place = posting.MergeRequest(api=server.api, project=project, number=number, token=token)
    return posting.post(place, body, Waits() if waits is None else waits).what


def bodies(server: GitLab, author: int = BOT) -> list[str]:
    return [note["body"] for note in server.notes if note["author"]["id"] == author]


def test_the_first_post_makes_the_note_and_the_next_updates_it_in_place(server: GitLab) -> None:
    assert post(server) == "created"
    number = server.notes[0]["id"]
    assert post(server, BODY.replace("first", "second")) == "updated"
    assert bodies(server) == [BODY.replace("first", "second")] and server.notes[0]["id"] == number


def test_the_note_is_found_among_pages_of_others_and_what_others_wrote_is_left_alone(server: GitLab) -> None:
    for index in range(250):
        server.add(f"comment {index}", system=index % 2 == 0)
    quoted = server.add(f"{MARKER}\nsomebody quotes it")
    server.add(f"it begins with {MARKER}", BOT)
    assert post(server) == "created"
    for index in range(30):
        server.add(f"later {index}")
    assert post(server, BODY.replace("first", "second")) == "updated"
    assert server.count("POST") == 1 and server.count("PUT") == 1
    assert quoted["body"] == f"{MARKER}\nsomebody quotes it" and len(bodies(server, PERSON)) == 281


def test_a_project_may_be_given_by_its_path(server: GitLab) -> None:
    assert post(server, project="group/estate") == "created"


def test_where_two_pipelines_made_one_each_the_first_stays(server: GitLab) -> None:
    first = server.add(BODY, BOT)["id"]
    server.add(BODY, BOT)
    assert post(server, BODY.replace("first", "second")) == "updated"
    assert [note["id"] for note in server.notes] == [first]


def test_an_older_pipeline_leaves_what_a_newer_one_wrote(server: GitLab) -> None:
    post(server)
    assert post(server, BODY.replace("20", "9").replace("first", "stale")) == "kept"
    assert bodies(server) == [BODY]
    assert post(server, BODY.replace("first", "run again")) == "updated"


@pytest.mark.parametrize(("given", "waited"), [("3", 3.0), ("a date", 40.0), ("soon", 1.0), ("", 1.0)])
def test_a_limit_of_requests_is_waited_out_as_long_as_gitlab_says(server: GitLab, given: str, waited: float) -> None:
    said = formatdate(time() + 40, usegmt=True) if given == "a date" else given
    headers = {"Retry-After": said} if said else {}
    server.faults += [Fault("GET", 429, headers), Fault("POST", 429, headers)]
    waits = Waits()
    assert post(server, waits=waits) == "created"
    assert len(waits) == 2 and all(abs(each - waited) < 5 for each in waits) and len(server.notes) == 1


def test_a_limit_that_lasts_too_long_is_said(server: GitLab) -> None:
    server.faults.append(Fault("GET", 429, {"Retry-After": "3600"}))
    waits = Waits()
    with pytest.raises(GitLabError, match=f"asks to wait 3600 seconds, allowed are {LONGEST_WAIT:.0f}"):
        post(server, waits=waits)
    assert not waits
    server.faults += [Fault("GET", 429, {"Retry-After": "1"})] * TRIES
    with pytest.raises(GitLabError, match=f"no answer in {TRIES} tries .*429"):
        post(server)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_server_that_fails_is_asked_again_a_little_later_each_time(server: GitLab, method: str) -> None:
    post(server)
    server.faults += [Fault(method, 502, body="<html>Bad gateway</html>"), Fault(method, 503)]
    waits = Waits()
    assert post(server, BODY.replace("first", "second"), waits=waits) == "updated"
    assert waits == [1.0, 2.0] and bodies(server) == [BODY.replace("first", "second")]


def test_a_server_that_keeps_failing_is_given_up_with_what_it_said(server: GitLab) -> None:
    server.faults += [Fault("GET", 500)] * TRIES
    waits = Waits()
    with pytest.raises(GitLabError, match=r"no answer in 6 tries at http://[^ ]*/user: it failed \(500\); run the job again"):
        post(server, waits=waits)
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_a_note_that_was_made_though_its_answer_was_lost_is_not_made_twice(server: GitLab) -> None:
    server.faults.append(Fault("POST", 502, done=True))
    assert post(server) == "created"
    assert len(server.notes) == 1 and server.count("POST") == 1


def test_a_note_that_was_not_made_is_made_again_and_given_up_at_last(server: GitLab) -> None:
    server.faults.append(Fault("POST", 500))
    assert post(server) == "created" and server.count("POST") == 2
    server.notes.clear()
    server.faults += [Fault("POST", 500)] * TRIES
    with pytest.raises(GitLabError, match=f"failed {TRIES} times to make the note"):
        post(server)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": "glpat-wrong"}, r"does not know the token, or it has expired: give a project access token .*\(401 at .*Unauthorized"),
        ({"token": "glpat-reads"}, r"may not do this: give a project access token with the scope `api`.*\(403 at .*higher privileges"),
        ({"token": ""}, "no token: give a project access token .*GITLAB_REVIEW_TOKEN"),
        ({"number": "6"}, r"no such project or merge request.*CI_MERGE_REQUEST_IID \(404"),
        ({"project": "43"}, r"no such project or merge request.*\(404"),
        ({"body": "x" * (LIMIT + 1)}, "1,000,001 characters, GitLab takes 1,000,000"),
    ],
)
def test_what_is_wrong_is_said_plainly_and_at_once(server: GitLab, changes: dict[str, str], said: str) -> None:
    waits = Waits()
    with pytest.raises(GitLabError, match=said) as caught:
        post(server, changes.pop("body", BODY), waits=waits, **changes)
    assert not waits and not server.notes
    assert "glpat" not in str(caught.value)


def test_a_note_that_this_gitlab_finds_too_long_is_said_with_its_words(server: GitLab) -> None:
    server.faults.append(Fault("POST", 400, body='{"message": {"note": ["is too long (maximum is 1000 characters)"]}}'))
    with pytest.raises(GitLabError, match=r"--limit \(400 at .*is too long \(maximum is 1000 characters\)"):
        post(server)


def test_what_is_no_gitlab_is_named(server: GitLab) -> None:
    server.faults.append(Fault("GET", 200, body="<html>a login page</html>"))
    with pytest.raises(GitLabError, match="is not GitLab's API: it sends no JSON; check CI_API_V4_URL"):
        post(server)
    server.faults.append(Fault("GET", 302, {"Location": f"{server.api}/elsewhere"}, body=""))
    with pytest.raises(GitLabError, match="is not GitLab's API"):
        post(server)
    assert not [path for _, path in server.asked if "elsewhere" in path]
