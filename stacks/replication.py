"""What of a region's data lives in other regions, always along the transfer register: standby, backups, objects (D1, D2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi

from components._base import Context
from components.data.backup_replication import BackupReplication, BackupReplicationArgs
from components.data.bucket import Bucket, BucketArgs, ObjectLock
from components.data.bucket_replication import BucketReplication, BucketReplicationArgs, ReplicaBucket
from components.data.bucket_statements import bucket_arn
from components.data.standby import Standby, StandbyArgs
from config.load import Settings
from config.models import RegionPlan
from config.vocabulary import DataClass
from stacks.copies import CopySite, sites_for
from stacks.foundation import Foundation
from stacks.handoff import RegionExports

STANDBY = "standby"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Here:
    """What every part of the replication is built from."""

    settings: Settings
    context: Context
    foundation: Foundation
    region: RegionExports
    copies: tuple[CopySite, ...]
    earlier: Mapping[str, RegionExports]

    @property
    def plan(self) -> RegionPlan:
        return self.settings.plan


def build_replication(
    settings: Settings,
    context: Context,
    foundation: Foundation,
    region: RegionExports,
    *,
    copies: tuple[CopySite, ...],
    earlier: Mapping[str, RegionExports],
) -> None:
    """Build the copies of this region's data, and the standbys of pairs this stack is the later one of (D12).

    `earlier` are the exports of the stacks that are up before this one, by name.

    Raises ConfigError naming the row to write when the transfer register does not allow a copy.
    """
    here = _Here(settings=settings, context=context, foundation=foundation, region=region, copies=copies, earlier=earlier)
    _standbys(here)
    _backups(here)
    _objects(here)


def _standbys(here: _Here) -> None:
    """Make the standby of an earlier region's database here, and that of this one's in an earlier region.

    What goes to a later region is made by that region's stack, which can read this one's exports.
    """
    estate, stack = here.settings.estate, here.settings.stack
    for name, exports in here.earlier.items():
        source = estate.plans[name]
        if source.database.standby_region == here.plan.region and estate.stack_in(here.plan.region, name) == stack:
            _standby_here(here, source, exports)
    standby = here.plan.database.standby_region
    home = None if standby is None else estate.stack_in(standby, stack)
    if home is not None and home in here.earlier:
        _standby_there(here, home)


def _standby_here(here: _Here, source: RegionPlan, exports: RegionExports) -> None:
    here.settings.estate.register.require(DataClass.PERSONAL, source.region, here.plan.region)
    # Names, tags and law are those of the region whose data it is.
    context = replace(here.context, origin=source.region, jurisdiction=source.law)
    args = _standby_args(
        source,
        source_arn=exports.database_arn,
        home=here.region,
        key_arn=here.foundation.keys.personal_arn,
    )
    Standby(STANDBY, context, args)


def _standby_there(here: _Here, home: str) -> None:
    site = next(site for site in here.copies if site.stack == home)
    here.settings.estate.register.require(DataClass.PERSONAL, here.plan.region, site.region)
    args = _standby_args(
        here.plan,
        source_arn=here.region.database_arn,
        home=here.earlier[home],
        key_arn=site.keys[DataClass.PERSONAL],
    )
    Standby(site.named(STANDBY), site.context, args)


def _standby_args(source: RegionPlan, *, source_arn: pulumi.Input[str], home: RegionExports, key_arn: pulumi.Input[str]) -> StandbyArgs:
    """Return the args of a standby of `source`, in the network of `home` and seen by those who watch over that region."""
    database = source.database
    return StandbyArgs(
        source_arn=source_arn,
        source_region=source.region,
        subnet_group_name=home.database_subnet_group,
        security_group_ids=[home.database_security_group_id],
        key_arn=key_arn,
        log_key_arn=home.logs_key_arn,
        alert_topic_arn=home.alert_topic_arn,
        engine_version=database.version,
        instance_class=database.instance_class,
        max_storage_gb=database.max_storage_gb,
        backup_days=database.backup_days,
        backup_window=database.backup_window,
        maintenance_window=database.maintenance_window,
        log_retention_days=source.log_retention_days,
        protect=source.protect,
    )


def _backups(here: _Here) -> None:
    """Let RDS keep the database's own backups in a second region, where the stack file names one that RDS offers."""
    region = here.plan.database.backups_region
    if region is None:
        return
    here.settings.estate.register.require(DataClass.PERSONAL, here.plan.region, region)
    site = next(site for site in here.copies if site.region == region)
    BackupReplication(
        site.named("database-backups"),
        site.context,
        BackupReplicationArgs(
            source_arn=here.region.database_arn,
            source_region=here.plan.region,
            key_arn=site.keys[DataClass.PERSONAL],
            days=here.plan.database.backup_days,
        ),
    )


def _objects(here: _Here) -> None:
    """Copy the objects of the buckets that hold personal data to every region of `copies`."""
    storage = here.plan.storage
    lock = ObjectLock(mode="GOVERNANCE", days=here.plan.database.backup_days)
    _replicate(here, "files", here.region.files_bucket, expire_after_days=None, archive_after_days=None, lock=None)
    _replicate(here, "backups", here.region.backups_bucket, expire_after_days=storage.backup_days, archive_after_days=90, lock=lock)


def _replicate(
    here: _Here,
    bucket: str,
    bucket_name: pulumi.Input[str],
    *,
    expire_after_days: int | None,
    archive_after_days: int | None,
    lock: ObjectLock | None,
) -> None:
    destinations = []
    for site in sites_for(here.copies, DataClass.PERSONAL):
        here.settings.estate.register.require(DataClass.PERSONAL, here.plan.region, site.region)
        copy = Bucket(
            site.named(bucket),
            site.context,
            BucketArgs(
                data_class=DataClass.PERSONAL,
                key_arn=site.keys[DataClass.PERSONAL],
                # S3 logs access to a bucket of the same region only, and this stack has none there; its trail sees the copies.
                log_bucket=None,
                archive_after_days=archive_after_days,
                expire_after_days=expire_after_days,
                object_lock=lock,
                protect=here.plan.protect,
            ),
        )
        destinations.append(
            ReplicaBucket(
                rule=site.region.value,
                region=site.region.value,
                name=copy.name,
                arn=bucket_arn(site.context, bucket),
                key_arn=site.keys[DataClass.PERSONAL],
            )
        )
    if destinations:
        BucketReplication(
            f"{bucket}-replication",
            here.context,
            BucketReplicationArgs(
                bucket=bucket,
                bucket_name=bucket_name,
                key_arn=here.foundation.keys.personal_arn,
                destinations=destinations,
                alert_topic_arn=here.foundation.alert_topic_arn,
                locked=lock is not None,
            ),
        )
