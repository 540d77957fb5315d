"""What zones, records and health checks share: spellings of names and ids, tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.handler import Call
from sandbox.provider.values import Properties


def plain(name: str) -> str:
    """A domain name as programs write it: lower case, without the final dot, `*` as itself."""
    return name.rstrip(".").lower().replace("\\052", "*")


def bare(zone: str) -> str:
    """A zone's id without what the service puts before it."""
    return zone.removeprefix("/hostedzone/")


def pages(route53: Any, zone: str) -> Iterator[dict[str, Any]]:
    """Every record of a zone."""
    for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone):
        yield from page["ResourceRecordSets"]


def change(route53: Any, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    """Makes changes as one batch: (action, record) each."""
    batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Comment": "Managed by Pulumi", "Changes": batch})


def tag(call: Call, kind: str, resource_id: str, old: Properties, new: Properties) -> None:
    """Brings the tags of a `hostedzone` or `healthcheck` from the old ones to the new ones."""
    setting, removing = tagging.changed(old, new)
    if setting or removing:
        changes = {"AddTags": tagging.pairs(setting), "RemoveTagKeys": removing}
        given = {key: value for key, value in changes.items() if value}
        call.client("route53").change_tags_for_resource(ResourceType=kind, ResourceId=resource_id, **given)


def live_tags(call: Call, kind: str, resource_id: str) -> dict[str, str]:
    """The tags of a `hostedzone` or `healthcheck`."""
    found = call.client("route53").list_tags_for_resource(ResourceType=kind, ResourceId=resource_id)
    return tagging.mapping(found["ResourceTagSet"]["Tags"])
