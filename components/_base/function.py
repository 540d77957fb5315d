"""What every function on Lambda has, in whatever language: its name, its log before Lambda would make one, a role of its own."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy

from components._base.component import Component
from components._base.context import Context
from components._base.policy_document import Document, Statement, allow, assume_role
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """What the role of a function is for."""

    name: str
    """Of the role's one policy."""
    description: str
    """Of the role."""
    policy: Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What stands before the function does."""

    name: str
    """Physical name of the function, of its role and, with a prefix, of its log group."""
    logs: LogGroup
    role: Role
    allowed: RolePolicy
    """Whatever runs the function waits for it."""


def function_name(context: Context, name: str) -> str:
    """Return the physical name of the function, and of its role, of the component `name`."""
    return context.physical(name, limit=64)


def log_group_name(function: str) -> str:
    """Return the log group that Lambda gives to a function of this physical name."""
    return f"/aws/lambda/{function}"


def writes_log(context: Context, function: str) -> Statement:
    """Return what a function needs to write its own log, which it does not make."""
    group = context.arn("logs", f"log-group:{log_group_name(function)}:*")
    return allow("logs:CreateLogStream", "logs:PutLogEvents", on=[group], sid="WriteItsLog")


def surroundings(owner: Component, name: str, duty: Duty, *, log_key_arn: pulumi.Input[str], log_retention_days: int) -> Surroundings:
    """Create under `owner` the log and the role of the function of the component `name`."""
    physical = function_name(owner.context, name)
    logs = LogGroup(
        f"{name}-logs",
        name=log_group_name(physical),
        kms_key_id=log_key_arn,
        retention_in_days=log_retention_days,
        tags=owner.tags(DataClass.LOGS, name=f"{name}-logs"),
        opts=owner.child(),
    )
    role = Role(
        f"{name}-role",
        name=physical,
        description=duty.description,
        assume_role_policy=assume_role("lambda.amazonaws.com"),
        tags=owner.tags(DataClass.OPERATIONAL, name=name),
        opts=owner.child(),
    )
    allowed = RolePolicy(f"{name}-policy", name=duty.name, role=role.name, policy=duty.policy, opts=owner.child())
    return Surroundings(name=physical, logs=logs, role=role, allowed=allowed)
