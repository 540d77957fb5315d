"""Where a function stands in a network, and the only places it can speak to from there (NET-5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.vpc.security_group_egress_rule import SecurityGroupEgressRule

from components._base import Component
from config.vocabulary import DataClass

_NAME = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Egress:
    """One place that a function may open TCP connections to.

    Raises ValueError unless exactly one of `cidr`, `group_id` and `prefix_list_id` is given, and for a name that is no words.
    """

    to: str
    """Short name of the place, such as `endpoints`; part of the rule's identity."""
    port: int = 443
    cidr: str | None = None
    group_id: pulumi.Input[str] | None = None
    prefix_list_id: pulumi.Input[str] | None = None
    """Such as the one of DynamoDB's gateway endpoint."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.to):
            raise ValueError(f"to must be lower-case words joined by hyphens (got {self.to!r})")
        given = [each for each in ("cidr", "group_id", "prefix_list_id") if getattr(self, each) is not None]
        if len(given) != 1:
            raise ValueError(f"egress to {self.to} needs one of cidr, group_id and prefix_list_id (got {', '.join(given) or 'none'})")


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionNetwork:
    """A function in a VPC; nothing connects to it, since Lambda calls it by another way.

    Raises ValueError without a subnet, or when two places have one name.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    egress: Sequence[Egress]

    def __post_init__(self) -> None:
        if not self.subnet_ids:
            raise ValueError("subnet_ids must name at least one subnet, of two zones for a function that must not fail with one")
        names = [each.to for each in self.egress]
        if len(set(names)) != len(names):
            raise ValueError(f"places of egress must have different names (got {', '.join(names)})")


def security_group(owner: Component, name: str, network: FunctionNetwork) -> SecurityGroup:
    """Create under `owner` the group of the function `name`: nothing in, and out to the places of `network` alone."""
    group = SecurityGroup(
        f"{name}-access",
        name=owner.context.physical(name, limit=255),
        description=f"Function {name}",
        vpc_id=network.vpc_id,
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-access"),
        opts=owner.child(),
    )
    for each in network.egress:
        logical = f"{name}-to-{each.to}"
        SecurityGroupEgressRule(
            logical,
            security_group_id=group.id,
            description=f"{name} to {each.to}",
            ip_protocol="tcp",
            from_port=each.port,
            to_port=each.port,
            cidr_ipv4=each.cidr,
            referenced_security_group_id=each.group_id,
            prefix_list_id=each.prefix_list_id,
            tags=owner.tags(DataClass.OPERATIONAL, name=logical),
            opts=owner.child(),
        )
    return group
