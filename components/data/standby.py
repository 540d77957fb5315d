"""A read replica of a database of another region, ready to take over (REG-2, BDR-3, BDR-4, D2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.rds.instance import Instance

from components._base.component import Component
from components._base.context import Context
from components._base.log_retention import check_retention
from components.data import postgres
from components.data.postgres_surroundings import LOGS, log_groups, monitoring, parameters
from components.data.windows import check_windows
from config.vocabulary import Backup, DataClass

_MINUTES_ASKED_FOR = 15
"""The most that may be lost of critical data (BDR-4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StandbyArgs:
    """The source, and where its replica stands; sizes are those of the source, since the replica is to take its place.

    Raises ValueError naming the option when RDS would refuse a value, or when the alarm would come too late.
    """

    source_arn: pulumi.Input[str]
    """The primary in the other region."""
    source_region: str
    subnet_group_name: pulumi.Input[str]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Who may connect in the standby's region: the groups of the database that stands there already."""
    key_arn: pulumi.Input[str]
    """KMS key of the standby's region, for storage, snapshots and Performance Insights."""
    log_key_arn: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    """SNS topic in the standby's region, since an alarm reaches no other."""
    engine_version: str = "17"
    instance_class: str = "db.r5.xlarge"
    max_storage_gb: int = 10_000
    multi_az: bool = False
    """A synchronous copy of the standby; it can be added once the standby has taken over."""
    backup_days: int = 30
    """Backups of its own, so that it can be taken back in time from the minute it takes over."""
    backup_window: str = "03:00-04:00"
    maintenance_window: str = "sun:04:00-sun:05:00"
    lag_minutes: int = 10
    """Lag that raises the alarm: before the 15 minutes at which a failover would lose more than is allowed."""
    log_retention_days: int = 365
    ca_certificate: str = "rds-ca-rsa2048-g1"
    protect: bool = True

    def __post_init__(self) -> None:
        postgres.major(self.engine_version)
        if not 1 <= self.lag_minutes < _MINUTES_ASKED_FOR:
            raise ValueError(f"lag_minutes must be 1 to {_MINUTES_ASKED_FOR - 1}, so that there is time to act (got {self.lag_minutes})")
        if not 1 <= self.backup_days <= 35:
            raise ValueError(f"backup_days must be 1 to 35; without backups a promoted standby begins with none (got {self.backup_days})")
        check_retention("log_retention_days", self.log_retention_days)
        check_windows(self.backup_window, self.maintenance_window, least_minutes=30)


class Standby(Component, token="data:Standby"):
    """An asynchronous, encrypted replica with backups of its own, and an alarm before it lags behind what may be lost (D2, BDR-4).

    Promotion makes it a primary; whether to is decided outside, on the measured lag.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html
    """

    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    """Host name in the standby's region."""
    lag_alarm_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: StandbyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if args.source_region == context.region:
            raise ValueError(f"source_region must be another than the standby's own (got {args.source_region})")
        super().__init__(name, context, opts)
        self._args = args
        replica = self._replica()
        self.identifier = replica.identifier
        self.arn = replica.arn
        self.address = replica.address
        self.lag_alarm_arn = self._lag_alarm(replica).arn
        self.publish()

    def _replica(self) -> Instance:
        args, name = self._args, self._component
        identifier = self.context.physical(name)
        watched = monitoring(self, name, identifier)
        logs = log_groups(self, name, identifier, key_arn=args.log_key_arn, retention_days=args.log_retention_days)
        return Instance(
            f"{name}-replica",
            identifier=identifier,
            replicate_source_db=args.source_arn,
            db_subnet_group_name=args.subnet_group_name,
            auto_minor_version_upgrade=True,
            instance_class=args.instance_class,
            storage_type="gp3",
            max_allocated_storage=args.max_storage_gb,
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            multi_az=args.multi_az,
            iam_database_authentication_enabled=True,
            publicly_accessible=False,
            vpc_security_group_ids=args.security_group_ids,
            parameter_group_name=parameters(self, name, args.engine_version).name,
            ca_cert_identifier=args.ca_certificate,
            backup_retention_period=args.backup_days,
            backup_window=args.backup_window,
            maintenance_window=args.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not args.protect,
            deletion_protection=args.protect,
            # AWS refuses a final snapshot of a replica; the primary's backups hold the data.
            skip_final_snapshot=True,
            enabled_cloudwatch_logs_exports=list(LOGS),
            monitoring_interval=60,
            monitoring_role_arn=watched.role.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=7,
            tags=self.tags(DataClass.PERSONAL, name=f"{name}-replica", backup=Backup.NONE),
            opts=self.child(protect=args.protect, depends_on=[watched.permission, *logs]),
        )

    def _lag_alarm(self, replica: Instance) -> MetricAlarm:
        """Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (ReplicaLag, in seconds)."""
        args = self._args
        return MetricAlarm(
            f"{self._component}-lag",
            name=self.context.physical(f"{self._component}-lag", limit=255),
            alarm_description=(
                f"The standby of {args.source_region}'s database is more than {args.lag_minutes} minutes behind, or tells nothing: "
                f"past {_MINUTES_ASKED_FOR} a failover loses more than is allowed (BDR-4)"
            ),
            namespace="AWS/RDS",
            metric_name="ReplicaLag",
            dimensions={"DBInstanceIdentifier": replica.identifier},
            statistic="Maximum",
            period=60,
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=args.lag_minutes * 60,
            # A replica that has stopped tells no lag at all.
            treat_missing_data="breaching",
            alarm_actions=[args.alert_topic_arn],
            ok_actions=[args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-lag"),
            opts=self.child(),
        )
