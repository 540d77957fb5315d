"""Budgets: changes of a budget, the subscribers of its notifications, and tags."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import answer


def install() -> None:
    """Adds it to moto."""
    from moto.budgets.responses import BudgetsResponse

    BudgetsResponse.create_budget = _create(BudgetsResponse.create_budget)
    BudgetsResponse.update_budget = _update
    BudgetsResponse.describe_subscribers_for_notification = _subscribers
    BudgetsResponse.list_tags_for_resource = _list_tags
    BudgetsResponse.tag_resource = _tag
    BudgetsResponse.untag_resource = _untag


def _create(original: Any) -> Any:
    @wraps(original)
    def create_budget(self: Any) -> Any:
        made = original(self)
        name = self._get_param("Budget")["BudgetName"]
        _budget(self, name).sandbox_tags = {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags", [])}
        return made

    return create_budget


def _update(self: Any) -> str:
    from moto.core.utils import unix_time

    asked = self._get_param("NewBudget")
    budget = _budget(self, asked["BudgetName"])
    # What is left out returns to what a new budget would have; when it began and ends stays.
    budget.budget = {"TimePeriod": budget.budget["TimePeriod"], **asked, "LastUpdatedTime": unix_time()}
    return answer()


def _subscribers(self: Any) -> str:
    budget, wanted = _budget(self, self._get_param("BudgetName")), self._get_param("Notification")
    for notification in budget.notifications:
        if notification.details == wanted:
            return answer(Subscribers=notification.subscribers, NextToken=None)
    raise _not_found("the notification doesn't exist.")


def _list_tags(self: Any) -> str:
    tags = _by_arn(self).sandbox_tags
    return answer(ResourceTags=[{"Key": key, "Value": value} for key, value in tags.items()])


def _tag(self: Any) -> str:
    _by_arn(self).sandbox_tags.update({tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags")})
    return answer()


def _untag(self: Any) -> str:
    tags = _by_arn(self).sandbox_tags
    for key in self._get_param("ResourceTagKeys"):
        tags.pop(key, None)
    return answer()


def _by_arn(response: Any) -> Any:
    return _budget(response, response._get_param("ResourceARN").rpartition("budget/")[2])


def _budget(response: Any, name: str) -> Any:
    budgets = response.backend.budgets[response._get_param("AccountId") or response.current_account]
    if name not in budgets:
        raise _not_found(f"Unable to get budget: {name} - the budget doesn't exist.")
    return budgets[name]


def _not_found(message: str) -> Any:
    from moto.budgets.exceptions import NotFoundException

    return NotFoundException(message)
