"""Keys and secondary indexes of a table, between the program's spelling and the service's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.requests import parameters
from sandbox.provider.values import UNKNOWN, Properties, known

_UNITS = {"MaxReadRequestUnits": "maxReadRequestUnits", "MaxWriteRequestUnits": "maxWriteRequestUnits"}
_WARM = {"ReadUnitsPerSecond": "readUnitsPerSecond", "WriteUnitsPerSecond": "writeUnitsPerSecond"}
_UNLIMITED = -1


def schema(holder: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The key schema of a table or of an index; what it is made of may be UNKNOWN."""
    if "keySchemas" in holder:
        given = holder["keySchemas"]
        return [] if given is UNKNOWN else [{"AttributeName": key["attributeName"], "KeyType": key["keyType"]} for key in given]
    pairs = (("HASH", holder.get("hashKey")), ("RANGE", holder.get("rangeKey")))
    return [{"AttributeName": name, "KeyType": kind} for kind, name in pairs if name not in (None, "")]


def global_request(index: Properties, *, provisioned: bool) -> Properties:
    """A global secondary index as the service takes it."""
    request = {"IndexName": index["name"], "KeySchema": schema(index), "Projection": _projection(index)}
    if provisioned:
        request["ProvisionedThroughput"] = throughput(index)
    return request | limits_request(index)


def local_request(index: Properties, hash_key: Any) -> Properties:
    """A local secondary index: its partition key is the table's."""
    keys = schema({"hashKey": hash_key, "rangeKey": index["rangeKey"]})
    return {"IndexName": index["name"], "KeySchema": keys, "Projection": _projection(index)}


def throughput(holder: Mapping[str, Any]) -> Properties:
    """Provisioned units of a table or an index."""
    return {"ReadCapacityUnits": holder.get("readCapacity", 0), "WriteCapacityUnits": holder.get("writeCapacity", 0)}


def limits_request(holder: Mapping[str, Any]) -> Properties:
    """On-demand limits and warm throughput of a table or an index, where they are given."""
    request: Properties = {}
    if isinstance(given := holder.get("onDemandThroughput"), Mapping):
        request["OnDemandThroughput"] = parameters(dict(given), **_UNITS)
    if isinstance(given := holder.get("warmThroughput"), Mapping):
        request["WarmThroughput"] = parameters(dict(given), **_WARM)
    return request


def limits(live: Mapping[str, Any]) -> Properties:
    """The same of a description."""
    found: Properties = {}
    if on_demand := live.get("OnDemandThroughput"):
        found["onDemandThroughput"] = {name: on_demand.get(member, _UNLIMITED) for member, name in _UNITS.items()}
    if warm := live.get("WarmThroughput"):
        found["warmThroughput"] = {name: warm[member] for member, name in _WARM.items() if member in warm}
    return found


def attributes_used(inputs: Properties) -> Iterator[str]:
    """Names of every attribute that a key of the table or of an index is made of; unknown ones are left out."""
    holders: list[Any] = [inputs]
    for kind in ("globalSecondaryIndexes", "localSecondaryIndexes"):
        given = inputs.get(kind) or []
        holders += [] if given is UNKNOWN else given
    for holder in holders:
        if holder is not UNKNOWN:
            yield from (key["AttributeName"] for key in schema(holder) if known(key))


def global_index(live: Mapping[str, Any], declared: Mapping[str, Any]) -> Properties:
    """A global secondary index as the program writes it; its keys in the form that `declared` has them."""
    found = _index(live)
    units = live.get("ProvisionedThroughput", {})
    found |= {"readCapacity": units.get("ReadCapacityUnits", 0), "writeCapacity": units.get("WriteCapacityUnits", 0)}
    found |= limits(live)
    if "keySchemas" in declared or len(live["KeySchema"]) > len({key["KeyType"] for key in live["KeySchema"]}):
        return found | {"keySchemas": [{"attributeName": key["AttributeName"], "keyType": key["KeyType"]} for key in live["KeySchema"]]}
    return found | {_key_name(key): key["AttributeName"] for key in live["KeySchema"]}


def local_index(live: Mapping[str, Any]) -> Properties:
    """A local secondary index as the program writes it."""
    (name,) = (key["AttributeName"] for key in live["KeySchema"] if key["KeyType"] == "RANGE")
    return _index(live) | {"rangeKey": name}


def plain(index: Mapping[str, Any]) -> Properties:
    """What an index is, whatever way it was written: to compare two."""
    units = {key: index[key] for key in ("readCapacity", "writeCapacity") if index.get(key)}
    return shape(index) | units | plain_limits(index)


def shape(index: Mapping[str, Any]) -> Properties:
    """What of an index cannot be changed: another one has to be made."""
    return {
        "name": index["name"],
        "keys": schema(index),
        "projection": index["projectionType"],
        "attributes": sorted(index.get("nonKeyAttributes") or ()),
    }


def plain_limits(holder: Mapping[str, Any]) -> Properties:
    """On-demand limits without those that are none; warm throughput is the service's to raise."""
    given = holder.get("onDemandThroughput") or {}
    return {name: given[name] for name in _UNITS.values() if given.get(name) not in (None, 0, _UNLIMITED)}


def _projection(index: Mapping[str, Any]) -> Properties:
    return parameters(dict(index), ProjectionType="projectionType", NonKeyAttributes="nonKeyAttributes")


def _index(live: Mapping[str, Any]) -> Properties:
    projection = live.get("Projection", {})
    return {
        "name": live["IndexName"],
        "projectionType": projection.get("ProjectionType", ""),
        "nonKeyAttributes": list(projection.get("NonKeyAttributes", [])),
    }


def _key_name(key: Mapping[str, str]) -> str:
    return "hashKey" if key["KeyType"] == "HASH" else "rangeKey"
