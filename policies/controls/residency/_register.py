"""Whether data may be where it goes: asked of the register of transfers, today."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from config.transfers import FILE, TransferRegister
from config.vocabulary import DataClass, Region
from policies.values import ABSENT, UNKNOWN, Answer

_ROOT = Path(__file__).resolve().parents[3]
REGIONS = frozenset(map(str, Region))
ALLOWED = f"a region that {FILE} names today for its data class"


@cache
def register() -> TransferRegister:
    """Return the register of transfers."""
    return TransferRegister.model_validate(yaml.safe_load((_ROOT / FILE).read_text(encoding="utf-8")))


def lawful(data: Any, home: Any, there: Any, today: date | None = None) -> Answer:
    """Tell whether data of a class may go from one region to another; a row that has expired permits nothing.

    What stays needs no row. None while a region or the class is unknown; no for a class that is not known at all, and for a place that is
    no region, since what nobody can name has no row.
    """
    if home == there and home in REGIONS:
        return True
    places = [place for place in (home, there) if place not in (UNKNOWN, ABSENT)]
    if not REGIONS.issuperset(places):
        return False
    if len(places) < 2:
        return None
    if data is UNKNOWN:
        return None
    if data is ABSENT:
        return False
    return register().missing(DataClass(data), Region(home), Region(there), today or datetime.now(UTC).date()) is None
