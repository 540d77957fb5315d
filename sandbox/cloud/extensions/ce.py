"""Cost Explorer: anomaly monitors, their subscriptions, and which tags bills are broken down by."""

from __future__ import annotations

import json
import uuid
from typing import Any

_MONITORS, _SUBSCRIPTIONS, _TAG_STATUS = "sandbox_monitors", "sandbox_subscriptions", "sandbox_tag_status"
_KEYS = {_MONITORS: "MonitorArn", _SUBSCRIPTIONS: "SubscriptionArn"}


def install() -> None:
    """Adds it to moto."""
    from moto.ce.responses import CostExplorerResponse

    CostExplorerResponse.create_anomaly_monitor = _create_monitor
    CostExplorerResponse.get_anomaly_monitors = _get_monitors
    CostExplorerResponse.update_anomaly_monitor = _update_monitor
    CostExplorerResponse.delete_anomaly_monitor = _delete_monitor
    CostExplorerResponse.create_anomaly_subscription = _create_subscription
    CostExplorerResponse.get_anomaly_subscriptions = _get_subscriptions
    CostExplorerResponse.update_anomaly_subscription = _update_subscription
    CostExplorerResponse.delete_anomaly_subscription = _delete_subscription
    CostExplorerResponse.list_cost_allocation_tags = _list_tag_status
    CostExplorerResponse.update_cost_allocation_tags_status = _update_tag_status


def _create_monitor(self: Any) -> str:
    asked, kept = json.loads(self.body), _kept(self, _MONITORS)
    monitor = asked["AnomalyMonitor"]
    if monitor["MonitorType"] == "DIMENSIONAL" and any(
        other.get("MonitorDimension") == monitor.get("MonitorDimension") for other in kept.values()
    ):
        # An account has one monitor over all services.
        raise _error("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
    return _create(self, _MONITORS, "anomalymonitor", monitor | {"CreationDate": _today(), "LastUpdatedDate": _today()}, asked)


def _create_subscription(self: Any) -> str:
    asked, monitors = json.loads(self.body), _kept(self, _MONITORS)
    subscription = asked["AnomalySubscription"]
    for arn in subscription["MonitorArnList"]:
        if arn not in monitors:
            raise _error("UnknownMonitorException", f"Failed to find monitor {arn}")
    kinds = {subscriber["Type"] for subscriber in subscription["Subscribers"]}
    if "SNS" in kinds and subscription["Frequency"] != "IMMEDIATE":
        raise _error("ValidationException", "SNS subscribers need the frequency IMMEDIATE")
    more = {"AccountId": self.current_account, "Subscribers": [{"Status": "CONFIRMED", **each} for each in subscription["Subscribers"]]}
    return _create(self, _SUBSCRIPTIONS, "anomalysubscription", subscription | more, asked)


def _create(response: Any, table: str, kind: str, item: dict[str, Any], asked: dict[str, Any]) -> str:
    arn = f"arn:aws:ce::{response.current_account}:{kind}/{uuid.uuid4()}"
    _kept(response, table)[arn] = item | {_KEYS[table]: arn}
    if asked.get("ResourceTags"):
        response.ce_backend.tag_resource(arn, asked["ResourceTags"])
    return json.dumps({_KEYS[table]: arn})


def _get_monitors(self: Any) -> str:
    wanted = json.loads(self.body).get("MonitorArnList")
    return json.dumps({"AnomalyMonitors": _chosen(self, _MONITORS, wanted, "UnknownMonitorException")})


def _get_subscriptions(self: Any) -> str:
    asked = json.loads(self.body)
    found = _chosen(self, _SUBSCRIPTIONS, asked.get("SubscriptionArnList"), "UnknownSubscriptionException")
    monitor = asked.get("MonitorArn")
    return json.dumps({"AnomalySubscriptions": [item for item in found if monitor in (None, *item["MonitorArnList"])]})


def _update_monitor(self: Any) -> str:
    asked = json.loads(self.body)
    (monitor,) = _chosen(self, _MONITORS, [asked["MonitorArn"]], "UnknownMonitorException")
    monitor.update({key: value for key, value in asked.items() if key == "MonitorName"} | {"LastUpdatedDate": _today()})
    return json.dumps({"MonitorArn": asked["MonitorArn"]})


def _update_subscription(self: Any) -> str:
    asked = json.loads(self.body)
    (subscription,) = _chosen(self, _SUBSCRIPTIONS, [asked["SubscriptionArn"]], "UnknownSubscriptionException")
    subscription.update(asked)
    return json.dumps({"SubscriptionArn": asked["SubscriptionArn"]})


def _delete_monitor(self: Any) -> str:
    return _delete(self, _MONITORS, "UnknownMonitorException")


def _delete_subscription(self: Any) -> str:
    return _delete(self, _SUBSCRIPTIONS, "UnknownSubscriptionException")


def _delete(response: Any, table: str, unknown: str) -> str:
    arn = json.loads(response.body)[_KEYS[table]]
    _chosen(response, table, [arn], unknown)
    del _kept(response, table)[arn]
    return json.dumps({})


def _chosen(response: Any, table: str, arns: list[str] | None, unknown: str) -> list[dict[str, Any]]:
    kept = _kept(response, table)
    for arn in arns or ():
        if arn not in kept:
            raise _error(unknown, f"Failed to find {arn}")
    return [item for arn, item in kept.items() if not arns or arn in arns]


def _list_tag_status(self: Any) -> str:
    asked = json.loads(self.body)
    found = [
        {"TagKey": key, "Type": "UserDefined", "Status": status, "LastUpdatedDate": f"{_today()}T00:00:00Z"}
        for key, status in sorted(_kept(self, _TAG_STATUS).items())
        if key in (asked.get("TagKeys") or [key]) and status == asked.get("Status", status)
    ]
    return json.dumps({"CostAllocationTags": found})


def _update_tag_status(self: Any) -> str:
    # AWS knows a key up to a day after the first resource bears it; here it is known at once.
    for entry in json.loads(self.body)["CostAllocationTagsStatus"]:
        _kept(self, _TAG_STATUS)[entry["TagKey"]] = entry["Status"]
    return json.dumps({"Errors": []})


def _kept(response: Any, table: str) -> dict[str, Any]:
    found: dict[str, Any] = response.ce_backend.__dict__.setdefault(table, {})
    return found


def _today() -> str:
    from moto.core.utils import utcnow

    return f"{utcnow():%Y-%m-%d}"


def _error(code: str, message: str) -> Any:
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(code, message)
