"""The private tier's way out to the internet."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.eip import Eip
from pulumi_aws.ec2.internet_gateway import InternetGateway
from pulumi_aws.ec2.nat_gateway import NatGateway
from pulumi_aws.ec2.route import Route

from components._base import Component, Context
from components.network.access_rules import EVERYWHERE
from components.network.subnet_plan import zone_letter
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class NatGatewaysArgs:
    """Where the gateways stand and whom they serve; both mappings are by zone.

    Raises ValueError when the zones of both differ.
    """

    internet_gateway: InternetGateway
    """A NAT gateway works only once this is attached."""
    public_subnet_ids: Mapping[str, pulumi.Input[str]]
    private_route_table_ids: Mapping[str, pulumi.Input[str]]
    per_zone: bool = True
    """A gateway a zone, so that a lost zone takes no other with it; False is one for all, in the first zone."""

    def __post_init__(self) -> None:
        if list(self.public_subnet_ids) != list(self.private_route_table_ids) or not self.public_subnet_ids:
            raise ValueError(
                "public_subnet_ids and private_route_table_ids must name the same zones in the same order "
                f"(got {list(self.public_subnet_ids)} and {list(self.private_route_table_ids)})"
            )


class NatGateways(Component, token="network:NatGateways"):
    """NAT gateways with fixed public addresses, and the default route of each private table to one of them."""

    public_ips: pulumi.Output[list[str]]
    """What the estate's calls come from, for allow-lists of others; in the order of zones."""

    def __init__(self, name: str, context: Context, args: NatGatewaysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        zones = list(args.public_subnet_ids)
        served = zones if args.per_zone else zones[:1]
        gateways = {zone: self._gateway(name, args, zone) for zone in served}
        for zone, table_id in args.private_route_table_ids.items():
            Route(
                f"{name}-route-{zone_letter(zone)}",
                route_table_id=table_id,
                destination_cidr_block=EVERYWHERE,
                nat_gateway_id=gateways.get(zone, gateways[served[0]]).id,
                opts=self.child(),
            )
        self.public_ips = pulumi.Output.all(*(gateway.public_ip for gateway in gateways.values()))
        self.publish()

    def _gateway(self, name: str, args: NatGatewaysArgs, zone: str) -> NatGateway:
        address_name, gateway_name = f"{name}-address-{zone_letter(zone)}", f"{name}-gateway-{zone_letter(zone)}"
        address = Eip(
            address_name,
            domain="vpc",
            tags=self.tags(DataClass.OPERATIONAL, name=address_name),
            opts=self.child(depends_on=[args.internet_gateway]),
        )
        return NatGateway(
            gateway_name,
            subnet_id=args.public_subnet_ids[zone],
            allocation_id=address.allocation_id,
            tags=self.tags(DataClass.OPERATIONAL, name=gateway_name),
            opts=self.child(depends_on=[args.internet_gateway]),
        )
