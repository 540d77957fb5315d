"""A function on Lambda: its package, a role of its own, and a log that is there before Lambda would make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.lambda_.function import Function

from components._base import Component, Context, Statement, allow, assume_role
from components._base.policy_document import Document
from config.vocabulary import DataClass

RUNTIME = "python3.13"
"""Supported until June 2029. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """What a function runs, for how long at most, and what its role is for."""

    handler: str
    """Module and function that Lambda calls, such as `services.rotation.handler.handle`."""
    files: Mapping[str, str]
    """Path in the package to text; the handler's file among them."""
    description: str
    timeout_seconds: int
    duty: str
    """Name of the role's one policy."""
    duty_description: str
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Of its environment."""


def check_sources(handler: str, sources: Mapping[str, str]) -> None:
    """Raise ValueError when the file of `handler` is not among `sources`."""
    file = f"{handler.rpartition('.')[0].replace('.', '/')}.py"
    if file not in sources:
        raise ValueError(f"sources must hold {file}, which Lambda calls (got {', '.join(sources) or 'none'})")


def function_name(context: Context, name: str) -> str:
    """Return the physical name of the function, and of its role, of the component `name`."""
    return context.physical(name, limit=64)


def writes_log(context: Context, function: str) -> Statement:
    """Return what a function needs to write its own log, which it does not make."""
    group = context.arn("logs", f"log-group:{_log_group(function)}:*")
    return allow("logs:CreateLogStream", "logs:PutLogEvents", on=[group], sid="WriteItsLog")


def function(
    owner: Component, name: str, program: Program, policy: Document, *, log_key_arn: pulumi.Input[str], log_retention_days: int
) -> Function:
    """Create under `owner` a function that runs `program` and may do what `policy` allows."""
    physical = function_name(owner.context, name)
    logs = LogGroup(
        f"{name}-logs",
        name=_log_group(physical),
        kms_key_id=log_key_arn,
        retention_in_days=log_retention_days,
        tags=owner.tags(DataClass.LOGS, name=f"{name}-logs"),
        opts=owner.child(),
    )
    role = Role(
        f"{name}-role",
        name=physical,
        description=program.duty_description,
        assume_role_policy=assume_role("lambda.amazonaws.com"),
        tags=owner.tags(DataClass.OPERATIONAL, name=name),
        opts=owner.child(),
    )
    allowed = RolePolicy(f"{name}-policy", name=program.duty, role=role.name, policy=policy, opts=owner.child())
    return Function(
        f"{name}-function",
        name=physical,
        description=program.description,
        runtime=RUNTIME,
        handler=program.handler,
        architectures=["arm64"],
        code=pulumi.AssetArchive({path: pulumi.StringAsset(text) for path, text in sorted(program.files.items())}),
        role=role.arn,
        timeout=program.timeout_seconds,
        memory_size=256,
        environment={"variables": program.variables} if program.variables else None,
        logging_config={"log_format": "JSON", "log_group": logs.name},
        tags=owner.tags(DataClass.OPERATIONAL, name=name),
        opts=owner.child(depends_on=[allowed]),
    )


def _log_group(function: str) -> str:
    return f"/aws/lambda/{function}"
