"""Private doors from the VPC to AWS services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.ec2.vpc_endpoint import VpcEndpoint
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base import Component, Context
from components._base.policy_document import Document
from components.network.endpoint_policies import (
    check_interface_services,
    dynamodb_policy,
    interface_policy,
    s3_policy,
)
from config.vocabulary import DataClass

CLUSTER_SERVICES = (
    "autoscaling",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticfilesystem",
    "elasticloadbalancing",
    "kms",
    "logs",
    "secretsmanager",
    "ssm",
    "ssmmessages",
    "sts",
)
"""What nodes, their add-ons and operators' sessions on nodes call.

Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsArgs:
    """Where the endpoints stand and who may use them.

    Raises ValueError for an interface service that is unknown, given twice, or is a gateway service.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets, one a zone: each endpoint has an address in every one, and is paid for by the address."""
    route_table_ids: Sequence[pulumi.Input[str]]
    """Tables whose subnets reach S3 and DynamoDB by the gateway endpoints."""
    client_cidr: str
    """Who may call the interface endpoints."""
    interface_services: tuple[str, ...] = CLUSTER_SERVICES
    readable_buckets: tuple[str, ...] = ()
    """Buckets of others in this region that may be read, such as those where public image registries keep layers."""

    def __post_init__(self) -> None:
        check_interface_services(self.interface_services)


class Endpoints(Component, token="network:Endpoints"):
    """Gateway endpoints for S3 and DynamoDB, interface endpoints for the services named; a policy on each (NET-9)."""

    security_group_id: pulumi.Output[str]
    """Of the interface endpoints."""
    s3_prefix_list_id: pulumi.Output[str]
    """The addresses of S3 in this region, for security group rules."""
    interface_endpoint_ids: pulumi.Output[dict[str, str]]
    """By service."""

    def __init__(self, name: str, context: Context, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        s3 = self._gateway(name, "s3", s3_policy(context, args.readable_buckets), args)
        self._gateway(name, "dynamodb", dynamodb_policy(context), args)
        group = self._security_group(name, args)
        endpoints = {service: self._interface(name, service, group, args) for service in args.interface_services}
        self.security_group_id = group.id
        self.s3_prefix_list_id = s3.prefix_list_id
        self.interface_endpoint_ids = _ids(endpoints)
        self.publish()

    def _gateway(self, name: str, service: str, policy: Document, args: EndpointsArgs) -> VpcEndpoint:
        logical = f"{name}-{service}"
        return VpcEndpoint(
            logical,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{self.context.region}.{service}",
            route_table_ids=list(args.route_table_ids),
            policy=policy,
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _interface(self, name: str, service: str, group: SecurityGroup, args: EndpointsArgs) -> VpcEndpoint:
        logical = f"{name}-{service.replace('.', '-')}"
        return VpcEndpoint(
            logical,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.{self.context.region}.{service}",
            subnet_ids=list(args.subnet_ids),
            security_group_ids=[group.id],
            private_dns_enabled=True,
            policy=interface_policy(self.context, service),
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _security_group(self, name: str, args: EndpointsArgs) -> SecurityGroup:
        # No egress rule at all: an endpoint answers and never calls.
        group = SecurityGroup(
            f"{name}-security-group",
            vpc_id=args.vpc_id,
            description="HTTPS from the private subnets to the interface endpoints",
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        SecurityGroupIngressRule(
            f"{name}-from-private",
            security_group_id=group.id,
            description="HTTPS from the private subnets",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=args.client_cidr,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-from-private"),
            opts=self.child(),
        )
        return group


def _ids(endpoints: Mapping[str, VpcEndpoint]) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(**{service: endpoint.id for service, endpoint in endpoints.items()})
