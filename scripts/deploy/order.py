"""In which order the production stacks are changed: the latest first, unless what an earlier one exports changes (D12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum

from config.estate import Estate, in_order
from config.vocabulary import Environment
from scripts.deploy.receipt import Receipt
from stacks.handoff import HUB_PREFIX, HubExports, RegionExports


class OrderError(Exception):
    """The order would give a stack what it reads too late; says which export, who reads it, and what to do."""


class Rollout(StrEnum):
    """Which stack of production goes first."""

    REGIONS = "regions"
    """The one that fewest depend on first, the hub last: sa-east-1, eu-west-1, us-east-1."""
    DEPENDENCIES = "dependencies"
    """The one that others read first: us-east-1, eu-west-1, sa-east-1."""


def order(estate: Estate, rollout: Rollout) -> list[str]:
    """Return the production stacks in the order in which they are changed."""
    found = [stack for stack in in_order(estate.plans) if estate.plans[stack].environment is Environment.PRODUCTION]
    return found if rollout is Rollout.DEPENDENCIES else found[::-1]


def readers(estate: Estate, stack: str, export: str) -> list[str]:
    """Return the stacks that read an output of `stack`: all others the hub's, later peers a region's."""
    if export.startswith(HUB_PREFIX):
        known = export.removeprefix(HUB_PREFIX) in {field.name for field in fields(HubExports)}
        return [other for other in in_order(estate.plans) if other != stack] if known and estate.plans[stack].hub else []
    if export not in {field.name for field in fields(RegionExports)}:
        return []
    return [other for other in estate.peers(stack) if stack in estate.earlier_peers(other)]


def check(estate: Estate, rollout: Rollout, receipts: Iterable[Receipt]) -> None:
    """Raise OrderError when a stack would be changed after one that reads what changes of it."""
    places = {stack: place for place, stack in enumerate(order(estate, rollout))}
    late = [
        f"{receipt.stack} changes {export}, which {', '.join(behind)} read{'s' if len(behind) == 1 else ''}"
        for receipt in receipts
        if receipt.stack in places
        for export in receipt.exports
        if (
            behind := [
                reader
                for reader in readers(estate, receipt.stack, export)
                if places.get(reader, -1) > -1 and places[reader] < places[receipt.stack]
            ]
        )
    ]
    if late:
        raise OrderError(
            f"in the order {', '.join(places)} a stack would be changed before what it reads: {'; '.join(late)}. "
            f"Run the pipeline with ROLLOUT={Rollout.DEPENDENCIES}, or split the change: first what exports, then what reads"
        )
