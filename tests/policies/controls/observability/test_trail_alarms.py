"""First steps of an intruder that nobody would hear of."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

TRAIL, GROUP = "aws:cloudtrail/trail:Trail", "aws:cloudwatch/logGroup:LogGroup"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENTS, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
SUBJECTS = ("root-use", "unauthorised-calls", "key-loss", "security-group-changes", "trail-changes")
IN_TEXT = '{ ($.eventSource = "kms.amazonaws.com") && ($.eventName = DisableKey) }'


def seen(draft: Draft, subject: str) -> Changed:
    return draft.one(FILTER, f"audit-{subject}-filter")


def unseen(subject: str) -> Callable[[Draft], None]:
    return lambda draft: draft.remove(FILTER, f"audit-{subject}-filter")


def alarm(draft: Draft, subject: str) -> Changed:
    return draft.one(ALARM, f"audit-{subject}-alarm")


def not_named_yet(draft: Draft) -> None:
    group = draft.one(TRAIL).resource.property_dependencies["cloudWatchLogsGroupArn"]
    draft.one(TRAIL).set("cloudWatchLogsGroupArn", UNKNOWN)
    assert group


def as_list(draft: Draft) -> None:
    one = seen(draft, "root-use")
    one.set("metricTransformation", [one.properties["metricTransformation"]])


def disabled(draft: Draft) -> None:
    draft.add(EVENTS, "more", {"name": "more", "state": "DISABLED"})


def all_topics(draft: Draft, value: Any) -> None:
    for subject in SUBJECTS:
        alarm(draft, subject).set("alarmActions", value)


CAUGHT = [
    *(Mutation(f"nothing sees {subject}", unseen(subject)) for subject in SUBJECTS),
    Mutation("nothing sees changes of IAM", lambda draft: draft.remove(FILTER, "audit-identity-changes-filter"), stack="us-east-1"),
    Mutation("half of what is done to keys is not seen", lambda draft: seen(draft, "key-loss").set("pattern", IN_TEXT)),
    Mutation(
        "another group is looked at", lambda draft: seen(draft, "root-use").set("logGroupName", "morefocus-prod-euw1-network-flow-logs")
    ),
    Mutation("nobody counts it", lambda draft: draft.remove(ALARM, "audit-root-use-alarm")),
    Mutation("another figure is watched", lambda draft: alarm(draft, "root-use").set("metricName", "vpc-changes")),
    Mutation("another space of figures is watched", lambda draft: alarm(draft, "root-use").set("namespace", "AWS/Logs")),
    Mutation("the alarm tells nobody", lambda draft: alarm(draft, "trail-changes").set("alarmActions", [])),
    Mutation("the alarm is muted", lambda draft: alarm(draft, "trail-changes").set("actionsEnabled", False)),
    Mutation("the trail has all regions and no alarm on IAM", lambda draft: draft.one(TRAIL).set("includeGlobalServiceEvents", True)),
    Mutation("an event is noticed and goes nowhere", lambda draft: draft.remove(TARGET, "break-glass-alarm-target")),
    Mutation(
        "another alarm tells nobody", lambda draft: draft.add(ALARM, "more", {"namespace": "AWS/RDS", "metricName": "CPUUtilization"})
    ),
]
SPARED = [
    Mutation("changes of networks are not told", lambda draft: draft.remove(FILTER, "audit-vpc-changes-filter")),
    Mutation("the trail's group is not known yet", not_named_yet),
    Mutation("a metric is written as a list", as_list),
    Mutation("a rule of events is switched off", disabled),
    Mutation("whom alarms tell is not known yet", lambda draft: all_topics(draft, UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-05", mutation)
