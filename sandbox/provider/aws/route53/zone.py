"""Hosted zones."""

from __future__ import annotations

from typing import Any

from sandbox.provider.aws.route53.common import bare, change, live_tags, pages, plain, tag
from sandbox.provider.errors import Failure, HandlerError, error_code
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, canonical

_OWN = ("NS", "SOA")
"""Types of the records that the service makes itself, at the zone's own name."""


class Zone(Handler):
    """A hosted zone: public, or private to VPCs."""

    token = "aws:route53/zone:Zone"
    support = Support.PARTLY
    gap = "accelerated recovery is in the state only; every public zone gets the same name servers"
    create_only = frozenset({"delegationSetId", "name"})
    unordered = frozenset({"vpcs"})
    defaults = {"comment": "Managed by Pulumi", "enableAcceleratedRecovery": False, "forceDestroy": False}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if inputs.get("vpcs") and inputs.get("delegationSetId"):
            return [Failure("delegationSetId", "is for public zones, and vpcs make a zone private: leave out one of them")]
        found = refusals("route53", "CreateHostedZone", _request(call, inputs) | {"CallerReference": "reference"})
        return [
            Failure({"HostedZoneConfig.Comment": "comment"}.get(item.path, item.path[:1].lower() + item.path[1:]), item.reason)
            for item in found
        ]

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"name": plain(inputs["name"])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        route53 = call.client("route53")
        made = route53.create_hosted_zone(**_request(call, inputs), CallerReference=call.token())
        zone = bare(made["HostedZone"]["Id"])
        tag(call, "hostedzone", zone, {}, inputs)
        for vpc in inputs.get("vpcs", [])[1:]:
            route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=_vpc(call, vpc))
        return zone, self.preview(call, inputs) | _facts(call, zone, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("route53").get_hosted_zone(Id=resource_id)
        return _facts(call, resource_id, live) | {
            "name": plain(live["HostedZone"]["Name"]),
            "comment": live["HostedZone"]["Config"].get("Comment", ""),
            "delegationSetId": live.get("DelegationSet", {}).get("Id", ""),
            "vpcs": _as_declared(call, state.get("vpcs", []), live.get("VPCs", [])),
            "tags": live_tags(call, "hostedzone", resource_id),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        route53 = call.client("route53")
        if old.get("comment") != new["comment"]:
            route53.update_hosted_zone_comment(Id=resource_id, Comment=new["comment"])
        self._associate(call, resource_id, new)
        tag(call, "hostedzone", resource_id, old, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        route53 = call.client("route53")
        if call.teardown or state.get("forceDestroy"):
            apex = plain(state["name"])
            foreign = [item for item in pages(route53, resource_id) if plain(item["Name"]) != apex or item["Type"] not in _OWN]
            if foreign:
                change(route53, resource_id, *(("DELETE", item) for item in foreign))
        try:
            route53.delete_hosted_zone(Id=resource_id)
        except Exception as error:
            if error_code(error) == "HostedZoneNotEmpty":
                name = state.get("name", resource_id)
                reason = "still has records that are not of this stack: delete them, or set forceDestroy: true"
                raise HandlerError(f"zone {name} {reason}") from error
            raise

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "name" and isinstance(old, str) and isinstance(new, str):
            return plain(old) == plain(new)
        return super().equal(path, old, new)

    def _associate(self, call: Call, zone: str, new: Properties) -> None:
        """Brings a private zone's VPCs to what is declared; new ones first, because one must always be left."""
        route53 = call.client("route53")
        wanted = {canonical(item): item for item in (_vpc(call, vpc) for vpc in new.get("vpcs", []))}
        if not wanted:
            return
        there = {canonical(item): item for item in route53.get_hosted_zone(Id=zone).get("VPCs", [])}
        for key in wanted.keys() - there.keys():
            route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=wanted[key])
        for key in there.keys() - wanted.keys():
            route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=there[key])

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # A public zone cannot become private, nor the other way.
        return path == "vpcs" and bool(old.get("vpcs")) != bool(new.get("vpcs"))


def _request(call: Call, inputs: Properties) -> Properties:
    vpcs = inputs.get("vpcs")
    config = parameters(inputs, Comment="comment") | ({"PrivateZone": True} if vpcs else {})
    request = parameters(inputs, Name="name", DelegationSetId="delegationSetId") | {"HostedZoneConfig": config}
    if not vpcs:
        return request
    return request | {"VPC": UNKNOWN if vpcs is UNKNOWN else _vpc(call, vpcs[0])}


def _vpc(call: Call, vpc: Properties) -> Properties:
    return {"VPCRegion": vpc.get("vpcRegion") or call.region, "VPCId": vpc["vpcId"]}


def _as_declared(call: Call, declared: list[Properties], live: list[dict[str, str]]) -> list[Properties]:
    """The live VPCs, without the region where the program leaves that to the provider."""
    silent = {item["vpcId"] for item in declared if "vpcRegion" not in item}
    found = []
    for item in live:
        here = item["VPCId"] in silent and item["VPCRegion"] == call.region
        found.append({"vpcId": item["VPCId"]} if here else {"vpcId": item["VPCId"], "vpcRegion": item["VPCRegion"]})
    return found


def _facts(call: Call, zone: str, live: dict[str, Any]) -> Properties:
    servers = live.get("DelegationSet", {}).get("NameServers")
    if not servers:  # a private zone's are told by its own record only
        records = next(item["ResourceRecords"] for item in pages(call.client("route53"), zone) if item["Type"] == "NS")
        servers = [item["Value"].rstrip(".") for item in records]
    return {
        "arn": call.arn("route53", f"hostedzone/{zone}", region="", account=""),
        "zoneId": zone,
        "nameServers": sorted(servers),
        "primaryNameServer": servers[0],
    }
