"""What joins a region to others: its transit gateway, peerings, offices and enterprise tenants' networks (NET-2, NET-6, NET-8, D3, D12)."""

from collections.abc import Mapping

import pulumi

from components._base import Context
from components.network.attached_network import AttachedNetwork, AttachedNetworkArgs
from components.network.network import Network, NetworkArgs
from components.network.site_vpn import SiteVpn, SiteVpnArgs
from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.network.transit_gateway import TransitGateway, TransitGatewayArgs
from components.network.transit_peering import PeeringEnd, TransitPeering, TransitPeeringArgs
from config.connectivity import EnterpriseNetworkPlan
from config.load import Settings
from config.models import RegionPlan
from config.vocabulary import DataClass
from stacks.foundation import Foundation
from stacks.handoff import RegionExports

TRANSIT = "transit"


def remote_networks(settings: Settings) -> dict[str, str]:
    """Return what a region reaches by its transit gateway: a name, which is part of a route's identity, to a CIDR.

    Regions are named by their ASN, which is how gateways know each other.
    """
    estate, connectivity = settings.estate, settings.plan.connectivity
    peers = {f"region-{estate.plans[peer].network.asn}": str(estate.plans[peer].network.cidr) for peer in estate.peers(settings.stack)}
    offices = {_office_route(office.name, order): str(cidr) for office in connectivity.vpn for order, cidr in enumerate(office.networks)}
    tenants = {f"tenant-{tenant.name}": str(tenant.cidr) for tenant in connectivity.enterprise_networks}
    return {**peers, **offices, **tenants}


def build_transit(
    settings: Settings, context: Context, foundation: Foundation, network: Network, api_security_group_id: pulumi.Input[str]
) -> TransitGateway:
    """Build the region's gateway with its VPC, its offices and its tenants' networks.

    `api_security_group_id` guards the Kubernetes API, which offices reach.
    """
    plan = settings.plan
    zones = plan.network.zones
    gateway = TransitGateway(
        TRANSIT,
        context,
        TransitGatewayArgs(
            asn=plan.network.asn,
            vpc_id=network.vpc_id,
            vpc_cidr=str(plan.network.cidr),
            shared_cidr=network.plan.block(SubnetTier.PRIVATE),
            subnet_ids=network.private_subnet_ids,
            route_table_ids={zone: network.private_route_table_ids[order] for order, zone in enumerate(zones)},
            remote_networks=remote_networks(settings),
        ),
    )
    for office in plan.connectivity.vpn:
        SiteVpn(
            f"vpn-{office.name}",
            context,
            SiteVpnArgs(
                gateway_id=gateway.gateway_id,
                core_table_id=gateway.core_table_id,
                vpn_table_id=gateway.vpn_table_id,
                address=str(office.address),
                networks=tuple(str(each) for each in office.networks),
                bgp_asn=office.asn,
                api_security_group_id=api_security_group_id,
                log_key_arn=foundation.keys.logs_arn,
                alert_topic_arn=foundation.alert_topic_arn,
                log_retention_days=plan.log_retention_days,
            ),
        )
    for tenant in plan.connectivity.enterprise_networks:
        _tenant_network(settings, context, foundation, gateway, tenant)
    return gateway


def build_peerings(settings: Settings, context: Context, region: RegionExports, earlier: Mapping[str, RegionExports]) -> None:
    """Join this region to each earlier one of its environment (D12); `earlier` are their exports by stack.

    Raises ConfigError naming the row to write when the transfer register knows no route between the two.
    """
    estate = settings.estate
    for stack in estate.earlier_peers(settings.stack):
        far = estate.plans[stack]
        for source, destination in ((settings.plan.region, far.region), (far.region, settings.plan.region)):
            estate.register.require(DataClass.OPERATIONAL, source, destination)
        TransitPeering(
            f"{TRANSIT}-peering-{far.network.asn}",
            context,
            TransitPeeringArgs(
                near=_end(settings.plan, region),
                far=_end(far, earlier[stack]),
                there=context.copy_in(far.region),
                account_id=far.account_id,
            ),
        )


def _end(plan: RegionPlan, exports: RegionExports) -> PeeringEnd:
    return PeeringEnd(
        gateway_id=exports.transit_gateway_id,
        cidr=str(plan.network.cidr),
        core_table_id=exports.transit_core_table_id,
        peers_table_id=exports.transit_peers_table_id,
    )


def _tenant_network(
    settings: Settings, context: Context, foundation: Foundation, gateway: TransitGateway, tenant: EnterpriseNetworkPlan
) -> None:
    plan, name = settings.plan, f"tenant-{tenant.name}"
    shared = SubnetPlan(str(plan.network.cidr), plan.network.zones).block(SubnetTier.PRIVATE)
    network = Network(
        f"{name}-network",
        context,
        NetworkArgs(
            cidr=str(tenant.cidr),
            zones=plan.network.zones,
            log_key_arn=foundation.keys.logs_arn,
            nat_per_zone=plan.network.nat == "per-zone",
            routed_networks=(shared,),
            flow_log_retention_days=plan.log_retention_days,
        ),
    )
    AttachedNetwork(
        name,
        context,
        AttachedNetworkArgs(
            gateway_id=gateway.gateway_id,
            core_table_id=gateway.core_table_id,
            enterprise_table_id=gateway.enterprise_table_id,
            vpc_id=network.vpc_id,
            cidr=str(tenant.cidr),
            shared_cidr=shared,
            subnet_ids=network.private_subnet_ids,
            route_table_ids={zone: network.private_route_table_ids[order] for order, zone in enumerate(plan.network.zones)},
        ),
    )


def _office_route(name: str, order: int) -> str:
    """Return the name of a route to one of an office's networks; the first has the office's."""
    return f"office-{name}" if order == 0 else f"office-{name}-{chr(ord('a') + order)}"
