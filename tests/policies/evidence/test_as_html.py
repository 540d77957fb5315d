"""The page is one file that needs nothing else, with every clause on it, and what stands against the gate first."""

import re
from html.parser import HTMLParser

import pytest

from policies.catalogue import HOUSE, PACKS
from policies.evidence.as_html import LABELS, render
from policies.evidence.report import Standing, report
from tests.kit.evidence import EXCEPTION, ORIGIN, SMALL, small_report, verdicts_of
from tests.kit.policies import lone, resource

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Follows what is open, and gathers what a person reads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("framework", PACKS)
def test_the_page_is_whole_and_shows_every_clause_and_control(framework: str) -> None:
    found = small_report(framework)
    html = render(found)
    page = Page(html)
    assert not page.open and html.lstrip().startswith("<!doctype html>")
    assert set(page.addresses) <= {"https://example.org/tickets/7"}, "nothing is loaded from elsewhere"
    assert not re.search(r"url\(|@import|<script|<link", html)
    assert all(f"{row.listed.name} {row.listed.title}" in page.text for row in found.clauses)
    assert all(row.control.id in page.text and row.control.title in page.text for row in found.controls)
    assert all(LABELS[standing] for standing in Standing)
    assert ("Clauses that infrastructure cannot prove" in page.text) is (framework != HOUSE)
    assert ORIGIN.commit in page.text and found.verdicts.controls_digest in page.text


def test_what_stands_against_the_gate_is_first() -> None:
    text = Page(render(small_report("gdpr"))).text
    assert "The gate is closed" in text
    against = text[text.index("Against it") : text.index("What this is made of")]
    assert "critical NET-01 No database has a public address: not so for 1 of what it judges." in against
    assert "aws:rds/instance:Instance wrong publiclyAccessible: allowed is false" in against
    assert "ENC-06 asks to be mandatory; this run made it disabled." in against
    assert "2026-06-30" in text[text.index("Exceptions that were used") :]
    faulty = report("gdpr", verdicts_of(lone(*SMALL), rows=[EXCEPTION | {"expires": "2026-06-10"}]), ORIGIN)
    assert "exceptions.yaml, row 1: NET-07: expired on 2026-06-10" in Page(render(faulty)).text


def test_a_page_without_anything_against_it_says_so() -> None:
    text = Page(render(small_report("gdpr", resource("test:index:Thing", "nothing")))).text
    assert "The gate is open" in text and "Against it" not in text and "no control of this framework is excepted" in text


def test_texts_are_escaped() -> None:
    html = render(small_report("gdpr", resource("aws:rds/instance:Instance", "<img src=x onerror=1>", publiclyAccessible=True)))
    assert "<img" not in html and "&lt;img src=x" in html
