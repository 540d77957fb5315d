"""Replication groups whose members, zones and changes are there, and that end when they are deleted."""

from __future__ import annotations

import inspect
import random
import string
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.elasticache import groups

_DOMAIN_LETTERS = 6
_DEFAULT_VERSION = "7.1"
# Parameters of the changing operations -> what a replication group was asked for.
_MODIFIED = {
    "ReplicationGroupDescription": "replication_group_description",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "CacheNodeType": "cache_node_type",
    "AutomaticFailoverEnabled": "automatic_failover_enabled",
    "MultiAZEnabled": "multi_az_enabled",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "NotificationTopicArn": "notification_topic_arn",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "SecurityGroupIds": "security_group_ids",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "AuthToken": "auth_token",
    "TransitEncryptionEnabled": "transit_encryption_enabled",
    "TransitEncryptionMode": "transit_encryption_mode",
    "IpDiscovery": "ip_discovery",
    "ClusterMode": "cluster_mode",
    "LogDeliveryConfigurations": "log_delivery_configurations",
    "NodeGroupCount": "num_node_groups",
    "NewReplicaCount": "replicas_per_node_group",
}
_FLAGS = {"AutomaticFailoverEnabled", "MultiAZEnabled", "AutoMinorVersionUpgrade", "TransitEncryptionEnabled"}
_NUMBERS = {"SnapshotRetentionLimit", "NodeGroupCount", "NewReplicaCount"}


def install() -> None:
    """Adds it to moto."""
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse

    ElastiCacheBackend.create_replication_group = _create_group(ElastiCacheBackend.create_replication_group)
    ElastiCacheBackend.delete_replication_group = _delete_group(ElastiCacheBackend.delete_replication_group)
    ElastiCacheResponse.modify_replication_group = _modify_group
    ElastiCacheResponse.modify_replication_group_shard_configuration = _modify_group
    ElastiCacheResponse.increase_replica_count = _modify_group
    ElastiCacheResponse.decrease_replica_count = _modify_group


def _create_group(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, **asked: Any) -> Any:
        _require(self, asked)
        group = original(self, **_normal(asked))
        domain = "".join(random.choices(string.ascii_lowercase + string.digits, k=_DOMAIN_LETTERS))  # noqa: S311 - a name
        _settle(self, group, asked, domain)
        return group

    return create


def _require(backend: Any, asked: dict[str, Any]) -> None:
    """Refused, as AWS refuses it, when a group refers to what is not there."""
    for name in asked.get("user_group_ids") or []:
        groups.user_group(backend, name)
    parameters = asked.get("cache_parameter_group_name") or ""
    if parameters and not parameters.startswith("default."):
        groups.parameter_group(backend, parameters)
    if asked.get("cache_subnet_group_name"):
        backend.describe_cache_subnet_groups(asked["cache_subnet_group_name"])


def _normal(asked: dict[str, Any]) -> dict[str, Any]:
    """What AWS concludes from the request and moto does not."""
    shards = asked.get("num_node_groups") or len(asked.get("node_group_configuration") or []) or 1
    clustered = asked.get("cluster_mode") == "enabled" or shards > 1 or "cluster.on" in (asked.get("cache_parameter_group_name") or "")
    replicas = asked.get("replicas_per_node_group")
    if not clustered and replicas is None and asked.get("num_cache_clusters"):
        replicas = asked["num_cache_clusters"] - 1
    return asked | {
        "num_node_groups": shards,
        "cluster_mode": "enabled" if clustered else asked.get("cluster_mode"),
        "replicas_per_node_group": replicas,
    }


def _settle(backend: Any, group: Any, asked: dict[str, Any], domain: str) -> None:
    """Gives the group its place: addresses of its region, zones of its subnets, and a cache cluster for each member."""
    group.asked, group.domain = asked, domain
    ending = f"{domain}.{_short(backend.region_name)}.cache.amazonaws.com"
    stem = f"{group.replication_group_id}."
    zones = _zones(backend, asked.get("cache_subnet_group_name"))
    for number, node_group in enumerate(group.node_groups):
        for key in ("primary_endpoint_address", "reader_endpoint_address"):
            if key in node_group:
                node_group[key] = f"{node_group[key].partition('.')[0]}.{stem}{ending}"
        if "primary_endpoint" in node_group:
            node_group["primary_endpoint"]["address"] = node_group["primary_endpoint_address"]
            node_group["reader_endpoint"] = {"address": node_group["reader_endpoint_address"], "port": group.port}
        for position, member in enumerate(node_group["node_group_members"]):
            if not asked.get("node_group_configuration") and not asked.get("preferred_cache_cluster_azs"):
                member["preferred_availability_zone"] = zones[(number + position) % len(zones)]
            if "read_endpoint" in member:
                member["read_endpoint"]["address"] = f"{member['cache_cluster_id']}.{stem}{ending}"
    if group.cluster_enabled:
        group.configuration_endpoint["address"] = f"clustercfg.{stem}{ending}"
    _list_members(backend, group, asked)


def _list_members(backend: Any, group: Any, asked: dict[str, Any]) -> None:
    from moto.elasticache.models import CacheCluster

    names = list(inspect.signature(CacheCluster.__init__).parameters)[1:]
    for node_group in group.node_groups:
        for member in node_group["node_group_members"]:
            name = member["cache_cluster_id"]
            given = {
                "account_id": backend.account_id,
                "region_name": backend.region_name,
                "cache_cluster_id": name,
                "preferred_availability_zone": member["preferred_availability_zone"],
                "engine_version": asked.get("engine_version") or _DEFAULT_VERSION,
            }
            cluster = CacheCluster(**{key: given.get(key, asked.get(key)) for key in names})
            cluster.num_cache_nodes, cluster.replication_group_id = 1, group.replication_group_id
            cluster.security_groups = [{"SecurityGroupId": item, "Status": "active"} for item in asked.get("security_group_ids") or []]
            cluster.cache_parameter_group = {
                "CacheParameterGroupName": asked.get("cache_parameter_group_name") or _default_parameters(group, cluster)
            }
            if asked.get("notification_topic_arn"):
                cluster.notification_configuration = {"TopicArn": asked["notification_topic_arn"], "TopicStatus": "active"}
            backend.cache_clusters[name] = cluster


def _default_parameters(group: Any, cluster: Any) -> str:
    return f"default.{group.engine}{cluster.engine_version.split('.')[0]}{'.cluster.on' if group.cluster_enabled else ''}"


def _short(region: str) -> str:
    """How ElastiCache writes a region in its host names: `euw1` for `eu-west-1`."""
    area, direction, number = region.rsplit("-", 2)[-3:] if region.count("-") == 2 else (region, "", "")
    words = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
    short = "".join(letter for word, letter in words.items() if word in direction)
    return f"{area}{short}{number}"


def _zones(backend: Any, subnet_group: str | None) -> list[str]:
    group = backend.cache_subnet_groups.get(subnet_group)
    found = {subnet.get("subnet_availability_zone") for subnet in (group.subnets if group else [])}
    named = sorted(zone if isinstance(zone, str) else zone["Name"] for zone in found if zone)
    return named or [f"{backend.region_name}{letter}" for letter in "ab"]


def _delete_group(original: Any) -> Any:
    @wraps(original)
    def delete(self: Any, replication_group_id: str, retain_primary_cluster: bool | None) -> Any:
        group = original(self, replication_group_id, retain_primary_cluster)
        _drop_members(self, group)
        del self.replication_groups[replication_group_id]
        return group

    return delete


def _drop_members(backend: Any, group: Any) -> None:
    for name in [name for name, cluster in backend.cache_clusters.items() if _belongs(cluster, group)]:
        del backend.cache_clusters[name]


def _belongs(cluster: Any, group: Any) -> bool:
    return bool(getattr(cluster, "replication_group_id", None) == group.replication_group_id)


def _modify_group(self: Any) -> Any:
    from moto.core.responses import ActionResult
    from moto.elasticache.models import ReplicationGroup

    backend = self.elasticache_backend
    before = backend.describe_replication_groups(self._get_param("ReplicationGroupId"))[0]
    asked = before.asked | _changes(self)
    users = [name for name in asked.get("user_group_ids") or [] if name not in (self._get_param("UserGroupIdsToRemove") or [])]
    asked["user_group_ids"] = users + [name for name in self._get_param("UserGroupIdsToAdd") or [] if name not in users]
    _require(backend, asked)
    if "num_node_groups" in _changes(self):
        asked["node_group_configuration"] = []
    group = ReplicationGroup(account_id=backend.account_id, region_name=backend.region_name, **_normal(asked))
    group.replication_group_create_time = before.replication_group_create_time
    _drop_members(backend, before)
    _settle(backend, group, asked, before.domain)
    backend.replication_groups[group.replication_group_id] = group
    return ActionResult({"ReplicationGroup": group})


def _changes(response: Any) -> dict[str, Any]:
    found = {}
    for name, key in _MODIFIED.items():
        read = response._get_bool_param if name in _FLAGS else response._get_int_param if name in _NUMBERS else response._get_param
        value = read(name)
        if value is not None:
            found[key] = value
    if "replicas_per_node_group" in found:
        found["num_cache_clusters"] = None
    return found
