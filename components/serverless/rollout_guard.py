"""Takes a rollout back when an alarm rings, also when the command that drives it is gone (DEL-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.lambda_.permission import Permission

from components._base import Component, Context, allow, document
from components._base.function import function_name, writes_log
from components._base.log_retention import check_retention
from components._base.policy_document import Document
from components._base.python_function import Program, check_sources, function
from config.vocabulary import DataClass

HANDLER = "services.rollout_guard.handler.handle"
_ALIAS = "live"
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class RolloutGuardArgs:
    """Whose aliases it watches over, and what it runs.

    Raises ValueError without the handler's file or without a function, and for a retention that CloudWatch does not know.
    """

    functions: Sequence[str]
    """Physical names of the functions that are released together."""
    sources: Mapping[str, str]
    """Path in the package to text; the handler's file among them."""
    alert_topic_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        check_sources(HANDLER, self.sources)
        if not self.functions:
            raise ValueError("functions must name at least one function")


class RolloutGuard(Component, token="serverless:RolloutGuard"):
    """A function that alarms call by themselves, and that gives the version in service all calls again (DEL-3)."""

    arn: pulumi.Output[str]
    """An action for alarms, known once they may call it."""

    def __init__(self, name: str, context: Context, args: RolloutGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        physical = function_name(context, name)
        program = Program(
            handler=HANDLER,
            files=args.sources,
            description="Takes rollouts back when an alarm rings",
            timeout_seconds=_TIMEOUT_SECONDS,
            duty="guard",
            duty_description="Takes rollouts back",
            variables={"FUNCTIONS": ",".join(args.functions), "ALIAS": _ALIAS},
        )
        policy = guarding(context, physical, args.functions)
        guard = function(self, name, program, policy, log_key_arn=args.log_key_arn, log_retention_days=args.log_retention_days)
        called = Permission(
            f"{name}-by-alarm",
            statement_id="Alarms",
            function=guard.name,
            action="lambda:InvokeFunction",
            principal="lambda.alarms.cloudwatch.amazonaws.com",
            source_account=context.account_id,
            opts=self.child(),
        )
        self._alarm(physical, args.alert_topic_arn)
        self.arn = pulumi.Output.all(guard.arn, called.id).apply(lambda made: str(made[0]))
        self.publish()

    def _alarm(self, physical: str, topic_arn: pulumi.Input[str]) -> None:
        """A guard that fails must be told of: then somebody has to go back by hand."""
        MetricAlarm(
            f"{self._component}-failed",
            name=f"{physical}-failed",
            alarm_description="A rollout could not be taken back by itself: `make rollout BACK=1`, then see the guard's log",
            namespace="AWS/Lambda",
            metric_name="Errors",
            dimensions={"FunctionName": physical},
            statistic="Sum",
            period=60,
            evaluation_periods=1,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-failed"),
            opts=self.child(),
        )


def guarding(context: Context, guard: str, functions: Sequence[str]) -> Document:
    """Return what the guard may do: look at the aliases of `functions`, move them, and write its log."""
    arns = [context.arn("lambda", f"function:{name}") for name in functions]
    return document(
        allow("lambda:GetAlias", "lambda:UpdateAlias", on=[*arns, *(f"{arn}:*" for arn in arns)], sid="TakeBack"),
        writes_log(context, guard),
    )
