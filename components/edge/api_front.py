"""The name by which a region's API is reached, and what answers when the region does not (NET-7, REG-1, REG-2, D1, D12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.route53.health_check import HealthCheck
from pulumi_aws.route53.record import Record

from components._base import Component, Context
from components.edge.failover import FAILURES, INTERVAL, Target, check_failover, failover_records, unhealthy_alarm
from config.vocabulary import DataClass, Region

CHECKED_FROM = (Region.US_EAST_1, Region.EU_WEST_1, Region.SA_EAST_1)
"""Where Route 53 asks from: as few as it allows, since each question is a paid request of the API.
Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""


def api_host(region: Region, domain: str) -> str:
    """Return the name of a region's API, such as `api.euw1.example.com`; the region that stands in answers under it too."""
    return f"api.{region.code}.{domain}"


def check_host(region: Region, domain: str) -> str:
    """Return the name under which a region's API is checked, such as `api-check.euw1.example.com`: it leads nowhere else."""
    return f"api-check.{region.code}.{domain}"


def stand_in_host(of: Region, by: Region, domain: str) -> str:
    """Return the name of what answers for the API of a region in another, such as `api-euw1.use1.example.com`.

    Both sides derive it, so that the region needs no reference to the one that stands in (D12).
    """
    return f"api-{of.code}.{by.code}.{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """Another region whose API this one answers for, under that one's name."""

    region: Region
    target_domain: pulumi.Input[str]
    """Where this region's API is reached under `api_host` of that region: API Gateway gives each name a target of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiFrontArgs:
    """Where the region's API is, and which region stands in for it.

    Raises ValueError when the path is none, and when failing over would take longer than promised.
    """

    zone_id: pulumi.Input[str]
    domain: str
    target_domain: pulumi.Input[str]
    """Where the API is reached under `api_host` of this region."""
    check_target_domain: pulumi.Input[str]
    """Where it is reached under `check_host`."""
    target_zone_id: pulumi.Input[str]
    """Zone of API Gateway in this region, in which all its targets are."""
    stands_in_for: Mapping[str, StandIn] = field(default_factory=dict)
    """Short name, which is part of a record's identity, to a region that this one stands in for."""
    failover_to: Region | None
    """Region that answers when this one does not; None is none."""
    alert_topic_arn: pulumi.Input[str]
    """Topic in us-east-1, where alone metrics of health checks are."""
    alarm_context: Context
    """Of what stands in us-east-1: the stack's own, or `context.copy_in` of it."""
    health_path: str = "/api/v1/health"
    health_says: str = '"status":"ok"'
    """What stands in the answer; Route 53 looks through its first 5,120 bytes."""
    interval: int = INTERVAL
    failures: int = FAILURES

    def __post_init__(self) -> None:
        check_failover(health_path=self.health_path, interval=self.interval, failures=self.failures, alarm_context=self.alarm_context)
        if not 1 <= len(self.health_says) <= 255:
            raise ValueError(f"health_says must have 1 to 255 characters (got {len(self.health_says)})")


class ApiFront(Component, token="edge:ApiFront"):
    """A health check of the region's API, its name with a stand-in, and the names of those it stands in for (NET-7, REG-1, REG-2).

    `api.<code>.<domain>` leads to this region's API while its health check passes, else to the stand-in's. Only requests move: what data
    the stand-in has is the transfer register's (D1), and tokens are those of the region's own user pool.
    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
    """

    host: pulumi.Output[str]
    health_check_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ApiFrontArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        if args.failover_to is context.region:
            raise ValueError(f"failover_to must be another region than {context.region}, or None")
        self._args = args
        self._alias("check-name", check_host(context.region, args.domain), args.check_target_domain)
        for role, other in args.stands_in_for.items():
            self._alias(role, stand_in_host(other.region, context.region, args.domain), other.target_domain)
        check = HealthCheck(
            f"{name}-check",
            # An answer that only looks like one, such as another's page under this name, does not pass.
            type="HTTPS_STR_MATCH",
            search_string=args.health_says,
            fqdn=check_host(context.region, args.domain),
            port=443,
            resource_path=args.health_path,
            request_interval=args.interval,
            failure_threshold=args.failures,
            enable_sni=True,
            regions=[region.value for region in CHECKED_FROM],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-check"),
            opts=self.child(),
        )
        self._records(check)
        self._alarm(check)
        self.host = pulumi.Output.from_input(api_host(context.region, args.domain))
        self.health_check_id = check.id
        self.publish()

    def _alias(self, role: str, host: str, target: pulumi.Input[str]) -> Record:
        return Record(
            f"{self._component}-{role}",
            zone_id=self._args.zone_id,
            name=host,
            type="A",
            aliases=[{"name": target, "zone_id": self._args.target_zone_id, "evaluate_target_health": False}],
            opts=self.child(),
        )

    def _records(self, check: HealthCheck) -> None:
        args, here = self._args, self.context.region
        stand_in = None
        if args.failover_to is not None:
            stand_in = Target(name=stand_in_host(here, args.failover_to, args.domain), zone_id=args.zone_id)
        primary = Target(name=args.target_domain, zone_id=args.target_zone_id)
        host = api_host(here, args.domain)
        failover_records(self, self._component, host, zone_id=args.zone_id, check=check, primary=primary, secondary=stand_in)

    def _alarm(self, check: HealthCheck) -> None:
        says = f"The API of {self.context.region} does not answer: its callers are sent to the region that stands in"
        args = self._args
        unhealthy_alarm(self, self._component, says, check=check, there=args.alarm_context, topic_arn=args.alert_topic_arn)
