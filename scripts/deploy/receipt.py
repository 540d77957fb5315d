"""What goes with a saved plan: of which stack and commit it is, what it does, and which exports it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.engine.events import ROOT_TYPE

LONGEST = timedelta(days=2)
"""Between a plan and its approval: after that others have changed too much for anybody to know what was approved."""


class ReceiptError(Exception):
    """A plan may not be applied; says what was found, what is allowed and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A plan's origin and what it comes to."""

    stack: str
    commit: str
    made: str
    """Moment in ISO 8601, UTC."""
    sha256: str
    """Of the plan's file."""
    changes: Mapping[str, int]
    """Resources per operation, those that stay left out."""
    exports: tuple[str, ...]
    """Names of the stack's outputs that are new, gone, or of another value, or of one that is not known before."""
    first: bool
    """Whether the stack was never brought up before."""


def beside(plan: Path) -> Path:
    """Return where a plan's receipt lies."""
    return plan.with_suffix(".receipt.json")


def issue(plan: Path, *, stack: str, commit: str, changes: Mapping[str, int], now: datetime) -> Receipt:
    """Write the receipt of a plan beside it, and return it. Raises ReceiptError for a file that is no plan of the engine."""
    content = plan.read_bytes()
    roots = _roots(content.decode())
    made = Receipt(
        stack=stack,
        commit=commit,
        made=now.isoformat(timespec="seconds"),
        sha256=hashlib.sha256(content).hexdigest(),
        changes=dict(changes),
        exports=_exports(roots),
        first=any("create" in (root.get("steps") or ()) for root in roots),
    )
    beside(plan).write_text(json.dumps(asdict(made), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return made


def read(plan: Path) -> Receipt:
    """Return the receipt of a plan. Raises ReceiptError when there is none, or it is none of ours."""
    try:
        found: dict[str, Any] = json.loads(beside(plan).read_text(encoding="utf-8"))
        return Receipt(**{**found, "exports": tuple(found["exports"])})
    except OSError as error:
        raise ReceiptError(f"{beside(plan)} cannot be read: a plan is applied with its receipt; make both with `make plan`") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReceiptError(f"{beside(plan)} is no receipt of a plan: make plan and receipt anew with `make plan`") from error


def check(plan: Path, *, stack: str, commit: str, now: datetime) -> Receipt:
    """Return the receipt of a plan that may be applied to this stack, at this commit, now. Raises ReceiptError saying why it may not."""
    found = read(plan)
    again = f"make a new one with `make plan STACK={stack}`"
    if found.stack != stack:
        raise ReceiptError(f"{plan} is the plan of stack {found.stack}, not of {stack}: {again}")
    if found.commit != commit:
        raise ReceiptError(f"{plan} was made of commit {found.commit}, and this is {commit}: {again}")
    if not plan.is_file() or hashlib.sha256(plan.read_bytes()).hexdigest() != found.sha256:
        raise ReceiptError(f"{plan} is missing, or not the one that was looked at (its SHA-256 differs from the receipt's): {again}")
    if found.first:
        # Providers of clusters know nothing until the cluster is there, and take inputs otherwise then: the engine would stop half way.
        raise ReceiptError(
            f"{stack} was never brought up, and its first `up` cannot keep to a plan, since much is not known before: "
            f"run `pulumi up -s {stack}` by hand once (docs/guides/operate-on-aws.md)"
        )
    age = now - datetime.fromisoformat(found.made)
    if age > LONGEST:
        raise ReceiptError(f"{plan} is {age.days} days old, and {LONGEST.days} are allowed: {again}")
    return found


def applied(plan: Path, began: datetime) -> None:
    """Note beside a plan when it began to be applied, for who watches afterwards."""
    _note(plan).write_text(began.isoformat() + "\n", encoding="utf-8")


def applied_at(plan: Path) -> datetime | None:
    """Return when a plan began to be applied; None when nobody noted it."""
    return datetime.fromisoformat(_note(plan).read_text(encoding="utf-8").strip()) if _note(plan).exists() else None


def _roots(plan: str) -> list[dict[str, Any]]:
    """Return what a plan says of the stack itself. Raises ReceiptError for a file that is no plan of the engine."""
    try:
        planned: dict[str, dict[str, Any]] = json.loads(plan)["resourcePlans"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReceiptError("the file is no plan of the engine: make one with `make plan`") from error
    return [entry for urn, entry in planned.items() if f"::{ROOT_TYPE}::" in urn]


def _exports(roots: list[dict[str, Any]]) -> tuple[str, ...]:
    names: set[str] = set()
    for root in roots:
        differing = (root.get("goal") or {}).get("outputDiff") or {}
        names |= {*(differing.get("adds") or ()), *(differing.get("updates") or ()), *(differing.get("deletes") or ())}
    return tuple(sorted(names))


def _note(plan: Path) -> Path:
    return plan.with_suffix(".applied")
