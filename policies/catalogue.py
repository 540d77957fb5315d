"""Every control there is, found by its file: none is registered by hand, so none can be forgotten."""

import importlib
import pkgutil
import re
from functools import cache

from policies import controls
from policies.control import Control, Framework

HOUSE = "morefocus"
"""The company's own pack."""
PACKS = (*(str(framework) for framework in Framework), HOUSE)
EVERY = "all"
"""All packs in one process, each control once: what `make up`, previews and pipelines run."""

_ID = re.compile(r"^[A-Z][A-Z0-9]*-\d{2}$")


@cache
def catalogue() -> dict[str, Control]:
    """Return every control by its id, in the order of ids.

    Raises ValueError naming the file for one without a CONTROL, or an id that is misspelt or taken.
    """
    found: dict[str, Control] = {}
    for entry in pkgutil.walk_packages(controls.__path__, f"{controls.__name__}."):
        if entry.ispkg or entry.name.rpartition(".")[2].startswith("_"):
            continue
        control = getattr(importlib.import_module(entry.name), "CONTROL", None)
        if not isinstance(control, Control):
            raise ValueError(f"{entry.name} has no CONTROL: assign one, or begin the file's name with an underscore")
        if not _ID.match(control.id) or control.id in found:
            raise ValueError(f"{entry.name} has the id {control.id!r}: allowed is letters, a hyphen and two digits that no other has")
        found[control.id] = control
    return dict(sorted(found.items()))


def held_by(pack: str) -> list[Control]:
    """Return a pack's controls: those with a clause of its framework; the company's own holds what is marked so or has no clause.

    `all` holds every one. Raises ValueError for a pack that is none.
    """
    if pack == EVERY:
        return list(catalogue().values())
    if pack not in PACKS:
        raise ValueError(f"there is no pack {pack!r}: allowed are {', '.join([*PACKS, EVERY])}")
    if pack == HOUSE:
        return [control for control in catalogue().values() if control.house or not control.clauses]
    return [control for control in catalogue().values() if control.answers(Framework(pack))]
