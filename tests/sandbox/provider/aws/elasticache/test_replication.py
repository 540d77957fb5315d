"""Replication groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
SHARDED: dict[str, Any] = {
    "replicationGroupId": "sessions",
    "description": "Sessions, cache, rate limits",
    "engine": "redis",
    "engineVersion": "7.0",
    "nodeType": "cache.r5.large",
    "numNodeGroups": 3,
    "replicasPerNodeGroup": 1,
    "automaticFailoverEnabled": True,
    "multiAzEnabled": True,
    "atRestEncryptionEnabled": True,
    "transitEncryptionEnabled": True,
    "authToken": "sixteen-or-more-letters",
    "snapshotRetentionLimit": 7,
    "maintenanceWindow": "sun:04:00-sun:05:00",
}
SINGLE: dict[str, Any] = {
    "replicationGroupId": "queue",
    "description": "Job queue",
    "engine": "redis",
    "engineVersion": "7.1",
    "nodeType": "cache.r5.large",
    "numCacheClusters": 2,
    "automaticFailoverEnabled": True,
    "multiAzEnabled": True,
    "transitEncryptionEnabled": True,
}
SLOW_LOG = {"destination": "/cache/slow", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("elasticache").describe_replication_groups(ReplicationGroupId=life.id)["ReplicationGroups"][0]
    return found


def members(life: Life) -> list[dict[str, Any]]:
    found = life.boto("elasticache").describe_cache_clusters()["CacheClusters"]
    return [cluster for cluster in found if cluster.get("ReplicationGroupId") == life.id]


def test_a_sharded_cache_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GROUP, region="sa-east-1")
    promised = life.preview(**SHARDED)
    assert promised["arn"] == "arn:aws:elasticache:sa-east-1:123456789012:replicationgroup:sessions"

    made = life.create(**SHARDED, tags={"owner": "data"}, logDeliveryConfigurations=[SLOW_LOG])
    found = live(life)
    assert (found["ClusterEnabled"], len(found["NodeGroups"]), len(found["MemberClusters"])) == (True, 3, 6)
    assert found["NodeGroups"][2]["NodeGroupMembers"][1]["CacheClusterId"] == "sessions-0003-002"
    assert (found["AtRestEncryptionEnabled"], found["TransitEncryptionEnabled"], found["MultiAZ"]) == (True, True, "enabled")
    assert {cluster["EngineVersion"] for cluster in members(life)} == {"7.0"}
    assert made["configurationEndpointAddress"].startswith("clustercfg.sessions.")
    assert made["configurationEndpointAddress"].endswith(".sae1.cache.amazonaws.com")
    assert (made["memberClusters"], made["clusterEnabled"]) == (found["MemberClusters"], True)
    assert life.refresh() == []

    changed = SHARDED | {"numNodeGroups": 4, "replicasPerNodeGroup": 2, "nodeType": "cache.r5.xlarge", "engineVersion": "7.1"}
    life.update(**changed, tags={"environment": "production"})
    found = live(life)
    assert (len(found["NodeGroups"]), len(found["MemberClusters"]), found["CacheNodeType"]) == (4, 12, "cache.r5.xlarge")
    assert found["ConfigurationEndpoint"]["Address"] == made["configurationEndpointAddress"]
    assert {cluster["EngineVersion"] for cluster in members(life)} == {"7.1"}
    tags = life.boto("elasticache").list_tags_for_resource(ResourceName=made["arn"])["TagList"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"environment": "production"}
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert members(life) == []


def test_members_stand_in_more_than_one_zone(workbench: Workbench) -> None:
    life = workbench.made(GROUP, region="sa-east-1", **SHARDED)
    for shard in live(life)["NodeGroups"]:
        zones = {member["PreferredAvailabilityZone"] for member in shard["NodeGroupMembers"]}
        assert len(zones) == 2
        assert all(zone.startswith("sa-east-1") for zone in zones)


def test_a_cache_without_shards_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(GROUP, **SINGLE)
    found = live(life)
    assert (found["ClusterEnabled"], found["MemberClusters"]) == (False, ["queue-001", "queue-002"])
    assert life.outputs["primaryEndpointAddress"].startswith("master.queue.")
    assert life.outputs["readerEndpointAddress"].startswith("replica.queue.")
    assert life.outputs["configurationEndpointAddress"] == ""
    assert life.refresh() == []
    life.update(**SINGLE | {"numCacheClusters": 3})
    assert len(live(life)["MemberClusters"]) == 3
    assert life.refresh() == []


def test_users_join_and_leave(workbench: Workbench) -> None:
    for name in ("a", "b"):
        workbench.made("aws:elasticache/userGroup:UserGroup", logical=name, userGroupId=name, engine="redis", userIds=["default"])
    life = workbench.made(GROUP, **SINGLE, userGroupIds=["a"])
    life.update(**SINGLE, userGroupIds=["b"])
    assert live(life)["UserGroupIds"] == ["b"]


def test_drift_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(GROUP, **SHARDED)
    life.boto("elasticache").modify_replication_group(
        ReplicationGroupId="sessions", SnapshotRetentionLimit=0, CacheNodeType="cache.t3.micro", ApplyImmediately=True
    )
    assert {change.path for change in life.refresh()} == {"snapshotRetentionLimit", "nodeType"}


def test_a_cache_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(GROUP, **SHARDED, tags={"owner": "data"})
    inputs, outputs = life.imported()
    assert (inputs["numNodeGroups"], inputs["nodeType"], inputs["tags"]) == (3, "cache.r5.large", {"owner": "data"})
    assert outputs["arn"] == life.outputs["arn"]


@pytest.mark.parametrize(
    "change", [{"replicationGroupId": "other"}, {"atRestEncryptionEnabled": False}, {"port": 6380}, {"subnetGroupName": "other"}]
)
def test_what_cannot_change_replaces(workbench: Workbench, change: dict[str, Any]) -> None:
    life = workbench.made(GROUP, **SHARDED)
    assert life.replaced_by(**SHARDED | change) == set(change)


@pytest.mark.parametrize("missing", [{"parameterGroupName": "ghost"}, {"subnetGroupName": "ghost"}])
def test_a_cache_needs_what_it_refers_to(workbench: Workbench, missing: dict[str, str]) -> None:
    with pytest.raises(Exception, match="ghost not found"):
        workbench.made(GROUP, **SHARDED | missing)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"numCacheClusters": 6}, "numCacheClusters"),
        ({"automaticFailoverEnabled": False, "multiAzEnabled": False}, "automaticFailoverEnabled"),
        ({"automaticFailoverEnabled": False, "numNodeGroups": 1}, "multiAzEnabled"),
        ({"transitEncryptionEnabled": False}, "authToken"),
        ({"userGroupIds": ["a"]}, "userGroupIds"),
        ({"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1", "atRestEncryptionEnabled": False}, "kmsKeyId"),
        ({"clusterMode": "sometimes"}, "clusterMode"),
    ],
)
def test_what_elasticache_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(GROUP).check(**SHARDED | wrong)
    assert path in {failure.path for failure in refused.value.failures}
