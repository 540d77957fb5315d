"""Cost Explorer: anomaly monitors, their subscriptions, and which tags bills are broken down by."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.cloud.extensions.common import answer, asked, kept, now, refused

_MONITORS, _SUBSCRIPTIONS, _TAG_STATUS = "monitors", "subscriptions", "tag_status"
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
    wanted, held = asked(self), kept(self.ce_backend, _MONITORS)
    monitor = wanted["AnomalyMonitor"]
    if monitor["MonitorType"] == "DIMENSIONAL" and any(
        other.get("MonitorDimension") == monitor.get("MonitorDimension") for other in held.values()
    ):
        # An account has one monitor over all services.
        raise refused("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
    return _create(self, _MONITORS, "anomalymonitor", monitor | {"CreationDate": _today(), "LastUpdatedDate": _today()}, wanted)


def _create_subscription(self: Any) -> str:
    wanted, monitors = asked(self), kept(self.ce_backend, _MONITORS)
    subscription = wanted["AnomalySubscription"]
    for arn in subscription["MonitorArnList"]:
        if arn not in monitors:
            raise refused("UnknownMonitorException", f"Failed to find monitor {arn}")
    kinds = {subscriber["Type"] for subscriber in subscription["Subscribers"]}
    if "SNS" in kinds and subscription["Frequency"] != "IMMEDIATE":
        raise refused("ValidationException", "SNS subscribers need the frequency IMMEDIATE")
    more = {"AccountId": self.current_account, "Subscribers": [{"Status": "CONFIRMED", **each} for each in subscription["Subscribers"]]}
    return _create(self, _SUBSCRIPTIONS, "anomalysubscription", subscription | more, wanted)


def _create(response: Any, table: str, kind: str, item: dict[str, Any], wanted: dict[str, Any]) -> str:
    arn = f"arn:aws:ce::{response.current_account}:{kind}/{uuid.uuid4()}"
    kept(response.ce_backend, table)[arn] = item | {_KEYS[table]: arn}
    if wanted.get("ResourceTags"):
        response.ce_backend.tag_resource(arn, wanted["ResourceTags"])
    return answer(**{_KEYS[table]: arn})


def _get_monitors(self: Any) -> str:
    return answer(AnomalyMonitors=_chosen(self, _MONITORS, asked(self).get("MonitorArnList"), "UnknownMonitorException"))


def _get_subscriptions(self: Any) -> str:
    wanted = asked(self)
    found = _chosen(self, _SUBSCRIPTIONS, wanted.get("SubscriptionArnList"), "UnknownSubscriptionException")
    monitor = wanted.get("MonitorArn")
    return answer(AnomalySubscriptions=[item for item in found if monitor in (None, *item["MonitorArnList"])])


def _update_monitor(self: Any) -> str:
    wanted = asked(self)
    (monitor,) = _chosen(self, _MONITORS, [wanted["MonitorArn"]], "UnknownMonitorException")
    monitor.update({key: value for key, value in wanted.items() if key == "MonitorName"} | {"LastUpdatedDate": _today()})
    return answer(MonitorArn=wanted["MonitorArn"])


def _update_subscription(self: Any) -> str:
    wanted = asked(self)
    (subscription,) = _chosen(self, _SUBSCRIPTIONS, [wanted["SubscriptionArn"]], "UnknownSubscriptionException")
    subscription.update(wanted)
    return answer(SubscriptionArn=wanted["SubscriptionArn"])


def _delete_monitor(self: Any) -> str:
    return _delete(self, _MONITORS, "UnknownMonitorException")


def _delete_subscription(self: Any) -> str:
    return _delete(self, _SUBSCRIPTIONS, "UnknownSubscriptionException")


def _delete(response: Any, table: str, unknown: str) -> str:
    arn = asked(response)[_KEYS[table]]
    _chosen(response, table, [arn], unknown)
    del kept(response.ce_backend, table)[arn]
    return answer()


def _chosen(response: Any, table: str, arns: list[str] | None, unknown: str) -> list[dict[str, Any]]:
    held = kept(response.ce_backend, table)
    for arn in arns or ():
        if arn not in held:
            raise refused(unknown, f"Failed to find {arn}")
    return [item for arn, item in held.items() if not arns or arn in arns]


def _list_tag_status(self: Any) -> str:
    wanted = asked(self)
    found = [
        {"TagKey": key, "Type": "UserDefined", "Status": status, "LastUpdatedDate": f"{_today()}T00:00:00Z"}
        for key, status in sorted(kept(self.ce_backend, _TAG_STATUS).items())
        if key in (wanted.get("TagKeys") or [key]) and status == wanted.get("Status", status)
    ]
    return answer(CostAllocationTags=found)


def _update_tag_status(self: Any) -> str:
    # AWS knows a key up to a day after the first resource bears it; here it is known at once.
    for entry in asked(self)["CostAllocationTagsStatus"]:
        kept(self.ce_backend, _TAG_STATUS)[entry["TagKey"]] = entry["Status"]
    return answer(Errors=[])


def _today() -> str:
    return f"{now():%Y-%m-%d}"
