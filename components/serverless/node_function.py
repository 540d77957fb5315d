"""A Node.js function that is taken into service step by step, with a role, a log, alarms and secrets of its own (SCH-2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.codedeploy.deployment_group import DeploymentGroup
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.lambda_.alias import Alias
from pulumi_aws.lambda_.function import Function
from pulumi_aws.lambda_.function_event_invoke_config import FunctionEventInvokeConfig

from components._base import Component, Context, Statement, document
from components._base.function import Duty, Surroundings, function_name, surroundings
from components._base.log_retention import check_retention
from components.serverless.function_alarms import Told, watch
from components.serverless.function_network import FunctionNetwork, security_group
from components.serverless.function_statements import own_statements, reads_secrets, stands_in_network, tells_of_failures
from config.vocabulary import DataClass

RUNTIME = "nodejs24.x"
"""The newest that Lambda has; AWS stops mending it on 2028-04-30, and functions of it can be changed until 2028-07-01.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read on 2026-11-22; the date is a row of config/support.py too.
"""
ALIAS = "live"
"""What callers call: the version in service, or two while one takes over from the other."""
_HANDLER = re.compile(r"[a-z][\w-]*(/[\w-]+)*\.[a-zA-Z]\w*")
_SECRET_NAMES = re.compile(r"(^|_)(PASSWORD|SECRET|TOKEN|API_KEY|PRIVATE_KEY)$")
_LONGEST_SECONDS = 900
_LATEST_COMMAND = "aws ssm get-parameter --name /aws/service/aws-parameters-and-secrets-lambda-extension/arm64/latest --region {region}"
_RETRIES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class CanaryPlan:
    """Who moves calls to a new version, from `Canary`; None in its place moves all calls at once, by the program itself."""

    application: pulumi.Input[str]
    """Name of the CodeDeploy application, below which each function is a deployment group."""
    config: pulumi.Input[str]
    """Name of the deployment configuration."""
    role_arn: pulumi.Input[str]
    guard_arn: pulumi.Input[str] | None = None
    """Function that alarms call, and that takes a rollout back whoever drives it, from `RolloutGuard`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeFunctionArgs:
    """What a function runs, may do, is told and is watched by.

    Raises ValueError naming the option when Lambda would refuse it, when a variable looks like a secret, or when there are secrets
    and no extension to read them.
    """

    release_bucket: pulumi.Input[str]
    release_key: pulumi.Input[str]
    release_hash: pulumi.Input[str]
    """SHA-256 of the bundle, base64; a version whose code has another is not taken into service."""
    handler: str
    """File without its ending, and function, such as `bookings/handler.handle`."""
    description: str
    timeout_seconds: int
    memory_mb: int = 256
    reserved_concurrency: int | None = None
    """Calls at a time that are kept for it and more than which it never gets; None shares the account's."""
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Of its environment; none of them secret."""
    secrets: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Variable, such as `STRIPE_SECRET`, to the ARN of the secret whose value the function reads at run time."""
    credentials_key_arn: pulumi.Input[str]
    """KMS key of the secrets."""
    statements: Sequence[Statement] = ()
    """What it may do beyond its own log, traces, environment and secrets."""
    network: FunctionNetwork | None = None
    canary: CanaryPlan | None = None
    extension_layer_arn: str | None = None
    """The layer that reads secrets, for arm64 and of the function's region."""
    key_arn: pulumi.Input[str]
    """KMS key of its environment, and of the queue of failures."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int = 365
    alert_topic_arn: pulumi.Input[str]
    on_failure_arn: pulumi.Input[str] | None = None
    """Queue for calls that nobody waits for and that failed three times; None for a function that is only called and waited for."""

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)
        if not _HANDLER.fullmatch(self.handler):
            raise ValueError(f"handler must be a file without its ending, a dot and a function (got {self.handler!r})")
        if not 1 <= self.timeout_seconds <= _LONGEST_SECONDS:
            raise ValueError(f"timeout_seconds must be 1 to {_LONGEST_SECONDS} (got {self.timeout_seconds})")
        if not 128 <= self.memory_mb <= 10_240:
            raise ValueError(f"memory_mb must be 128 to 10240 (got {self.memory_mb})")
        if self.reserved_concurrency is not None and self.reserved_concurrency < 1:
            raise ValueError(f"reserved_concurrency must be at least 1: 0 stops the function (got {self.reserved_concurrency})")
        shown = sorted(name for name in self.variables if _SECRET_NAMES.search(name))
        if shown:
            raise ValueError(f"variables are seen by whoever sees the function: give {', '.join(shown)} under secrets")
        both = sorted(self.variables.keys() & self.secrets.keys())
        if both:
            raise ValueError(f"variables and secrets name the same: {', '.join(both)}")


class NodeFunction(Component, token="serverless:NodeFunction"):
    """A function whose alias `live` callers call, and whose versions take over step by step (SCH-2, SCH-7, SCH-8, SCH-10, DEL-3)."""

    arn: pulumi.Output[str]
    """Of the alias: what callers and permissions name."""
    function_arn: pulumi.Output[str]
    name: pulumi.Output[str]
    alias: pulumi.Output[str]
    role_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str | None]
    """None outside of a network."""

    def __init__(self, name: str, context: Context, args: NodeFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        check_extension(context, args)
        self._args = args
        group = security_group(self, name, args.network) if args.network else None
        around = self._surroundings()
        function = self._function(around, group)
        live = self._alias(function)
        guard = args.canary.guard_arn if args.canary else None
        alarms = watch(
            self,
            name,
            around.name,
            qualifier=ALIAS,
            timeout_seconds=args.timeout_seconds,
            told=Told(topic_arn=args.alert_topic_arn, acting=[guard] if guard is not None else ()),
        )
        self._on_failure(around, live)
        if args.canary is not None:
            self._rollout(around, args.canary, alarms)
        self.arn = live.arn
        self.function_arn = function.arn
        self.name = function.name
        self.alias = live.name
        self.role_name = around.role.name
        self.role_arn = around.role.arn
        self.security_group_id = group.id if group else pulumi.Output.from_input(None)
        self.publish()

    def _surroundings(self) -> Surroundings:
        args, name = self._args, function_name(self.context, self._component)
        policy = document(
            *own_statements(self.context, name, key_arn=args.key_arn),
            *reads_secrets(self.context, args.secrets, args.credentials_key_arn),
            *tells_of_failures(args.on_failure_arn, args.key_arn),
            *(stands_in_network(self.context, name) if args.network else ()),
            *args.statements,
        )
        duty = Duty(name="work", description=f"What {self._component} may do", policy=policy)
        return surroundings(self, self._component, duty, log_key_arn=args.log_key_arn, log_retention_days=args.log_retention_days)

    def _function(self, around: Surroundings, group: SecurityGroup | None) -> Function:
        args = self._args
        variables = {**args.variables, **args.secrets}
        return Function(
            f"{self._component}-function",
            name=around.name,
            description=args.description,
            runtime=RUNTIME,
            handler=args.handler,
            architectures=["arm64"],
            s3_bucket=args.release_bucket,
            s3_key=args.release_key,
            source_code_hash=args.release_hash,
            publish=True,
            role=around.role.arn,
            timeout=args.timeout_seconds,
            memory_size=args.memory_mb,
            reserved_concurrent_executions=args.reserved_concurrency,
            layers=[args.extension_layer_arn] if args.secrets and args.extension_layer_arn else None,
            environment={"variables": variables} if variables else None,
            kms_key_arn=args.key_arn,
            tracing_config={"mode": "Active"},
            logging_config={"log_format": "JSON", "log_group": around.logs.name},
            vpc_config={"subnet_ids": list(args.network.subnet_ids), "security_group_ids": [group.id]} if args.network and group else None,
            tags=self.tags(DataClass.OPERATIONAL, name=self._component),
            opts=self.child(depends_on=[around.allowed]),
        )

    def _alias(self, function: Function) -> Alias:
        version = pulumi.Output.all(function.version, function.code_sha256, self._args.release_hash).apply(
            lambda found: as_released(str(found[0]), str(found[1]), str(found[2]))
        )
        return Alias(
            f"{self._component}-live",
            name=ALIAS,
            description="In service",
            function_name=function.name,
            function_version=version,
            # With a canary a new version waits here until a rollout gives it calls (ADR 26).
            opts=self.child(ignore_changes=["functionVersion", "routingConfig"] if self._args.canary else []),
        )

    def _on_failure(self, around: Surroundings, live: Alias) -> None:
        if self._args.on_failure_arn is None:
            return
        FunctionEventInvokeConfig(
            f"{self._component}-failures",
            function_name=live.function_name,
            qualifier=live.name,
            maximum_retry_attempts=_RETRIES,
            destination_config={"on_failure": {"destination": self._args.on_failure_arn}},
            # Lambda tries the destination when it is declared.
            opts=self.child(depends_on=[around.allowed]),
        )

    def _rollout(self, around: Surroundings, canary: CanaryPlan, alarms: Sequence[MetricAlarm]) -> None:
        """The record of which alarms end a rollout, whoever runs it."""
        DeploymentGroup(
            f"{self._component}-rollout",
            app_name=canary.application,
            deployment_group_name=around.name,
            deployment_config_name=canary.config,
            service_role_arn=canary.role_arn,
            deployment_style={"deployment_type": "BLUE_GREEN", "deployment_option": "WITH_TRAFFIC_CONTROL"},
            alarm_configuration={"enabled": True, "alarms": [alarm.name for alarm in alarms]},
            auto_rollback_configuration={
                "enabled": True,
                "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
            },
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-rollout"),
            opts=self.child(),
        )


def as_released(version: str, code: str, released: str) -> str:
    """Return the version, when its code has the hash of the release.

    Raises ValueError otherwise: the bundle in the bucket is another than the configuration names.
    """
    if code != released:
        raise ValueError(
            f"version {version} has code {code}, the release is {released}: upload the bundle again with `make publish-functions`"
        )
    return version


def check_extension(context: Context, args: NodeFunctionArgs) -> None:
    """Raise ValueError when there are secrets and no layer of the function's region to read them by."""
    if not args.secrets:
        return
    layer = args.extension_layer_arn
    if layer is None or layer.split(":")[3:4] != [context.region.value]:
        command = _LATEST_COMMAND.format(region=context.region.value)
        raise ValueError(
            f"secrets need extension_layer_arn, a layer of {context.region} (got {layer}): `{command}` tells the newest; "
            "name it in config as scheduling.extension_layer"
        )
