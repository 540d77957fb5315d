"""What a merge request changes of a stack's monthly cost (CST-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scripts.cost import graph
from scripts.cost.estimate import Change, change, monthly
from scripts.cost.prices import Book
from scripts.cost.usage import Usage
from scripts.review.preview import Preview, Step

STAGING = "staging"


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """What an estimate needs besides a graph."""

    book: Book
    usage: Usage
    spot_discount: Decimal
    """What the price falls by on Spot, as a share of it (CST-2)."""


def changed(preview: Preview, state: Mapping[str, Any] | None, tariff: Tariff) -> Change | None:
    """Return what a stack costs before and after; None for a preview that broke off, whose end is not known.

    What stands before is read from the state, else from what the preview says of it.
    """
    if not preview.complete:
        return None
    before = (
        graph.of_state(state)
        if state
        else graph.of_state({"deployment": {"resources": [_row(step, step.old) for step in preview.steps if step.old]}})
    )
    after = graph.of_state({"deployment": {"resources": [_row(step, step.new) for step in preview.steps if step.new]}})
    usage = tariff.usage.of_staging() if preview.config.get("morefocus:environment") == STAGING else tariff.usage
    first, then = (
        monthly(items, region=preview.region, book=tariff.book, usage=usage, spot_discount=tariff.spot_discount)
        for items in (before, after)
    )
    return change(first, then)


def _row(step: Step, side: Mapping[str, Any]) -> Mapping[str, Any]:
    # The engine marks the old side of a replacement as gone while it plans the new one.
    return {**side, "urn": step.urn, "type": step.type, "delete": False}
