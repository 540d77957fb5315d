"""How many nodes a group keeps by the hour, and what AWS foresees of its load."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws.autoscaling._inputs import (
    PolicyPredictiveScalingConfigurationArgs,
    PolicyPredictiveScalingConfigurationMetricSpecificationArgs,
    PolicyPredictiveScalingConfigurationMetricSpecificationPredefinedMetricPairSpecificationArgs,
)
from pulumi_aws.autoscaling.policy import Policy
from pulumi_aws.autoscaling.schedule import Schedule

from components._base import Component, Context

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_UNCHANGED = -1
_MODES = {"forecast": "ForecastOnly", "scale": "ForecastAndScale"}


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingHours:
    """When a group keeps more nodes.

    Raises ValueError for a malformed time, an unknown day, and an end that is not after the start.
    """

    time_zone: str
    """IANA name; summer time is followed."""
    days: Sequence[str]
    """Of mon to sun."""
    start: str
    """HH:MM."""
    end: str
    """HH:MM of the same day."""

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(_DAYS):
            raise ValueError(f"days must be some of {', '.join(_DAYS)} (got {', '.join(self.days)})")
        recurrence(self.start, self.days)
        recurrence(self.end, self.days)
        if self.start >= self.end:
            raise ValueError(f"end must be after start, on the same day (got {self.start} to {self.end})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """What pools of a cluster share. Raises ValueError for a CPU target outside 10 to 90."""

    hours: WorkingHours | None = None
    predictive: Literal["off", "forecast", "scale"] = "off"
    """What AWS does with its forecast; scale starts nodes ahead of the load and never ends any."""
    cpu_percent: int = 60
    """Average CPU that the forecast aims at."""

    def __post_init__(self) -> None:
        if not 10 <= self.cpu_percent <= 90:
            raise ValueError(f"cpu_percent must be 10 to 90 (got {self.cpu_percent})")


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeScalingArgs:
    """One group and its sizes. Raises ValueError when it would keep fewer nodes in working hours."""

    auto_scaling_group: pulumi.Input[str]
    quiet_min: int
    """Fewest nodes at night and on days off."""
    working_min: int
    scaling: Scaling

    def __post_init__(self) -> None:
        if self.working_min < self.quiet_min:
            raise ValueError(f"working_min must be at least quiet_min ({self.quiet_min}; got {self.working_min})")

    @property
    def scheduled(self) -> bool:
        """Whether the hour makes a difference."""
        return self.scaling.hours is not None and self.working_min > self.quiet_min


class NodeScaling(Component, token="cluster:NodeScaling"):
    """Schedules raise and lower the fewest nodes of a group; a policy predicts its load from CPU (CMP-4).

    The evening only lowers the limit: nodes end when the cluster's autoscaler finds them idle and has moved their pods, so that
    nobody's work is cut off by the clock. A first forecast needs 24 hours of measurements.
    Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html,
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-predictive-scaling.html
    """

    def __init__(self, name: str, context: Context, args: NodeScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        hours = args.scaling.hours
        if hours is not None and args.scheduled:
            self._schedule(name, "working-hours", args.working_min, hours, hours.start)
            self._schedule(name, "quiet-hours", args.quiet_min, hours, hours.end)
        if args.scaling.predictive != "off":
            self._policy(f"{name}-predictive", _MODES[args.scaling.predictive])
        self.publish()

    def _schedule(self, name: str, action: str, least: int, hours: WorkingHours, time: str) -> None:
        Schedule(
            f"{name}-{action}",
            autoscaling_group_name=self._args.auto_scaling_group,
            scheduled_action_name=action,
            min_size=least,
            # What is left out would become 0.
            max_size=_UNCHANGED,
            desired_capacity=_UNCHANGED,
            recurrence=recurrence(time, hours.days),
            time_zone=hours.time_zone,
            opts=self.child(),
        )

    def _policy(self, name: str, mode: str) -> None:
        pair = PolicyPredictiveScalingConfigurationMetricSpecificationPredefinedMetricPairSpecificationArgs(
            predefined_metric_type="ASGCPUUtilization"
        )
        Policy(
            name,
            name="predictive",
            autoscaling_group_name=self._args.auto_scaling_group,
            policy_type="PredictiveScaling",
            predictive_scaling_configuration=PolicyPredictiveScalingConfigurationArgs(
                mode=mode,
                max_capacity_breach_behavior="HonorMaxCapacity",
                # Seconds: a node takes minutes to join.
                scheduling_buffer_time="300",
                metric_specification=PolicyPredictiveScalingConfigurationMetricSpecificationArgs(
                    target_value=self._args.scaling.cpu_percent, predefined_metric_pair_specification=pair
                ),
            ),
            opts=self.child(),
        )


def recurrence(time: str, days: Sequence[str]) -> str:
    """Return the cron expression of a time on days of the week: `recurrence("07:30", ["mon"])` is `30 7 * * 1`.

    Raises ValueError when the time is no HH:MM.
    """
    found = _TIME.fullmatch(time)
    if found is None:
        raise ValueError(f"a time must be HH:MM from 00:00 to 23:59 (got {time!r})")
    numbers = sorted(_DAYS.index(day) for day in days)
    return f"{int(found[2])} {int(found[1])} * * {','.join(map(str, numbers))}"
