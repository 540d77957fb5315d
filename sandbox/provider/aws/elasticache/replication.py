"""Replication groups: a Redis or Valkey cache, in shards or not."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.elasticache.groups import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_NAMES = {
    "description": "ReplicationGroupDescription",
    "nodeType": "CacheNodeType",
    "parameterGroupName": "CacheParameterGroupName",
    "subnetGroupName": "CacheSubnetGroupName",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "securityGroupNames": "CacheSecurityGroupNames",
    "authTokenWo": "AuthToken",
}
_APART = frozenset({"applyImmediately", "authTokenWoVersion", "finalSnapshotIdentifier", "logDeliveryConfigurations"})
_CREATE = Translation("elasticache", "CreateReplicationGroup", names=_NAMES, apart=_APART | {"authTokenUpdateStrategy"})
_MODIFY = Translation(
    "elasticache", "ModifyReplicationGroup", names=_NAMES, apart=_APART | {"replicationGroupId", "authTokenUpdateStrategy", "userGroupIds"}
)


class ReplicationGroup(Handler):
    """A primary and its replicas, once or per shard."""

    token = "aws:elasticache/replicationGroup:ReplicationGroup"
    support = Support.PARTLY
    gap = "global datastores, durability and final snapshots are in the state only; changes are applied at once"
    create_only = frozenset(
        {
            "atRestEncryptionEnabled",
            "dataTieringEnabled",
            "globalReplicationGroupId",
            "kmsKeyId",
            "networkType",
            "port",
            "preferredCacheClusterAzs",
            "replicationGroupId",
            "securityGroupNames",
            "snapshotArns",
            "snapshotName",
            "subnetGroupName",
        }
    )
    unordered = frozenset({"securityGroupIds", "userGroupIds", "logDeliveryConfigurations"})
    defaults = {"automaticFailoverEnabled": False, "multiAzEnabled": False}
    autoname = "replicationGroupId"
    autoname_limit = 40
    volatile = frozenset({"memberClusters", "engineVersionActual"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _failures(inputs) or _CREATE.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("elasticache", f"replicationgroup:{inputs['replicationGroupId']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        logs = _logs(inputs.get("logDeliveryConfigurations", []))
        group = call.client("elasticache").create_replication_group(
            **_CREATE.request(inputs),
            **({"LogDeliveryConfigurations": logs} if logs else {}),
            Tags=tagging.pairs(inputs["tagsAll"]),
        )["ReplicationGroup"]
        computed = {key: value for key, value in _outputs(call, group).items() if key not in inputs}
        return inputs["replicationGroupId"], with_blanks(
            self.token, inputs, computed | {"applyImmediately": inputs.get("applyImmediately", False)}
        )

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = call.client("elasticache").describe_replication_groups(ReplicationGroupId=resource_id)["ReplicationGroups"][0]
        found = _outputs(call, group) | {"tags": live_tags(call, group["ARN"])}
        found["logDeliveryConfigurations"] = aligned(state.get("logDeliveryConfigurations", []), found["logDeliveryConfigurations"])
        for decided in ("nodeGroupConfigurations", "engineVersion"):
            # What the program leaves open stays as it was decided; a declared version may name only its major part.
            if decided in state:
                found.pop(decided)
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cache = call.client("elasticache")
        group = cache.describe_replication_groups(ReplicationGroupId=resource_id)["ReplicationGroups"][0]
        self._rescale(call, resource_id, group, new)
        changes = self._changes(group, old, new)
        if changes:
            cache.modify_replication_group(ReplicationGroupId=resource_id, ApplyImmediately=new.get("applyImmediately", False), **changes)
        retag(call, old["arn"], old, new)
        group = cache.describe_replication_groups(ReplicationGroupId=resource_id)["ReplicationGroups"][0]
        kept = {key: old[key] for key in ("nodeGroupConfigurations", "applyImmediately") if key in old}
        return with_blanks(self.token, new, {key: value for key, value in (kept | _outputs(call, group)).items() if key not in new})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        final = state.get("finalSnapshotIdentifier")
        wanted = {"FinalSnapshotIdentifier": final} if final and not call.teardown else {}
        call.client("elasticache").delete_replication_group(ReplicationGroupId=resource_id, **wanted)

    def _rescale(self, call: Call, name: str, group: dict[str, Any], new: Properties) -> None:
        cache, shards = call.client("elasticache"), group["NodeGroups"]
        wanted = new.get("numNodeGroups")
        if wanted and wanted != len(shards):
            leaving = [shard["NodeGroupId"] for shard in shards[wanted:]]
            cache.modify_replication_group_shard_configuration(
                ReplicationGroupId=name,
                NodeGroupCount=wanted,
                ApplyImmediately=True,
                **({"NodeGroupsToRemove": leaving} if leaving else {}),
            )
        present = len(shards[0]["NodeGroupMembers"]) - 1
        replicas = new.get("replicasPerNodeGroup")
        if replicas is None and new.get("numCacheClusters"):
            replicas = new["numCacheClusters"] - 1
        if replicas is not None and replicas != present:
            change = cache.increase_replica_count if replicas > present else cache.decrease_replica_count
            change(ReplicationGroupId=name, NewReplicaCount=replicas, ApplyImmediately=True)

    def _changes(self, group: dict[str, Any], old: Properties, new: Properties) -> Properties:
        sized = {"numNodeGroups", "replicasPerNodeGroup", "numCacheClusters"}
        differing = {
            key: value
            for key, value in new.items()
            if _MODIFY.accepts(key) and key not in sized and not self.equal(key, old.get(key), value)
        }
        if old.get("authTokenWoVersion") == new.get("authTokenWoVersion"):
            differing.pop("authTokenWo", None)
        changes = _MODIFY.request(differing)
        if "AuthToken" in changes:
            changes["AuthTokenUpdateStrategy"] = new.get("authTokenUpdateStrategy", "ROTATE")
        present, wanted = set(group.get("UserGroupIds", [])), set(new.get("userGroupIds") or [])
        if wanted - present:
            changes["UserGroupIdsToAdd"] = sorted(wanted - present)
        if present - wanted:
            changes["UserGroupIdsToRemove"] = sorted(present - wanted)
        if not self.equal(
            "logDeliveryConfigurations", old.get("logDeliveryConfigurations") or [], new.get("logDeliveryConfigurations") or []
        ):
            changes["LogDeliveryConfigurations"] = _logs(new.get("logDeliveryConfigurations") or [])
        return changes


def _failures(inputs: Properties) -> list[Failure]:
    """What ElastiCache refuses and no schema says; an unknown value counts as given."""
    found = []
    failover, shards, nodes = inputs.get("automaticFailoverEnabled"), inputs.get("numNodeGroups"), inputs.get("numCacheClusters")
    if nodes is not None and (shards is not None or inputs.get("replicasPerNodeGroup") is not None):
        found.append(
            Failure("numCacheClusters", "cannot be combined with numNodeGroups or replicasPerNodeGroup: count the one or the other")
        )
    if inputs.get("multiAzEnabled") is True and not failover:
        found.append(Failure("multiAzEnabled", "needs automaticFailoverEnabled: true"))
    if failover is True and nodes == 1:
        found.append(Failure("numCacheClusters", "automatic failover needs at least 2 (got 1)"))
    if isinstance(shards, int) and shards > 1 and not failover:
        found.append(Failure("automaticFailoverEnabled", f"must be true for a cache of {shards} shards"))
    if inputs.get("kmsKeyId") and not inputs.get("atRestEncryptionEnabled"):
        found.append(Failure("kmsKeyId", "needs atRestEncryptionEnabled: true"))
    secrets = [name for name in ("authToken", "authTokenWo", "userGroupIds") if inputs.get(name)]
    if len(secrets) > 1:
        found.append(Failure(secrets[1], f"cannot be combined with {secrets[0]}: a cache has a token or user groups"))
    if secrets and not inputs.get("transitEncryptionEnabled"):
        found.append(Failure(secrets[0], "needs transitEncryptionEnabled: true"))
    return found


def _logs(declared: list[Properties]) -> list[Properties]:
    kinds = {"cloudwatch-logs": ("CloudWatchLogsDetails", "LogGroup"), "kinesis-firehose": ("KinesisFirehoseDetails", "DeliveryStream")}
    found = []
    for item in declared:
        details, target = kinds[item["destinationType"]]
        found.append(
            {
                "LogType": item["logType"],
                "LogFormat": item["logFormat"],
                "DestinationType": item["destinationType"],
                "DestinationDetails": {details: {target: item["destination"]}},
                "Enabled": True,
            }
        )
    return found


def _outputs(call: Call, group: dict[str, Any]) -> Properties:
    """A replication group as the service describes it, with what only its members tell."""
    member = call.client("elasticache").describe_cache_clusters(CacheClusterId=group["MemberClusters"][0])["CacheClusters"][0]
    shards = group["NodeGroups"]
    first = shards[0]
    replicas = len(first["NodeGroupMembers"]) - 1
    found = {
        "replicationGroupId": group["ReplicationGroupId"],
        "description": group["Description"],
        "arn": group["ARN"],
        "clusterEnabled": group["ClusterEnabled"],
        "clusterMode": group.get("ClusterMode"),
        "configurationEndpointAddress": group.get("ConfigurationEndpoint", {}).get("Address"),
        "primaryEndpointAddress": first.get("PrimaryEndpoint", {}).get("Address"),
        "readerEndpointAddress": first.get("ReaderEndpoint", {}).get("Address"),
        "port": (group.get("ConfigurationEndpoint") or first.get("PrimaryEndpoint") or {}).get("Port"),
        "memberClusters": group["MemberClusters"],
        "numCacheClusters": len(group["MemberClusters"]),
        "numNodeGroups": len(shards),
        "replicasPerNodeGroup": replicas,
        "nodeType": group["CacheNodeType"],
        "automaticFailoverEnabled": group["AutomaticFailover"] == "enabled",
        "multiAzEnabled": group.get("MultiAZ") == "enabled",
        "atRestEncryptionEnabled": group.get("AtRestEncryptionEnabled", False),
        "transitEncryptionEnabled": group.get("TransitEncryptionEnabled", False),
        "transitEncryptionMode": group.get("TransitEncryptionMode"),
        "kmsKeyId": group.get("KmsKeyId"),
        "userGroupIds": group.get("UserGroupIds") or None,
        "snapshotRetentionLimit": group.get("SnapshotRetentionLimit"),
        "snapshotWindow": group.get("SnapshotWindow"),
        "autoMinorVersionUpgrade": group.get("AutoMinorVersionUpgrade"),
        "networkType": group.get("NetworkType"),
        "ipDiscovery": group.get("IpDiscovery"),
        "dataTieringEnabled": group.get("DataTiering") == "enabled",
        "engine": member["Engine"],
        "engineVersion": member["EngineVersion"],
        "engineVersionActual": member["EngineVersion"],
        "parameterGroupName": member.get("CacheParameterGroup", {}).get("CacheParameterGroupName"),
        "subnetGroupName": member.get("CacheSubnetGroupName"),
        "securityGroupIds": [item["SecurityGroupId"] for item in member.get("SecurityGroups", [])],
        "maintenanceWindow": member.get("PreferredMaintenanceWindow"),
        "notificationTopicArn": member.get("NotificationConfiguration", {}).get("TopicArn"),
        "logDeliveryConfigurations": [_log(item) for item in group.get("LogDeliveryConfigurations", [])],
        "nodeGroupConfigurations": [
            {"nodeGroupId": shard["NodeGroupId"], "slots": shard.get("Slots", ""), "replicaCount": replicas} for shard in shards
        ],
    }
    return {key: value for key, value in found.items() if value is not None}


def _log(live: dict[str, Any]) -> Properties:
    details = live["DestinationDetails"]
    group, stream = details.get("CloudWatchLogsDetails", {}), details.get("KinesisFirehoseDetails", {})
    return {
        "destination": group.get("LogGroup") or stream.get("DeliveryStream"),
        "destinationType": live["DestinationType"],
        "logFormat": live["LogFormat"],
        "logType": live["LogType"],
    }
