"""Changes in words: what a preview announces, or what a refresh found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from sandbox.watch.model import Change

_SIGNS = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "delete": ("-", "red"),
    "create-replacement": ("+-", "magenta"),
    "delete-replaced": ("+-", "magenta"),
    "import": ("=", "cyan"),
}
_FEW = 30


def show(console: Console, stack: str, found: Sequence[Change], otherwise: str) -> None:
    """One line for each change; when very many are created, these are counted by type."""
    if not found:
        console.print(f"[bold]{stack}[/]: {otherwise}", highlight=False)
        return
    counted = Counter(change.op for change in found if change.resource.custom)
    console.print(f"[bold]{stack}[/]: {', '.join(f'{count} {op}' for op, count in sorted(counted.items()))}", highlight=False)
    created = [change for change in found if change.op == "create" and change.resource.custom]
    if len(created) > _FEW:
        for token, count in sorted(Counter(change.resource.type for change in created).items()):
            _line(console, "create", f"{count:4d} {token}", ())
    else:
        for change in created:
            _line(console, change.op, f"{change.resource.type} {change.resource.name}", ())
    for change in found:
        if change.op not in ("create", "delete-replaced") and change.resource.custom:
            _line(console, change.op, f"{change.resource.type} {change.resource.name}", change.differs)


def _line(console: Console, op: str, text: str, differs: tuple[str, ...]) -> None:
    sign, style = _SIGNS.get(op, ("·", "dim"))
    told = f"  {sign:>2} {text}" + (f"  ({', '.join(differs)})" if differs else "")
    console.print(told, style=style, markup=False, highlight=False, soft_wrap=True)
