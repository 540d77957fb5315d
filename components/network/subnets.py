"""The subnets of one tier and the route tables they follow."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.route_table import RouteTable
from pulumi_aws.ec2.route_table_association import RouteTableAssociation
from pulumi_aws.ec2.subnet import Subnet

from components._base import Component, Context
from components.network.subnet_plan import SubnetPlan, SubnetTier, zone_letter
from config.vocabulary import DataClass

_KUBERNETES_ROLE = {
    SubnetTier.PUBLIC: {"kubernetes.io/role/elb": "1"},
    SubnetTier.PRIVATE: {"kubernetes.io/role/internal-elb": "1"},
    SubnetTier.ISOLATED: {},
}
"""Tags by which Kubernetes finds subnets for load balancers.

Source: https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubnetsArgs:
    """What the subnets of a tier are made from."""

    vpc_id: pulumi.Input[str]
    plan: SubnetPlan
    tier: SubnetTier


class Subnets(Component, token="network:Subnets"):
    """One subnet a zone, none of which gives public addresses, and their route tables, without any route yet.

    The private tier has a table a zone, since each zone leaves by its own NAT gateway; other tiers share one.
    """

    subnet_ids: pulumi.Output[list[str]]
    """In the order of the plan's zones."""
    route_table_ids: pulumi.Output[list[str]]
    """One a zone in the order of zones for the private tier, else a single one."""

    def __init__(self, name: str, context: Context, args: SubnetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self.by_zone = {zone: self._subnet(name, args, zone) for zone in args.plan.zones}
        """The subnet resource of each zone."""
        self.table_of = self._tables(name, args)
        """The route table resource that each zone follows."""
        for zone, subnet in self.by_zone.items():
            RouteTableAssociation(
                f"{name}-association-{zone_letter(zone)}",
                subnet_id=subnet.id,
                route_table_id=self.table_of[zone].id,
                opts=self.child(),
            )
        self.subnet_ids = pulumi.Output.all(*(subnet.id for subnet in self.by_zone.values()))
        tables = dict.fromkeys(self.table_of.values())
        self.route_table_ids = pulumi.Output.all(*(table.id for table in tables))
        self.publish()

    def _subnet(self, name: str, args: SubnetsArgs, zone: str) -> Subnet:
        logical = f"{name}-subnet-{zone_letter(zone)}"
        return Subnet(
            logical,
            vpc_id=args.vpc_id,
            availability_zone=zone,
            cidr_block=args.plan.subnet(args.tier, zone),
            # Said aloud, since the default of a subnet can differ with the account.
            map_public_ip_on_launch=False,
            tags=self.tags(DataClass.OPERATIONAL, name=logical) | _KUBERNETES_ROLE[args.tier],
            opts=self.child(),
        )

    def _tables(self, name: str, args: SubnetsArgs) -> dict[str, RouteTable]:
        if args.tier is SubnetTier.PRIVATE:
            return {zone: self._table(f"{name}-table-{zone_letter(zone)}", args) for zone in args.plan.zones}
        return dict.fromkeys(args.plan.zones, self._table(f"{name}-table", args))

    def _table(self, logical: str, args: SubnetsArgs) -> RouteTable:
        # Routes are resources of their own: gateway endpoints and transit gateways add theirs later.
        return RouteTable(logical, vpc_id=args.vpc_id, tags=self.tags(DataClass.OPERATIONAL, name=logical), opts=self.child())
