"""Brings the lock up to what registries say: whole, sorted, and never with a digest that nobody gave."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from config.software import UNRESOLVED, SoftwareItem
from scripts.pin_images.charts import ChartRepositories
from scripts.pin_images.registry import Reference, Registry
from scripts.pin_images.web import NoAnswerError, WrongAnswerError

HEADER = """\
# Written by `make pin-images`, which asks each registry. `unresolved`: none could be asked yet; `pulumi up` on AWS refuses it.
"""
_AT_ONCE = 4

Lookup = Callable[[SoftwareItem], str]


@dataclass
class Outcome:
    """What a run found, by reference."""

    digests: dict[str, str] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    unresolved: dict[str, str] = field(default_factory=dict)
    """Reason by reference that has no digest."""
    kept: dict[str, str] = field(default_factory=dict)
    """Reason by reference whose digest of an earlier run stays."""
    wrong: dict[str, str] = field(default_factory=dict)
    """What must be looked at: answers that contradict each other, or the lock."""

    @property
    def exit_code(self) -> int:
        """0: every digest is known; 3: some are not yet; 4: an answer is wrong, or a tag has moved."""
        return 4 if self.wrong else 3 if self.unresolved else 0


def lookup_of(registry: Registry, charts: ChartRepositories, mirror: str | None = None) -> Lookup:
    """Return what asks for one item; images are asked of `mirror` where one is given, under the name of their own registry."""

    def ask(item: SoftwareItem) -> str:
        if item.kind == "chart" and not item.repository.startswith("oci://"):
            return charts.digest(item.repository, item.chart, item.version)
        reference = Reference.parse(item.reference)
        if mirror is not None:
            reference = Reference(mirror, f"{reference.registry}/{reference.name}", reference.tag)
        return registry.digest(reference)

    return ask


def pin(items: Sequence[SoftwareItem], known: Mapping[str, str], ask: Lookup, *, accept_moved: bool = False) -> Outcome:
    """Return the lock's new content: a digest that was known and is contradicted stays, unless moved tags are accepted."""
    rows = {item.reference: item for item in items}
    outcome = Outcome()
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = list(pool.map(lambda item: _asked(item, ask), rows.values()))
    for reference, (digest, problem, is_wrong) in zip(rows, answers, strict=True):
        before = known.get(reference, UNRESOLVED)
        outcome.digests[reference] = before
        if is_wrong:
            outcome.wrong[reference] = problem
        elif digest is None:
            (outcome.unresolved if before == UNRESOLVED else outcome.kept)[reference] = problem
        elif before not in (UNRESOLVED, digest) and not accept_moved:
            outcome.wrong[reference] = f"its tag has moved from {before} to {digest}: find out why, then give ACCEPT_MOVED=1"
        else:
            outcome.digests[reference] = digest
            outcome.resolved.append(reference)
    return outcome


def _asked(item: SoftwareItem, ask: Lookup) -> tuple[str | None, str, bool]:
    try:
        return ask(item), "", False
    except NoAnswerError as error:
        return None, str(error), False
    except WrongAnswerError as error:
        return None, str(error), True


def write(path: Path, digests: Mapping[str, str]) -> None:
    """Write the lock, sorted, in one step: a reader sees the old file or the new one."""
    text = HEADER + "digests:\n" + "".join(f"  {reference}: {digests[reference]}\n" for reference in sorted(digests))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
