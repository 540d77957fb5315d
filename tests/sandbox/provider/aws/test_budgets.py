"""Budgets against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

BUDGET = "aws:budgets/budget:Budget"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
ACTUAL: dict[str, Any] = {
    "notificationType": "ACTUAL",
    "comparisonOperator": "GREATER_THAN",
    "threshold": 80,
    "thresholdType": "PERCENTAGE",
    "subscriberSnsTopicArns": [TOPIC],
}
FORECAST = ACTUAL | {"notificationType": "FORECASTED", "threshold": 100, "subscriberEmailAddresses": ["b@example.com", "a@example.com"]}
MONTHLY: dict[str, Any] = {
    "name": "estate",
    "budgetType": "COST",
    "timeUnit": "MONTHLY",
    "limitAmount": "3672",
    "limitUnit": "USD",
    "costFilters": [{"name": "Service", "values": ["Amazon Elastic Compute Cloud - Compute"]}],
    "notifications": [ACTUAL, FORECAST],
}


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("budgets", "us-east-1").describe_budget(AccountId="123456789012", BudgetName="estate")["Budget"]
    return found


def heard(life: Life) -> dict[tuple[str, float], set[str]]:
    """Addresses told, by kind and threshold."""
    budgets, of = life.boto("budgets", "us-east-1"), {"AccountId": "123456789012", "BudgetName": "estate"}
    return {
        (each["NotificationType"], each["Threshold"]): {
            one["Address"] for one in budgets.describe_subscribers_for_notification(**of, Notification=each)["Subscribers"]
        }
        for each in budgets.describe_notifications_for_budget(**of)["Notifications"]
    }


def test_a_budget_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(BUDGET)
    made = life.create(**MONTHLY, tags={"owner": "platform"})
    assert made["arn"] == "arn:aws:budgets::123456789012:budget/estate"
    assert live(life)["BudgetLimit"] == {"Amount": "3672", "Unit": "USD"}
    assert live(life)["CostFilters"] == {"Service": ["Amazon Elastic Compute Cloud - Compute"]}
    assert heard(life) == {("ACTUAL", 80.0): {TOPIC}, ("FORECASTED", 100.0): {TOPIC, "a@example.com", "b@example.com"}}
    assert life.refresh() == []

    life.update(**MONTHLY | {"limitAmount": "2938", "notifications": [ACTUAL | {"threshold": 90}]}, tags={"owner": "finance"})
    assert live(life)["BudgetLimit"]["Amount"] == "2938"
    assert heard(life) == {("ACTUAL", 90.0): {TOPIC}}
    assert life.boto("budgets", "us-east-1").list_tags_for_resource(ResourceARN=made["arn"])["ResourceTags"] == [
        {"Key": "owner", "Value": "finance"}
    ]
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_budget_can_be_imported_and_shows_what_was_changed_by_hand(workbench: Workbench) -> None:
    life = workbench.made(BUDGET, **MONTHLY)
    assert life.imported()[0]["limitAmount"] == "3672"
    budgets = life.boto("budgets", "us-east-1")
    budgets.update_budget(AccountId="123456789012", NewBudget=live(life) | {"BudgetLimit": {"Amount": "9000", "Unit": "USD"}})
    assert [change.path for change in life.refresh()] == ["limitAmount"]


def test_the_same_amount_written_otherwise_and_another_order_are_no_change(workbench: Workbench) -> None:
    life = workbench.made(BUDGET, **MONTHLY)
    swapped = [FORECAST | {"subscriberEmailAddresses": ["a@example.com", "b@example.com"]}, ACTUAL]
    assert life.diff(**MONTHLY | {"limitAmount": "3672.0", "notifications": swapped}) == []
    assert life.replaced_by(**MONTHLY | {"name": "other"}) == {"name"}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"limitAmount": None}, "limitAmount"),
        ({"timeUnit": "HOURLY"}, "timeUnit"),
        ({"notifications": [ACTUAL | {"notificationType": "GUESSED"}]}, "notificationType"),
    ],
)
def test_what_budgets_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    inputs = {key: value for key, value in (MONTHLY | wrong).items() if value is not None}
    with pytest.raises(InvalidInputs, match=f"(?i){path}"):
        workbench.life(BUDGET).check(**inputs)
