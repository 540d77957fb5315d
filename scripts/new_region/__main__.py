"""`python -m scripts.new_region ap-southeast-2`: writes the stack file of a new region, and the register rows to fill in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated

import typer

from config import transfers
from config.errors import ConfigError, nearest
from config.estate import Estate, stack_file
from config.load import ROOT, load
from config.vocabulary import Environment, Law, Region
from policies.limits import limits
from scripts.new_region import choices
from scripts.new_region.files import Filling, register_text, rows, stack_text

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_LEAST_STANDARD, _INTENSIVE = 2, 1


class RefusedError(Exception):
    """The region cannot be added; nothing was written."""


@application.command()
def main(
    name: Annotated[str, typer.Argument(help="An AWS region such as ap-southeast-2.")],
    law: Annotated[str | None, typer.Option(help=f"Law on its personal data: {', '.join(Law)}; left to fill in when absent.")] = None,
    copies: Annotated[list[str] | None, typer.Option(help="A region that holds copies of its personal data; may be repeated.")] = None,
    project: Annotated[Path, typer.Option(help="The folder of Pulumi.yaml.")] = ROOT,
) -> None:
    """Write what a new region takes, and say what is left to decide."""
    try:
        said = add(project, name, law, copies or [])
    except (RefusedError, ConfigError, choices.NothingFreeError) as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print("\n".join(said))


def add(project: Path, name: str, law: str | None, copies: Sequence[str]) -> list[str]:
    """Write the files of the region `name`; return what to tell, line by line.

    Raises RefusedError, ConfigError when the estate is wrong already, and NothingFreeError; each before anything is written.
    """
    region, kept_in = _region(name), [_region(copy) for copy in copies]
    if region in kept_in:
        raise RefusedError(f"copies of {region} in {region} itself are none: name other regions")
    if law is not None and law not in list(Law):
        raise RefusedError(f"there is no law {law!r}: the laws are {', '.join(Law)}")
    file = project / stack_file(region)
    if file.exists():
        raise RefusedError(f"{file.name} is there already: change it, or remove it first")
    estate = _estate(project)
    zones = choices.zones_of(region)
    if len(zones) < 2:
        raise RefusedError(f"the zones of {region} are not known: write {file.name} by hand, after another region's")
    room = _room(estate)
    filling = Filling(
        region=region,
        account=estate.plans[estate.hub_stack].account_id,
        law=law,
        copies=kept_in,
        cidr=str(choices.free_network(_networks(estate))),
        zones=zones,
        asn=choices.next_asn(plan.network.asn for plan in estate.plans.values()),
        standard_max=max(_LEAST_STANDARD, min(room - _INTENSIVE, _most_nodes())),
    )
    found = rows(region, _production(estate), kept_in)
    file.write_text(stack_text(filling), encoding="utf-8")
    register = project / transfers.FILE
    register.write_text(register.read_text(encoding="utf-8") + register_text(region, found), encoding="utf-8")
    return _told(filling, found, room, estate)


def _region(name: str) -> Region:
    try:
        return Region(name)
    except ValueError:
        close = nearest(name, list(Region))
        raise RefusedError(
            f"AWS has no region {name!r}" + (f"; did you mean {close}?" if close else f": it has {', '.join(Region)}")
        ) from None


def _estate(project: Path) -> Estate:
    stacks = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))
    if not stacks:
        raise RefusedError(f"{project} has no stack file beside which a region could stand")
    return load(stacks[0], root=project).estate


def _networks(estate: Estate) -> list[IPv4Network]:
    plans = estate.plans.values()
    offices = [network for plan in plans for office in plan.connectivity.vpn for network in office.networks]
    tenants = [tenant.cidr for plan in plans for tenant in plan.connectivity.enterprise_networks]
    return [*(plan.network.cidr for plan in plans), *offices, *tenants]


def _production(estate: Estate) -> list[Region]:
    return [plan.region for plan in estate.plans.values() if plan.environment is Environment.PRODUCTION]


def _room(estate: Estate) -> int:
    """Return how many more nodes production may have (CMP-4)."""
    pools = [
        pool
        for plan in estate.plans.values()
        if plan.environment is Environment.PRODUCTION
        for pool in (plan.cluster.standard, plan.cluster.intensive)
    ]
    return estate.facts.instances.max - sum(pool.max for pool in pools)


def _most_nodes() -> int:
    """Return how many nodes of one group the policies let production have (COST-01)."""
    return limits().environments[Environment.PRODUCTION].nodes.most_nodes


def _told(filling: Filling, found: Sequence[str], room: int, estate: Estate) -> list[str]:
    region, needed = filling.region, filling.standard_max + _INTENSIVE
    told = [f"wrote {stack_file(region)}: {filling.cidr}, ASN {filling.asn}, zones {', '.join(filling.zones)}", "", "left to decide:"]
    if filling.law is None:
        told.append(f"  {stack_file(region)}: morefocus:law, and morefocus:markets")
    if not filling.copies:
        told.append(
            f"  {stack_file(region)}: morefocus:copies, the regions that keep copies of its personal data, each with rows in the register"
        )
    told.append(f"  {transfers.FILE}: these rows, appended as comments")
    told += [f"    {row}" for row in found]
    if needed > room:
        least = estate.facts.instances.max + needed - room
        told.append(
            f"  config/estate.yaml: instances.max at least {least}, or a lower max in another region (nodes free now: {max(room, 0)})"
        )
    missing = choices.lacking(region)
    if missing is None:
        told.append(
            f"  not known offline: which of the estate's resource types AWS has in {region}; see https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/"
        )
    elif missing:
        told.append(f"  AWS has none of these in {region}: {', '.join(missing)}")
    return [*told, "", f"then: make preview STACK={region}, make up STACK={region}"]


if __name__ == "__main__":
    application()
