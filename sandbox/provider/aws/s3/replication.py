"""How a bucket's objects are copied to buckets elsewhere."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.s3.setting import Setting
from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties

_Names = dict[str, tuple[str, "_Names"]]
# The program's words to the service's, and those inside of each; tags of filters are translated apart.
_STATUS: _Names = {"status": ("Status", {})}
_MINUTES: _Names = {"minutes": ("Minutes", {})}
_DESTINATION: _Names = {
    "bucket": ("Bucket", {}),
    "account": ("Account", {}),
    "storageClass": ("StorageClass", {}),
    "accessControlTranslation": ("AccessControlTranslation", {"owner": ("Owner", {})}),
    "encryptionConfiguration": ("EncryptionConfiguration", {"replicaKmsKeyId": ("ReplicaKmsKeyID", {})}),
    "replicationTime": ("ReplicationTime", {"status": ("Status", {}), "time": ("Time", _MINUTES)}),
    "metrics": ("Metrics", {"status": ("Status", {}), "eventThreshold": ("EventThreshold", _MINUTES)}),
}
_TAG: _Names = {"key": ("Key", {}), "value": ("Value", {})}
_RULE: _Names = {
    "id": ("ID", {}),
    "priority": ("Priority", {}),
    "prefix": ("Prefix", {}),
    "status": ("Status", {}),
    "filter": ("Filter", {"prefix": ("Prefix", {}), "tag": ("Tag", _TAG), "and": ("And", {"prefix": ("Prefix", {})})}),
    "sourceSelectionCriteria": (
        "SourceSelectionCriteria",
        {"sseKmsEncryptedObjects": ("SseKmsEncryptedObjects", _STATUS), "replicaModifications": ("ReplicaModifications", _STATUS)},
    ),
    "existingObjectReplication": ("ExistingObjectReplication", _STATUS),
    "deleteMarkerReplication": ("DeleteMarkerReplication", _STATUS),
    "destination": ("Destination", _DESTINATION),
}


class BucketReplicationConfig(Setting):
    """The rules by which S3 copies new objects, and the role it does so in."""

    token = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    operation = "PutBucketReplication"
    create_only = frozenset({"bucket"})

    def rules(self, inputs: Properties) -> list[Failure]:
        rules = inputs["rules"]
        if not isinstance(rules, list):
            return []
        found = []
        priorities = [rule.get("priority") for rule in rules if isinstance(rule, dict)]
        if len(rules) > 1 and len(set(map(str, priorities))) < len(rules):
            found.append(Failure("rules", f"several rules need a priority each, and no two the same (got {priorities})"))
        for position, rule in enumerate(rules):
            if isinstance(rule, dict) and "filter" in rule and "deleteMarkerReplication" not in rule:
                found.append(
                    Failure(f"rules[{position}].deleteMarkerReplication", "a rule with a filter must say it (Enabled or Disabled)")
                )
            selection = rule.get("sourceSelectionCriteria") if isinstance(rule, dict) else None
            encrypted = isinstance(selection, dict) and "sseKmsEncryptedObjects" in selection
            destination = rule.get("destination") if isinstance(rule, dict) else None
            if encrypted and isinstance(destination, dict) and "encryptionConfiguration" not in destination:
                path = f"rules[{position}].destination.encryptionConfiguration"
                found.append(Failure(path, "objects under a KMS key need the key that their copies are encrypted with"))
        return found

    def request(self, inputs: Properties) -> Properties:
        rules = inputs["rules"]
        if isinstance(rules, list):
            rules = [rule if rule is UNKNOWN else _wire(rule, _RULE) for rule in rules]
        asked = {"ReplicationConfiguration": {"Role": inputs["role"], "Rules": rules}}
        return asked | ({"Token": inputs["token"]} if inputs.get("token") else {})

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        found = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
        rules = [_plain(rule, _RULE) for rule in found["Rules"]]
        return {"role": found["Role"], "rules": aligned(state.get("rules", []), rules)}

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_bucket_replication(Bucket=bucket)


def _wire(value: Any, names: _Names) -> Any:
    if not isinstance(value, dict) or not names:
        return value
    result = {names[key][0]: _wire(item, names[key][1]) for key, item in value.items() if key in names}
    if isinstance(value.get("tags"), dict):
        result["Tags"] = tagging.pairs(value["tags"])
    return result


def _plain(value: Any, names: _Names) -> Any:
    if not isinstance(value, dict) or not names:
        return value
    result = {key: _plain(value[member], inner) for key, (member, inner) in names.items() if member in value}
    if value.get("Tags"):
        result["tags"] = tagging.mapping(value["Tags"])
    return result
