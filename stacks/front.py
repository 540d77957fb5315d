"""How the world finds a region's stateless front, and the next one when it fails (NET-7, REG-1, REG-2, D1, D9)."""

import pulumi

from components._base import Context
from components.edge.regional_front import RegionalFront, RegionalFrontArgs, front_host
from config.estate import HUB_REGION
from config.load import Settings
from stacks.foundation import Foundation
from stacks.handoff import HubExports, RegionExports


def front_names(settings: Settings) -> dict[str, str]:
    """Return the fronts' names that a region's load balancer answers to: a short name of each to the name.

    Its own, that of the nearest, and those of the regions it stands in for, which their ASN tells apart.
    """
    estate, plan, domain = settings.estate, settings.plan, settings.domain
    names = {"front": front_host(domain, plan.region), "nearest": front_host(domain)}
    for peer in estate.peers(settings.stack):
        other = estate.plans[peer]
        if other.connectivity.failover_to == plan.region:
            names[f"stand-in-{other.network.asn}"] = front_host(domain, other.region)
    return names


def build_front(
    settings: Settings,
    context: Context,
    foundation: Foundation,
    region: RegionExports,
    *,
    zone_id: pulumi.Input[str],
    hub: HubExports | None,
) -> None:
    """Build the region's front; `hub` is None in the hub's own stack."""
    stand_in = settings.plan.connectivity.failover_to
    here = context.region is HUB_REGION
    RegionalFront(
        "front",
        context,
        RegionalFrontArgs(
            zone_id=zone_id,
            domain=settings.domain,
            load_balancer_dns_name=region.load_balancer_dns_name,
            load_balancer_zone_id=region.load_balancer_zone_id,
            load_balancer_security_group_id=region.load_balancer_security_group_id,
            failover_to=None if stand_in is context.region else stand_in,
            # An alarm is where its metric is, and can tell a topic of the same region only.
            alert_topic_arn=foundation.alert_topic_arn if here or hub is None else hub.alert_topic_arn,
            alarm_context=context if here else context.copy_in(HUB_REGION),
        ),
    )
