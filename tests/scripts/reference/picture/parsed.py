"""Reads a picture back: where each text and box is, so that tests can see what a reader would."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from scripts.reference.picture.blocks import Box
from scripts.reference.picture.font import width_of

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Text:
    """A text with the room it takes."""

    words: str
    size: float
    box: Box


def texts(svg: str) -> list[Text]:
    """Return every text of a picture."""
    return [_text(element) for element in ElementTree.fromstring(svg).iter(f"{_SVG}text")]


def _text(element: ElementTree.Element) -> Text:
    size = float(element.get("font-size", "0"))
    own = element.text or ""
    width = width_of(own, size, bold=element.get("font-weight") == "700")
    for part in element:
        if part.tag == f"{_SVG}title":
            own += part.tail or ""
            width += width_of(part.tail or "", size, bold=element.get("font-weight") == "700")
        else:
            width += float(part.get("dx", "0")) + width_of(part.text or "", float(part.get("font-size", "0")))
            own += f" {part.text}"
    x, y = float(element.get("x", "0")), float(element.get("y", "0"))
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")]
    if re.match(r"rotate\(-90", element.get("transform", "")):
        return Text(own, size, Box(x - size * 0.75, y - width, size, width))
    return Text(own, size, Box(left, y - size * 0.75, width, size))


def boxes(svg: str) -> list[Box]:
    """Return every rectangle of a picture, the page first."""
    found = ElementTree.fromstring(svg).iter(f"{_SVG}rect")
    return [Box(*(float(each.get(name, "0")) for name in ("x", "y", "width", "height"))) for each in found]


def overflowing(svg: str) -> list[str]:
    """Return each text that leaves the smallest box its middle is in."""
    rectangles = boxes(svg)
    wrong = []
    for text in texts(svg):
        x, y = text.box.x + text.box.width / 2, text.box.middle
        around = [box for box in rectangles if box.x <= x <= box.right and box.y <= y <= box.bottom]
        if not around:
            wrong.append(f"{text.words!r} is in no box")
            continue
        box = min(around, key=lambda each: each.width * each.height)
        if not _in(box, text.box):
            wrong.append(f"{text.words!r} at {text.box} leaves {box}")
    return wrong


def crossing(svg: str) -> list[str]:
    """Return each pair of shapes that are neither apart nor one within the other."""
    circles = ElementTree.fromstring(svg).iter(f"{_SVG}circle")
    round_ = [tuple(float(each.get(name, "0")) for name in ("cx", "cy", "r")) for each in circles]
    shapes = boxes(svg) + [Box(x - r, y - r, 2 * r, 2 * r) for x, y, r in round_]
    return [f"{a} and {b}" for order, a in enumerate(shapes) for b in shapes[order + 1 :] if _meet(a, b) and not (_in(a, b) or _in(b, a))]


def _meet(a: Box, b: Box) -> bool:
    return min(a.right, b.right) - max(a.x, b.x) > 0.5 and min(a.bottom, b.bottom) - max(a.y, b.y) > 0.5


def _in(outer: Box, inner: Box) -> bool:
    near = 0.5
    return (
        outer.x - near <= inner.x
        and inner.right <= outer.right + near
        and outer.y - near <= inner.y
        and inner.bottom <= outer.bottom + near
    )


def overlapping(svg: str) -> list[str]:
    """Return each pair of texts of which one covers a part of the other."""
    found = texts(svg)
    return [
        f"{first.words!r} and {second.words!r}"
        for order, first in enumerate(found)
        for second in found[order + 1 :]
        if _meet(first.box, second.box)
    ]
