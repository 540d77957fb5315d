"""A record between pulumi_aws's spelling and the service's."""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbox.provider.aws.route53.common import plain
from sandbox.provider.facts import service_model
from sandbox.provider.requests import parameters
from sandbox.provider.values import UNKNOWN, Properties

_QUOTED = ("TXT", "SPF")
"""Types whose values the service wants in quotation marks, which programs leave out."""
_PLAIN = {
    "HealthCheckId": "healthCheckId",
    "MultiValueAnswer": "multivalueAnswerRoutingPolicy",
    "SetIdentifier": "setIdentifier",
    "TTL": "ttl",
}
_SINGLE = {
    "Failover": ("failoverRoutingPolicies", "type"),
    "Region": ("latencyRoutingPolicies", "region"),
    "Weight": ("weightedRoutingPolicies", "weight"),
}
_ALIAS = {"DNSName": "name", "EvaluateTargetHealth": "evaluateTargetHealth", "HostedZoneId": "zoneId"}
_CIDR = {"CollectionId": "collectionId", "LocationName": "locationName"}
_GEOLOCATION = {"ContinentCode": "continent", "CountryCode": "country", "SubdivisionCode": "subdivision"}
_PROXIMITY = {"AWSRegion": "awsRegion", "Bias": "bias", "LocalZoneGroup": "localZoneGroup"}
LISTS = ("aliases", "records", "geolocationRoutingPolicies", *(key for key, _ in _SINGLE.values()))
"""Inputs that are empty, not absent, once they are gone."""


@cache
def types() -> frozenset[str]:
    """Every type of record that the service has."""
    shapes = service_model.input_shapes("route53", "ChangeResourceRecordSets")[1]
    return frozenset(shapes["RRType"]["enum"])


def wire(inputs: Properties, name: Any) -> Properties:
    """The service's record set for these inputs; values may be UNKNOWN."""
    record: Properties = {"Name": name, "Type": inputs["type"], **parameters(inputs, **_PLAIN)}
    if inputs.get("records"):
        record["ResourceRecords"] = _values(inputs["records"], inputs["type"])
    if inputs.get("aliases"):
        record["AliasTarget"] = _first(inputs["aliases"], _ALIAS)
    if inputs.get("geolocationRoutingPolicies"):
        record["GeoLocation"] = _first(inputs["geolocationRoutingPolicies"], _GEOLOCATION)
    if inputs.get("cidrRoutingPolicy"):
        record["CidrRoutingConfig"] = _first([inputs["cidrRoutingPolicy"]], _CIDR)
    if inputs.get("geoproximityRoutingPolicy"):
        record["GeoProximityLocation"] = _proximity(inputs["geoproximityRoutingPolicy"])
    for member, (key, inner) in _SINGLE.items():
        policies = inputs.get(key)
        if policies:
            record[member] = UNKNOWN if policies is UNKNOWN else policies[0][inner]
    return record


def properties(record: dict[str, Any]) -> Properties:
    """A record set as a program writes it; what it has not is left out, but for the health check."""
    found: Properties = {"type": record["Type"], "healthCheckId": ""}
    found |= {key: record[member] for member, key in _PLAIN.items() if record.get(member) not in (None, False)}
    if record.get("ResourceRecords"):
        values = [item["Value"] for item in record["ResourceRecords"]]
        found["records"] = [value.removeprefix('"').removesuffix('"') for value in values] if record["Type"] in _QUOTED else values
    if target := record.get("AliasTarget"):
        found["aliases"] = [_renamed(target, _ALIAS) | {"name": plain(target["DNSName"])}]
    if location := record.get("GeoLocation"):
        found["geolocationRoutingPolicies"] = [_renamed(location, _GEOLOCATION)]
    if config := record.get("CidrRoutingConfig"):
        found["cidrRoutingPolicy"] = _renamed(config, _CIDR)
    if near := record.get("GeoProximityLocation"):
        spot = near.get("Coordinates")
        coordinates = {"coordinates": [{"latitude": spot["Latitude"], "longitude": spot["Longitude"]}]} if spot else {}
        found["geoproximityRoutingPolicy"] = _renamed(near, _PROXIMITY) | coordinates
    return found | {key: [{inner: record[member]}] for member, (key, inner) in _SINGLE.items() if record.get(member) not in (None, "")}


def input_path(path: str) -> str:
    """The input that a path of the service's record set comes from, as near as the tables above tell."""
    member = path.partition(".")[0].partition("[")[0]
    structures = {"AliasTarget": "aliases", "GeoLocation": "geolocationRoutingPolicies", "ResourceRecords": "records"}
    single = {name: f"{key}.{inner}" for name, (key, inner) in _SINGLE.items()}
    return (_PLAIN | structures | single).get(member, path[:1].lower() + path[1:])


def _values(records: Any, kind: Any) -> Any:
    if records is UNKNOWN or kind is UNKNOWN:
        return UNKNOWN
    quoted = kind in _QUOTED
    return [{"Value": f'"{item}"' if quoted and item is not UNKNOWN else item} for item in records]


def _first(items: Any, members: dict[str, str]) -> Any:
    return UNKNOWN if items is UNKNOWN or items[0] is UNKNOWN else parameters(items[0], **members)


def _proximity(policy: Any) -> Any:
    if policy is UNKNOWN:
        return UNKNOWN
    coordinates = policy.get("coordinates")
    spot = {"Coordinates": _first(coordinates, {"Latitude": "latitude", "Longitude": "longitude"})} if coordinates else {}
    return parameters(policy, **_PROXIMITY) | spot


def _renamed(structure: dict[str, Any], members: dict[str, str]) -> Properties:
    return {key: structure[member] for member, key in members.items() if structure.get(member) is not None}
