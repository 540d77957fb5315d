"""ElastiCache of the emulated cloud, as any client sees it."""

from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud


@pytest.fixture
def cache(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    return emulated_cloud.boto("elasticache")


def test_several_shards_are_a_cluster_whatever_the_request_calls_it(cache: Any) -> None:
    group = cache.create_replication_group(
        ReplicationGroupId="sessions",
        ReplicationGroupDescription="x",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
    )["ReplicationGroup"]
    assert (group["ClusterEnabled"], group["ClusterMode"]) == (True, "enabled")
    assert group["MemberClusters"] == ["sessions-0001-001", "sessions-0001-002", "sessions-0002-001", "sessions-0002-002"]
    assert group["ConfigurationEndpoint"]["Address"].endswith(".euw1.cache.amazonaws.com")
    described = {item["CacheClusterId"] for item in cache.describe_cache_clusters()["CacheClusters"]}
    assert described == set(group["MemberClusters"])


def test_what_a_cache_uses_is_not_deleted_under_it(cache: Any) -> None:
    cache.create_cache_parameter_group(CacheParameterGroupName="own", CacheParameterGroupFamily="redis7", Description="x")
    cache.create_user_group(UserGroupId="apps", Engine="redis", UserIds=["default"])
    cache.create_replication_group(
        ReplicationGroupId="queue", ReplicationGroupDescription="x", CacheParameterGroupName="own", UserGroupIds=["apps"]
    )
    with pytest.raises(Exception, match="in use"):
        cache.delete_cache_parameter_group(CacheParameterGroupName="own")
    with pytest.raises(Exception, match="in use"):
        cache.delete_user_group(UserGroupId="apps")
    cache.delete_replication_group(ReplicationGroupId="queue")
    cache.delete_cache_parameter_group(CacheParameterGroupName="own")
    cache.delete_user_group(UserGroupId="apps")
    assert cache.describe_replication_groups()["ReplicationGroups"] == []
    assert cache.describe_user_groups()["UserGroups"] == []


def test_two_users_of_one_name_do_not_share_a_group(cache: Any) -> None:
    for identity in ("first", "second"):
        cache.create_user(UserId=identity, UserName="app", Engine="valkey", AccessString="on ~* +@all", NoPasswordRequired=True)
    with pytest.raises(Exception, match="same name"):
        cache.create_user_group(UserGroupId="apps", Engine="valkey", UserIds=["first", "second"])
