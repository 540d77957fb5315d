"""The name by which the hub knows a region's load balancer: `origin.<code>.<domain>` (D12)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.route53.record import Record

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import Region


def origin_host(region: Region, domain: str) -> str:
    """Return the name of a region's origin, such as `origin.euw1.example.com`; staging gives a domain of its own.

    Both sides derive it: the hub needs no reference to a region that comes after it.
    """
    return f"origin.{region.code}.{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginArgs:
    """The zone is the hub's; the load balancer is the region's."""

    zone_id: pulumi.Input[str]
    domain: str
    load_balancer_dns_name: pulumi.Input[str]
    load_balancer_zone_id: pulumi.Input[str]


class Origin(Component, token="edge:Origin"):
    """An alias record in the zone that points to the load balancer of this region."""

    host: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: OriginArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        host = origin_host(context.region, args.domain)
        Record(
            f"{name}-record",
            zone_id=args.zone_id,
            name=host,
            type="A",
            aliases=[{"name": args.load_balancer_dns_name, "zone_id": args.load_balancer_zone_id, "evaluate_target_health": True}],
            opts=self.child(),
        )
        self.host = pulumi.Output.from_input(host)
        self.publish()
