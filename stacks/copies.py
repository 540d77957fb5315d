"""Where a stack keeps copies of its data: other regions, each with keys of its own (D1, REG-1, BDR-1)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components._base import Context
from components.security.data_key import DataKey, DataKeyArgs
from config.estate import HUB_REGION
from config.load import Settings
from config.vocabulary import DataClass, Region


@dataclass(frozen=True, kw_only=True, slots=True)
class CopySite:
    """Another region that holds copies of this stack's data, whether a stack of the estate is there or not."""

    region: Region
    context: Context
    """Names, tags and ARNs of what this stack keeps there; a component that is given it stands there."""
    keys: Mapping[DataClass, pulumi.Output[str]]
    """ARN of the KMS key there, of each class of data that is copied there; this stack's own, so that its copies need no other stack."""
    stack: str | None
    """The stack of this environment in that region; None where the estate has none."""

    def named(self, name: str) -> str:
        """Return the logical name of a component that stands there: after the region's code, as ADR 0016 has it."""
        return self.context.logical(name)


def build_copies(settings: Settings, context: Context) -> tuple[CopySite, ...]:
    """Build keys in each region that data of this stack is copied to; staging copies nothing.

    Raises ConfigError naming the row to write when the transfer register allows no such copy.
    """
    return tuple(_site(settings, context, region, classes) for region, classes in destinations(settings).items())


def destinations(settings: Settings) -> dict[Region, tuple[DataClass, ...]]:
    """Return the classes of data that each other region holds copies of, along the transfer register.

    Credentials go where personal data goes, if a row of their own names that flow.

    Raises ConfigError naming the row to write.
    """
    plan, register = settings.plan, settings.estate.register
    found: dict[Region, tuple[DataClass, ...]] = {}
    for data, region in plan.flows(HUB_REGION):
        register.require(data, plan.region, region)
        with_credentials = data is DataClass.PERSONAL and register.names(DataClass.CREDENTIALS, plan.region, region)
        found[region] = (*found.get(region, ()), data, *((DataClass.CREDENTIALS,) if with_credentials else ()))
    return found


def sites_for(copies: tuple[CopySite, ...], data_class: DataClass) -> tuple[CopySite, ...]:
    """Return the sites that hold copies of a class of data."""
    return tuple(site for site in copies if data_class in site.keys)


def _site(settings: Settings, context: Context, region: Region, classes: tuple[DataClass, ...]) -> CopySite:
    there = context.copy_in(region)
    keys = {
        each: DataKey(there.logical(f"keys-{each}"), there, DataKeyArgs(data_class=each, protect=settings.plan.protect)).arn
        for each in classes
    }
    return CopySite(region=region, context=there, keys=keys, stack=settings.estate.stack_in(region, settings.stack))
