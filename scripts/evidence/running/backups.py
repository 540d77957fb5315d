"""Vaults of backups with their locks and policies, and copies of databases' backups."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, one, text
from scripts.evidence.running.reader import Reader

_GONE = ("ResourceNotFoundException", "AccessDeniedException")
"""AWS Backup also refuses access to a vault that does not exist."""


def _vault(place: Place, name: str) -> dict[str, Any] | None:
    every = place.ask("backup", "list_backup_vaults")["BackupVaultList"]
    found = one(each for each in every if each["BackupVaultName"] == name)
    return found and dict(place.ask("backup", "describe_backup_vault", BackupVaultName=name))


def vault(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the key."""
    found = _vault(place, text(resource, "name", "id"))
    return found and {"kmsKeyArn": place.key(found.get("EncryptionKeyArn"))}


def lock(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read for how long nobody can delete; a vault that is not locked has no lock to read."""
    found = _vault(place, text(resource, "backupVaultName", "id"))
    if found is None or not found.get("Locked"):
        return None
    return given(found, minRetentionDays="MinRetentionDays", maxRetentionDays="MaxRetentionDays")


def policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who may delete or copy."""
    name = text(resource, "backupVaultName", "id")
    return {"policy": place.ask("backup", "get_backup_vault_access_policy", BackupVaultName=name)["Policy"]}


def region_settings(place: Place, resource: Resource) -> dict[str, Any]:
    """Read which kinds of stores AWS Backup may back up."""
    del resource
    found = place.ask("backup", "describe_region_settings")
    return {"resourceTypeOptInPreference": found["ResourceTypeOptInPreference"]}


def database_backups(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read with which key, and for how long, another region keeps a database's backups."""
    arn = text(resource, "id")
    found = one(place.ask("rds", "describe_db_instance_automated_backups", DBInstanceAutomatedBackupsArn=arn)["DBInstanceAutomatedBackups"])
    return found and {"kmsKeyId": place.key(found.get("KmsKeyId")), "retentionPeriod": found.get("BackupRetentionPeriod")}


READERS = (
    Reader(type="aws:backup/vault:Vault", covers=("kmsKeyArn",), read=vault, gone=_GONE),
    Reader(
        type="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        covers=("minRetentionDays", "maxRetentionDays"),
        read=lock,
        gone=_GONE,
    ),
    Reader(type="aws:backup/vaultPolicy:VaultPolicy", covers=("policy",), read=policy, gone=_GONE),
    Reader(type="aws:backup/regionSettings:RegionSettings", covers=("resourceTypeOptInPreference",), read=region_settings),
    Reader(
        type="aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        covers=("kmsKeyId", "retentionPeriod"),
        read=database_backups,
        gone=("DBInstanceAutomatedBackupNotFound", "DBInstanceAutomatedBackupNotFoundFault"),
    ),
)
