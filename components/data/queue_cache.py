"""A Redis that holds a queue: in one piece, so that its keys stay together, and never emptied to make room (D5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.elasticache.parameter_group import ParameterGroup
from pulumi_aws.elasticache.replication_group import ReplicationGroup
from pulumi_aws.elasticache.subnet_group import SubnetGroup

from components._base.component import Component
from components._base.context import Context
from components._base.log_retention import check_retention
from components.data.credential import StoredCredential, stored_credential
from components.data.firewall import clients_only
from components.data.windows import check_windows
from config.vocabulary import DataClass

PORT = 6379
USER = "default"
"""Whoever logs in with the group's password alone."""
_ID_LIMIT = 40
_LOGS = ("engine-log", "slow-log")
_ENGINE_VERSIONS = ("7.0", "7.1")


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueCacheArgs:
    """Its size; the caller owns the network and the keys.

    Raises ValueError naming the option when a value is one that ElastiCache would refuse, or that would leave nothing to fail over to.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Isolated subnets of at least two zones."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Who may connect: short name to security group."""
    key_arn: pulumi.Input[str]
    """KMS key for memory on disk and snapshots."""
    credentials_key_arn: pulumi.Input[str]
    """KMS key for the secret that holds the password."""
    log_key_arn: pulumi.Input[str]
    data_class: DataClass = DataClass.PERSONAL
    """Answers of webhooks pass through it."""
    engine_version: str = "7.1"
    node_type: str = "cache.r5.large"
    replicas: int = 1
    """In other zones; one of them takes over when the primary is lost."""
    snapshot_days: int = 1
    snapshot_window: str = "02:00-03:00"
    maintenance_window: str = "sun:06:00-sun:07:00"
    log_retention_days: int = 365
    protect: bool = True

    def __post_init__(self) -> None:
        if self.engine_version not in _ENGINE_VERSIONS:
            raise ValueError(f"engine_version must be Redis {' or '.join(_ENGINE_VERSIONS)} (got {self.engine_version!r})")
        if not 1 <= self.replicas <= 5:
            raise ValueError(f"replicas must be 1 to 5: the queue fails over to one (got {self.replicas})")
        if not 1 <= self.snapshot_days <= 35:
            raise ValueError(f"snapshot_days must be 1 to 35 (got {self.snapshot_days})")
        check_retention("log_retention_days", self.log_retention_days)
        check_windows(self.snapshot_window, self.maintenance_window, least_minutes=60)


class QueueCache(Component, token="data:QueueCache"):
    """A Redis with cluster mode off, replicas in other zones, TLS, a password, and no key that is ever evicted (N8N-1, DAT-4).

    In a cluster all keys of one queue would fall into one slot, and so onto one shard. A queue that were evicted from would lose work
    in silence: a full one refuses what is new, and says so.
    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
    """

    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Address of the primary, whichever node it is."""
    port: pulumi.Output[int]
    secret_arn: pulumi.Output[str]
    """Where the password is, under the key `password`."""
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: QueueCacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        access = clients_only(self, name, vpc_id=args.vpc_id, port=PORT, clients=args.client_security_group_ids)
        login = stored_credential(
            self, name, username=USER, facts={"engine": "redis"}, key_arn=args.credentials_key_arn, protect=args.protect
        )
        group = self._group(login, access.id)
        self.arn = group.arn
        self.endpoint = group.primary_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.secret_arn = login.arn
        self.security_group_id = access.id
        self.publish()

    def _group(self, login: StoredCredential, access_id: pulumi.Input[str]) -> ReplicationGroup:
        name, args, context = self._component, self._args, self.context
        logs = {log: self._log(log) for log in _LOGS}
        return ReplicationGroup(
            f"{name}-group",
            replication_group_id=context.physical(name, limit=_ID_LIMIT),
            description=f"{name} of {context.environment}",
            engine="redis",
            engine_version=args.engine_version,
            auto_minor_version_upgrade=True,
            node_type=args.node_type,
            cluster_mode="disabled",
            num_cache_clusters=1 + args.replicas,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            port=PORT,
            parameter_group_name=self._parameters().name,
            subnet_group_name=self._subnets().name,
            security_group_ids=[access_id],
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            auth_token=login.password,
            # A new one is taken beside the old one, until it is set alone.
            auth_token_update_strategy="ROTATE",  # noqa: S106 - a way of changing one
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            maintenance_window=args.maintenance_window,
            final_snapshot_identifier=context.physical(f"{name}-final", limit=_ID_LIMIT) if args.protect else None,
            log_delivery_configurations=[
                {"destination": group.name, "destination_type": "cloudwatch-logs", "log_format": "json", "log_type": log}
                for log, group in logs.items()
            ],
            tags=self.tags(args.data_class, name=f"{name}-group"),
            opts=self.child(protect=args.protect),
        )

    def _parameters(self) -> ParameterGroup:
        family = f"redis{self._args.engine_version.partition('.')[0]}"
        return ParameterGroup(
            f"{self._component}-parameters",
            name=self.context.physical(f"{self._component}-{family}"),
            family=family,
            description="One piece; nothing is evicted",
            parameters=[{"name": "maxmemory-policy", "value": "noeviction"}],
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

    def _log(self, log: str) -> LogGroup:
        return LogGroup(
            f"{self._component}-log-{log}",
            name=f"/aws/elasticache/{self.context.physical(self._component, limit=_ID_LIMIT)}/{log}",
            kms_key_id=self._args.log_key_arn,
            retention_in_days=self._args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{self._component}-log-{log}"),
            opts=self.child(),
        )
