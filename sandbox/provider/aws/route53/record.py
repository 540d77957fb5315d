"""Records of a zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.route53 import record_sets
from sandbox.provider.aws.route53.common import bare, change, plain
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties

_ROUTING = (
    "cidrRoutingPolicy",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "latencyRoutingPolicies",
    "multivalueAnswerRoutingPolicy",
    "weightedRoutingPolicies",
)


class Record(Handler):
    """A record set: values or an alias, alone or one of a set that is told apart by an identifier."""

    token = "aws:route53/record:Record"
    create_only = frozenset({"name", "zoneId"})
    unordered = frozenset({"records"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        aliased, valued, routing = bool(inputs.get("aliases")), bool(inputs.get("records")), [key for key in _ROUTING if inputs.get(key)]
        found = []
        if aliased == valued:
            found.append(Failure("records", "either records or aliases are needed" + (", not both" if aliased else "")))
        elif aliased and "ttl" in inputs:
            found.append(Failure("ttl", "an alias has the TTL of what it points to: leave it out"))
        elif valued and "ttl" not in inputs:
            found.append(Failure("ttl", "is needed with records"))
        if len(routing) > 1:
            found.append(Failure(routing[1], f"a record has one routing policy (got {', '.join(routing)})"))
        if bool(routing) != ("setIdentifier" in inputs):
            found.append(Failure("setIdentifier", "goes with a routing policy, and only with one"))
        return found or self._refusals(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = inputs["name"]
        return {"allowOverwrite": inputs.get("allowOverwrite", False), "name": UNKNOWN if name is UNKNOWN else plain(name)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        route53, zone = call.client("route53"), bare(inputs["zoneId"])
        apex = plain(route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"])
        fqdn = _full(inputs["name"], apex)
        if fqdn == apex and inputs["type"] == "CNAME":
            raise HandlerError(f"{fqdn} is the zone's own name, which cannot be a CNAME: declare an alias of type A or AAAA (`aliases`)")
        change(route53, zone, ("UPSERT" if inputs.get("allowOverwrite") else "CREATE", record_sets.wire(inputs, fqdn)))
        parts = [inputs["zoneId"], plain(inputs["name"]), inputs["type"]]
        parts += [inputs["setIdentifier"]] if "setIdentifier" in inputs else []
        return "_".join(parts), self.preview(call, inputs) | {"fqdn": fqdn}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        place: Mapping[str, Any] = {
            key: state[key] for key in ("zoneId", "name", "type", "setIdentifier", "fqdn") if key in state
        } or _parsed(resource_id)
        live, fqdn = self._find(call, place)
        if live is None:
            return None
        found = record_sets.properties(live)
        for key in record_sets.LISTS:
            if key not in found and state.get(key):
                found[key] = []
        if "aliases" in state and found.get("aliases"):
            found["aliases"] = [_as_declared(left, right) for left, right in zip(state["aliases"], found["aliases"], strict=True)]
        for key in ("geolocationRoutingPolicies", "geoproximityRoutingPolicy"):
            if key in state and found.get(key):
                found[key] = aligned(state[key], found[key])
        remembered = {"zoneId": place["zoneId"], "name": place["name"], "allowOverwrite": state.get("allowOverwrite", False)}
        return found | remembered | {"fqdn": fqdn}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        route53, zone, wanted = call.client("route53"), bare(new["zoneId"]), record_sets.wire(new, old["fqdn"])
        if (old["type"], old.get("setIdentifier")) == (new["type"], new.get("setIdentifier")):
            change(route53, zone, ("UPSERT", wanted))
        else:
            # Another type or identifier is another record to the service: one ends and the other begins in the same moment.
            ending, _ = self._find(call, old)
            if ending is None:
                change(route53, zone, ("UPSERT", wanted))
            else:
                change(route53, zone, ("DELETE", ending), ("UPSERT" if new.get("allowOverwrite") else "CREATE", wanted))
        return self.preview(call, new) | {"fqdn": old["fqdn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        live, _ = self._find(call, state or _parsed(resource_id))
        if live is not None:
            change(call.client("route53"), bare(state["zoneId"]), ("DELETE", live))

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "name" and isinstance(old, str) and isinstance(new, str):
            return plain(old) == plain(new)
        if path == "aliases" and isinstance(old, list) and isinstance(new, list):
            return [_target(item) for item in old] == [_target(item) for item in new]
        return super().equal(path, old, new)

    def _refusals(self, inputs: Properties) -> list[Failure]:
        name = inputs["name"]
        record = record_sets.wire(inputs, name if name is UNKNOWN else plain(name) or "apex")
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        below = "ChangeBatch.Changes[0].ResourceRecordSet."
        found = refusals("route53", "ChangeResourceRecordSets", {"HostedZoneId": inputs["zoneId"], "ChangeBatch": batch})
        return [Failure(record_sets.input_path(item.path.removeprefix(below)), item.reason) for item in found]

    def _find(self, call: Call, place: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str]:
        """(the record as the service has it, its full name); the name is asked of the zone only when nobody remembers it."""
        route53, zone = call.client("route53"), bare(place["zoneId"])
        fqdn = place.get("fqdn") or _full(place["name"], route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"])
        wanted = (fqdn, place["type"], place.get("setIdentifier"))
        start = {"StartRecordName": fqdn, "StartRecordType": place["type"]}
        for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone, **start):
            for record in page["ResourceRecordSets"]:
                if (plain(record["Name"]), record["Type"], record.get("SetIdentifier")) == wanted:
                    return record, fqdn
                if (plain(record["Name"]), record["Type"]) != wanted[:2]:
                    return None, fqdn  # they come in order
        return None, fqdn


def _full(name: str, zone: str) -> str:
    """The full name of a record whose program may leave out the zone's."""
    name, zone = plain(name), plain(zone)
    if name.endswith(zone):
        return name
    return f"{name}.{zone}" if name else zone


def _parsed(resource_id: str) -> dict[str, str]:
    """Zone, name, type and identifier of `ZONE_name_TYPE[_identifier]`, where names may have underscores too."""
    zone, *rest = resource_id.split("_")
    position = next((place for place, part in enumerate(rest) if place and part in record_sets.types()), None)
    if position is None:
        form = "ZONEID_name_TYPE, with _identifier at the end where the record has one"
        raise HandlerError(f"{resource_id!r} does not tell a record: write {form} (Z123EXAMPLE_www.example.com_A)")
    found = {"zoneId": zone, "name": plain("_".join(rest[:position])), "type": rest[position]}
    identifier = "_".join(rest[position + 1 :])
    return found | ({"setIdentifier": identifier} if identifier else {})


def _target(alias: Properties) -> Any:
    name = alias["name"]
    return [plain(name) if isinstance(name, str) else name, alias["zoneId"], alias["evaluateTargetHealth"]]


def _as_declared(declared: Properties, live: Properties) -> Properties:
    return declared if _target(declared) == _target(live) else live
