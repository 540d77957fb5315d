"""Route 53: ending one record of a weighted, failover or latency set ends that one only."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.route53.models import Route53Backend

    Route53Backend.change_resource_record_sets = _one_by_one(Route53Backend.change_resource_record_sets)


def _one_by_one(original: Any) -> Any:
    @wraps(original)
    def change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> Any:
        zone = self.get_hosted_zone(zoneid)
        before = list(zone.rrsets)
        meant = {_key(item["ResourceRecordSet"]) for item in change_list if item["Action"] == "DELETE"}
        result = original(self, zoneid, change_list)
        # moto ends every record with the set identifier, whatever its name and type (an AAAA beside its A, say).
        zone.rrsets += [item for item in before if item.set_identifier and _live_key(item) not in meant | set(map(_live_key, zone.rrsets))]
        return result

    return change


def _key(record: dict[str, Any]) -> tuple[str, str, str | None]:
    return record["Name"].strip("."), record["Type"], record.get("SetIdentifier")


def _live_key(record: Any) -> tuple[str, str, str | None]:
    return record.name.strip("."), record.type, record.set_identifier
