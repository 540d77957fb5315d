"""Service levels: availability, latency and capacity, how fast their budgets burn, and how long the service was down (OBS-7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.platform.monitoring.rule import Alert, Group, Record, Severity

DAYS = 30
"""Over which objectives hold."""
_BALANCER = "aws_applicationelb"


@dataclass(frozen=True, kw_only=True, slots=True)
class Objectives:
    """What was promised.

    Raises ValueError when availability is not between 0 and 1.
    """

    availability: float = 0.999
    """Share of requests that are answered without an error of ours."""
    p95_seconds: float = 0.2
    requests_per_second: int = 1000
    concurrent_users: int = 10000
    planned_hours: float = 4
    """Most that planned maintenance may take in a month."""
    unplanned_hours: float = 2

    def __post_init__(self) -> None:
        if not 0 < self.availability < 1:
            raise ValueError(f"availability must be between 0 and 1, such as 0.999 (got {self.availability})")

    @property
    def budget(self) -> float:
        """Share of requests that may fail."""
        return round(1 - self.availability, 9)


@dataclass(frozen=True, kw_only=True, slots=True)
class Burn:
    """A speed at which the budget burns, seen over a long window and still over a short one."""

    rate: float
    """Times the speed that would use it up in exactly `DAYS`."""
    long: str
    short: str
    severity: Severity


BURNS: Sequence[Burn] = (
    Burn(rate=14.4, long="1h", short="5m", severity="page"),
    Burn(rate=6, long="6h", short="30m", severity="page"),
    Burn(rate=3, long="1d", short="2h", severity="warning"),
    Burn(rate=1, long="3d", short="6h", severity="warning"),
)
"""2 % of the budget in an hour, 5 % in six, 10 % in a day and in three.

Source: https://sre.google/workbook/alerting-on-slos/ (6: multiwindow, multi-burn-rate alerts)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When maintenance is planned each week, in UTC.

    Raises ValueError when it crosses midnight or is empty.
    """

    day: int
    """0 is Sunday, as PromQL counts."""
    start_minute: int
    """Of the day."""
    end_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_minute < self.end_minute <= 1440 or not 0 <= self.day <= 6:
            raise ValueError(f"a window must lie within one day (got day {self.day}, minutes {self.start_minute} to {self.end_minute})")


def objective_rules(objectives: Objectives, windows: Sequence[Window]) -> Group:
    """Return records and alerts of the objectives, measured at the region's load balancer, behind which everything stands.

    CloudWatch gives a figure a minute, some minutes late; requests and errors are read together, so that their ratio is true whatever
    the delay. Its p95 is exact, where a histogram would guess between its buckets. How many people are there nobody counts: a user is
    taken for a connection to the load balancer; CloudFront shares some, so that the true number is higher.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """
    return Group(
        name="objectives",
        interval="1m",
        rules=[
            *_signals(),
            *(_error_ratio(window) for window in _windows()),
            Record(
                name="slo:availability:budget_left",
                expr=f"1 - slo:availability:error_ratio{DAYS}d / {objectives.budget}",
            ),
            *(_burn(burn, objectives) for burn in BURNS),
            *_limits(objectives),
            *_downtime(objectives, windows),
        ],
    )


def _windows() -> list[str]:
    return sorted({*(burn.long for burn in BURNS), *(burn.short for burn in BURNS), f"{DAYS}d"})


def _signals() -> list[Alert | Record]:
    errors = " + ".join(f"sum(aws_applicationelb_httpcode_{where}_5_xx_count_sum or vector(0))" for where in ("elb", "target"))
    return [
        Record(name="slo:requests:per_minute", expr=f"sum({_BALANCER}_request_count_sum)"),
        Record(name="slo:errors:per_minute", expr=f"{errors} and on () slo:requests:per_minute"),
        Record(name="slo:latency_seconds:p95", expr=f"max({_BALANCER}_target_response_time_p95)"),
        Record(name="slo:connections:sum", expr=f"sum({_BALANCER}_active_connection_count_sum)"),
    ]


def _error_ratio(window: str) -> Record:
    return Record(
        name=f"slo:availability:error_ratio{window}",
        expr=f"sum_over_time(slo:errors:per_minute[{window}]) / (sum_over_time(slo:requests:per_minute[{window}]) > 0)",
    )


def _burn(burn: Burn, objectives: Objectives) -> Alert:
    limit = round(burn.rate * objectives.budget, 9)
    gone = f"{DAYS / burn.rate:.0f} days" if burn.rate < DAYS else f"{DAYS * 24 / burn.rate:.0f} hours"
    return Alert(
        name=f"AvailabilityBudgetBurn{burn.long.upper()}",
        expr=f"slo:availability:error_ratio{burn.long} > {limit} and slo:availability:error_ratio{burn.short} > {limit}",
        hold="0s",
        severity=burn.severity,
        summary="The month's errors are used up too fast",
        description=f"{{{{ $value | humanizePercentage }}}} of the requests failed in {burn.long}: the budget would be gone in {gone}.",
        labels={"slo": "availability"},
    )


def _limits(objectives: Objectives) -> list[Alert | Record]:
    rate, users = objectives.requests_per_second, objectives.concurrent_users
    return [
        Alert(
            name="AvailabilityBudgetExhausted",
            expr="slo:availability:budget_left <= 0",
            hold="5m",
            severity="critical",
            summary="The month's errors are used up",
            description=f"More than {objectives.budget:.1%} of {DAYS} days' requests failed: nothing goes out but what mends that.",
            labels={"slo": "availability"},
        ),
        Alert(
            name="LatencyAboveObjective",
            expr=f"slo:latency_seconds:p95 > {objectives.p95_seconds}",
            hold="10m",
            severity="critical",
            summary="Requests take longer than promised",
            description=f"One request in twenty takes {{{{ $value | humanizeDuration }}}}; {objectives.p95_seconds} s was promised.",
            labels={"slo": "latency"},
        ),
        Record(
            name="slo:latency:met_ratio30d", expr=f"avg_over_time((slo:latency_seconds:p95 <= bool {objectives.p95_seconds})[{DAYS}d:5m])"
        ),
        Alert(
            name="TrafficNearCapacity",
            expr=f"slo:requests:per_minute / 60 > {rate * 0.8:g}",
            hold="10m",
            severity="warning",
            summary="Traffic nears what a region was built for",
            description=f"{{{{ $value | humanize }}}} requests a second arrive; the region was built for {rate}.",
            labels={"slo": "capacity"},
        ),
        Alert(
            name="UsersNearCapacity",
            expr=f"slo:connections:sum > {users * 0.8:g}",
            hold="10m",
            severity="warning",
            summary="As many users as a region was built for",
            description=f"{{{{ $value | humanize }}}} connections are open; the region was built for {users} users.",
            labels={"slo": "capacity"},
        ),
    ]


def maintenance_expr(windows: Sequence[Window]) -> str:
    """Return PromQL that is 1 in planned maintenance and 0 else."""
    minute = "(hour() * 60 + minute())"
    held = [
        f"(day_of_week() == bool {each.day}) * ({minute} >= bool {each.start_minute}) * ({minute} < bool {each.end_minute})"
        for each in windows
    ]
    return f"clamp_max({' + '.join(held)}, 1)" if held else "vector(0)"


def _downtime(objectives: Objectives, windows: Sequence[Window]) -> list[Alert | Record]:
    """Count a minute in which half of the requests failed as down, and to the plan where maintenance was planned."""
    return [
        Record(name="slo:maintenance:planned", expr=maintenance_expr(windows)),
        Record(name="slo:down:bool", expr="slo:errors:per_minute / (slo:requests:per_minute > 0) > bool 0.5"),
        Record(name="slo:down_planned:bool", expr="slo:down:bool * on () slo:maintenance:planned"),
        Record(name="slo:down_unplanned:bool", expr="slo:down:bool * on () (1 - slo:maintenance:planned)"),
        Record(name="slo:down_planned:hours30d", expr=f"sum_over_time(slo:down_planned:bool[{DAYS}d]) / 60"),
        Record(name="slo:down_unplanned:hours30d", expr=f"sum_over_time(slo:down_unplanned:bool[{DAYS}d]) / 60"),
        Alert(
            name="PlannedDowntimeOverLimit",
            expr=f"slo:down_planned:hours30d > {objectives.planned_hours:g}",
            hold="0s",
            severity="warning",
            summary="Maintenance took longer than it may in a month",
            description=f"{{{{ $value | humanize }}}} hours in {DAYS} days; {objectives.planned_hours:g} are allowed.",
            labels={"slo": "maintenance"},
        ),
        Alert(
            name="UnplannedDowntimeOverLimit",
            expr=f"slo:down_unplanned:hours30d > {objectives.unplanned_hours:g}",
            hold="0s",
            severity="critical",
            summary="The service was down for longer than it may in a month",
            description=f"{{{{ $value | humanize }}}} hours in {DAYS} days; {objectives.unplanned_hours:g} are allowed.",
            labels={"slo": "maintenance"},
        ),
    ]
