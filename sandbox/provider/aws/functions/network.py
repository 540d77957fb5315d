"""What is known of a region's network: zones, and lists of networks that AWS keeps."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import HandlerError
from sandbox.provider.handler import Call, Function
from sandbox.provider.values import Properties


class GetAvailabilityZones(Function):
    """The region's zones that match; names and ids in the order of the names."""

    token = "aws:index/getAvailabilityZones:getAvailabilityZones"

    def invoke(self, call: Call, arguments: Properties) -> Properties:
        filters = _filters(arguments)
        if arguments.get("state"):
            filters.append({"Name": "state", "Values": [arguments["state"]]})
        asked: dict[str, Any] = {"Filters": filters} if filters else {}
        if arguments.get("allAvailabilityZones"):
            asked["AllAvailabilityZones"] = True
        zones = [
            zone
            for zone in call.client("ec2").describe_availability_zones(**asked)["AvailabilityZones"]
            if zone["ZoneName"] not in arguments.get("excludeNames", []) and zone["ZoneId"] not in arguments.get("excludeZoneIds", [])
        ]
        zones.sort(key=lambda zone: str(zone["ZoneName"]))
        return {
            **arguments,
            "id": call.region,
            "region": call.region,
            "names": [zone["ZoneName"] for zone in zones],
            "zoneIds": [zone["ZoneId"] for zone in zones],
            "groupNames": sorted({zone["GroupName"] for zone in zones if zone.get("GroupName")}),
        }


class GetManagedPrefixList(Function):
    """One list of networks, AWS's own or the account's, found by id, name or filters.

    The emulated cloud holds AWS's own lists (S3, DynamoDB, CloudFront's origin-facing servers and others) in every region, each with
    an id of its own and some of the networks that AWS had in it when that cloud was written.
    """

    token = "aws:ec2/getManagedPrefixList:getManagedPrefixList"

    def invoke(self, call: Call, arguments: Properties) -> Properties:
        ec2 = call.client("ec2")
        filters = _filters(arguments)
        if arguments.get("name"):
            filters.append({"Name": "prefix-list-name", "Values": [arguments["name"]]})
        asked: dict[str, Any] = {"Filters": filters} if filters else {}
        if arguments.get("id"):
            asked["PrefixListIds"] = [arguments["id"]]
        found = ec2.describe_managed_prefix_lists(**asked)["PrefixLists"]
        if len(found) != 1:
            wanted = arguments.get("id") or arguments.get("name") or "these filters"
            what = "no managed prefix list" if not found else f"{len(found)} managed prefix lists"
            raise HandlerError(f"{what} in {call.region} for {wanted}: exactly one must match; check name, id, filters and region")
        prefix_list = found[0]
        entries = ec2.get_managed_prefix_list_entries(PrefixListId=prefix_list["PrefixListId"])["Entries"]
        return {
            **arguments,
            "id": prefix_list["PrefixListId"],
            "name": prefix_list["PrefixListName"],
            "arn": prefix_list["PrefixListArn"],
            "addressFamily": prefix_list["AddressFamily"],
            "entries": [{"cidr": entry["Cidr"], "description": entry.get("Description", "")} for entry in entries],
            # AWS tells no capacity and no version of its own lists; the real provider makes 0 of that.
            "maxEntries": prefix_list.get("MaxEntries", 0),
            "version": prefix_list.get("Version", 0),
            "ownerId": prefix_list["OwnerId"],
            "region": call.region,
            "tags": tagging.mapping(prefix_list.get("Tags")),
        }


def _filters(arguments: Properties) -> list[dict[str, Any]]:
    return [{"Name": item["name"], "Values": item["values"]} for item in arguments.get("filters", [])]
