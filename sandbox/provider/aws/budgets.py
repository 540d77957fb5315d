"""AWS Budgets: limits of spending, and who hears of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, canonical, known

_REGION = "us-east-1"
"""Budgets belong to the account; this is where their service answers."""
_PRESENT = "%Y-%m-%d_%H:%M"
_APART = frozenset(
    {
        "accountId",
        "costFilters",
        "limitAmount",
        "limitUnit",
        "metrics",
        "namePrefix",
        "notifications",
        "plannedLimits",
        "timePeriodEnd",
        "timePeriodStart",
    }
)
_BUDGET = Translation("budgets", "CreateBudget", below="Budget", names={"name": "BudgetName"}, apart=_APART)
_SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}


class Budget(Handler):
    """A limit of cost or usage over a period, with notifications."""

    token = "aws:budgets/budget:Budget"
    create_only = frozenset({"accountId", "name", "namePrefix"})
    unordered = frozenset({"costFilters", "notifications", "plannedLimits"})
    defaults = {"timePeriodEnd": "2087-06-15_00:00"}
    autoname = "name"
    autoname_limit = 100

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        limits = [key for key in ("limitAmount", "plannedLimits", "autoAdjustData") if key in inputs]
        if len(limits) != 1:
            return [
                Failure("limitAmount", f"give one of limitAmount, plannedLimits and autoAdjustData (got {', '.join(limits) or 'none'})")
            ]
        if limits == ["autoAdjustData"]:
            return [Failure("autoAdjustData", "the emulated cloud keeps no budget without a limit: give limitAmount")]
        if not known(inputs):
            return []
        budget = _request(inputs, naming.predicted(inputs, "name"))
        return _BUDGET.failures({}, AccountId=call.account, Budget=budget, NotificationsWithSubscribers=_notifications(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        account = inputs.get("accountId", call.account)
        found: Properties = {"accountId": account, "namePrefix": inputs.get("namePrefix", "")}
        if "name" in inputs:
            found["arn"] = _arn(call, account, inputs["name"])
        return found

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        account, name = inputs.get("accountId", call.account), naming.chosen(call, inputs, "name")
        budgets = call.client("budgets", _REGION)
        budgets.create_budget(
            AccountId=account,
            Budget=_request(inputs, name),
            NotificationsWithSubscribers=_notifications(inputs),
            **tagging.parameter(inputs["tagsAll"], "ResourceTags"),
        )
        return f"{account}:{name}", self._outputs(call, account, name, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        account, _, name = resource_id.partition(":")
        budgets = call.client("budgets", _REGION)
        live = budgets.describe_budget(AccountId=account, BudgetName=name)["Budget"]
        tags = budgets.list_tags_for_resource(ResourceARN=_arn(call, account, name))["ResourceTags"]
        return {
            **_properties(live),
            "accountId": account,
            "arn": _arn(call, account, name),
            "notifications": _declared(budgets, account, name),
            "tags": tagging.mapping(tags),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        account, _, name = resource_id.partition(":")
        budgets = call.client("budgets", _REGION)
        budgets.update_budget(AccountId=account, NewBudget=_request(new, name))
        of = {"AccountId": account, "BudgetName": name}
        live, wanted = _live_notifications(budgets, account, name), _notifications(new)
        for each in live:
            if canonical(each) not in map(canonical, wanted):
                budgets.delete_notification(**of, Notification=each["Notification"])
        for each in wanted:
            if canonical(each) not in map(canonical, live):
                budgets.create_notification(**of, **each)
        tagging.retag(budgets, _arn(call, account, name), old, new)
        return self._outputs(call, account, name, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        account, _, name = resource_id.partition(":")
        call.client("budgets", _REGION).delete_budget(AccountId=account, BudgetName=name)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "limitAmount":
            return float(old) == float(new)
        if path == "notifications" and isinstance(old, list) and isinstance(new, list):
            return super().equal(path, [_ordered(each) for each in old], [_ordered(each) for each in new])
        return super().equal(path, old, new)

    def _outputs(self, call: Call, account: str, name: str, inputs: Properties) -> Properties:
        live = _properties(call.client("budgets", _REGION).describe_budget(AccountId=account, BudgetName=name)["Budget"])
        computed = {
            key: live[key] for key in ("costTypes", "timePeriodStart", "limitAmount", "limitUnit") if key in live and key not in inputs
        }
        more = {"accountId": account, "arn": _arn(call, account, name), "name": name}
        return with_blanks(self.token, inputs, computed | more)


def _request(inputs: Properties, name: str) -> Properties:
    request = _BUDGET.request({**inputs, "name": name})
    if "limitAmount" in inputs:
        request["BudgetLimit"] = {"Amount": inputs["limitAmount"], "Unit": inputs.get("limitUnit", "USD")}
    if inputs.get("plannedLimits"):
        request["PlannedBudgetLimits"] = {
            str(int(_time(each["startTime"]).timestamp())): {"Amount": each["amount"], "Unit": each["unit"]}
            for each in inputs["plannedLimits"]
        }
    if inputs.get("costFilters"):
        request["CostFilters"] = {each["name"]: each["values"] for each in inputs["costFilters"]}
    if inputs.get("metrics"):
        request["Metrics"] = [inputs["metrics"]]
    period = {"Start": inputs.get("timePeriodStart"), "End": inputs.get("timePeriodEnd") if inputs.get("timePeriodStart") else None}
    if any(period.values()):
        request["TimePeriod"] = {key: _time(value) for key, value in period.items() if value}
    return request


def _properties(live: dict[str, Any]) -> Properties:
    """A budget of the service as a program writes it."""
    found = _BUDGET.properties(Budget.token, live)
    limit, period = live.get("BudgetLimit"), live["TimePeriod"]
    found["costFilters"] = [{"name": name, "values": values} for name, values in sorted(live.get("CostFilters", {}).items())]
    if limit:
        found |= {"limitAmount": limit["Amount"], "limitUnit": limit["Unit"]}
    if live.get("PlannedBudgetLimits"):
        found["plannedLimits"] = [
            {"startTime": datetime.fromtimestamp(int(start), UTC).strftime(_PRESENT), "amount": each["Amount"], "unit": each["Unit"]}
            for start, each in sorted(live["PlannedBudgetLimits"].items())
        ]
    if live.get("Metrics"):
        found["metrics"] = live["Metrics"][0]
    return found | {
        "timePeriodStart": period["Start"].astimezone(UTC).strftime(_PRESENT),
        "timePeriodEnd": period["End"].astimezone(UTC).strftime(_PRESENT) if "End" in period else Budget.defaults["timePeriodEnd"],
    }


def _notifications(inputs: Properties) -> list[Properties]:
    return [
        {
            "Notification": {
                "NotificationType": each["notificationType"],
                "ComparisonOperator": each["comparisonOperator"],
                "Threshold": float(each["threshold"]),
                "ThresholdType": each["thresholdType"],
            },
            "Subscribers": [
                {"SubscriptionType": kind, "Address": address}
                for key, kind in _SUBSCRIBERS.items()
                for address in sorted(each.get(key) or ())
            ],
        }
        for each in inputs.get("notifications") or ()
    ]


def _live_notifications(budgets: Any, account: str, name: str) -> list[Properties]:
    of = {"AccountId": account, "BudgetName": name}
    return [
        {"Notification": each, "Subscribers": budgets.describe_subscribers_for_notification(**of, Notification=each)["Subscribers"]}
        for each in budgets.describe_notifications_for_budget(**of)["Notifications"]
    ]


def _declared(budgets: Any, account: str, name: str) -> list[Properties]:
    """The live notifications as a program writes them."""
    found = []
    for each in _live_notifications(budgets, account, name):
        details = each["Notification"]
        threshold = details["Threshold"]
        addresses = {
            key: [one["Address"] for one in each["Subscribers"] if one["SubscriptionType"] == kind] for key, kind in _SUBSCRIBERS.items()
        }
        found.append(
            {
                "notificationType": details["NotificationType"],
                "comparisonOperator": details["ComparisonOperator"],
                "threshold": int(threshold) if float(threshold).is_integer() else threshold,
                "thresholdType": details["ThresholdType"],
                **{key: value for key, value in addresses.items() if value},
            }
        )
    return found


def _ordered(notification: Properties) -> Properties:
    return {key: sorted(value) if key in _SUBSCRIBERS else value for key, value in notification.items() if value != []}


def _time(text: str) -> datetime:
    return datetime.strptime(text, _PRESENT).replace(tzinfo=UTC)


def _arn(call: Call, account: str, name: str) -> str:
    return call.arn("budgets", f"budget/{name}", region="", account=account)
