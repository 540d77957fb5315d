"""What sets the functions of the scheduling service in motion beside the API: queue, stream, schedule and notices (SCH-4, SCH-6, SCH-8)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget
from pulumi_aws.lambda_.event_source_mapping import EventSourceMapping
from pulumi_aws.lambda_.permission import Permission
from pulumi_aws.sns.topic_subscription import TopicSubscription

from components._base import Component, Context
from components.serverless.node_function import NodeFunction
from config.vocabulary import DataClass

BATCH = 10
"""Jobs that the worker takes at a time; few, since each is a request to a provider."""
STREAM_BATCH = 100
RETRIES = 10
"""Times that a change is tried again before the stream gives it up; a sweep then finds its job."""
SWEEP_MINUTES = 5
"""How often jobs are looked for that the stream gave up."""
_LEAST_AT_A_TIME = 2
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulingTriggersArgs:
    """Which functions, and what calls them.

    Raises ValueError when fewer jobs would be worked at a time than Lambda allows to say.
    """

    messages: NodeFunction
    audit: NodeFunction
    feedback: NodeFunction
    queue_arn: pulumi.Input[str]
    stream_arn: pulumi.Input[str]
    feedback_topic_arn: pulumi.Input[str]
    workers: int | None
    """Calls of the worker at a time, which it is never asked for more than; None leaves it to Lambda."""

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < _LEAST_AT_A_TIME:
            raise ValueError(f"workers must be at least {_LEAST_AT_A_TIME}, or None (got {self.workers})")


class SchedulingTriggers(Component, token="products:SchedulingTriggers"):
    """The queue calls the worker, stream and schedule the audit log, and bounces of mail their function (SCH-4, SCH-6, SCH-8).

    Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """

    def __init__(self, name: str, context: Context, args: SchedulingTriggersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._queue()
        self._stream()
        self._sweep()
        self._notices()
        self.publish()

    def _queue(self) -> None:
        workers, logical = self._args.workers, f"{self._component}-jobs"
        EventSourceMapping(
            logical,
            event_source_arn=self._args.queue_arn,
            function_name=self._args.messages.arn,
            batch_size=BATCH,
            # One job that fails must not bring back those that were sent.
            function_response_types=["ReportBatchItemFailures"],
            # Polling for more than the function may run would throttle jobs into the dead-letter queue.
            scaling_config=None if workers is None else {"maximum_concurrency": workers},
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _stream(self) -> None:
        logical = f"{self._component}-changes"
        EventSourceMapping(
            logical,
            event_source_arn=self._args.stream_arn,
            function_name=self._args.audit.arn,
            # Nothing that was written before the service stood is left out.
            starting_position="TRIM_HORIZON",
            batch_size=STREAM_BATCH,
            maximum_batching_window_in_seconds=1,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=RETRIES,
            function_response_types=["ReportBatchItemFailures"],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _sweep(self) -> None:
        args, logical = self._args, f"{self._component}-sweep"
        physical = self.context.physical(logical, limit=64)
        rule = EventRule(
            logical,
            name=physical,
            description="Sends jobs that the stream gave up",
            schedule_expression=f"rate({SWEEP_MINUTES} minutes)",
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
        called = Permission(
            f"{logical}-may-call",
            statement_id="Sweep",
            function=args.audit.name,
            qualifier=args.audit.alias,
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=self.context.arn("events", f"rule/{physical}"),
            opts=self.child(),
        )
        EventTarget(
            logical, rule=rule.name, target_id="sweep", arn=args.audit.arn, input='{"sweep":true}', opts=self.child(depends_on=[called])
        )

    def _notices(self) -> None:
        args, logical = self._args, f"{self._component}-notices"
        called = Permission(
            f"{logical}-may-call",
            statement_id="MailFeedback",
            function=args.feedback.name,
            qualifier=args.feedback.alias,
            action="lambda:InvokeFunction",
            principal="sns.amazonaws.com",
            source_arn=args.feedback_topic_arn,
            opts=self.child(),
        )
        TopicSubscription(
            logical,
            topic=args.feedback_topic_arn,
            protocol="lambda",
            endpoint=args.feedback.arn,
            opts=self.child(depends_on=[called]),
        )
