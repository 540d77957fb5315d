"""Writes everything of a review into a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from config.load import load
from policies.evidence import verdicts as evidence
from scripts.cost import prices, usage
from scripts.review import widgets
from scripts.review.costing import Tariff
from scripts.review.judging import Verdicts, judged, recorded
from scripts.review.note import LIMIT, note
from scripts.review.page import page
from scripts.review.preview import Preview
from scripts.review.reading import PreviewError
from scripts.review.report import Judge, Review

NOTE = "note.md"
PAGE = "index.html"


def write(review: Review, folder: Path, *, whole: str, pipeline: str = "", limit: int = LIMIT) -> list[Path]:
    """Write note, page and the files of GitLab's widgets; return them. `whole` says in the note where the page is, as Markdown."""
    files = {
        NOTE: note(review, whole=whole, pipeline=pipeline, limit=limit),
        PAGE: page(review),
        "codequality.json": widgets.code_quality(review),
        "junit.xml": widgets.junit(review),
        **{f"{stack.stack}.tfplan.json": widgets.terraform(stack) for stack in review.stacks},
    }
    folder.mkdir(parents=True, exist_ok=True)
    # A stack that is no longer previewed must not leave its counts behind.
    for stale in folder.glob("*.tfplan.json"):
        if stale.name not in files:
            stale.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def tariff(project: Path, stack: str) -> Tariff | None:
    """Return the shipped prices and assumptions; None for a project whose configuration is refused, which its previews then say."""
    try:
        discount = load(stack, root=project).estate.facts.cost.purchases.discounts.spot
    except ConfigError:
        return None
    return Tariff(book=prices.load(), usage=usage.load(), spot_discount=Decimal(str(discount)))


def judge(today: date, stores: Path | None = None, since: float = 0) -> Judge:
    """Return what judges a stack: the verdicts that packs wrote into a folder while they previewed, else the controls themselves.

    Packs know links between new resources that the events of a preview leave out, so less is open with them. What stood before is
    judged here in either case. What was written before `since`, in seconds of the epoch, is of another preview.
    """

    def say(preview: Preview, state: Mapping[str, Any] | None) -> Verdicts | None:
        if not preview.complete:
            # Half a graph would be full of what only seems to be missing.
            return None
        found = judged(preview, state, today)
        written = [path.stat().st_mtime for path in stores.glob(f"{preview.stack}.*.json")] if stores else []
        if stores is None or not written or min(written) < since:
            return found
        return recorded(evidence.read(stores, preview.stack), found.before)

    return say


def read_state(path: Path) -> Mapping[str, Any]:
    """Return a state: `pulumi stack export`, or a backend's file. Raises PreviewError for a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PreviewError(f"{path} is no state ({type(error).__name__}): give what `pulumi stack export` printed") from None
    if not isinstance(found, dict) or not ({"checkpoint", "deployment"} & found.keys()):
        raise PreviewError(f"{path} is no state: expected `deployment` or `checkpoint` in it; give what `pulumi stack export` printed")
    return found
