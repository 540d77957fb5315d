"""File systems, their policies and where they are mounted from."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, one, text
from scripts.evidence.running.reader import Reader


def file_system(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the encryption."""
    found = one(place.ask("efs", "describe_file_systems", FileSystemId=text(resource, "id"))["FileSystems"])
    return found and {"encrypted": found.get("Encrypted", False), "kmsKeyId": place.key(found.get("KmsKeyId"))}


def policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who may mount."""
    return {"policy": place.ask("efs", "describe_file_system_policy", FileSystemId=text(resource, "fileSystemId", "id"))["Policy"]}


def backup(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether it is backed up by itself."""
    found = place.ask("efs", "describe_backup_policy", FileSystemId=text(resource, "fileSystemId", "id"))
    return {"backupPolicy": given(found["BackupPolicy"], status="Status")}


def mount_target(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read in which subnet it is reached, and by whom."""
    identity = text(resource, "id")
    found = one(place.ask("efs", "describe_mount_targets", MountTargetId=identity)["MountTargets"])
    if found is None:
        return None
    groups = place.ask("efs", "describe_mount_target_security_groups", MountTargetId=identity)["SecurityGroups"]
    return {"subnetId": found["SubnetId"], "securityGroups": groups}


READERS = (
    Reader(type="aws:efs/fileSystem:FileSystem", covers=("encrypted", "kmsKeyId"), read=file_system, gone=("FileSystemNotFound",)),
    Reader(
        type="aws:efs/fileSystemPolicy:FileSystemPolicy", covers=("policy",), read=policy, gone=("FileSystemNotFound", "PolicyNotFound")
    ),
    Reader(type="aws:efs/backupPolicy:BackupPolicy", covers=("backupPolicy",), read=backup, gone=("FileSystemNotFound", "PolicyNotFound")),
    Reader(type="aws:efs/mountTarget:MountTarget", covers=("subnetId", "securityGroups"), read=mount_target, gone=("MountTargetNotFound",)),
)
