"""A backup, a copy or a trial restore that fails is told to people (BDR-1, BDR-6)."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget

from components._base import Component, Context
from config.vocabulary import DataClass

FAILED = {
    "backup": ("Backup Job State Change", ("ABORTED", "EXPIRED", "FAILED")),
    "copy": ("Copy Job State Change", ("FAILED",)),
    "restore": ("Restore Job State Change", ("ABORTED", "FAILED")),
}
"""What can fail: the event's detail type, and the states that mean it.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureNoticeArgs:
    """Who is told."""

    topic_arn: pulumi.Input[str]
    """SNS topic whose policy lets EventBridge publish."""


class FailureNotice(Component, token="recovery:FailureNotice"):
    """A rule for each kind of job of AWS Backup, restore tests among them, that ends without success (BDR-1, BDR-6)."""

    def __init__(self, name: str, context: Context, args: FailureNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        for job, (detail_type, states) in FAILED.items():
            rule = EventRule(
                f"{name}-{job}",
                name=context.physical(f"{name}-{job}", limit=64),
                description=f"AWS Backup: a {job} job that ended without success",
                event_pattern=event_pattern(detail_type, states),
                tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-{job}"),
                opts=self.child(),
            )
            EventTarget(f"{name}-{job}-alert", rule=rule.name, target_id="alerts", arn=args.topic_arn, opts=self.child())
        self.publish()


def event_pattern(detail_type: str, states: tuple[str, ...]) -> str:
    """Return the pattern of an event by which AWS Backup says that a job came into one of the states.

    Restore and backup jobs call it `state` or `status`: either is looked at.
    """
    either = [{"state": list(states)}, {"status": list(states)}]
    return json.dumps({"source": ["aws.backup"], "detail-type": [detail_type], "detail": {"$or": either}})
