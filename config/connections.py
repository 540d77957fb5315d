"""How many connections a PostgreSQL instance lets in, from the memory of its class (DAT-7)."""

import re
from typing import Final

_GIB = 2**30
_BYTES_EACH = 9_531_392
"""RDS's own default of max_connections is its memory by this.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
"""
_MOST = 5000
_LEFT = 0.9
"""Share of the class's memory that counts: the rest is the system's and RDS's."""
KEPT_FREE: Final = 25
"""Kept for superusers, RDS itself, the metrics exporter, migrations and an administrator."""
_PER_LARGE = {"r": 16, "x": 32, "m": 8}
"""GiB of the size `large` by the family's first letter. Source: https://aws.amazon.com/rds/instance-types/"""
_BURSTABLE = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}


def memory_gib(instance_class: str) -> int | None:
    """Return the memory of a class such as `db.r5.xlarge`; None for a family that is not known here."""
    _, family, size = instance_class.split(".")
    if family.startswith("t"):
        return _BURSTABLE.get(size)
    large = _PER_LARGE.get(family[0])
    found = re.fullmatch(r"(\d*)(x?large)", size)
    if large is None or found is None:
        return None
    return large if size == "large" else large * 2 * int(found[1] or 1)


def most_connections(instance_class: str) -> int | None:
    """Return how many connections poolers may hold at an instance of this class; None where its memory is not known."""
    memory = memory_gib(instance_class)
    return None if memory is None else min(int(memory * _GIB * _LEFT) // _BYTES_EACH, _MOST) - KEPT_FREE
