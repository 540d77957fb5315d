"""LOG-05: what an intruder does first raises an alarm, and the alarm reaches a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, is_no, look
from policies.verdict import Ruling

TRAIL, GROUP = "aws:cloudtrail/trail:Trail", "aws:cloudwatch/logGroup:LogGroup"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENTS, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "the root user": ('"Root"',),
    "refused calls": ("AccessDenied", "UnauthorizedOperation"),
    "changes of keys": ("DisableKey", "ScheduleKeyDeletion"),
    "changes of security groups": ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "CreateSecurityGroup"),
    "changes of trails": ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"),
}
"""What must be told, and the words that a pattern which sees it has.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
"""
_GLOBAL = {"changes of IAM": ("PutRolePolicy", "AttachRolePolicy", "PutUserPolicy", "AttachUserPolicy", "CreatePolicyVersion")}
"""Asked of a trail that records services without a region."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each trail by the alarms over its log group, each alarm and rule of events by whom it tells, and whoever is told."""
    told = _metrics_that_are_told(graph)
    seen: dict[str, list[Resource]] = defaultdict(list)
    open_: list[Resource] = []
    for found in graph.of(FILTER):
        groups = graph.target(found, "logGroupName", GROUP)
        for group in groups.resources:
            seen[group.urn].append(found)
        if not groups.certain:
            open_.append(found)
    for trail in graph.of(TRAIL):
        groups = graph.target(trail, "cloudWatchLogsGroupArn", GROUP)
        filters = [*open_, *(each_ for group in groups.resources for each_ in seen[group.urn])]
        yield ruled(trail, *_subjects(trail, filters, told))
    for alarm in graph.of(ALARM):
        yield ruled(
            alarm,
            # One that is not known yet is named all the same.
            Need("alarmActions", bool(each(alarm.properties, "alarmActions")), "the ARN of a topic, a function or a policy"),
            need(alarm, "actionsEnabled", lambda on: not is_no(on), "true", absent=True),
        )
    for rule in graph.of(EVENTS):
        if rule.look("state") != "DISABLED":
            targets = graph.attached(rule, TARGET, "rule")
            yield ruled(rule, Need("", any_of([bool(targets.resources), False if targets.certain else None]), "an EventTarget"))
    for subscription in graph.of(SUBSCRIPTION):
        # What an alarm says is of use to who raised it.
        yield ruled(subscription, need(subscription, "protocol", lambda kind: kind != "http", "https, email, or a service of AWS's"))


def _subjects(trail: Resource, filters: Sequence[Resource], told: Mapping[Any, Answer]) -> Iterable[Need]:
    everywhere = asks(trail.properties, "includeGlobalServiceEvents", lambda on: not is_no(on), absent=True)
    asked = {**_SUBJECTS, **(_GLOBAL if everywhere is not False else {})}
    for subject, words in asked.items():
        answers = [all_of([_sees(found, words), told.get(_metric(found), False)]) for found in filters]
        yield Need("", any_of(answers), f"a LogMetricFilter and a MetricAlarm on {subject}, over the trail's log group")


def _sees(found: Resource, words: Iterable[str]) -> Answer:
    return asks(found.properties, "pattern", lambda pattern: all(word in pattern for word in words), absent=False)


def _metric(found: Resource) -> tuple[Any, Any]:
    transformation = next(iter(each(found.properties, "metricTransformation")), ABSENT)
    return look(transformation, "namespace"), look(transformation, "name")


def _metrics_that_are_told(graph: Graph) -> Mapping[Any, Answer]:
    """Return metrics by namespace and name that an alarm watches which tells somebody."""
    found: dict[Any, list[Answer]] = defaultdict(list)
    for alarm in graph.of(ALARM):
        key = alarm.look("namespace"), alarm.look("metricName")
        if UNKNOWN not in key and ABSENT not in key:
            enabled = asks(alarm.properties, "actionsEnabled", lambda on: not is_no(on), absent=True)
            found[key].append(all_of([enabled, bool(each(alarm.properties, "alarmActions"))]))
    return {key: any_of(answers) for key, answers in found.items()}


CONTROL = Control(
    id="LOG-05",
    title="Root, refused calls, and changes of identities, keys, groups and trails raise alarms that reach somebody",
    severity=Severity.HIGH,
    why="These are the first steps of nearly every intrusion: told at once they are an incident, found later they are a breach.",
    fix="let TrailAlarms stand over the trail's log group with the region's alert topic, and give each alarm alarm_actions",
    clauses=clauses(gdpr="25 33*", lgpd="48", soc2="CC5.2 CC7.2 CC7.4", iso27001="5.25 5.26 8.16", pci="10.7.2 12.10.5"),
    governs=(TRAIL, FILTER, ALARM, EVENTS, TARGET, SUBSCRIPTION),
    check=check,
)
