"""What a region exports, and the site of its cluster, for tests of what runs there."""

from dataclasses import fields
from typing import Any

from stacks.handoff import RegionExports


def exports() -> RegionExports:
    """Return what a region exports: each value named after its field, lists of one."""
    lists = {field.name for field in fields(RegionExports) if "list" in str(field.type)}
    values: dict[str, Any] = {
        field.name: [f"{field.name}-0"] if field.name in lists else f"the-{field.name}" for field in fields(RegionExports)
    }
    return RegionExports(**values)
