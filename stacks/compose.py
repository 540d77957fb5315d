"""The stack that settings describe: the hub where the plan says so, and the region always."""

import pulumi

from components._base import Context
from config.load import Settings
from stacks.connectivity import build_peerings
from stacks.copies import build_copies
from stacks.costs import build_costs
from stacks.foundation import build_foundation
from stacks.front import build_front
from stacks.guarding import build_guarding
from stacks.handoff import HubExports, Readings, publish_hub, publish_region, publish_scheduling, read_earlier
from stacks.hub import build_hub, build_zone
from stacks.identity import build_identity
from stacks.logging import build_logging
from stacks.platform import build_platform
from stacks.pools import node_pools
from stacks.recovery import build_recovery
from stacks.region import build_region
from stacks.replication import build_replication
from stacks.response import build_response
from stacks.scheduling import agreed, build_scheduling
from stacks.secrets import build_secrets
from stacks.software import require_digests
from stacks.stores import Stores


def compose(settings: Settings, readings: Readings | None = None) -> None:
    """Build the stack that `settings` describe and publish its outputs; `readings` are of earlier stacks, when they have begun already.

    Raises ConfigError, and RunError without the earlier stacks, before anything is registered.
    """
    context = context_of(settings)
    require_digests(settings)
    pools = node_pools(settings)
    contract = agreed(settings)
    stores = Stores(settings)
    web: HubExports | None = None
    readings = readings or read_earlier(settings)
    # First of all: when an earlier stack is missing the program ends before anything is registered.
    hub = None if readings is None else readings.hub()
    earlier = {} if readings is None else readings.regions()
    if hub is None:
        foundation = build_foundation(settings, context)
        zone = build_zone(settings, context)
        web = build_hub(settings, context, foundation, zone)
        publish_hub(web)
        zone_id: pulumi.Input[str] = zone.zone_id
    else:
        zone_id = hub.zone_id
        foundation = build_foundation(settings, context)
    build_costs(settings, context, foundation)
    build_logging(settings, context, foundation)
    copies = build_copies(settings, context)
    build_recovery(settings, context, foundation, copies)
    roles = build_identity(settings, context, foundation)
    region = build_region(settings, context, foundation, zone_id, pools, roles=roles)
    publish_region(region)
    build_platform(settings, context, foundation, region, zone_id)
    build_response(settings, context, foundation, region)
    secrets = build_secrets(settings, context, foundation, copies, region.database_secret_arn)
    build_guarding(settings, context, foundation, region, web)
    build_peerings(settings, context, region, earlier)
    build_front(settings, context, foundation, region, zone_id=zone_id, hub=hub)
    build_replication(settings, context, foundation, region, copies=copies, earlier=earlier)
    if contract is not None:
        service = build_scheduling(
            settings, context, foundation, region, contract, secret_arns=secrets.arns, copies=copies, zone_id=zone_id, hub=hub
        )
        publish_scheduling(service)
    stores.check()


def context_of(settings: Settings) -> Context:
    """Return the facts that all components of the stack share."""
    plan = settings.plan
    return Context(
        environment=plan.environment,
        region=plan.region,
        owner=plan.owner,
        jurisdiction=plan.law,
        cost_centre=plan.cost_centre,
        account_id=plan.account_id,
    )
