"""RDS: attributes that moto accepts and forgets, replicas of their own, groups that survive a change, backups replicated to a region."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept

# What the requests call it -> what the answers call it.
_REMEMBERED = {
    "backup_target": "backup_target",
    "database_insights_mode": "database_insights_mode",
    "db_port_number": "port",
    "dedicated_log_volume": "dedicated_log_volume",
    "enable_performance_insights": "performance_insights_enabled",
    "engine_lifecycle_support": "engine_lifecycle_support",
    "network_type": "network_type",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}
_DEFAULTS = {
    "backup_target": "region",
    "database_insights_mode": "standard",
    "dedicated_log_volume": False,
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "network_type": "IPV4",
    "performance_insights_enabled": False,
}
_LICENSES = {"postgres": "postgresql-license"}
_INSIGHTS_DAYS = 7
_REPLICATED_DAYS = 7
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html: gp3 volumes are striped from this size on.
_STRIPED_FROM_GIB = {"oracle": 200}
_STRIPED_FROM_OTHERS_GIB = 400


def install() -> None:
    """Adds it to moto."""
    from moto.rds import models, responses, utils

    instance, backend = models.DBInstance, models.RDSBackend
    instance.__init__ = _created(instance.__init__, models.random)
    instance.update = _changed(instance.update)
    instance.remove_replica = _forgotten(instance.remove_replica)
    backend.create_db_instance_read_replica = _replicated(backend.create_db_instance_read_replica, models.random)
    backend.modify_db_subnet_group = _kept(backend.modify_db_subnet_group)
    backend.describe_db_instance_automated_backups = _with_replicated(backend.describe_db_instance_automated_backups)
    for operation in ("start", "stop"):
        name = f"{operation}_db_instance_automated_backups_replication"
        setattr(responses.RDSResponse, name, _replication(operation, models))
    utils.get_overlap_between_two_date_ranges = _adjacent_is_apart(utils.get_overlap_between_two_date_ranges)


def _created(original: Any, random: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("engine") in _LICENSES:
            kwargs.setdefault("license_model", _LICENSES[kwargs["engine"]])
        original(self, *args, **kwargs)
        for name, value in _DEFAULTS.items():
            setattr(self, name, value)
        _identify(self, random)
        _remember(self, kwargs)
        if not self.db_cluster_identifier:
            _provision(self)

    return create


def _changed(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, **kwargs: Any) -> None:
        original(self, **kwargs)
        _remember(self, kwargs)

    return update


def _replicated(original: Any, random: Any) -> Any:
    @wraps(original)
    def replicate(self: Any, db_kwargs: dict[str, Any]) -> Any:
        # moto sets what was asked one by one and the region last, and so looks for a subnet group in the region of the source.
        replica = original(self, {"backend": self, **db_kwargs})
        # moto's replica is a shallow copy of its source.
        replica.vpc_security_group_ids = list(replica.vpc_security_group_ids)
        replica.enabled_cloudwatch_logs_exports = list(db_kwargs.get("enable_cloudwatch_logs_exports") or [])
        replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
        replica.backup_retention_period = 0
        if replica.region not in replica.availability_zone:
            replica.availability_zone = f"{replica.region}a"
        _identify(replica, random)
        return replica

    return replicate


def _forgotten(original: Any) -> Any:
    @wraps(original)
    def remove(self: Any, replica: Any) -> None:
        # moto lists a replica of another region by its ARN and then looks for its name.
        self.replicas = [name for name in self.replicas if name not in (replica.db_instance_arn, replica.db_instance_identifier)]

    return remove


def _kept(original: Any) -> Any:
    @wraps(original)
    def modify(self: Any, subnet_name: str, *args: Any, **kwargs: Any) -> Any:
        group = original(self, subnet_name, *args, **kwargs)
        self.subnet_groups[subnet_name] = group
        return group

    return modify


def _adjacent_is_apart(original: Any) -> Any:
    @wraps(original)
    def overlap(*args: Any) -> int:
        # AWS takes a maintenance window that begins when the backup window ends; moto refuses an overlap of zero seconds.
        return int(original(*args)) - 1

    return overlap


def _identify(instance: Any, random: Any) -> None:
    """A resource id of its own, and what is named after it."""
    instance.dbi_resource_id = f"db-{base64.b32encode(random.getrandbits(136).to_bytes(17)).decode()[:26]}"
    if instance.monitoring_interval:
        stream = f"log-group:RDSOSMetrics:log-stream:{instance.dbi_resource_id}"
        instance.enhanced_monitoring_resource_arn = f"arn:{instance.partition}:logs:{instance.region}:{instance.account_id}:{stream}"


def _remember(instance: Any, asked: dict[str, Any]) -> None:
    for name, attribute in _REMEMBERED.items():
        if asked.get(name) is not None:
            setattr(instance, attribute, asked[name])
    if instance.performance_insights_enabled and not getattr(instance, "performance_insights_retention_period", None):
        instance.performance_insights_retention_period = _INSIGHTS_DAYS


def _provision(instance: Any) -> None:
    """gp3 storage comes with IOPS and throughput."""
    if instance.storage_type != "gp3":
        return
    family = instance.engine.split("-")[0]
    striped = family != "sqlserver" and int(instance.allocated_storage) >= _STRIPED_FROM_GIB.get(family, _STRIPED_FROM_OTHERS_GIB)
    instance.iops = instance.iops or (12_000 if striped else 3_000)
    instance.storage_throughput = instance.storage_throughput or (500 if striped else 125)


@dataclass
class ReplicatedBackups:
    """Automated backups of an instance in another region, as the region that holds them describes them."""

    db_instance_automated_backups_arn: str
    db_instance_arn: str
    db_instance_identifier: str
    dbi_resource_id: str
    region: str
    """That of the instance."""
    backup_retention_period: int
    kms_key_id: str | None
    encrypted: bool
    engine: str
    engine_version: str
    allocated_storage: int
    status: str = "replicating"


def _replication(operation: str, models: Any) -> Any:
    """StartDBInstanceAutomatedBackupsReplication or its Stop; both are asked of the region that the backups go to."""

    def respond(self: Any) -> Any:
        from moto.core.responses import ActionResult

        asked = _asked(self)
        source = _source(models, self.backend, asked["SourceDBInstanceArn"])
        change = _started if operation == "start" else _stopped
        return ActionResult({"DBInstanceAutomatedBackup": change(models, self.backend, source, asked)})

    return respond


def _asked(response: Any) -> dict[str, Any]:
    names = ("SourceDBInstanceArn", "BackupRetentionPeriod", "KmsKeyId")
    return {name: response.params.get(name) for name in names}


def _source(models: Any, backend: Any, arn: str) -> Any:
    region = arn.split(":")[3]
    if region == backend.region_name:
        raise models.InvalidParameterCombination("Automated backups are replicated to another region than that of the instance.")
    return models.rds_backends[backend.account_id][region].describe_db_instances(arn.rsplit(":", 1)[-1])[0]


def _started(models: Any, backend: Any, source: Any, asked: dict[str, Any]) -> ReplicatedBackups:
    held = _replicated_backups(backend)
    if any(each.db_instance_arn == source.db_instance_arn for each in held.values()):
        raise models.InvalidDBInstanceStateFault(f"{source.db_instance_arn} already replicates its automated backups here.")
    if not source.backup_retention_period:
        raise models.InvalidDBInstanceStateFault(f"{source.db_instance_arn} has no automated backups.")
    if source.storage_encrypted and not asked["KmsKeyId"]:
        raise models.InvalidParameterCombination("KmsKeyId is required for the backups of an encrypted instance.")
    identity = base64.b32encode(models.random.getrandbits(160).to_bytes(20)).decode().lower()
    arn = f"arn:{source.partition}:rds:{backend.region_name}:{backend.account_id}:auto-backup:ab-{identity}"
    held[arn] = ReplicatedBackups(
        db_instance_automated_backups_arn=arn,
        db_instance_arn=source.db_instance_arn,
        db_instance_identifier=source.db_instance_identifier,
        dbi_resource_id=source.dbi_resource_id,
        region=source.region,
        backup_retention_period=int(asked["BackupRetentionPeriod"] or _REPLICATED_DAYS),
        kms_key_id=asked["KmsKeyId"],
        encrypted=bool(source.storage_encrypted),
        engine=source.engine,
        engine_version=source.engine_version,
        allocated_storage=int(source.allocated_storage),
    )
    listed = [*getattr(source, "db_instance_automated_backups_replications", []), {"DBInstanceAutomatedBackupsArn": arn}]
    source.db_instance_automated_backups_replications = listed
    return held[arn]


def _stopped(models: Any, backend: Any, source: Any, asked: dict[str, Any]) -> ReplicatedBackups:
    held = _replicated_backups(backend)
    arn = next((arn for arn, each in held.items() if each.db_instance_arn == source.db_instance_arn), None)
    if arn is None:
        raise models.InvalidDBInstanceStateFault(f"{asked['SourceDBInstanceArn']} has no automated backups replicated here.")
    listed = source.db_instance_automated_backups_replications
    source.db_instance_automated_backups_replications = [each for each in listed if each["DBInstanceAutomatedBackupsArn"] != arn]
    return held.pop(arn)


def _replicated_backups(backend: Any) -> dict[str, ReplicatedBackups]:
    return kept(backend, "replicated_backups")


def _with_replicated(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any, db_instance_identifier: str | None = None, **asked: Any) -> list[Any]:
        arn = asked.get("db_instance_automated_backups_arn")
        replicated = [
            each
            for each in _replicated_backups(self).values()
            if arn in (None, each.db_instance_automated_backups_arn) and db_instance_identifier in (None, each.db_instance_identifier)
        ]
        return replicated if arn else [*original(self, db_instance_identifier), *replicated]

    return describe
