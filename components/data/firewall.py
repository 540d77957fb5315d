"""The security group of a data store: only named clients reach it, and it reaches nothing."""

from collections.abc import Mapping

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base.component import Component
from config.vocabulary import DataClass


def clients_only(
    owner: Component, name: str, *, vpc_id: pulumi.Input[str], port: int, clients: Mapping[str, pulumi.Input[str]]
) -> SecurityGroup:
    """Create a group under `owner` that accepts TCP `port` from the groups in `clients` alone (NET-5).

    `clients` maps a short name, which becomes part of a rule's identity, to a security group id.
    """
    group = SecurityGroup(
        f"{name}-access",
        description=f"Clients of {name}",
        vpc_id=vpc_id,
        # No egress: the provider takes AWS's rule that lets everything out away when none is declared.
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-access"),
        opts=owner.child(),
    )
    for client, group_id in clients.items():
        SecurityGroupIngressRule(
            f"{name}-access-from-{client}",
            security_group_id=group.id,
            referenced_security_group_id=group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{client} to {name}",
            tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-access-from-{client}"),
            opts=owner.child(),
        )
    return group
