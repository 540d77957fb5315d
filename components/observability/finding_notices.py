"""Findings of AWS's own services reach people."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget

from components._base import Component, Context
from components.observability.finding_events import EVENTS
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingNoticesArgs:
    """Who is told."""

    alert_topic_arn: pulumi.Input[str]


class FindingNotices(Component, token="observability:FindingNotices"):
    """A rule for each of `EVENTS`, which tells the alert topic in one line what was found (SEC-8)."""

    def __init__(self, name: str, context: Context, args: FindingNoticesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        for event in EVENTS:
            logical = f"{name}-{event.name}"
            rule = EventRule(
                f"{logical}-rule",
                name=context.physical(logical, limit=64),
                description=event.says,
                event_pattern=json.dumps(event.pattern, separators=(",", ":")),
                tags=self.tags(DataClass.OPERATIONAL, name=logical),
                opts=self.child(),
            )
            EventTarget(
                f"{logical}-told",
                rule=rule.name,
                target_id="alerts",
                arn=args.alert_topic_arn,
                input_transformer={
                    "input_paths": {"title": event.title, "region": "$.region", "account": "$.account", "time": "$.time"},
                    "input_template": f'"{event.says} in <region>, account <account>, at <time>: <title>"',
                },
                opts=self.child(),
            )
        self.publish()
