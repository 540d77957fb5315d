"""Cost Explorer: what watches spending for anomalies, and the tags that bills are broken down by."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties

_REGION = "us-east-1"
"""Where Cost Explorer answers, for the whole account."""
_MONITOR = Translation(
    "ce",
    "CreateAnomalyMonitor",
    below="AnomalyMonitor",
    names={"name": "MonitorName"},
    apart=frozenset({"monitorSpecification"}),
)
_SUBSCRIPTION = Translation(
    "ce",
    "CreateAnomalySubscription",
    below="AnomalySubscription",
    names={"name": "SubscriptionName", "costCategory": "CostCategories", "accountId": "AccountId"},
)


class AnomalyMonitor(Handler):
    """What Cost Explorer learns the usual spending of: all services, or those that an expression chooses."""

    token = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
    create_only = frozenset({"monitorDimension", "monitorSpecification", "monitorType"})
    documents = frozenset({"monitorSpecification"})
    autoname = "name"
    autoname_limit = 1024

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        custom = inputs["monitorType"] == "CUSTOM"
        needed, unfit = ("monitorSpecification", "monitorDimension") if custom else ("monitorDimension", "monitorSpecification")
        if inputs["monitorType"] is not UNKNOWN:
            found = [Failure(needed, f"a monitor of type {inputs['monitorType']} needs it")] if needed not in inputs else []
            found += [Failure(unfit, f"a monitor of type {inputs['monitorType']} takes {needed} instead")] if unfit in inputs else []
            if found:
                return found
        return _MONITOR.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        monitor = _MONITOR.request(inputs)
        if "monitorSpecification" in inputs:
            monitor["MonitorSpecification"] = _without_nulls(json.loads(inputs["monitorSpecification"]))
        tags = tagging.parameter(inputs["tagsAll"], "ResourceTags")
        arn = call.client("ce", _REGION).create_anomaly_monitor(AnomalyMonitor=monitor, **tags)["MonitorArn"]
        return arn, with_blanks(self.token, inputs, {"arn": arn})

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ce = call.client("ce", _REGION)
        live = ce.get_anomaly_monitors(MonitorArnList=[resource_id])["AnomalyMonitors"][0]
        found = _MONITOR.properties(self.token, live)
        if "MonitorSpecification" in live:
            told = live["MonitorSpecification"]
            said = state.get("monitorSpecification")
            found["monitorSpecification"] = said if said and _without_nulls(json.loads(said)) == told else json.dumps(told)
        return found | {"arn": resource_id, "tags": _tags(ce, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ce = call.client("ce", _REGION)
        if old.get("name") != new.get("name"):
            ce.update_anomaly_monitor(MonitorArn=resource_id, MonitorName=new["name"])
        tagging.retag(ce, resource_id, old, new)
        return with_blanks(self.token, new, {"arn": resource_id})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ce", _REGION).delete_anomaly_monitor(MonitorArn=resource_id)


class AnomalySubscription(Handler):
    """Who hears of anomalies that monitors find, from which size, and how soon."""

    token = "aws:costexplorer/anomalySubscription:AnomalySubscription"
    create_only = frozenset({"accountId"})
    unordered = frozenset({"monitorArnLists", "subscribers"})
    autoname = "name"
    autoname_limit = 1024

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        subscribers = inputs["subscribers"]
        kinds = {each.get("type") for each in subscribers if isinstance(each, dict)} if isinstance(subscribers, list) else set()
        if "SNS" in kinds and inputs["frequency"] != "IMMEDIATE":
            return [Failure("frequency", "SNS topics are told at once only: IMMEDIATE, or tell people by EMAIL")]
        return _SUBSCRIPTION.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"accountId": inputs.get("accountId", call.account)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request, tags = _SUBSCRIPTION.request(inputs), tagging.parameter(inputs["tagsAll"], "ResourceTags")
        arn = call.client("ce", _REGION).create_anomaly_subscription(AnomalySubscription=request, **tags)["SubscriptionArn"]
        return arn, self._outputs(call, arn, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        ce = call.client("ce", _REGION)
        live = ce.get_anomaly_subscriptions(SubscriptionArnList=[resource_id])["AnomalySubscriptions"][0]
        found = _SUBSCRIPTION.properties(self.token, live)
        return found | {"arn": resource_id, "tags": _tags(ce, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ce = call.client("ce", _REGION)
        changed = {key: value for key, value in new.items() if key not in ("tags", "tagsAll", "accountId") and old.get(key) != value}
        if changed:
            ce.update_anomaly_subscription(SubscriptionArn=resource_id, **_SUBSCRIPTION.request(changed))
        tagging.retag(ce, resource_id, old, new)
        return self._outputs(call, resource_id, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ce", _REGION).delete_anomaly_subscription(SubscriptionArn=resource_id)

    def _outputs(self, call: Call, arn: str, inputs: Properties) -> Properties:
        return with_blanks(self.token, inputs, {"arn": arn, "accountId": inputs.get("accountId", call.account)})


class CostAllocationTag(Handler):
    """Whether bills and cost reports are broken down by a tag."""

    token = "aws:costexplorer/costAllocationTag:CostAllocationTag"
    create_only = frozenset({"tagKey"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        allowed = ("Active", "Inactive")
        wrong = inputs["status"] is not UNKNOWN and inputs["status"] not in allowed
        return [Failure("status", f"must be {' or '.join(allowed)} (got {inputs['status']!r})")] if wrong else []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"type": "UserDefined"}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._set(call, inputs["tagKey"], inputs["status"])
        return inputs["tagKey"], {"type": "UserDefined"}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("ce", _REGION).list_cost_allocation_tags(TagKeys=[resource_id])["CostAllocationTags"]
        return {"tagKey": resource_id, "status": found[0]["Status"], "type": found[0]["Type"]} if found else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._set(call, resource_id, new["status"])
        return {"type": "UserDefined"}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        # A key cannot be taken back from bills: what ends is that it breaks them down.
        self._set(call, resource_id, "Inactive")

    def _set(self, call: Call, key: str, status: str) -> None:
        call.client("ce", _REGION).update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": key, "Status": status}])


def _without_nulls(value: Any) -> Any:
    return {key: _without_nulls(item) for key, item in value.items() if item is not None} if isinstance(value, dict) else value


def _tags(ce: Any, arn: str) -> dict[str, str]:
    return tagging.mapping(ce.list_tags_for_resource(ResourceArn=arn)["ResourceTags"])
