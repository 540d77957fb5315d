"""Writes Markdown of GitLab's in which nothing foreign is read as markup, as a mention or as a command."""

from __future__ import annotations

import re
from collections.abc import Iterable


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """Return lines that are shown when they are asked for."""
    return ["<details>", f"<summary>{text_of(title)}</summary>", "", *lines, "", "</details>", ""]


def fenced(text: str) -> list[str]:
    """Return foreign text as it stands: nothing in it is read as Markdown or as a command of GitLab's."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *text.splitlines(), fence, ""]


def code(text: str) -> str:
    """Return a name as code, whatever it holds, fit for a cell of a table."""
    clean = one_line(text).replace("|", "\\|")
    longest = max(map(len, re.findall("`+", clean)), default=0)
    tick = "`" * (longest + 1)
    return f"{tick} {clean} {tick}" if longest else f"`{clean}`"


def plain(text: str) -> str:
    """Return words of ours, in which names may stand that are none: no Markdown, no mention, no HTML."""
    return re.sub(r"([\\`*_\[\]<>|@#!~$&:])", r"\\\1", one_line(text))


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split()) if re.search(r"[\r\n\u2028\u2029\x0b\x0c\x85]", text) else text


def text_of(text: str) -> str:
    """Return a text for HTML within Markdown."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def more(count: int, bullet: str) -> list[str]:
    """Return the line that says how many rows were left out, or none."""
    return [f"{bullet}and {count} more"] if count > 0 else []


def cut(text: str, longest: int) -> str:
    """Return the beginning of a text that is too long."""
    return text if len(text) <= longest else f"{text[:longest]}…"
