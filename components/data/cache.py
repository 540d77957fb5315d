"""A sharded Redis that only known users reach, over TLS, with no password anywhere (DAT-4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.elasticache.parameter_group import ParameterGroup
from pulumi_aws.elasticache.replication_group import ReplicationGroup
from pulumi_aws.elasticache.subnet_group import SubnetGroup
from pulumi_aws.elasticache.user import User
from pulumi_aws.elasticache.user_group import UserGroup

from components._base.component import Component
from components._base.context import Context
from components._base.log_retention import check_retention
from components.data.firewall import clients_only
from components.data.windows import check_windows
from config.vocabulary import DataClass

PORT = 6379
APPLICATION_ACCESS = "on ~* &* +@all -@admin -@dangerous +info"
"""Every key and channel; no command that administers, dumps or empties the cluster. Clients ask INFO when they connect."""

_ID_LIMIT = 40
_LOGS = ("engine-log", "slow-log")
_USER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ENGINE_VERSIONS = ("7.0", "7.1")


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheArgs:
    """Sizes as DAT-4 gives them; the caller owns the network and the keys.

    Raises ValueError naming the option when a value is one that ElastiCache would refuse.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Isolated subnets of at least two zones."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Who may connect: short name to security group."""
    key_arn: pulumi.Input[str]
    """KMS key for memory on disk and snapshots."""
    log_key_arn: pulumi.Input[str]
    data_class: DataClass = DataClass.PERSONAL
    """Sessions and cached workflow data hold persons' data."""
    users: Mapping[str, str] = field(default_factory=lambda: {"app": APPLICATION_ACCESS})
    """User to its Redis access string; each logs in with a token of its IAM role."""
    engine_version: str = "7.1"
    node_type: str = "cache.r5.large"
    shards: int = 3
    replicas_per_shard: int = 1
    snapshot_days: int = 7
    snapshot_window: str = "02:00-03:00"
    maintenance_window: str = "sun:05:00-sun:06:00"
    log_retention_days: int = 365
    protect: bool = True
    """A final snapshot, and the engine's own refusal to delete."""

    def __post_init__(self) -> None:
        if self.engine_version not in _ENGINE_VERSIONS:
            allowed = " or ".join(_ENGINE_VERSIONS)
            raise ValueError(f"engine_version must be Redis {allowed}, the first with IAM users (got {self.engine_version!r})")
        if not 1 <= self.shards <= 500:
            raise ValueError(f"shards must be 1 to 500 (got {self.shards})")
        if not 1 <= self.replicas_per_shard <= 5:
            raise ValueError(f"replicas_per_shard must be 1 to 5: a shard fails over to its replica (got {self.replicas_per_shard})")
        if not 1 <= self.snapshot_days <= 35:
            raise ValueError(f"snapshot_days must be 1 to 35 (got {self.snapshot_days})")
        if not self.users or "default" in self.users or not all(_USER.fullmatch(user) for user in self.users):
            raise ValueError(
                f"users must be at least one name of lower-case words joined by hyphens, and never 'default', which is disabled "
                f"(got {', '.join(self.users) or 'none'})"
            )
        check_retention("log_retention_days", self.log_retention_days)
        check_windows(self.snapshot_window, self.maintenance_window, least_minutes=60)


class Cache(Component, token="data:Cache"):
    """A Redis cluster spread over zones, whose users are IAM identities."""

    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Configuration endpoint: where a cluster-aware client starts."""
    port: pulumi.Output[int]
    user_arns: pulumi.Output[dict[str, str]]
    """User to the ARN that an IAM policy for `elasticache:Connect` names, together with `arn`."""
    user_names: pulumi.Output[dict[str, str]]
    """User to the name it logs in with."""
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        access = clients_only(self, name, vpc_id=args.vpc_id, port=PORT, clients=args.client_security_group_ids)
        users = {user: self._user(user, access_string) for user, access_string in args.users.items()}
        logs = {log: self._log(log) for log in _LOGS}
        group = ReplicationGroup(
            f"{name}-cluster",
            replication_group_id=context.physical(name, limit=_ID_LIMIT),
            description=f"{name} of {context.environment}",
            engine="redis",
            engine_version=args.engine_version,
            auto_minor_version_upgrade=True,
            node_type=args.node_type,
            cluster_mode="enabled",
            num_node_groups=args.shards,
            replicas_per_node_group=args.replicas_per_shard,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            port=PORT,
            parameter_group_name=self._parameters().name,
            subnet_group_name=self._subnets().name,
            security_group_ids=[access.id],
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            user_group_ids=[self._user_group(users).user_group_id],
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            maintenance_window=args.maintenance_window,
            final_snapshot_identifier=context.physical(f"{name}-final", limit=_ID_LIMIT) if args.protect else None,
            log_delivery_configurations=[
                {"destination": group.name, "destination_type": "cloudwatch-logs", "log_format": "json", "log_type": log}
                for log, group in logs.items()
            ],
            tags=self.tags(args.data_class, name=f"{name}-cluster"),
            opts=self.child(protect=args.protect),
        )
        self.arn = group.arn
        self.endpoint = group.configuration_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.user_arns = pulumi.Output.all(**{user: each.arn for user, each in users.items()})
        self.user_names = pulumi.Output.all(**{user: each.user_name for user, each in users.items()})
        self.security_group_id = access.id
        self.publish()

    def _parameters(self) -> ParameterGroup:
        family = f"redis{self._args.engine_version.partition('.')[0]}"
        return ParameterGroup(
            f"{self._component}-parameters",
            name=self.context.physical(f"{self._component}-{family}"),
            family=family,
            description="Cluster mode; keys with an expiry make room",
            # Rate limits and sessions carry an expiry; a key without one is never the one to go.
            parameters=[{"name": "cluster-enabled", "value": "yes"}, {"name": "maxmemory-policy", "value": "volatile-lru"}],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-parameters"),
            opts=self.child(),
        )

    def _subnets(self) -> SubnetGroup:
        return SubnetGroup(
            f"{self._component}-subnets",
            name=self.context.physical(self._component),
            description="Isolated subnets",
            subnet_ids=self._args.subnet_ids,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-subnets"),
            opts=self.child(),
        )

    def _user(self, user: str, access_string: str) -> User:
        identity = self.context.physical(f"{self._component}-{user}", limit=_ID_LIMIT)
        return User(
            f"{self._component}-user-{user}",
            user_id=identity,
            # An IAM user's name must be its id.
            user_name=identity,
            engine="redis",
            access_string=access_string,
            authentication_mode={"type": "iam"},
            tags=self.tags(DataClass.CREDENTIALS, name=f"{self._component}-user-{user}"),
            opts=self.child(),
        )

    def _user_group(self, users: Mapping[str, User]) -> UserGroup:
        # A Redis group must hold a user named `default`. AWS's own may do everything without a password; this one may do nothing.
        # Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
        disabled = User(
            f"{self._component}-user-default",
            user_id=self.context.physical(f"{self._component}-default", limit=_ID_LIMIT),
            user_name="default",
            engine="redis",
            access_string="off ~* -@all",
            authentication_mode={"type": "no-password-required"},
            tags=self.tags(DataClass.CREDENTIALS, name=f"{self._component}-user-default"),
            opts=self.child(),
        )
        return UserGroup(
            f"{self._component}-users",
            user_group_id=self.context.physical(self._component, limit=_ID_LIMIT),
            engine="redis",
            user_ids=[disabled.user_id, *(user.user_id for user in users.values())],
            tags=self.tags(DataClass.CREDENTIALS, name=f"{self._component}-users"),
            opts=self.child(),
        )

    def _log(self, log: str) -> LogGroup:
        return LogGroup(
            f"{self._component}-log-{log}",
            name=f"/aws/elasticache/{self.context.physical(self._component, limit=_ID_LIMIT)}/{log}",
            kms_key_id=self._args.log_key_arn,
            retention_in_days=self._args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{self._component}-log-{log}"),
            opts=self.child(),
        )
