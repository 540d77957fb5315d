"""The note says what is grave first, lets nothing foreign be read as Markdown, and is never longer than GitLab takes."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policies.catalogue import catalogue
from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts
from scripts.review.markdown import code, fenced
from scripts.review.note import LIMIT, MARKER, note
from scripts.review.reading import parse
from scripts.review.report import Review
from tests.scripts.review import samples
from tests.scripts.review.samples import DATABASE, QUEUE, ROLE, create, delete, previewed, replace, reviewed, same, stream, update, urn


def written(review: Review, **more: Any) -> str:
    return note(review, whole="`index.html`", **more)


def finding(control: str, name: str, verdict: Verdict = Verdict.VIOLATION, message: str = "open: allowed is false") -> Finding:
    return Finding(control=control, urn=urn(QUEUE, name), verdict=verdict, message=message)


def worst_and_mildest() -> tuple[str, str]:
    order = sorted(catalogue().values(), key=lambda control: (["critical", "high", "medium", "low"].index(control.severity), control.id))
    return order[0].id, order[-1].id


def test_the_order_is_data_at_stake_then_the_table_then_controls_cost_and_changes() -> None:
    worst, mildest = worst_and_mildest()
    found = reviewed(
        previewed(replace(DATABASE, "primary", {"engine": "x"}, {"engine": "y"}, "engine"), create(QUEUE, "jobs"), same(ROLE, "kept")),
        previewed(delete(QUEUE, "old"), stack="eu-west-1"),
        verdicts={
            "us-east-1": Verdicts(
                findings=(finding(mildest, "a"), finding(worst, "b"), finding(worst, "known"), finding(worst, "later", Verdict.UNDECIDED)),
                before=(finding(worst, "known"), finding(worst, "mended")),
            )
        },
        commit="abc1234",
    )
    text = written(found, pipeline="77")
    assert text.startswith(f"{MARKER}\n<!-- pipeline: 77 -->\n")
    parts = [
        "**2 stores of data would be replaced or deleted",
        "`us-east-1` **replace** `aws:rds/instance:Instance` `primary`: lost is its rows",
        "`eu-west-1` **delete** `aws:sqs/queue:Queue` `old`: lost is messages that nobody has read",
        "| stack | create | update | replace | delete | unchanged | USD a month | controls |",
        "| `us-east-1` | 1 | · | **1** :warning: | · | 1 | ±0.00 at least | **2 new**, 1 known, 1 mended, 1 open |",
        "| `eu-west-1` | · | · | · | **1** :warning: | 0 | ±0.00 | not judged |",
        "### Controls",
        "**2 new violations**",
        f"`{worst}`",
        "*To do:*",
        f"`{mildest}`",
        "Violations from before: 1",
        "Mended: 1",
        "Open until the update: 1",
        "### Cost",
        "### Changes",
        "<summary><b>us-east-1</b>: 2 resources</summary>",
        '-     engine: "x"   # cannot be changed in place',
        '+     engine: "y"',
        "<summary><b>eu-west-1</b>: 1 resource</summary>",
        "Everything stands in `index.html`. Previewed: `abc1234`.",
    ]
    place = 0
    for part in parts:
        assert part in text[place:], f"{part!r} is missing, or stands before its place"
        place = text.index(part, place) + 1


def test_every_stack_gets_its_share_of_a_note_that_is_full_and_what_is_left_out_is_counted() -> None:
    many = [create(ROLE, f"role-{index:04}", {"text": "x" * 300}) for index in range(3000)]
    few = previewed(update(ROLE, "one", {"a": 1}, {"a": 2}, "a"), stack="eu-west-1")
    text = written(reviewed(previewed(*many), few))
    assert LIMIT - 20_000 < len(text) <= LIMIT
    shown = text.count("+     text:")
    assert f"**Left out here, since GitLab takes 1,000,000 characters:** {3000 - shown} of 3000 changes of `us-east-1`." in text
    assert "+     a: 2" in text and text.endswith("Everything stands in `index.html`.\n")
    assert text.count("<details>") == text.count("</details>")


@settings(max_examples=15, deadline=None)
@given(
    limit=st.integers(10_000, 60_000),
    resources=st.integers(0, 60),
    size=st.integers(0, 2000),
    violations=st.integers(0, 400),
    message=st.text(max_size=300),
    losses=st.integers(0, 300),
)
def test_no_note_is_longer_than_its_limit_and_each_is_whole_markdown(**given: Any) -> None:
    changes = [create(ROLE, f"r{index}", {"text": "`" * 4 + "x" * given["size"]}) for index in range(given["resources"])]
    losses = [delete(QUEUE, f"q{index}") for index in range(given["losses"])]
    findings = tuple(finding(worst_and_mildest()[0], f"v{index}", message=given["message"]) for index in range(given["violations"]))
    found = reviewed(previewed(*changes, *losses), verdicts={"us-east-1": Verdicts(findings=findings, before=())})
    text = written(found, limit=given["limit"])
    assert len(text) <= given["limit"]
    assert text.startswith(MARKER) and "| stack | create |" in text and text.endswith("Everything stands in `index.html`.\n")
    assert text.count("<details>") == text.count("</details>")
    if given["losses"]:
        assert ":warning: **" in text
    assert not unclosed(text)


def unclosed(text: str) -> bool:
    """Tell whether a fence is open at the end, which would take everything behind it for code."""
    opened = ""
    for line in text.splitlines():
        fence = re.match(r"`{3,}", line)
        if fence and not opened:
            opened = fence[0]
        elif opened and line == opened:
            opened = ""
    return bool(opened)


HOSTILE = "a`b | c **d** <img src=x onerror=alert(1)> @all [x](http://evil.example) ~~~ ``` \n/close\n#1 !2 $3 &amp; :bomb:"


@pytest.mark.parametrize("name", [HOSTILE, "``", "`", "|", "</details>", "```\n# title"])
def test_nothing_foreign_is_read_as_markdown_or_as_a_command(name: str) -> None:
    worst, _ = worst_and_mildest()
    found = reviewed(
        previewed(create(ROLE, name.replace("\n", " "), {"text": name, name: name}), delete(QUEUE, name.replace("\n", " "))),
        parse(stream([samples.error(name)], result="failed"), "eu-west-1"),
        verdicts={"us-east-1": Verdicts(findings=(finding(worst, "x", message=name),), before=(), faults=(name,))},
    )
    text = written(found)
    page = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    for wrong in ("<img", "<strong>d</strong>", 'href="http://evil', "<h1>"):
        assert wrong not in page
    in_fence = False
    for line in text.splitlines():
        in_fence ^= bool(re.match(r"`{3,}\w*$", line))
        # GitLab takes such a line of a comment for a command, unless it is code.
        assert in_fence or not re.match(r"\s*/\w", line)


@given(st.text())
def test_code_shows_a_text_as_it_is_and_breaks_no_table(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(f"| a | b |\n|---|---|\n| {code(text)} | end |\n")
    assert rendered.count("<td") == 2 and ">end</td>" in rendered


@given(st.text())
def test_fenced_text_stays_within_its_fence(text: str) -> None:
    tokens = MarkdownIt().parse("\n".join([*fenced(text), "end"]))
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
