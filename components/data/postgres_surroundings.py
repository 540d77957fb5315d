"""What an instance of PostgreSQL finds ready, whichever component runs it: its parameters, its monitoring role, its log groups."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment
from pulumi_aws.rds.parameter_group import ParameterGroup

from components._base.component import Component
from components._base.policy_document import assume_role
from components.data import postgres
from config.vocabulary import DataClass

LOGS = ("postgresql", "upgrade", "iam-db-auth-error")
"""What every instance exports."""
_MONITORING = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The role of enhanced monitoring, and the permission to wait for: RDS looks at it when an instance is created."""

    role: Role
    permission: RolePolicyAttachment


def parameters(owner: Component, name: str, engine_version: str) -> ParameterGroup:
    """Create under `owner` the group that holds `postgres.SETTINGS`."""
    version = postgres.major(engine_version)
    return ParameterGroup(
        f"{name}-parameters",
        # A group of another family is a new group, so the version is part of its name.
        name=owner.context.physical(f"{name}-postgres{version}"),
        family=f"postgres{version}",
        description="TLS forced; connections, schema changes and slow statements logged",
        parameters=[{"name": setting.name, "value": setting.value, "apply_method": setting.apply_method} for setting in postgres.SETTINGS],
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-parameters"),
        opts=owner.child(),
    )


def monitoring(owner: Component, name: str, identifiers: str) -> Monitoring:
    """Create under `owner` the role that writes metrics of the instances `identifiers` (wildcards allowed)."""
    role = Role(
        f"{name}-monitoring",
        name=owner.context.physical(f"{name}-monitoring", limit=64),
        description="Enhanced monitoring writes its metrics",
        assume_role_policy=assume_role(
            "monitoring.rds.amazonaws.com",
            source_account=owner.context.account_id,
            source_arn=owner.context.arn("rds", f"db:{identifiers}"),
        ),
        tags=owner.tags(DataClass.OPERATIONAL, name=f"{name}-monitoring"),
        opts=owner.child(),
    )
    permission = RolePolicyAttachment(f"{name}-monitoring", role=role.name, policy_arn=_MONITORING, opts=owner.child())
    return Monitoring(role, permission)


def log_groups(owner: Component, name: str, identifier: str, *, key_arn: pulumi.Input[str], retention_days: int) -> list[pulumi.Resource]:
    """Create under `owner` the log groups of one instance before RDS would, which leaves them without key and retention."""
    return [
        LogGroup(
            f"{name}-log-{log}",
            name=f"/aws/rds/instance/{identifier}/{log}",
            kms_key_id=key_arn,
            retention_in_days=retention_days,
            tags=owner.tags(DataClass.LOGS, name=f"{name}-log-{log}"),
            opts=owner.child(),
        )
        for log in LOGS
    ]
