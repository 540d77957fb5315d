"""A queue that loses no message in silence (SCH-4)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.sqs.queue import Queue
from pulumi_aws.sqs.queue_policy import QueuePolicy

from components._base import Component, Context, Principal, allow, deny, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

TIMES_THE_TIMEOUT = 6
"""How many times its consumer's timeout a message that is taken stays hidden: Lambda may be refused to run, and tries again meanwhile.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

_DAY = 86_400
_LONGEST_DAYS = 14
_LONGEST_HIDDEN = 43_200
_LONGEST_TIMEOUT = 900
_NAME_LIMIT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkQueueArgs:
    """How long the work takes, how often it is tried, and when somebody is told.

    Raises ValueError naming the option when SQS or Lambda would refuse it, and when messages would be handed out again while they are
    worked on, or be gone from the dead-letter queue as soon as they come there.
    """

    key_arn: pulumi.Input[str]
    """KMS key for both queues; the caller owns it."""
    timeout_seconds: int
    """Longest that the consumer works on what it takes, as its function says."""
    visibility_seconds: int | None = None
    """How long a message that is taken stays hidden; None for `TIMES_THE_TIMEOUT` times the timeout, which is the least."""
    max_receives: int = 3
    """Deliveries before a message is parked in the dead-letter queue."""
    retention_days: int = 4
    """How long a message waits for its consumer; the dead-letter queue keeps it for 14 days of its whole life."""
    age_alarm_seconds: int = 300
    """Age of the oldest message at which somebody is told."""
    depth_alarm: int = 1_000
    """Number of messages waiting at which somebody is told."""
    alert_topic_arn: pulumi.Input[str]
    """Where alarms go."""
    senders: Sequence[pulumi.Input[str]] = ()
    """ARNs of the only roles that may send, of those that move parked messages back as well; none means whom IAM allows."""
    data_class: DataClass = DataClass.PERSONAL
    """Jobs say to whom a message goes."""
    protect: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.timeout_seconds <= _LONGEST_TIMEOUT:
            raise ValueError(f"timeout_seconds must be 1 to {_LONGEST_TIMEOUT}, as a function's (got {self.timeout_seconds})")
        least = TIMES_THE_TIMEOUT * self.timeout_seconds
        if not least <= self.hidden_seconds <= _LONGEST_HIDDEN:
            raise ValueError(
                f"visibility_seconds must be {least} ({TIMES_THE_TIMEOUT} times timeout_seconds {self.timeout_seconds}) to "
                f"{_LONGEST_HIDDEN} (got {self.visibility_seconds}); leave it out for the least"
            )
        if not 1 <= self.max_receives <= 1_000:
            raise ValueError(f"max_receives must be 1 to 1000 (got {self.max_receives})")
        if not 1 <= self.retention_days < _LONGEST_DAYS:
            raise ValueError(
                f"retention_days must be 1 to {_LONGEST_DAYS - 1}: a parked message's {_LONGEST_DAYS} days count from its first sending "
                f"(got {self.retention_days})"
            )
        for option in ("age_alarm_seconds", "depth_alarm"):
            if getattr(self, option) < 1:
                raise ValueError(f"{option} must be at least 1 (got {getattr(self, option)})")

    @property
    def hidden_seconds(self) -> int:
        """How long a message that is taken stays hidden."""
        return TIMES_THE_TIMEOUT * self.timeout_seconds if self.visibility_seconds is None else self.visibility_seconds


class WorkQueue(Component, token="messaging:WorkQueue"):
    """An encrypted SQS queue of this account alone, with a dead-letter queue behind it and alarms on both (SCH-4, SCH-10).

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    url: pulumi.Output[str]
    """Where producers send; like `arn` it waits until the policy stands."""
    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    dead_letter_url: pulumi.Output[str]
    dead_letter_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: WorkQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        arn = context.arn("sqs", context.physical(name, limit=_NAME_LIMIT))
        # By its derived name: the queue names the dead-letter queue, so this one comes first.
        allowed = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]}, separators=(",", ":"))
        dead = self._queue("dead", days=_LONGEST_DAYS, hidden=args.hidden_seconds, redrive_allow_policy=allowed)
        redrive = dead.arn.apply(lambda there: json.dumps({"deadLetterTargetArn": there, "maxReceiveCount": args.max_receives}))
        queue = self._queue("", days=args.retention_days, hidden=args.hidden_seconds, redrive_policy=redrive)
        # What sends to the dead-letter queue is SQS itself: no role has to.
        guarded = [self._policy("dead", dead, ()), self._policy("", queue, args.senders)]
        self._alarms(queue, dead)
        self.url, self.arn, self.name = (_after(guarded[1], value) for value in (queue.url, queue.arn, queue.name))
        self.dead_letter_url, self.dead_letter_arn = (_after(guarded[0], value) for value in (dead.url, dead.arn))
        self.publish()

    def _named(self, role: str) -> str:
        return f"{self._component}-{role}" if role else self._component

    def _queue(
        self,
        role: str,
        *,
        days: int,
        hidden: int,
        redrive_policy: pulumi.Input[str] | None = None,
        redrive_allow_policy: pulumi.Input[str] | None = None,
    ) -> Queue:
        return Queue(
            f"{self._named(role)}-queue",
            name=self.context.physical(self._named(role), limit=_NAME_LIMIT),
            message_retention_seconds=days * _DAY,
            visibility_timeout_seconds=hidden,
            # A consumer that asks waits for an answer: cheaper, and no message is overlooked.
            receive_wait_time_seconds=20,
            kms_master_key_id=self._args.key_arn,
            kms_data_key_reuse_period_seconds=300,
            redrive_policy=redrive_policy,
            redrive_allow_policy=redrive_allow_policy,
            tags=self.tags(self._args.data_class, name=self._named(role)),
            opts=self.child(protect=self._args.protect),
        )

    def _policy(self, role: str, queue: Queue, senders: Sequence[pulumi.Input[str]]) -> QueuePolicy:
        arn = self.context.arn("sqs", self.context.physical(self._named(role), limit=_NAME_LIMIT))
        return QueuePolicy(
            f"{self._named(role)}-policy",
            queue_url=queue.url,
            policy=queue_policy(self.context, arn, senders),
            opts=self.child(),
        )

    def _alarms(self, queue: Queue, dead: Queue) -> None:
        """Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"""
        args = self._args
        age, waiting = "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"
        self._alarm("age", queue, age, args.age_alarm_seconds, f"the oldest message waits for more than {args.age_alarm_seconds} seconds")
        self._alarm("depth", queue, waiting, args.depth_alarm, f"more than {args.depth_alarm} messages wait")
        self._alarm("parked", dead, waiting, 0, f"a message failed {args.max_receives} times and is parked until somebody looks at it")

    def _alarm(self, role: str, queue: Queue, metric: str, threshold: int, says: str) -> None:
        logical = f"{self._component}-{role}"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=f"{self.context.physical(self._component, limit=_NAME_LIMIT)}: {says} (SCH-4)",
            namespace="AWS/SQS",
            metric_name=metric,
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            period=60,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            # SQS stops telling of a queue that nobody has used for six hours.
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )


def queue_policy(context: Context, arn: str, senders: Sequence[pulumi.Input[str]]) -> Document:
    """Return who may do nothing with a queue: whoever has no TLS or is of another account; and who may not send.

    Senders are told by a condition and not as principals: SQS refuses the name of a role that is not there yet.
    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
    """
    everyone = [Principal.everyone()]
    account = {"StringNotEquals": {"aws:PrincipalAccount": context.account_id}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    statements = [
        deny("sqs:*", on=[arn], to=everyone, when={"Bool": {"aws:SecureTransport": "false"}}, sid="TlsOnly"),
        deny("sqs:*", on=[arn], to=everyone, when=account, sid="ThisAccountOnly"),
    ]
    if senders:
        own = [Principal.aws(context.arn("iam", "root", region=""))]
        statements += [
            allow("sqs:SendMessage", on=[arn], to=own, when={"ArnEquals": {"aws:PrincipalArn": list(senders)}}, sid="SendersSend"),
            deny("sqs:SendMessage", on=[arn], to=everyone, when={"ArnNotEquals": {"aws:PrincipalArn": list(senders)}}, sid="SendersOnly"),
        ]
    return document(*statements)


def _after(policy: QueuePolicy, value: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.all(value, policy.id).apply(lambda made: str(made[0]))
