"""The function that renews this region's secrets and watches how old they are (SEC-2)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.lambda_.function import Function
from pulumi_aws.lambda_.permission import Permission

from components._base import Component, Context
from components._base.function import function_name
from components._base.log_retention import check_retention
from components._base.python_function import Program, check_sources, function
from components.security.rotation_role import rotation_statements
from components.security.secret_row import SecretRow
from config.vocabulary import DataClass

HANDLER = "services.secret_rotation.handler.handle"
NAMESPACE = "MoreFocus/Secrets"
"""Where the function publishes its metrics."""
ROWS = "rows.json"
_TIMEOUT_SECONDS = 300
"""More than the two minutes that the function waits for a database to take its password."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationFunctionArgs:
    """What it runs, on which secrets, and who is told.

    Raises ValueError when the handler's file is not among the sources, and for a retention that CloudWatch does not know.
    """

    sources: Mapping[str, str]
    """Path in the package to text; the handler's file among them."""
    rows: Mapping[str, SecretRow]
    """Physical name of each secret to what the function knows of it."""
    database_identifiers: tuple[str, ...] = ()
    """RDS instances whose master password it sets."""
    key_arn: pulumi.Input[str]
    """KMS key of the secrets."""
    log_key_arn: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        check_sources(HANDLER, self.sources)


class RotationFunction(Component, token="security:RotationFunction"):
    """Makes first values, renews on schedule, and rings when a rotation fails, a deadline passes or nothing looks any more (SEC-2)."""

    arn: pulumi.Output[str]
    """Known to Secrets Manager, which may call it."""

    def __init__(self, name: str, context: Context, args: RotationFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._name = function_name(context, name)
        rotation = self._function()
        called = self._permissions(rotation)
        self._schedule(rotation)
        self._alarms()
        # Secrets Manager tries the function when a rotation is declared, so whoever has the ARN waits for the permission.
        self.arn = pulumi.Output.all(rotation.arn, called.id).apply(lambda made: str(made[0]))
        self.publish()

    def _function(self) -> Function:
        args = self._args
        rows = json.dumps({name: asdict(row) for name, row in sorted(args.rows.items())}, indent=1)
        program = Program(
            handler=HANDLER,
            files={**args.sources, ROWS: rows},
            description="Renews secrets, and tells which are older than they may be",
            timeout_seconds=_TIMEOUT_SECONDS,
            duty="rotation",
            duty_description="Renews secrets",
        )
        policy = rotation_statements(
            self.context, self._name, rows=args.rows, key_arn=args.key_arn, namespace=NAMESPACE, databases=args.database_identifiers
        )
        return function(self, self._component, program, policy, log_key_arn=args.log_key_arn, log_retention_days=args.log_retention_days)

    def _permissions(self, rotation: Function) -> Permission:
        """Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html"""
        Permission(
            f"{self._component}-by-schedule",
            statement_id="Schedule",
            function=rotation.name,
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=self.context.arn("events", f"rule/{self._name}"),
            opts=self.child(),
        )
        return Permission(
            f"{self._component}-by-secrets-manager",
            statement_id="SecretsManager",
            function=rotation.name,
            action="lambda:InvokeFunction",
            principal="secretsmanager.amazonaws.com",
            source_account=self.context.account_id,
            opts=self.child(),
        )

    def _schedule(self, rotation: Function) -> None:
        rule = EventRule(
            f"{self._component}-schedule",
            name=self._name,
            description="Looks at every secret",
            schedule_expression="rate(1 hour)",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-schedule"),
            opts=self.child(),
        )
        EventTarget(
            f"{self._component}-schedule",
            rule=rule.name,
            target_id="rotation",
            arn=rotation.arn,
            input="{}",
            opts=self.child(),
        )

    def _alarms(self) -> None:
        """Two hours without a look are as bad as a secret that is overdue; a rotation that fails is told at once."""
        failed = "The rotation of a secret failed: see the function's log"
        overdue = "A secret is older than its row allows, or nobody looks: see the function's log"
        self._alarm("failed", failed, metric=("AWS/Lambda", "Errors"), hours=1, missing="notBreaching")
        self._alarm("overdue", overdue, metric=(NAMESPACE, "Overdue"), hours=2, missing="breaching")

    def _alarm(self, what: str, said: str, *, metric: tuple[str, str], hours: int, missing: str) -> None:
        """`metric` is a namespace and a name; it has to be above 0 for `hours` in a row."""
        namespace, counted = metric
        MetricAlarm(
            f"{self._component}-{what}",
            name=f"{self._name}-{what}",
            alarm_description=said,
            namespace=namespace,
            metric_name=counted,
            dimensions={"FunctionName": self._name},
            statistic="Maximum",
            period=3600,
            evaluation_periods=hours,
            datapoints_to_alarm=hours,
            threshold=0,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data=missing,
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-{what}"),
            opts=self.child(),
        )
