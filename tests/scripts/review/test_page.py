"""The page stands alone, says what the note says, and can be read by anybody: checked in a browser, in light and dark, wide and narrow."""

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts
from scripts.review.page import page
from scripts.review.reading import parse
from scripts.review.report import Review
from tests.kit.chromium import Page, chromium
from tests.scripts.review import samples
from tests.scripts.review.samples import DATABASE, QUEUE, ROLE, create, delete, previewed, replace, reviewed, same, stream, update, urn

HOSTILE = "</script><script>alert(1)</script><img src=https://evil.example onerror=alert(1)>"


def whole() -> Review:
    """Return a review in which everything there is to show is shown."""
    ids = list(catalogue())
    name = urn(QUEUE, "jobs")
    verdicts = tuple(Verdict)
    findings = tuple(
        Finding(control=ids[index], urn=name, verdict=verdict, message=f"open: {HOSTILE}") for index, verdict in enumerate(verdicts)
    )
    return reviewed(
        previewed(
            replace(DATABASE, "primary", {"engine": "x", "size": 1}, {"engine": "y", "size": 1}, "engine"),
            update(QUEUE, "jobs", {"text": HOSTILE, "delay": 1}, {"text": HOSTILE + "!", "delay": 2}, "text", "delay"),
            create(ROLE, "worker", {"policy": HOSTILE, "path": "/" + "long" * 60}),
            *(create("aws:kms/key:Key", f"key-{index}") for index in range(30)),
            *(same(QUEUE, f"queue-{index}") for index in range(40)),
            delete("aws:s3/bucketV2:BucketV2", "files"),
        ),
        previewed(same(ROLE, "kept"), stack="eu-west-1"),
        parse(stream([samples.error(HOSTILE)], result="failed"), "sa-east-1"),
        verdicts={
            "us-east-1": Verdicts(
                findings=(*findings, Finding(control="NEW-99", urn=name, verdict=Verdict.VIOLATION, message="of a later pack")),
                before=(Finding(control=ids[9], urn=name, verdict=Verdict.VIOLATION, message="was wrong"),),
                faults=("exceptions.yaml, row 1: expired",),
            ),
            "eu-west-1": Verdicts(findings=findings[:1], before=()),
        },
        commit="abc1234",
    )


class Elements(HTMLParser):
    """Tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_holds_all_it_needs_and_nothing_foreign_becomes_markup() -> None:
    text = page(whole())
    elements = Elements(text).found
    assert [tag for tag, _ in elements].count("script") == 1 and not {"img", "link", "iframe"} & {tag for tag, _ in elements}
    assert not [attributes for _, attributes in elements if "src" in attributes or "onerror" in attributes]
    links = [str(attributes["href"]) for tag, attributes in elements if tag == "a"]
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert links and all(link.startswith("#") and link[1:] in ids for link in links) and len(ids) == len(set(ids))
    for said in (
        "Data would be lost with these stores",
        "its rows",
        "its objects",
        "The preview of sa-east-1 failed",
        "cannot be changed in place",
        "NEW-99",
    ):
        assert said in text
    assert text == page(whole())


def test_the_banner_is_as_grave_as_what_is_behind_it() -> None:
    mild = next(iter(catalogue()))
    advisory = Verdicts(findings=(Finding(control=mild, urn="u", verdict=Verdict.VIOLATION),), before=(), advisory=frozenset({mild}))
    said = {
        "bad": page(whole()),
        "mind": page(reviewed(previewed(create(ROLE, "a")), verdicts={"us-east-1": advisory})),
        "good": page(reviewed(previewed(same(ROLE, "a")))),
    }
    for name, text in said.items():
        assert f'<div class="banner {name}"' in text
    assert "Nothing changes." in said["good"] and "1 new violation of advisory controls." in said["mind"]
    assert "failed; 2 mandatory violations stand; 1 exception is not taken; 2 stores of data would be replaced or deleted." in said["bad"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Path]]:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "index.html"
    path.write_text(page(whole()), encoding="utf-8")
    with chromium(folder) as open_page:
        yield open_page, path


CONTRAST = """
(() => {
  const channel = (value) => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const poor = [];
  for (const element of document.querySelectorAll("body *:not(svg *):not(script)")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !element.checkVisibility()) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) poor.push(`${element.className} ${element.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  const svg = [...document.querySelectorAll("svg text")].map((text) => {
    const cell = text.classList.contains("sign") ? text.previousElementSibling : text.closest("g").querySelector("rect.card");
    const [one, other] = [light(parse(getComputedStyle(text).fill)), light(parse(getComputedStyle(cell).fill))].sort((a, b) => b - a);
    return [(one + 0.05) / (other + 0.05), text.textContent];
  }).filter(([ratio]) => ratio < 4.5);
  return [...poor, ...svg.map(String)];
})()
"""
"""What is harder to read than WCAG 2.2 allows (1.4.3: 4.5 to 1)."""


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)])
def test_it_is_readable_in_light_and_dark_wide_and_narrow(browser: tuple[Page, Path], width: int, dark: bool, tmp_path: Path) -> None:
    shown, path = browser
    shown.look(width, dark=dark)
    shown.open(path)
    assert shown.value("document.documentElement.scrollWidth") <= width
    assert shown.value(CONTRAST) == []
    picture = Path(os.environ.get("REVIEW_SCREENSHOTS") or tmp_path) / f"review-{width}-{'dark' if dark else 'light'}.png"
    shown.screenshot(picture)
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 50_000
    assert shown.complaints == [] and {url.partition(":")[0] for url in shown.requests} == {"file"}


def test_changes_are_filtered_and_led_to_from_the_map_by_keyboard(browser: tuple[Page, Path]) -> None:
    shown, path = browser
    shown.look(1440)
    shown.open(path)
    assert shown.value("document.getElementById('told').textContent") == "34 of 34 shown"
    visible = """[...document.querySelectorAll('details.resource')]
        .filter((each) => each.checkVisibility()).map((each) => each.querySelector('strong').textContent)"""

    def type_(words: str) -> Any:
        shown.value(f"document.getElementById('filter').value = {words!r}")
        shown.value("document.getElementById('filter').dispatchEvent(new Event('input'))")
        return shown.value(visible)

    assert type_("KEY-2 kms") == [f"key-{index}" for index in (2, *range(20, 30))]
    assert type_("s3") == ["files"]
    shown.value("document.querySelector('#tools input[value=delete]').click()")
    assert shown.value(visible) == []
    # A resource that the filter hides is shown all the same when the map leads to it.
    shown.value("document.querySelector('svg a[aria-label^=delete]').focus()")
    shown.press("Enter", 13)
    assert shown.value("new Promise((done) => setTimeout(() => done(document.activeElement.textContent), 50))").split() == [
        "-",
        "delete",
        "files",
        "aws:s3/bucketV2:BucketV2",
    ]
    assert shown.value("document.activeElement.parentElement.open") is True


def test_without_javascript_everything_is_there_but_the_filter(browser: tuple[Page, Path]) -> None:
    shown, path = browser
    shown.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        shown.open(path)
        assert shown.value("document.getElementById('tools').hidden") is True
        assert shown.value("document.querySelectorAll('details.resource').length") == 34
    finally:
        shown.call("Emulation.setScriptExecutionDisabled", value=False)


def test_names_order_and_structure_serve_a_screen_reader(browser: tuple[Page, Path]) -> None:
    shown, path = browser
    shown.open(path)
    levels = shown.value("[...document.querySelectorAll('h1,h2,h3,h4')].map((each) => Number(each.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    tree = shown.call("Accessibility.getFullAXTree")["nodes"]
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored")
        and node["role"]["value"] in {"link", "button", "checkbox", "searchbox", "region", "table"}
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    assert {"main", "navigation", "contentinfo"} <= {node["role"]["value"] for node in tree}
