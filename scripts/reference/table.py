"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; cells may hold anything but are shown on one line."""
    lines = [_row(head), "|" + "---|" * len(head)]
    return lines + [_row(row) for row in rows]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell(each) for each in cells) + " |"


def cell(text: str) -> str:
    """Return text as a cell takes it."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return text set as code, or nothing for nothing."""
    return f"`{text}`" if text else ""
