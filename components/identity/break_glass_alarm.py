"""An alert for every use of the break-glass role (SEC-1, SEC-8)."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch._inputs import EventTargetInputTransformerArgs
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget

from components._base import Component, Context
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakGlassAlarmArgs:
    """Which role, and whom to tell."""

    role_arn: str
    """A plain ARN: in other stacks than the one that made the role, it is known by name."""
    alert_topic_arn: pulumi.Input[str]


def pattern(role_arn: str) -> str:
    """Return the event pattern: the role is taken on, or asked for in vain."""
    return json.dumps(
        {
            "source": ["aws.sts"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [role_arn]}},
        }
    )


class BreakGlassAlarm(Component, token="identity:BreakGlassAlarm"):
    """A rule in each region, since STS reports where it was asked, that tells who took the break-glass role on (SEC-1, SEC-8).

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
    """

    def __init__(self, name: str, context: Context, args: BreakGlassAlarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        rule = EventRule(
            f"{name}-rule",
            name=context.physical(name, limit=64),
            description="The break-glass role was taken on, or asked for",
            event_pattern=pattern(args.role_arn),
            # CloudTrail counts AssumeRole among events that only read, which rules are not shown unless they ask.
            state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="alerts",
            arn=args.alert_topic_arn,
            input_transformer=EventTargetInputTransformerArgs(
                input_paths={
                    "who": "$.detail.userIdentity.arn",
                    "from": "$.detail.sourceIPAddress",
                    "when": "$.detail.eventTime",
                    "where": "$.detail.awsRegion",
                    "error": "$.detail.errorCode",
                },
                input_template='"Break-glass role asked for by <who> from <from> at <when> in <where> (error, if refused: <error>)"',
            ),
            opts=self.child(),
        )
        self.publish()
