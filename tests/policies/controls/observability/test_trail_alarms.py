"""First steps of an intruder that nobody would hear of."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass, new_violations

TRAIL, GROUP = "aws:cloudtrail/trail:Trail", "aws:cloudwatch/logGroup:LogGroup"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENTS, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
SUBJECTS = ("root-use", "unauthorised-calls", "key-loss", "security-group-changes", "trail-changes")


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


WORDS = {
    "root-use": ('"Root"',),
    "unauthorised-calls": ("AccessDenied", "UnauthorizedOperation"),
    "key-loss": ("DisableKey", "ScheduleKeyDeletion"),
    "security-group-changes": ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "CreateSecurityGroup"),
    "trail-changes": ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"),
    "identity-changes": ("PutRolePolicy", "AttachRolePolicy", "PutUserPolicy", "AttachUserPolicy", "CreatePolicyVersion"),
}


def blind(subject: str, word: str) -> Callable[[Draft], None]:
    """Return a change that takes one word out of a pattern."""

    def change(draft: Draft) -> None:
        pattern = seen(draft, subject).properties["pattern"]
        assert word in pattern
        seen(draft, subject).set("pattern", pattern.replace(word, "Nothing"))

    return change


def second_alarm(draft: Draft) -> None:
    """Mute an alarm beside which another tells of the same."""
    draft.add(ALARM, "more", {**alarm(draft, "root-use").properties, "name": "more"})
    alarm(draft, "root-use").set("alarmActions", ["arn:of-another-topic"])


def muted(value: object) -> Callable[[Draft], None]:
    return lambda draft: alarm(draft, "root-use").set("actionsEnabled", value)


SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


CAUGHT = [
    *(Mutation(f"nothing sees {subject}", unseen(subject)) for subject in SUBJECTS),
    Mutation("nothing sees changes of IAM", lambda draft: draft.remove(FILTER, "audit-identity-changes-filter"), stack="us-east-1"),
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
    *(Mutation(f"{subject} without {word}", blind(subject, word), stack="us-east-1") for subject, words in WORDS.items() for word in words),
    Mutation("a pattern is left out", lambda draft: seen(draft, "root-use").drop("pattern")),
    Mutation(
        "whether the trail has IAM is left to AWS, which records it", lambda draft: draft.one(TRAIL).drop("includeGlobalServiceEvents")
    ),
    Mutation("the alarm is muted in text", muted("false")),
    Mutation("what is told goes out in clear", lambda draft: draft.one(SUBSCRIPTION).set("protocol", "http")),
]
SPARED = [
    Mutation("somebody is told by mail", lambda draft: draft.one(SUBSCRIPTION).set("protocol", "email")),
    Mutation("the trail's group is not known yet", not_named_yet),
    Mutation("a second alarm tells of the same", second_alarm),
    Mutation("an alarm says that it is not muted", muted(True)),
    Mutation("whom alarms tell is not known yet", lambda draft: all_topics(draft, UNKNOWN)),
    Mutation("changes of networks are not told", lambda draft: draft.remove(FILTER, "audit-vpc-changes-filter")),
    Mutation("a metric is written as a list", as_list),
    Mutation("a rule of events is switched off", disabled),
]
OPEN = [
    Mutation("a pattern is not known yet", lambda draft: seen(draft, "root-use").set("pattern", UNKNOWN)),
    Mutation("whether an alarm is muted is not known yet", muted(UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-05", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("LOG-05", mutation)


def told_of_the_trail(mutation: Mutation) -> list[str]:
    """Return what is said of the trail itself, apart from its alarms."""
    return [finding.message for finding in new_violations("LOG-05", mutation) if "cloudtrail/trail" in finding.urn]


@pytest.mark.parametrize(("path", "value"), [("actionsEnabled", False), ("alarmActions", [])])
def test_an_alarm_that_tells_nobody_is_none_for_the_trail(path: str, value: Any) -> None:
    mutation = Mutation("it tells nobody", lambda draft: alarm(draft, "root-use").set(path, value))
    assert [message.partition(" on ")[2] for message in told_of_the_trail(mutation)] == ["the root user, over the trail's log group"]


def test_one_alarm_that_tells_is_enough_for_the_trail() -> None:
    def change(draft: Draft) -> None:
        second_alarm(draft)
        alarm(draft, "root-use").set("actionsEnabled", False)

    assert not told_of_the_trail(Mutation("another alarm tells of it", change))
