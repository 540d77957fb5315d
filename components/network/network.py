"""A region's VPC with all it needs (NET-1, NET-5, NET-9)."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws.ec2.internet_gateway import InternetGateway
from pulumi_aws.ec2.route import Route
from pulumi_aws.ec2.vpc import Vpc

from components._base import Component, Context
from components._base.log_retention import check_retention
from components.network.access_control import AccessControl, AccessControlArgs
from components.network.access_rules import EVERYWHERE, AccessRules, access_rules, check_ports
from components.network.endpoint_policies import check_interface_services
from components.network.endpoints import CLUSTER_SERVICES, Endpoints, EndpointsArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.nat_gateways import NatGateways, NatGatewaysArgs
from components.network.subnet_plan import SubnetPlan, SubnetTier, check_zones
from components.network.subnets import Subnets, SubnetsArgs
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """What differs between the networks of regions.

    Raises ValueError as `SubnetPlan` does, for ports out of range, for unknown services and for a retention that does
    not exist.
    """

    cidr: str
    """Of the VPC, /16 to /20, different in each region (D3)."""
    zones: tuple[str, ...]
    """Availability zones by name. Their order fixes addresses: append, never reorder."""
    log_key_arn: pulumi.Input[str]
    """KMS key for the flow logs."""
    nat_per_zone: bool = True
    """False saves the price of a NAT gateway a zone, and lets one zone's loss take all ways out."""
    internet_ports: tuple[int, ...] = (80, 443, 587)
    """TCP ports that private subnets may reach outside: web, and mail submission."""
    data_ports: tuple[int, ...] = (2049, 5432, 6379)
    """TCP ports that the isolated tier serves to the private one: NFS, PostgreSQL, Redis."""
    routed_networks: tuple[str, ...] = ()
    """CIDRs behind a transit gateway with which private subnets exchange HTTPS: other regions, offices, tenants."""
    interface_services: tuple[str, ...] = CLUSTER_SERVICES
    """AWS services with an interface endpoint; each costs by the hour and zone."""
    readable_buckets: tuple[str, ...] = ()
    """Buckets of others in this region that may be read through the S3 endpoint."""
    flow_log_retention_days: int = 365

    def __post_init__(self) -> None:
        SubnetPlan(self.cidr, self.zones)
        check_ports("internet_ports", self.internet_ports)
        check_ports("data_ports", self.data_ports)
        check_interface_services(self.interface_services)
        check_retention("flow_log_retention_days", self.flow_log_retention_days)


class Network(Component, token="network:Network"):
    """One VPC: public, private and isolated subnets over the zones, ways out, filters, endpoints and flow logs.

    Raises ValueError when a zone is not of the context's region.
    """

    vpc_id: pulumi.Output[str]
    vpc_cidr: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[list[str]]
    private_subnet_ids: pulumi.Output[list[str]]
    isolated_subnet_ids: pulumi.Output[list[str]]
    private_route_table_ids: pulumi.Output[list[str]]
    isolated_route_table_ids: pulumi.Output[list[str]]
    nat_public_ips: pulumi.Output[list[str]]
    """Addresses the estate calls from."""
    endpoint_security_group_id: pulumi.Output[str]
    s3_prefix_list_id: pulumi.Output[str]
    flow_log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_zones(context.region, args.zones)
        super().__init__(name, context, opts)
        self.plan = SubnetPlan(args.cidr, args.zones)
        """Addresses of tiers and subnets, for rules elsewhere."""
        vpc = Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        tiers = {tier: self._subnets(name, vpc, tier) for tier in SubnetTier}
        nat, way_in = self._ways_out(name, vpc, tiers, args)
        AccessControl(
            f"{name}-access",
            context,
            AccessControlArgs(
                vpc=vpc,
                subnet_ids={tier: [subnet.id for subnet in subnets.by_zone.values()] for tier, subnets in tiers.items()},
                rules={tier: self._rules(tier, args) for tier in SubnetTier},
            ),
            opts=self.child(),
        )
        endpoints = self._endpoints(name, vpc, tiers[SubnetTier.PRIVATE], args)
        flow_logs = FlowLogs(
            f"{name}-flow-logs",
            context,
            FlowLogsArgs(vpc_id=vpc.id, key_arn=args.log_key_arn, retention_days=args.flow_log_retention_days),
            opts=self.child(),
        )
        self.vpc_id = vpc.id
        self.vpc_cidr = vpc.cidr_block
        # AWS refuses a public load balancer in a VPC without a way to the internet, and nodes cannot join without a way out:
        # whoever takes the subnets waits for theirs.
        self.public_subnet_ids = _after(tiers[SubnetTier.PUBLIC].subnet_ids, way_in.id)
        self.private_subnet_ids = _after(tiers[SubnetTier.PRIVATE].subnet_ids, nat.public_ips)
        self.isolated_subnet_ids = tiers[SubnetTier.ISOLATED].subnet_ids
        self.private_route_table_ids = tiers[SubnetTier.PRIVATE].route_table_ids
        self.isolated_route_table_ids = tiers[SubnetTier.ISOLATED].route_table_ids
        self.nat_public_ips = nat.public_ips
        self.endpoint_security_group_id = endpoints.security_group_id
        self.s3_prefix_list_id = endpoints.s3_prefix_list_id
        self.flow_log_group_name = flow_logs.log_group_name
        self.publish()

    def _subnets(self, name: str, vpc: Vpc, tier: SubnetTier) -> Subnets:
        args = SubnetsArgs(vpc_id=vpc.id, plan=self.plan, tier=tier)
        return Subnets(f"{name}-{tier}", self.context, args, opts=self.child())

    def _rules(self, tier: SubnetTier, args: NetworkArgs) -> AccessRules:
        return access_rules(
            tier,
            self.plan,
            internet_ports=args.internet_ports,
            data_ports=args.data_ports,
            routed_networks=args.routed_networks,
        )

    def _ways_out(self, name: str, vpc: Vpc, tiers: dict[SubnetTier, Subnets], args: NetworkArgs) -> tuple[NatGateways, Route]:
        gateway = InternetGateway(
            f"{name}-internet-gateway",
            vpc_id=vpc.id,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        public, private = tiers[SubnetTier.PUBLIC], tiers[SubnetTier.PRIVATE]
        way_in = Route(
            f"{name}-public-route",
            route_table_id=public.table_of[args.zones[0]].id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
            opts=self.child(),
        )
        nat = NatGateways(
            f"{name}-nat",
            self.context,
            NatGatewaysArgs(
                internet_gateway=gateway,
                public_subnet_ids={zone: subnet.id for zone, subnet in public.by_zone.items()},
                private_route_table_ids={zone: table.id for zone, table in private.table_of.items()},
                per_zone=args.nat_per_zone,
            ),
            opts=self.child(),
        )
        return nat, way_in

    def _endpoints(self, name: str, vpc: Vpc, private: Subnets, args: NetworkArgs) -> Endpoints:
        return Endpoints(
            f"{name}-endpoints",
            self.context,
            EndpointsArgs(
                vpc_id=vpc.id,
                subnet_ids=[subnet.id for subnet in private.by_zone.values()],
                route_table_ids=[table.id for table in private.table_of.values()],
                client_cidr=self.plan.block(SubnetTier.PRIVATE),
                interface_services=args.interface_services,
                readable_buckets=args.readable_buckets,
            ),
            opts=self.child(),
        )


def _after(subnet_ids: pulumi.Output[list[str]], way: pulumi.Output[Any]) -> pulumi.Output[list[str]]:
    return pulumi.Output.all(subnet_ids, way).apply(lambda known: list(known[0]))
