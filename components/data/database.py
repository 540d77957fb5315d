"""A PostgreSQL database that survives the loss of a zone and speaks TLS only (DAT-1, DAT-2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.rds.instance import Instance
from pulumi_aws.rds.parameter_group import ParameterGroup
from pulumi_aws.rds.subnet_group import SubnetGroup

from components._base.component import Component
from components._base.context import Context
from components._base.log_retention import check_retention
from components.data import postgres
from components.data.credential import StoredCredential, stored_credential
from components.data.firewall import clients_only
from components.data.placement import check_zones
from components.data.postgres_surroundings import LOGS, Monitoring, log_groups, monitoring, parameters
from components.data.windows import check_windows
from config.vocabulary import Backup, DataClass

PORT = 5432
_LEAST_GP3_GB = 20
_MOST_GP3_GB = 65536
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,15}")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseArgs:
    """Sizes as DAT-1 and DAT-2 give them; the caller owns the network and the keys.

    Raises ValueError naming the option when a value is one that RDS would refuse.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Isolated subnets of at least two zones."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Who may connect: short name to security group."""
    replica_zones: Sequence[str]
    """Zone of each read replica in the region, such as `("us-east-1b", "us-east-1c")`; no two alike."""
    key_arn: pulumi.Input[str]
    """KMS key for storage, snapshots and Performance Insights."""
    credentials_key_arn: pulumi.Input[str]
    """KMS key for the master user's secret."""
    log_key_arn: pulumi.Input[str]
    """KMS key for the log groups."""
    engine_version: str = "17"
    """A major version follows AWS's minor ones by itself (SEC-11)."""
    instance_class: str = "db.r5.xlarge"
    storage_gb: int = 1_000
    max_storage_gb: int = 10_000
    """Storage grows by itself up to here."""
    multi_az: bool = True
    database_name: str = "morefocus"
    username: str = "platform_admin"
    """Master user; applications get users of their own through IAM."""
    backup_days: int = 30
    backup_window: str = "03:00-04:00"
    maintenance_window: str = "sun:04:00-sun:05:00"
    log_retention_days: int = 365
    ca_certificate: str = "rds-ca-rsa2048-g1"
    protect: bool = True
    """Deletion protection, a final snapshot, backups and secret kept after deletion, and the engine's own refusal to delete."""

    def __post_init__(self) -> None:
        postgres.major(self.engine_version)
        if not _LEAST_GP3_GB <= self.storage_gb < self.max_storage_gb <= _MOST_GP3_GB or self.max_storage_gb * 10 < self.storage_gb * 11:
            raise ValueError(
                f"storage_gb must be at least {_LEAST_GP3_GB}, and max_storage_gb a tenth above it and at most {_MOST_GP3_GB} "
                f"(got {self.storage_gb} and {self.max_storage_gb})"
            )
        if not 1 <= self.backup_days <= 35:
            raise ValueError(f"backup_days must be 1 to 35; replicas and point-in-time recovery need backups (got {self.backup_days})")
        if len(set(self.replica_zones)) != len(self.replica_zones):
            raise ValueError(f"replica_zones must all differ: a replica in each (got {', '.join(self.replica_zones)})")
        for option in ("database_name", "username"):
            if not _IDENTIFIER.fullmatch(getattr(self, option)):
                raise ValueError(f"{option} must be 1 to 16 lower-case letters, digits or _ (got {getattr(self, option)!r})")
        check_retention("log_retention_days", self.log_retention_days)
        check_windows(self.backup_window, self.maintenance_window, least_minutes=30)


@dataclass(frozen=True, slots=True)
class _Common:
    """What the primary and its replicas share."""

    access: SecurityGroup
    parameters: ParameterGroup
    monitoring: Monitoring


class Database(Component, token="data:Database"):
    """A Multi-AZ primary, its read replicas, and all that watches and guards them.

    Raises ValueError when a zone is not of the context's region.
    """

    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    """Host name of the primary; it stays the same through a Multi-AZ failover."""
    port: pulumi.Output[int]
    database_name: pulumi.Output[str]
    replica_addresses: pulumi.Output[list[str]]
    """Host names for reading, in the order of `replica_zones`."""
    resource_id: pulumi.Output[str]
    """What IAM policies for `rds-db:connect` name the database by."""
    secret_arn: pulumi.Output[str]
    """Secret of the master user: JSON with at least `username` and `password`."""
    security_group_id: pulumi.Output[str]
    subnet_group_name: pulumi.Output[str]
    """Where a standby of another region's database can stand as well."""

    def __init__(self, name: str, context: Context, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_zones(context.region, args.replica_zones)
        super().__init__(name, context, opts)
        self._args = args
        access = clients_only(self, name, vpc_id=args.vpc_id, port=PORT, clients=args.client_security_group_ids)
        common = _Common(access, parameters(self, name, args.engine_version), monitoring(self, name, f"{self._identifier()}*"))
        # AWS refuses a replica of a PostgreSQL source whose password RDS manages, so a database with replicas keeps its own secret.
        # Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html (Limitations)
        secret = self._secret() if args.replica_zones else None
        subnets = self._subnets()
        primary = self._primary(common, subnets, secret)
        replicas = [self._replica(zone, primary, common) for zone in args.replica_zones]
        self.identifier = primary.identifier
        self.arn = primary.arn
        self.address = primary.address
        self.port = primary.port
        self.database_name = primary.db_name
        self.replica_addresses = pulumi.Output.all(*(replica.address for replica in replicas)).apply(list)
        self.resource_id = primary.resource_id
        self.secret_arn = _managed_secret_arn(primary) if secret is None else secret.arn
        self.security_group_id = access.id
        self.subnet_group_name = subnets.name
        self.publish()

    def _subnets(self) -> SubnetGroup:
        return SubnetGroup(
            f"{self._component}-subnets",
            name=self.context.physical(self._component),
            description="Isolated subnets",
            subnet_ids=self._args.subnet_ids,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-subnets"),
            opts=self.child(),
        )

    def _primary(self, common: _Common, subnets: SubnetGroup, secret: StoredCredential | None) -> Instance:
        args, name, identifier = self._args, self._component, self._identifier()
        return Instance(
            f"{name}-primary",
            identifier=identifier,
            engine="postgres",
            engine_version=args.engine_version,
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            allow_major_version_upgrade=False,
            auto_minor_version_upgrade=True,
            instance_class=args.instance_class,
            storage_type="gp3",
            allocated_storage=args.storage_gb,
            max_allocated_storage=args.max_storage_gb,
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            multi_az=args.multi_az,
            db_name=args.database_name,
            username=args.username,
            password=None if secret is None else secret.password,
            manage_master_user_password=True if secret is None else None,
            master_user_secret_kms_key_id=args.credentials_key_arn if secret is None else None,
            iam_database_authentication_enabled=True,
            port=PORT,
            publicly_accessible=False,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[common.access.id],
            parameter_group_name=common.parameters.name,
            ca_cert_identifier=args.ca_certificate,
            backup_retention_period=args.backup_days,
            backup_window=args.backup_window,
            maintenance_window=args.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not args.protect,
            deletion_protection=args.protect,
            skip_final_snapshot=not args.protect,
            final_snapshot_identifier=f"{identifier}-final" if args.protect else None,
            enabled_cloudwatch_logs_exports=list(LOGS),
            monitoring_interval=60,
            monitoring_role_arn=common.monitoring.role.arn,
            database_insights_mode="standard",
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            # All that the standard mode of Database Insights keeps.
            performance_insights_retention_period=7,
            tags=self.tags(DataClass.PERSONAL, name=f"{name}-primary", backup=Backup.SIX_HOURLY),
            opts=self.child(protect=args.protect, depends_on=[common.monitoring.permission, *self._logs("primary", identifier)]),
        )

    def _replica(self, zone: str, primary: Instance, common: _Common) -> Instance:
        args, role = self._args, f"replica-{zone[-1]}"
        identifier = self._identifier(role)
        return Instance(
            f"{self._component}-{role}",
            identifier=identifier,
            # By identifier and not by ARN, which would ask for a subnet group: a replica in the region takes its source's.
            replicate_source_db=primary.identifier,
            availability_zone=zone,
            auto_minor_version_upgrade=True,
            instance_class=args.instance_class,
            storage_type="gp3",
            max_allocated_storage=args.max_storage_gb,
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            multi_az=False,
            iam_database_authentication_enabled=True,
            port=PORT,
            publicly_accessible=False,
            vpc_security_group_ids=[common.access.id],
            parameter_group_name=common.parameters.name,
            ca_cert_identifier=args.ca_certificate,
            maintenance_window=args.maintenance_window,
            copy_tags_to_snapshot=True,
            deletion_protection=args.protect,
            # AWS refuses a final snapshot of a replica; the primary's backups hold the data.
            skip_final_snapshot=True,
            enabled_cloudwatch_logs_exports=list(LOGS),
            monitoring_interval=60,
            monitoring_role_arn=common.monitoring.role.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=7,
            tags=self.tags(DataClass.PERSONAL, name=f"{self._component}-{role}", backup=Backup.NONE),
            opts=self.child(protect=args.protect, depends_on=[common.monitoring.permission, *self._logs(role, identifier)]),
        )

    def _logs(self, role: str, identifier: str) -> list[pulumi.Resource]:
        args, name = self._args, f"{self._component}-{role}"
        return log_groups(self, name, identifier, key_arn=args.log_key_arn, retention_days=args.log_retention_days)

    def _secret(self) -> StoredCredential:
        return stored_credential(
            self,
            f"{self._component}-master",
            username=self._args.username,
            facts={
                "engine": "postgres",
                "dbInstanceIdentifier": self._identifier(),
                "dbname": self._args.database_name,
                "port": PORT,
            },
            key_arn=self._args.credentials_key_arn,
            protect=self._args.protect,
        )

    def _identifier(self, role: str | None = None) -> str:
        return self.context.physical(self._component if role is None else f"{self._component}-{role}")


def _managed_secret_arn(primary: Instance) -> pulumi.Output[str]:
    """Return the secret that RDS keeps; it is named only once RDS has made it, so a preview may see none."""
    return primary.master_user_secrets.apply(lambda secrets: str(secrets[0].secret_arn) if secrets else "")
