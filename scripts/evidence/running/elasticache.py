"""Caches and their subnets."""

from typing import Any

from policies.graph import Resource
from policies.values import UNKNOWN
from scripts.evidence.running.cloud import Place, given, text, told
from scripts.evidence.running.reader import Reader

_ALWAYS = {
    "atRestEncryptionEnabled": "AtRestEncryptionEnabled",
    "transitEncryptionEnabled": "TransitEncryptionEnabled",
    "snapshotRetentionLimit": "SnapshotRetentionLimit",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
}
_SOMETIMES = {"transitEncryptionMode": "TransitEncryptionMode", "nodeType": "CacheNodeType"}


def replication_group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read a group; of zones and failover AWS answers words, where a program says yes or no."""
    name = text(resource, "replicationGroupId", "id")
    found = place.ask("elasticache", "describe_replication_groups", ReplicationGroupId=name)["ReplicationGroups"][0]
    words = {"multiAzEnabled": "MultiAZ", "automaticFailoverEnabled": "AutomaticFailover"}
    return {
        **told(found, **_ALWAYS, **_SOMETIMES),
        "userGroupIds": found.get("UserGroupIds") or None,
        **{ours: found[theirs] in ("enabled", "enabling") for ours, theirs in words.items() if theirs in found},
        "kmsKeyId": place.key(found.get("KmsKeyId")),
        "logDeliveryConfigurations": [_delivery(each) for each in found.get("LogDeliveryConfigurations", ())] or None,
        # AWS tells nobody what it is, only that there is one.
        "authToken": resource.properties.get("authToken", UNKNOWN) if found.get("AuthTokenEnabled") else None,
    }


def _delivery(log: dict[str, Any]) -> dict[str, Any]:
    details = log["DestinationDetails"]
    where = details.get("CloudWatchLogsDetails", {}).get("LogGroup") or details.get("KinesisFirehoseDetails", {}).get("DeliveryStream")
    names = {"logType": "LogType", "logFormat": "LogFormat", "destinationType": "DestinationType"}
    return {**given(log, **names), "destination": where}


def subnet_group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the subnets."""
    name = text(resource, "name", "id")
    found = place.ask("elasticache", "describe_cache_subnet_groups", CacheSubnetGroupName=name)["CacheSubnetGroups"][0]
    return {"subnetIds": [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]}


READERS = (
    Reader(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        covers=(
            *_ALWAYS,
            *_SOMETIMES,
            "multiAzEnabled",
            "automaticFailoverEnabled",
            "kmsKeyId",
            "authToken",
            "userGroupIds",
            "logDeliveryConfigurations",
        ),
        read=replication_group,
        gone=("ReplicationGroupNotFoundFault",),
    ),
    Reader(
        type="aws:elasticache/subnetGroup:SubnetGroup",
        covers=("subnetIds",),
        read=subnet_group,
        gone=("CacheSubnetGroupNotFoundFault", "CacheSubnetGroupNotFound"),
    ),
)
