"""The name by which the world reaches a region's stateless front, and what answers when the region does not (NET-7, REG-1, REG-2)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.get_managed_prefix_list import get_managed_prefix_list_output
from pulumi_aws.route53.health_check import HealthCheck
from pulumi_aws.route53.record import Record
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base import Component, Context
from components.edge.failover import FAILURES, INTERVAL, Target, check_failover, failover_records, unhealthy_alarm
from components.edge.origin import origin_host
from config.vocabulary import DataClass, Region


def front_host(domain: str, region: Region | None = None) -> str:
    """Return the front's name: that of one region, such as `front.euw1.example.com`, or `front.example.com` for the nearest."""
    return f"front.{domain}" if region is None else f"front.{region.code}.{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionalFrontArgs:
    """The region's load balancer, and which region stands in for it.

    Raises ValueError when the path is none, and when failing over would take longer than promised.
    """

    zone_id: pulumi.Input[str]
    domain: str
    load_balancer_dns_name: pulumi.Input[str]
    load_balancer_zone_id: pulumi.Input[str]
    load_balancer_security_group_id: pulumi.Input[str]
    """Opened to Route 53's health checkers on 443; it lets in CloudFront alone otherwise."""
    failover_to: Region | None
    """Region whose origin answers when this one's does not; None leaves it to the nearest other region."""
    alert_topic_arn: pulumi.Input[str]
    """Topic in us-east-1, where alone metrics of health checks are."""
    alarm_context: Context
    """Of what stands in us-east-1: the stack's own, or `context.copy_in` of it."""
    health_path: str = "/healthz"
    interval: int = INTERVAL
    failures: int = FAILURES

    def __post_init__(self) -> None:
        check_failover(health_path=self.health_path, interval=self.interval, failures=self.failures, alarm_context=self.alarm_context)


class RegionalFront(Component, token="edge:RegionalFront"):
    """A health check of the region's origin, its front's name with a stand-in, and its place among the nearest regions.

    `front.<code>.<domain>` answers with this region's load balancer while its health check passes, else with the stand-in's.
    `front.<domain>` sends each client to the nearest region whose front is healthy. Both are origins for CloudFront, which
    stays the only public door (D9). Only stateless requests move: what data follows is the transfer register's (D1).
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
    """

    host: pulumi.Output[str]
    """Name of this region's front."""
    health_check_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: RegionalFrontArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._let_checkers_in()
        check = HealthCheck(
            f"{name}-check",
            type="HTTPS",
            fqdn=origin_host(context.region, args.domain),
            port=443,
            resource_path=args.health_path,
            request_interval=args.interval,
            failure_threshold=args.failures,
            enable_sni=True,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-check"),
            opts=self.child(),
        )
        self._records(check)
        self._alarm(check)
        self.host = pulumi.Output.from_input(front_host(args.domain, context.region))
        self.health_check_id = check.id
        self.publish()

    def _let_checkers_in(self) -> None:
        """Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html."""
        name = self._component
        checkers = get_managed_prefix_list_output(
            name=f"com.amazonaws.{self.context.region}.route53-healthchecks", opts=pulumi.InvokeOutputOptions(parent=self)
        )
        SecurityGroupIngressRule(
            f"{name}-from-checkers",
            security_group_id=self._args.load_balancer_security_group_id,
            prefix_list_id=checkers.id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="Route 53 health checkers",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-from-checkers"),
            opts=self.child(),
        )

    def _records(self, check: HealthCheck) -> None:
        name, args = self._component, self._args
        host = front_host(args.domain, self.context.region)
        stand_in = None if args.failover_to is None else Target(name=origin_host(args.failover_to, args.domain), zone_id=args.zone_id)
        here = Target(name=args.load_balancer_dns_name, zone_id=args.load_balancer_zone_id)
        primary = failover_records(self, name, host, zone_id=args.zone_id, check=check, primary=here, secondary=stand_in)
        Record(
            f"{name}-nearest",
            zone_id=args.zone_id,
            name=front_host(args.domain),
            type="A",
            set_identifier=self.context.region.value,
            latency_routing_policies=[{"region": self.context.region.value}],
            aliases=[{"name": host, "zone_id": args.zone_id, "evaluate_target_health": True}],
            # An alias to a record that is not there yet is refused.
            opts=self.child(depends_on=[primary]),
        )

    def _alarm(self, check: HealthCheck) -> None:
        says = f"The front of {self.context.region} does not answer: its clients are sent to another region"
        args = self._args
        unhealthy_alarm(self, self._component, says, check=check, there=args.alarm_context, topic_arn=args.alert_topic_arn)
