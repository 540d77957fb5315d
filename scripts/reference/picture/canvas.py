"""SVG, as little of it as the picture needs; text is always fitted to the width it is given."""

from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from scripts.reference.picture import palette
from scripts.reference.picture.font import FAMILY, width_of

SMALLEST = 7.0
"""Text is made smaller down to this size, and cut below it."""


@dataclass
class Canvas:
    """Elements in the order they are painted."""

    elements: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str | None = None, radius: float = 6, dash: str = ""
    ) -> None:
        """Paint a box with round corners."""
        edge = f' stroke="{stroke}"' if stroke else ""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.elements.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}" fill="{fill}"{edge}{dashes}/>'
        )

    def circle(self, x: float, y: float, radius: float, *, fill: str, stroke: str | None = None) -> None:
        """Paint a circle around (x, y)."""
        edge = f' stroke="{stroke}" stroke-width="1.6"' if stroke else ""
        self.elements.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{edge}/>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        width: float,
        size: float = 11,
        bold: bool = False,
        fill: str = palette.INK,
        anchor: str = "start",
        turned: bool = False,
    ) -> float:
        """Paint a line with its baseline at y, at most `width` long; return how long it is.

        What does not fit becomes smaller; what is too long even then is cut, and keeps its whole text as a tooltip.
        `turned` text reads upwards.
        """
        size, shown = fit(text, width, size, bold=bold)
        tooltip = f"<title>{escape(text, quote=False)}</title>" if shown != text else ""
        heavy = ' font-weight="700"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        turn = f' transform="rotate(-90 {_n(x)} {_n(y)})"' if turned else ""
        self.elements.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{heavy} fill="{fill}"{place}{turn}>'
            f"{tooltip}{escape(shown, quote=False)}</text>"
        )
        return width_of(shown, size, bold=bold)

    def label(self, x: float, y: float, name: str, note: str, *, width: float, size: float, fill: str) -> None:
        """Paint a bold name with a quiet note after it, as one text, so that the space between them is the font's own."""
        named = width_of(name, size, bold=True)
        small, shown = fit(note, width - named - size, min(size - 1, 12))
        self.elements.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" font-weight="700" fill="{fill}">{escape(name, quote=False)}'
            f'<tspan dx="{_n(size * 0.8)}" font-size="{_n(small)}" font-weight="400" fill="{palette.MUTED}">'
            f"{escape(shown, quote=False)}</tspan></text>"
        )

    def line(self, points: list[tuple[float, float]], *, stroke: str, dash: str = "", arrow: bool = False) -> None:
        """Paint a line through points, with an arrow at its end when asked."""
        route = " L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.elements.append(f'<path d="M{route}" fill="none" stroke="{stroke}" stroke-width="1.6"{dashes}/>')
        if arrow:
            self._head(*list(pairwise(points))[-1], fill=stroke)

    def _head(self, before: tuple[float, float], tip: tuple[float, float], *, fill: str) -> None:
        """Paint an arrow's head; lines run along the axes."""
        across, along = 4.0, 8.0
        dx, dy = (_sign(tip[0] - before[0]), _sign(tip[1] - before[1]))
        base = (tip[0] - along * dx, tip[1] - along * dy)
        left = (base[0] - across * dy, base[1] - across * dx)
        right = (base[0] + across * dy, base[1] + across * dx)
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in (tip, left, right))
        self.elements.append(f'<polygon points="{corners}" fill="{fill}"/>')

    def svg(self, width: float, height: float, title: str, description: str) -> str:
        """Return the whole document, on a background of its own."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
            f'font-family="{FAMILY}" role="img" aria-labelledby="title description">'
        )
        told = f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
        page = (
            f'<rect x="0.5" y="0.5" width="{_n(width - 1)}" height="{_n(height - 1)}" rx="12" '
            f'fill="{palette.PAGE}" stroke="{palette.FRAME}"/>'
        )
        return "\n".join([head, told, page, *self.elements, "</svg>"]) + "\n"


def fit(text: str, width: float, size: float, *, bold: bool = False) -> tuple[float, str]:
    """Return the size and the text that fit into `width`: as asked, else smaller, else cut."""
    natural = width_of(text, size, bold=bold)
    if natural <= width:
        return size, text
    smaller = size * width / natural
    if smaller >= SMALLEST:
        return int(smaller * 10) / 10, text
    shown = text
    while shown and width_of(f"{shown}…", SMALLEST, bold=bold) > width:
        shown = shown[:-1]
    return SMALLEST, f"{shown}…"


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _n(value: float) -> str:
    """Write a coordinate with at most one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
