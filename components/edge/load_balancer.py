"""The public load balancer of a region, which only CloudFront reaches (NET-3, D9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws.ec2.get_managed_prefix_list import get_managed_prefix_list_output
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.lb.listener import Listener
from pulumi_aws.lb.load_balancer import LoadBalancer as ApplicationLoadBalancer
from pulumi_aws.lb.target_group import TargetGroup
from pulumi_aws.vpc.security_group_egress_rule import SecurityGroupEgressRule
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import DataClass

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and, for CloudFront's connections to origins, 1.2 with forward secrecy only; hybrid post-quantum key exchange.
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""
CLOUDFRONT_PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html"""

_NAME_LIMIT = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """Where it stands and where it leads.

    Raises ValueError naming the option when Elastic Load Balancing would refuse it.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Public subnets of at least two zones."""
    certificate_arn: pulumi.Input[str]
    log_bucket: pulumi.Input[str]
    """Name of a bucket with SSE-S3 whose policy lets load balancers write under `log_prefix`."""
    target_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Where the ingress listens: short name to security group."""
    log_prefix: str = "load-balancer"
    target_port: int = 8443
    target_protocol: Literal["HTTP", "HTTPS"] = "HTTPS"
    health_path: str = "/healthz"
    protect: bool = True

    def __post_init__(self) -> None:
        if self.target_protocol not in ("HTTP", "HTTPS"):
            raise ValueError(f"target_protocol must be HTTP or HTTPS (got {self.target_protocol!r})")
        if not 1 <= self.target_port <= 65535:
            raise ValueError(f"target_port must be 1 to 65535 (got {self.target_port})")
        if not self.health_path.startswith("/"):
            raise ValueError(f"health_path must start with / (got {self.health_path!r})")


class LoadBalancer(Component, token="edge:LoadBalancer"):
    """An application load balancer that answers 404 until an ingress adds its rules to the listener."""

    arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    listener_arn: pulumi.Output[str]
    target_group_arn: pulumi.Output[str]
    """Target group of type ip, to which the ingress binds its pods."""
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        access = self._access()
        balancer = ApplicationLoadBalancer(
            f"{name}-balancer",
            name=context.physical(name, limit=_NAME_LIMIT),
            load_balancer_type="application",
            internal=False,
            ip_address_type="ipv4",
            subnets=args.subnet_ids,
            security_groups=[access.id],
            drop_invalid_header_fields=True,
            # Requests come from CloudFront, which has parsed them already: one that is not plain HTTP comes from elsewhere.
            desync_mitigation_mode="strictest",
            enable_http2=True,
            enable_waf_fail_open=False,
            enable_deletion_protection=args.protect,
            access_logs={"enabled": True, "bucket": args.log_bucket, "prefix": args.log_prefix},
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-balancer"),
            opts=self.child(protect=args.protect),
        )
        listener = Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=args.certificate_arn,
            default_actions=[
                {
                    "type": "fixed-response",
                    "fixed_response": {"status_code": "404", "content_type": "text/plain", "message_body": "Not found"},
                }
            ],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-https"),
            opts=self.child(),
        )
        self.arn = balancer.arn
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.listener_arn = listener.arn
        self.target_group_arn = self._targets().arn
        self.security_group_id = access.id
        self.publish()

    def _access(self) -> SecurityGroup:
        """Open 443 to CloudFront's servers, and a path to the targets; nothing else in either direction."""
        name, args = self._component, self._args
        access = SecurityGroup(
            f"{name}-access",
            description="CloudFront in, ingress out",
            vpc_id=args.vpc_id,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-access"),
            opts=self.child(),
        )
        cloudfront = get_managed_prefix_list_output(name=CLOUDFRONT_PREFIX_LIST, opts=pulumi.InvokeOutputOptions(parent=self))
        SecurityGroupIngressRule(
            f"{name}-access-from-cloudfront",
            security_group_id=access.id,
            prefix_list_id=cloudfront.id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="CloudFront",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-access-from-cloudfront"),
            opts=self.child(),
        )
        for target, group_id in args.target_security_group_ids.items():
            SecurityGroupEgressRule(
                f"{name}-access-to-{target}",
                security_group_id=access.id,
                referenced_security_group_id=group_id,
                ip_protocol="tcp",
                from_port=args.target_port,
                to_port=args.target_port,
                description=f"Requests to {target}",
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-access-to-{target}"),
                opts=self.child(),
            )
            SecurityGroupIngressRule(
                f"{name}-{target}-from-balancer",
                security_group_id=group_id,
                referenced_security_group_id=access.id,
                ip_protocol="tcp",
                from_port=args.target_port,
                to_port=args.target_port,
                description=f"Requests from {name}",
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-{target}-from-balancer"),
                opts=self.child(),
            )
        return access

    def _targets(self) -> TargetGroup:
        name, args = self._component, self._args
        return TargetGroup(
            f"{name}-targets",
            name=self.context.physical(f"{name}-{args.target_port}", limit=_NAME_LIMIT),
            vpc_id=args.vpc_id,
            target_type="ip",
            port=args.target_port,
            protocol=args.target_protocol,
            protocol_version="HTTP1",
            load_balancing_algorithm_type="least_outstanding_requests",
            deregistration_delay=60,
            health_check={
                "enabled": True,
                "protocol": args.target_protocol,
                "port": "traffic-port",
                "path": args.health_path,
                "matcher": "200",
                "interval": 15,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 2,
            },
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-targets"),
            opts=self.child(),
        )
