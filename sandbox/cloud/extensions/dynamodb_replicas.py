"""DynamoDB: replicas of a table in other regions (global tables, version 2019.11.21), which hold the same items.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

import copy
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept
from sandbox.cloud.extensions.dynamodb import encrypt

_VERSION = "2019.11.21"
_IMAGES = "NEW_AND_OLD_IMAGES"
_SHARED = {
    "AttributeDefinitions": ("attr",),
    "BillingMode": ("billing_mode", "throughput", "global_indexes"),
    "GlobalSecondaryIndexUpdates": ("attr", "global_indexes"),
    "ProvisionedThroughput": ("throughput",),
}
"""What a change of one replica changes in all; point-in-time recovery, tags, protection, key and class are each replica's own."""


def install() -> None:
    """Adds it to moto."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import StreamShard, Table
    from moto.dynamodb.responses import DynamoHandler

    DynamoHandler.update_table = _updating(DynamoHandler.update_table)
    DynamoDBBackend.update_time_to_live = _timed(DynamoDBBackend.update_time_to_live)
    DynamoDBBackend.delete_table = _leaving(DynamoDBBackend.delete_table)
    StreamShard.add = _everywhere(StreamShard.add)
    Table.describe = _described(Table.describe)


def replicas(table: Any) -> dict[str, Any]:
    """The replicas of a table by region, itself among them; none when it is in one region only."""
    found: dict[str, Any] = kept(table, "replicas").get("members", {})
    return found


def _updating(original: Any) -> Any:
    @wraps(original)
    def update_table(self: Any) -> Any:
        from moto.dynamodb.responses import DynamoResult

        table = self.dynamodb_backend.get_table(self.body["TableName"])
        changes = self.body.get("ReplicaUpdates") or []
        if changes and self.body.keys() != {"TableName", "ReplicaUpdates"}:
            raise _refused("Update table operation with other parameters than ReplicaUpdates is not supported with ReplicaUpdates")
        specification = self.body.get("StreamSpecification") or {}
        if replicas(table) and specification.get("StreamEnabled") is False:
            raise _refused("The stream of a table that has replicas cannot be disabled")
        for change in changes:
            for action, asked in change.items():
                _ACTIONS[action](table, asked)
        answer = original(self)
        for peer in _peers(table):
            for attribute in {name for key in self.body for name in _SHARED.get(key, ())}:
                setattr(peer, attribute, copy.deepcopy(getattr(table, attribute)))
            if "OnDemandThroughput" in self.body:
                kept(peer, "settings")["OnDemandThroughput"] = self.body["OnDemandThroughput"]
        return DynamoResult(table.describe()) if changes else answer

    return update_table


def _create(table: Any, asked: dict[str, Any]) -> None:
    from moto.dynamodb.models.table import Table

    region, others = asked["RegionName"], _backends(table)
    if region == table.region_name or table.name in others[region].tables:
        raise _refused(
            f"Failed to create the new replica of table with name: '{table.name}' because one or more replicas already existed "
            f"as tables: [{region}]"
        )
    stream = table.stream_specification or {}
    if stream.get("StreamViewType") != _IMAGES:
        raise _refused(f"Table {table.name} must have its stream enabled with {_IMAGES} before a replica of it can be created")
    made = Table(
        table.name,
        account_id=table.account_id,
        region=region,
        schema=copy.deepcopy(table.schema),
        attr=copy.deepcopy(table.attr),
        billing_mode=table.billing_mode,
        streams={"StreamEnabled": True, "StreamViewType": _IMAGES},
        tags=[],
        deletion_protection_enabled=False,
    )
    for attribute in ("throughput", "warm_throughput", "indexes", "global_indexes", "ttl"):
        setattr(made, attribute, copy.deepcopy(getattr(table, attribute)))
    kept(made, "settings").update(kept(table, "settings"))
    _set_own(made, asked, table.sse_specification)
    # The same items, not a copy of them: what is written to one is read from all.
    made.items = table.items
    others[region].tables[table.name] = made
    members = kept(table, "replicas").setdefault("members", {})
    members |= {table.region_name: table, region: made}
    kept(made, "replicas")["members"] = members


def _update(table: Any, asked: dict[str, Any]) -> None:
    _set_own(_member(table, asked["RegionName"]), asked, None)


def _delete(table: Any, asked: dict[str, Any]) -> None:
    region = asked["RegionName"]
    _member(table, region)
    _backends(table)[region].delete_table(table.name)


_ACTIONS = {"Create": _create, "Update": _update, "Delete": _delete}


def _set_own(table: Any, asked: dict[str, Any], source: dict[str, Any] | None) -> None:
    """Key and class of one replica; without a key named, it is encrypted as the source is, with its own region's managed key."""
    if key := asked.get("KMSMasterKeyId"):
        encrypt(table, {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key})
    elif source and source.get("Enabled"):
        encrypt(table, {"Enabled": True, "SSEType": "KMS"})
    if chosen := asked.get("TableClassOverride"):
        kept(table, "settings")["TableClassSummary"] = {"TableClass": chosen}


def _member(table: Any, region: str) -> Any:
    from moto.dynamodb.exceptions import DynamodbException

    if region == table.region_name or region not in replicas(table):
        raise DynamodbException("ReplicaNotFoundException", f"Replica not found in region {region} for table {table.name}")
    return replicas(table)[region]


def _leaving(original: Any) -> Any:
    @wraps(original)
    def delete_table(self: Any, name: str) -> Any:
        table = original(self, name)
        if members := replicas(table):
            members.pop(table.region_name, None)
            if len(members) == 1:
                members.clear()
        return table

    return delete_table


def _timed(original: Any) -> Any:
    @wraps(original)
    def update_time_to_live(self: Any, table_name: str, ttl_spec: dict[str, Any]) -> None:
        original(self, table_name, ttl_spec)
        table = self.get_table(table_name)
        for peer in _peers(table):
            peer.ttl = copy.deepcopy(table.ttl)

    return update_time_to_live


def _everywhere(original: Any) -> Any:
    @wraps(original)
    def add(self: Any, old: Any, new: Any) -> None:
        original(self, old, new)
        for peer in _peers(self.table):
            if peer.stream_shard is not None:
                original(peer.stream_shard, old, new)

    return add


def _described(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any, base_key: str = "TableDescription") -> Any:
        described = original(self, base_key)
        if peers := _peers(self):
            described[base_key] |= {"GlobalTableVersion": _VERSION, "Replicas": [_replica(peer) for peer in peers]}
        return described

    return describe


def _replica(table: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"RegionName": table.region_name, "ReplicaStatus": "ACTIVE"}
    if (table.sse_specification or {}).get("Enabled"):
        shown["KMSMasterKeyId"] = table.sse_specification["KMSMasterKeyId"]
    if summary := kept(table, "settings").get("TableClassSummary"):
        shown["ReplicaTableClassSummary"] = summary
    return shown


def _peers(table: Any) -> list[Any]:
    return [member for region, member in sorted(replicas(table).items()) if region != table.region_name]


def _backends(table: Any) -> Any:
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends[table.account_id]


def _refused(message: str) -> Any:
    from moto.dynamodb.exceptions import MockValidationException

    return MockValidationException(message)
