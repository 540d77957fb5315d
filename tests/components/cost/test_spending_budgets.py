from typing import Any

import pytest

from components.cost.spending_budgets import ServiceGroup, SpendingBudgets, SpendingBudgetsArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
BUDGET = "aws:budgets/budget:Budget"


def _args(**more: Any) -> SpendingBudgetsArgs:
    return SpendingBudgetsArgs(monthly_usd=3672, alert_topic_arn=TOPIC, **more)


def _budgets(args: SpendingBudgetsArgs) -> dict[str, dict[str, Any]]:
    graph = record(lambda: SpendingBudgets("spending", a_context(), args))
    return {budget.name: budget.inputs for budget in graph.of_type(BUDGET)}


def test_the_whole_bill_has_a_monthly_limit() -> None:
    (budget,) = _budgets(_args()).values()
    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"], budget["budgetType"]) == ("3672", "USD", "MONTHLY", "COST")
    assert not budget.get("costFilters")


def test_each_group_of_services_has_a_limit_of_its_own() -> None:
    groups = {"compute": ServiceGroup(usd=1056, services=["Amazon Elastic Compute Cloud - Compute", "AWS Lambda"])}
    budget = _budgets(_args(groups=groups))["spending-compute"]
    assert budget["limitAmount"] == "1056"
    assert budget["costFilters"] == [{"name": "Service", "values": ["Amazon Elastic Compute Cloud - Compute", "AWS Lambda"]}]


def test_what_is_spent_and_what_is_forecast_is_told_to_topic_and_mails() -> None:
    (budget,) = _budgets(_args(percents=(80, 100), emails=["costs@example.com"])).values()
    told = {(each["notificationType"], each["threshold"]) for each in budget["notifications"]}
    assert told == {("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 80), ("FORECASTED", 100)}
    assert all(each["subscriberSnsTopicArns"] == [TOPIC] for each in budget["notifications"])
    assert all(each["subscriberEmailAddresses"] == ["costs@example.com"] for each in budget["notifications"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percents": (50, 80, 100)}, "one to 2 numbers"),
        ({"percents": ()}, "one to 2 numbers"),
        ({"groups": {"Compute": ServiceGroup(usd=1, services=["AWS Lambda"])}}, "lower-case words"),
    ],
)
def test_what_a_budget_cannot_tell_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _args(**wrong)


def test_a_group_without_services_would_watch_the_whole_bill_and_is_refused() -> None:
    with pytest.raises(ValueError, match="whole bill"):
        ServiceGroup(usd=10, services=[])
    with pytest.raises(ValueError, match="at least 1"):
        ServiceGroup(usd=0, services=["AWS Lambda"])
