"""What a rollout looks at while a new version has some of the calls: alarms, and the new version beside the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scripts.rollout.aliases import ALIAS, Candidate

FEWEST_CALLS = 20
"""Of the new version, before its share of failures says anything beside the old one's."""
WORSE_BY = 2.0
"""Percentage points by which the new version may fail more often than the old one."""
SLOWER_BY = 1.5
"""Times as long that its slowest twentieth of calls may take."""
_SLOW_MS = 100
"""Below it nobody notices, and times differ by chance."""
_MINUTE = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """How one version did since the step began."""

    calls: int
    errors: int
    p95_ms: float

    @property
    def failing(self) -> float:
        """Percent of its calls that failed."""
        return 100 * self.errors / self.calls if self.calls else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The new version beside the old one (DEL-3, A/B)."""

    function: str
    old: Measured
    new: Measured

    @property
    def worse(self) -> str | None:
        """Return why the new version must go; None while it is as good, or too little is known of it."""
        old, new = self.old, self.new
        if new.calls < FEWEST_CALLS:
            return None
        if new.failing > old.failing + WORSE_BY:
            return f"{self.function}: {new.failing:.1f} % of the new version's calls fail, {old.failing:.1f} % of the old one's"
        if old.calls >= FEWEST_CALLS and new.p95_ms > max(_SLOW_MS, old.p95_ms * SLOWER_BY):
            return f"{self.function}: the new version's slowest calls take {new.p95_ms:.0f} ms, the old one's {old.p95_ms:.0f} ms"
        return None

    def __str__(self) -> str:
        old, new = self.old, self.new
        return (
            f"{self.function}: old {old.calls} calls, {old.failing:.1f} % failed, p95 {old.p95_ms:.0f} ms; "
            f"new {new.calls} calls, {new.failing:.1f} % failed, p95 {new.p95_ms:.0f} ms"
        )


def ringing(cloudwatch: Any, alarms: Sequence[str]) -> list[str]:
    """Return which of the alarms ring.

    Raises LookupError for an alarm that is not there: a rollout that watches nothing would go on for ever.
    """
    found: dict[str, str] = {}
    for first in range(0, len(alarms), 100):
        names = list(alarms[first : first + 100])
        answer = cloudwatch.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        found |= {each["AlarmName"]: each["StateValue"] for each in (*answer["MetricAlarms"], *answer["CompositeAlarms"])}
    missing = sorted(set(alarms) - found.keys())
    if missing:
        raise LookupError(f"alarms that the rollout must watch are not there: {', '.join(missing)}; bring the stack up first")
    return sorted(name for name, state in found.items() if state == "ALARM")


def compare(cloudwatch: Any, moved: Candidate, since: datetime, until: datetime) -> Comparison:
    """Return how both versions did between two moments, by the metrics that Lambda keeps for each version behind an alias.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html (dimension ExecutedVersion)
    """
    old, new = (_measured(cloudwatch, moved.function, version, since, until) for version in (moved.old, moved.new))
    return Comparison(function=moved.function, old=old, new=new)


def _measured(cloudwatch: Any, function: str, version: str, since: datetime, until: datetime) -> Measured:
    wanted = {"calls": ("Invocations", "Sum"), "errors": ("Errors", "Sum"), "slow": ("Duration", "p95")}
    dimensions = {"FunctionName": function, "Resource": f"{function}:{ALIAS}", "ExecutedVersion": version}
    queries = [
        {
            "Id": identity,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/Lambda",
                    "MetricName": metric,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                },
                "Period": _MINUTE,
                "Stat": stat,
            },
        }
        for identity, (metric, stat) in wanted.items()
    ]
    # The minute that is still running counts as well: what fails, fails first there.
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=since, EndTime=until + timedelta(seconds=_MINUTE))
    values = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
    return Measured(calls=int(sum(values["calls"])), errors=int(sum(values["errors"])), p95_ms=max(values["slow"], default=0.0))
