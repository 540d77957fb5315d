"""How a name moves to another region while its own does not answer, how soon, and who is told (NET-7, REG-1, REG-2)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.route53.health_check import HealthCheck
from pulumi_aws.route53.record import Record

from components._base import Component, Context
from config.vocabulary import DataClass, Region

INTERVAL = 10
"""Seconds between the requests of one health checker; the fastest there is."""
FAILURES = 3
"""Requests in a row that must fail."""
TTL = 60
"""Seconds that a resolver keeps an alias to a load balancer.
Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html"""
PROMISED = 300
"""Seconds within which another region answers (NET-7)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What an alias leads to."""

    name: pulumi.Input[str]
    zone_id: pulumi.Input[str]


def seconds_to_failover(*, interval: int, failures: int, ttl: int) -> int:
    """Return the longest time from a fault until every client that asks again is told another address."""
    return interval * failures + ttl


def check_failover(*, health_path: str, interval: int, failures: int, alarm_context: Context) -> None:
    """Raise ValueError naming the option: the path is none, failing over takes longer than promised, or the alarm could see nothing."""
    if not health_path.startswith("/"):
        raise ValueError(f"health_path must start with / (got {health_path!r})")
    if alarm_context.region is not Region.US_EAST_1:
        raise ValueError(f"alarm_context must be of {Region.US_EAST_1} (got {alarm_context.region})")
    taken = seconds_to_failover(interval=interval, failures=failures, ttl=TTL)
    if taken > PROMISED:
        raise ValueError(f"failing over must take at most {PROMISED} s: lower interval or failures (got {taken} s)")


def failover_records(
    owner: Component, name: str, host: str, *, zone_id: pulumi.Input[str], check: HealthCheck, primary: Target, secondary: Target | None
) -> Record:
    """Create under `owner` the records that lead `host` to `primary` while `check` passes and else to `secondary`; return the first."""
    first = Record(
        f"{name}-primary",
        zone_id=zone_id,
        name=host,
        type="A",
        set_identifier="primary",
        failover_routing_policies=[{"type": "PRIMARY"}],
        health_check_id=check.id,
        # The check tells it all: what a target says of itself is nothing of the way there.
        aliases=[{"name": primary.name, "zone_id": primary.zone_id, "evaluate_target_health": False}],
        opts=owner.child(),
    )
    if secondary is not None:
        Record(
            f"{name}-secondary",
            zone_id=zone_id,
            name=host,
            type="A",
            set_identifier="secondary",
            failover_routing_policies=[{"type": "SECONDARY"}],
            aliases=[{"name": secondary.name, "zone_id": secondary.zone_id, "evaluate_target_health": True}],
            opts=owner.child(),
        )
    return first


def unhealthy_alarm(owner: Component, name: str, says: str, *, check: HealthCheck, there: Context, topic_arn: pulumi.Input[str]) -> None:
    """Create under `owner` the alarm of `check` in us-east-1, `there`, where alone metrics of health checks are."""
    logical = there.logical(f"{name}-unhealthy")
    physical = there.physical(logical, limit=255)
    MetricAlarm(
        logical,
        name=physical,
        alarm_description=says,
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        dimensions={"HealthCheckId": check.id},
        statistic="Minimum",
        period=60,
        evaluation_periods=1,
        comparison_operator="LessThanThreshold",
        threshold=1,
        treat_missing_data="breaching",
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn],
        tags=there.tags(logical, DataClass.OPERATIONAL, name=physical),
        opts=owner.child(there=there),
    )
