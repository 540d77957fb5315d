"""The function that renews this region's secrets and watches how old they are (SEC-2)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pulumi
from pulumi_aws.cloudwatch.event_rule import EventRule
from pulumi_aws.cloudwatch.event_target import EventTarget
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.lambda_.function import Function
from pulumi_aws.lambda_.permission import Permission

from components._base import Component, Context, assume_role
from components._base.log_retention import check_retention
from components.security.rotation_role import rotation_statements
from components.security.secret_row import SecretRow
from config.vocabulary import DataClass

RUNTIME = "python3.13"
"""Supported until June 2029. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
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
        file = f"{HANDLER.rpartition('.')[0].replace('.', '/')}.py"
        if file not in self.sources:
            raise ValueError(f"sources must hold {file}, which Lambda calls (got {', '.join(self.sources) or 'none'})")


class RotationFunction(Component, token="security:RotationFunction"):
    """Makes first values, renews on schedule, and rings when a rotation fails, a deadline passes or nothing looks any more (SEC-2)."""

    arn: pulumi.Output[str]
    """Known to Secrets Manager, which may call it."""

    def __init__(self, name: str, context: Context, args: RotationFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._name = context.physical(name, limit=64)
        policy, role = self._role()
        function = self._function(role, policy)
        called = self._permissions(function)
        self._schedule(function)
        self._alarms()
        # Secrets Manager tries the function when a rotation is declared, so whoever has the ARN waits for the permission.
        self.arn = pulumi.Output.all(function.arn, called.id).apply(lambda made: str(made[0]))
        self.publish()

    def _role(self) -> tuple[RolePolicy, Role]:
        role = Role(
            f"{self._component}-role",
            name=self._name,
            description="Renews secrets",
            assume_role_policy=assume_role("lambda.amazonaws.com"),
            tags=self.tags(DataClass.OPERATIONAL, name=self._component),
            opts=self.child(),
        )
        args = self._args
        policy = RolePolicy(
            f"{self._component}-policy",
            name="rotation",
            role=role.name,
            policy=rotation_statements(
                self.context,
                rows=args.rows,
                key_arn=args.key_arn,
                log_group=f"/aws/lambda/{self._name}",
                namespace=NAMESPACE,
                databases=args.database_identifiers,
            ),
            opts=self.child(),
        )
        return policy, role

    def _function(self, role: Role, policy: RolePolicy) -> Function:
        args = self._args
        rows = json.dumps({name: asdict(row) for name, row in sorted(args.rows.items())}, indent=1)
        files: dict[str, pulumi.Asset | pulumi.Archive] = {path: pulumi.StringAsset(text) for path, text in sorted(args.sources.items())}
        logs = LogGroup(
            f"{self._component}-logs",
            name=f"/aws/lambda/{self._name}",
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{self._component}-logs"),
            opts=self.child(),
        )
        return Function(
            f"{self._component}-function",
            name=self._name,
            description="Renews secrets, and tells which are older than they may be",
            runtime=RUNTIME,
            handler=HANDLER,
            architectures=["arm64"],
            code=pulumi.AssetArchive({**files, ROWS: pulumi.StringAsset(rows)}),
            role=role.arn,
            timeout=_TIMEOUT_SECONDS,
            memory_size=256,
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tags=self.tags(DataClass.OPERATIONAL, name=self._component),
            opts=self.child(depends_on=[policy]),
        )

    def _permissions(self, function: Function) -> Permission:
        """Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html"""
        Permission(
            f"{self._component}-by-schedule",
            statement_id="Schedule",
            function=function.name,
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=self.context.arn("events", f"rule/{self._name}"),
            opts=self.child(),
        )
        return Permission(
            f"{self._component}-by-secrets-manager",
            statement_id="SecretsManager",
            function=function.name,
            action="lambda:InvokeFunction",
            principal="secretsmanager.amazonaws.com",
            source_account=self.context.account_id,
            opts=self.child(),
        )

    def _schedule(self, function: Function) -> None:
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
            arn=function.arn,
            input="{}",
            opts=self.child(),
        )

    def _alarms(self) -> None:
        """Two hours without a look are as bad as a secret that is overdue; a rotation that fails is told at once."""
        for role, namespace, metric, missing, said in (
            ("failed", "AWS/Lambda", "Errors", "notBreaching", "The rotation of a secret failed: see the function's log"),
            (
                "overdue",
                NAMESPACE,
                "Overdue",
                "breaching",
                "A secret is older than its row allows, or nobody looks: see the function's log",
            ),
        ):
            MetricAlarm(
                f"{self._component}-{role}",
                name=f"{self._name}-{role}",
                alarm_description=said,
                namespace=namespace,
                metric_name=metric,
                dimensions={"FunctionName": self._name},
                statistic="Maximum",
                period=3600,
                evaluation_periods=2 if role == "overdue" else 1,
                datapoints_to_alarm=2 if role == "overdue" else 1,
                threshold=0,
                comparison_operator="GreaterThanThreshold",
                treat_missing_data=missing,
                alarm_actions=[self._args.alert_topic_arn],
                ok_actions=[self._args.alert_topic_arn],
                tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-{role}"),
                opts=self.child(),
            )
