"""Every control with the changes of the shipped estate that its test has for it."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from policies.control import Control
from tests.kit.policies import Mutation

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = sorted(path for path in (ROOT / "policies/controls").rglob("*.py") if not path.name.startswith("_"))


@dataclass(frozen=True)
class Tried:
    """A control's module, and what it is tried by."""

    module: ModuleType
    caught: tuple[Mutation, ...]
    spared: tuple[Mutation, ...]

    @property
    def control(self) -> Control:
        """The control itself."""
        made = self.module.CONTROL
        assert isinstance(made, Control)
        return made


def tried(path: Path) -> Tried:
    """Return what the test of a control's file has; fails where that is missing or no mutation."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    test = importlib.import_module(".".join(["tests", *parts[:-1], f"test_{parts[-1]}"]))
    caught, spared = tuple(test.CAUGHT), tuple(test.SPARED)
    assert caught and spared, f"{path} needs changes that it catches, and others that it lets pass"
    assert all(isinstance(each, Mutation) for each in (*caught, *spared)), path
    return Tried(importlib.import_module(".".join(parts)), caught, spared)


@cache
def everything() -> tuple[Tried, ...]:
    """Return all controls by their ids, each with what it is tried by."""
    return tuple(sorted(map(tried, CONTROLS), key=lambda each: each.control.id))


def mutations(each: Tried) -> Iterator[Mutation]:
    """Give all changes of a control."""
    yield from each.caught
    yield from each.spared
