"""Blocks know how high they are before they are painted, so that panels side by side can be aligned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.reference.picture import palette
from scripts.reference.picture.canvas import Canvas

Paint = Callable[[Canvas, "Box"], None]


@dataclass(frozen=True)
class Box:
    """A place on the canvas."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Return the y half way down."""
        return self.y + self.height / 2

    def inset(self, by: float) -> "Box":
        """Return the box without a margin of `by` on each side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def columns(self, count: int, gap: float) -> list["Box"]:
        """Return `count` equal boxes side by side."""
        width = (self.width - gap * (count - 1)) / count
        return [Box(self.x + order * (width + gap), self.y, width, self.height) for order in range(count)]


@dataclass(frozen=True)
class Block:
    """A height, and what paints itself into a box at least so high."""

    height: float
    paint: Paint


NOTHING = Block(0, lambda canvas, box: None)


def stacked(blocks: Sequence[Block], gap: float) -> Block:
    """Return blocks below each other."""
    shown = [block for block in blocks if block.height]

    def paint(canvas: Canvas, box: Box) -> None:
        y = box.y
        for block in shown:
            block.paint(canvas, Box(box.x, y, box.width, block.height))
            y += block.height + gap

    return Block(sum(block.height for block in shown) + gap * max(0, len(shown) - 1), paint)


def side_by_side(blocks: Sequence[Block], gap: float, shares: Sequence[float] | None = None) -> Block:
    """Return blocks next to each other, all as high as the highest, as wide as their shares say."""
    parts = shares or [1.0] * len(blocks)
    height = max((block.height for block in blocks), default=0.0)

    def paint(canvas: Canvas, box: Box) -> None:
        room = box.width - gap * (len(blocks) - 1)
        x = box.x
        for block, share in zip(blocks, parts, strict=True):
            width = room * share / sum(parts)
            block.paint(canvas, Box(x, box.y, width, height))
            x += width + gap

    return Block(height, paint)


@dataclass(frozen=True)
class Tile:
    """The coloured square that says what a card is about."""

    label: str
    colour: str

    def paint(self, canvas: Canvas, x: float, y: float, size: float = 26) -> None:
        """Paint it with its upper left corner at (x, y)."""
        canvas.rect(x, y, size, size, fill=self.colour, radius=5)
        canvas.text(x + size / 2, y + size / 2 + 3.4, self.label, width=size - 2, size=9.5, bold=True, fill="#ffffff", anchor="middle")


_LINE = 14.5
_TOP = 8.0


def card(tile: Tile, title: str, lines: Sequence[str] = (), *, dot: str | None = None, ring: bool = False, extra: float = 0) -> Block:
    """Return a card: a tile, a bold title and lines below it.

    `dot` names the class of data whose key encrypts what the card is about; with `ring` no key of ours does. `extra` is
    room kept free below the lines.
    """
    height = max(26 + 2 * _TOP, _TOP * 2 + _LINE * (1 + len(lines)) - 3) + extra

    def paint(canvas: Canvas, box: Box) -> None:
        canvas.rect(box.x, box.y, box.width, box.height, fill=palette.CARD, stroke=palette.FRAME)
        tile.paint(canvas, box.x + 8, box.y + _TOP)
        left = box.x + 42
        room = box.right - 8 - left
        marked = 12 if dot or ring else 0
        canvas.text(left, box.y + _TOP + 10, title, width=room - marked, size=12.5, bold=True)
        for order, line in enumerate(lines, 1):
            canvas.text(left, box.y + _TOP + 9.5 + _LINE * order, line, width=room, fill=palette.MUTED)
        if marked:
            mark(canvas, box.right - 12, box.y + 12, dot, ring=ring)

    return Block(height, paint)


def mark(canvas: Canvas, x: float, y: float, data_class: str | None, *, ring: bool = False) -> None:
    """Paint the mark of a class of data; a ring where no key of ours encrypts."""
    colour = palette.CLASSES.get(data_class or "", palette.MUTED)
    canvas.circle(x, y, 3.6 if ring else 4.4, fill=palette.CARD if ring else colour, stroke=colour if ring else None)


def paragraph(lines: Sequence[str], *, size: float = 10) -> Block:
    """Return small lines of text that were wrapped before."""
    leading = size + 3.5

    def paint(canvas: Canvas, box: Box) -> None:
        for order, line in enumerate(lines):
            canvas.text(box.x, box.y + size + order * leading, line, width=box.width, size=size, fill=palette.MUTED)

    return Block(leading * len(lines), paint)
