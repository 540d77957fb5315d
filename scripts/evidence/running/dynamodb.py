"""Tables and their replicas in other regions."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, text
from scripts.evidence.running.reader import Reader

_REPLICA = "aws:dynamodb/tableReplica:TableReplica"
_GONE = ("ResourceNotFoundException",)


def table(place: Place, resource: Resource) -> dict[str, Any]:
    """Read key, recovery, protection, expiry, and replicas that no resource of its own says."""
    name = text(resource, "name", "id")
    found = place.ask("dynamodb", "describe_table", TableName=name)["Table"]
    expiry = place.ask("dynamodb", "describe_time_to_live", TableName=name)["TimeToLiveDescription"]
    replicas = place.unless_said(resource, "replicas", _REPLICA, "globalTableArn", lambda: _replicas(place, found) or None)
    return {
        "serverSideEncryption": _encryption(place, found),
        "pointInTimeRecovery": _recovery(place, name),
        "deletionProtectionEnabled": found.get("DeletionProtectionEnabled", False),
        "ttl": {"enabled": expiry.get("TimeToLiveStatus") == "ENABLED", "attributeName": expiry.get("AttributeName")},
        **replicas,
    }


def replica(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the copy where it stands."""
    name = text(resource, "id").partition(":")[0]
    found = place.ask("dynamodb", "describe_table", TableName=name)["Table"]
    return {
        "kmsKeyArn": _encryption(place, found).get("kmsKeyArn"),
        "pointInTimeRecovery": _recovery(place, name)["enabled"],
        "deletionProtectionEnabled": found.get("DeletionProtectionEnabled", False),
    }


def _encryption(place: Place, found: dict[str, Any]) -> dict[str, Any]:
    """Return the encryption with a key in KMS; without one DynamoDB uses its own, and says nothing."""
    described = found.get("SSEDescription", {})
    enabled = described.get("Status") in ("ENABLED", "ENABLING", "UPDATING")
    return {"enabled": enabled, "kmsKeyArn": place.key(described.get("KMSMasterKeyArn"))} if enabled else {"enabled": False}


def _recovery(place: Place, name: str) -> dict[str, Any]:
    backups = place.ask("dynamodb", "describe_continuous_backups", TableName=name)["ContinuousBackupsDescription"]
    found = backups.get("PointInTimeRecoveryDescription", {})
    days = found.get("RecoveryPeriodInDays")
    return {"enabled": found.get("PointInTimeRecoveryStatus") == "ENABLED", **({"recoveryPeriodInDays": days} if days else {})}


def _replicas(place: Place, found: dict[str, Any]) -> list[dict[str, Any]]:
    elsewhere = [each for each in found.get("Replicas", ()) if each["RegionName"] != place.region]
    return [{"regionName": each["RegionName"], "kmsKeyArn": place.key(each.get("KMSMasterKeyId"))} for each in elsewhere]


READERS = (
    Reader(
        type="aws:dynamodb/table:Table",
        covers=("serverSideEncryption", "pointInTimeRecovery", "deletionProtectionEnabled", "ttl", "replicas"),
        read=table,
        gone=_GONE,
    ),
    Reader(type=_REPLICA, covers=("kmsKeyArn", "pointInTimeRecovery", "deletionProtectionEnabled"), read=replica, gone=_GONE),
)
