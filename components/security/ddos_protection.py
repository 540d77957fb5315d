"""Protection from floods beyond what AWS gives everyone (SEC-3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.shield.protection import Protection
from pulumi_aws.shield.subscription import Subscription

from components._base import Component, Context
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class DdosProtectionArgs:
    """What is protected.

    Raises ValueError when there is nothing to protect and nothing to subscribe to.
    """

    resources: Mapping[str, pulumi.Input[str]]
    """Short name to ARN of a distribution, a hosted zone, a load balancer or an address."""
    subscribe: bool
    """Whether the account's subscription is made here: once in an account."""

    def __post_init__(self) -> None:
        if not self.resources and not self.subscribe:
            raise ValueError("resources must name at least one resource where nothing is subscribed to (got none)")


class DdosProtection(Component, token="security:DdosProtection"):
    """Shield Advanced over the public entries (SEC-3).

    Shield Standard guards every account for nothing and needs no resource. Advanced is a commitment of a year; when this goes, AWS keeps
    the subscription and only stops renewing it.
    Source: https://docs.aws.amazon.com/waf/latest/developerguide/ddos-advanced-summary.html
    """

    protected: pulumi.Output[list[str]]
    """ARNs of what is protected."""

    def __init__(self, name: str, context: Context, args: DdosProtectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        first = [Subscription(f"{name}-subscription", auto_renew="ENABLED", opts=self.child())] if args.subscribe else []
        protections = [
            Protection(
                f"{name}-{short}",
                name=context.physical(short, limit=128),
                resource_arn=arn,
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-{short}"),
                opts=self.child(depends_on=first),
            )
            for short, arn in args.resources.items()
        ]
        self.protected = pulumi.Output.all(*[each.resource_arn for each in protections])
        self.publish()
