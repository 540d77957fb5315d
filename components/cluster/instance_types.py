"""Which instance types may stand in for each other: Spot capacity is found more often among several (CMP-2, CMP-3)."""

from collections.abc import Mapping

EQUALS: Mapping[str, tuple[str, ...]] = {
    "t3.large": ("t3a.large", "m5.large", "m5a.large", "m6i.large", "m6a.large"),
    "c5.xlarge": ("c5a.xlarge", "c5d.xlarge", "c5n.xlarge", "c6i.xlarge", "c6a.xlarge"),
}
"""Types with the same processors and architecture and no less memory, offered in all regions of the estate."""


def spot_types(instance_type: str) -> tuple[str, ...]:
    """Return the type and its equals, the type first. Raises ValueError for a type without known equals."""
    if instance_type not in EQUALS:
        known = ", ".join(EQUALS)
        raise ValueError(f"no equals of {instance_type!r} are known (of {known} they are): give spot_instance_types")
    return (instance_type, *EQUALS[instance_type])
