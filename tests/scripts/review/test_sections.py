"""What the sections of the note say, and which of them there are."""

from scripts.review.judging import Verdicts
from scripts.review.note import note
from scripts.review.reading import parse
from scripts.review.report import Review
from scripts.review.sections import head
from tests.scripts.review import samples
from tests.scripts.review.samples import QUEUE, ROLE, create, delete, previewed, reviewed, same, stream


def written(review: Review) -> str:
    return note(review, whole="`index.html`")


def test_a_list_has_as_many_rows_as_it_is_given_and_counts_the_others() -> None:
    found = reviewed(previewed(*(delete(QUEUE, f"queue-{number}") for number in range(5))))
    lines = head(found, 2)
    assert lines[0] == "> :warning: **5 stores of data would be replaced or deleted, with what they hold:**"
    assert [line[:10] for line in lines[1:5]] == [">", "> - `us-ea", "> - `us-ea", "> - and 3 "]


def test_where_nothing_changes_the_note_says_so() -> None:
    text = written(reviewed(previewed(same(ROLE, "kept")), verdicts={"us-east-1": Verdicts(findings=(), before=())}))
    assert "No new violation." in text and "### Changes\n\nNone." in text and "warning" not in text
    assert "| `us-east-1` | · | · | · | · | 1 | ±0.00 | :white_check_mark: |" in text


def test_a_preview_that_failed_is_told_with_its_words_and_without_cost() -> None:
    text = written(reviewed(parse(stream([samples.error("no such zone\n/close\n```")], result="failed"), "us-east-1")))
    assert "### :x: The preview of `us-east-1` failed" in text and "| unknown | not judged |" in text
    assert "````\nno such zone\n/close\n```\n````" in text


def test_what_packs_refuse_besides_controls_is_told_with_all_else() -> None:
    text = stream(
        create(ROLE, "a"), [samples.refusal("undecided-share", "too much is *open*"), samples.refusal("NET-01", "closed")], result="failed"
    )
    judged = {"us-east-1": Verdicts(findings=(), before=())}
    found = written(reviewed(parse(text), verdicts=judged))
    assert (
        "**What the packs refuse as well**\n\n- `us-east-1` undecided-share\\: too much is \\*open\\*\n" in found and "NET-01" not in found
    )
    assert "`us-east-1` :x:" in found and "### :x:" not in found and "±0.00" in found
    # Where nobody judged, all of it is told.
    assert "NET-01\\: closed" in written(reviewed(parse(text)))
