"""Route 53: a batch of changes is made as a whole or refused as AWS refuses it, and health checks are kept as they were told.

moto adds a second record where AWS says that there is one, and ends all records of a set where one is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

_KEPT = {"CidrRoutingConfig": "cidr_routing_config", "GeoProximityLocation": "geo_proximity_location"}
_UNTIMED = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
"""Types of health check that send no requests of their own."""


def install() -> None:
    """Adds it to moto."""
    from moto.route53.models import HealthCheck, RecordSet, Route53Backend
    from moto.route53.responses import Route53

    Route53Backend.change_resource_record_sets = _change
    RecordSet.__init__ = _whole(RecordSet.__init__)
    Route53.create_health_check = _create_check(Route53.create_health_check)
    Route53.update_health_check = _update_check
    HealthCheck.health_check_config = property(lambda check: check.told)


def _whole(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, asked: dict[str, Any]) -> None:
        original(self, asked)
        # moto writes the zone's own SOA as the API does, and every other record plainly.
        self.records = [item["Value"] if isinstance(item, dict) else item for item in self.records or []]
        for member, attribute in _KEPT.items():
            setattr(self, attribute, asked.get(member))

    return create


def _change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    zone = self.get_hosted_zone(zoneid)
    records = list(zone.rrsets)
    for change in change_list:
        records = _changed(zone, records, change["Action"], change["ResourceRecordSet"])
    zone.rrsets = records


def _changed(zone: Any, records: list[Any], action: str, asked: dict[str, Any]) -> list[Any]:
    """The zone's records after one change; raises what AWS answers to one that cannot be."""
    from moto.route53.exceptions import DnsNameInvalidForZone, InvalidActionValue, ResourceRecordAlreadyExists, Route53ClientError
    from moto.route53.models import RecordSet
    from moto.route53.utils import validate_domain_name

    validate_domain_name(asked["Name"], code="InvalidChangeBatch")
    name, apex = f"{asked['Name'].strip('.').lower()}.", f"{zone.name.strip('.').lower()}."
    if name != apex and not name.endswith(f".{apex}"):
        raise DnsNameInvalidForZone(name=name, zone_name=zone.name)
    wanted = RecordSet({**asked, "Name": name, "ResourceRecords": [item["Value"] for item in asked.get("ResourceRecords") or []]})
    there = next((record for record in records if _key(record) == _key(wanted)), None)
    others = [record for record in records if record is not there]
    if action == "DELETE":
        if there is None or _value(there) != _value(wanted):
            problem = "it was not found" if there is None else "the values provided do not match the current values"
            raise Route53ClientError("InvalidChangeBatch", f"Tried to delete resource record set {_label(wanted)} but {problem}")
        return others
    if action not in ("CREATE", "UPSERT"):
        raise InvalidActionValue(action)
    if action == "CREATE" and there is not None:
        raise ResourceRecordAlreadyExists(name=name, _type=wanted.type)
    for problem in _conflicts(wanted, others, apex):
        raise Route53ClientError("InvalidChangeBatch", f"RRSet of type {wanted.type} with DNS name {name} is not permitted {problem}")
    return [*others, wanted]


def _conflicts(wanted: Any, others: list[Any], apex: str) -> Iterator[str]:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat"""
    if wanted.type == "CNAME" and wanted.name == apex:
        yield f"at apex in zone {apex}"
    same = {record.type for record in others if record.name.lower() == wanted.name}
    if (wanted.type == "CNAME" and same - {"CNAME"}) or (wanted.type != "CNAME" and "CNAME" in same):
        yield f"as it conflicts with other records with the same DNS name in zone {apex}"


def _key(record: Any) -> tuple[str, str, str | None]:
    return record.name.strip(".").lower(), record.type, record.set_identifier


def _value(record: Any) -> Any:
    target = dict(record.alias_target or {})
    target["DNSName"] = target.get("DNSName", "").strip(".").lower()
    return None if record.ttl is None else int(record.ttl), sorted(record.records), target


def _label(record: Any) -> str:
    return f"[name='{record.name}', type='{record.type}'{f', set-identifier={record.set_identifier!r}' if record.set_identifier else ''}]"


def _create_check(original: Any) -> Any:
    @wraps(original)
    def create_health_check(self: Any) -> Any:
        config = self._get_param("HealthCheckConfig")
        answer = original(self)
        check = answer.result["HealthCheck"]
        assumed: dict[str, Any] = {"Inverted": False, "Disabled": False}
        if config["Type"] not in _UNTIMED:
            secure = config["Type"].startswith("HTTPS")
            assumed |= {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": secure}
        check.told = assumed | config
        return answer

    return create_health_check


def _update_check(self: Any) -> Any:
    from moto.core.responses import ActionResult

    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    apart = ("HealthCheckId", "HealthCheckVersion", "ResetElements")
    told = {key: value for key, value in self.params.items() if key not in apart}
    check.told = {key: value for key, value in check.told.items() if key not in (self._get_param("ResetElements") or [])} | told
    check.health_check_version += 1
    return ActionResult({"HealthCheck": check})
