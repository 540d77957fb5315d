"""What the estate may cost, who is told, and what is bought ahead (CST-1 to CST-3)."""

import re
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model, Share

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_MOST_PERCENTS = 2
"""Budgets takes five notifications a budget; each percentage is one of what was spent and one of what is forecast.

Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/management-limits.html
"""


class CostGroup(Model):
    """A part of the monthly budget (CST-1)."""

    usd: Annotated[Count, Field(ge=1, description="USD a month")]
    services: Annotated[
        tuple[str, ...], Field(description="names of AWS services as the bill spells them; [] for what others than AWS bill")
    ]


class Discounts(Model):
    """What a price falls by, as a share of it (CST-2)."""

    reserved: Annotated[Share, Field(gt=0, lt=1, description="reserved instances of one year, against on demand")]
    savings_plans: Annotated[Share, Field(gt=0, lt=1, description="Savings Plans, against on demand")]
    spot: Annotated[Share, Field(gt=0, lt=1, description="Spot, against on demand")]


class Purchase(Model):
    """What is bought ahead in one year; an hour is paid for in one way, so the shares never overlap (CST-2)."""

    usd: Annotated[Count, Field(ge=1, description="USD a month that this year is to cost")]
    reserved: Annotated[Share, Field(ge=0, le=1, description="share of compute hours under reserved instances")]
    savings_plans: Annotated[Share, Field(ge=0, le=1, description="share of compute hours under Savings Plans")]

    def on_demand(self, spot: float) -> float:
        """Return the share of hours left on demand beside a share on Spot; negative when more than every hour is bought."""
        return round(1 - self.reserved - self.savings_plans - spot, 9)


class Purchases(Model):
    """How hours of compute are paid for; Spot's share is each cluster's own `spot_share` (CST-2)."""

    discounts: Discounts
    years: Annotated[tuple[Purchase, ...], Field(min_length=3, max_length=3, description="first, second and third year")]


class CostFacts(Model):
    """Budgets, anomaly alarms and purchases of the whole estate."""

    monthly_usd: Annotated[Count, Field(ge=1, description="USD a month over everything, the sum of the groups")]
    groups: Annotated[dict[str, CostGroup], Field(min_length=1, description="parts of it by a short name")]
    alert_percents: Annotated[
        tuple[Count, ...],
        Field(min_length=1, max_length=_MOST_PERCENTS, description="percentages of a budget, spent or forecast, that are told"),
    ]
    anomaly_usd: Annotated[Count, Field(ge=1, description="USD above what is usual from which an anomaly is told")]
    emails: Annotated[tuple[str, ...], Field(max_length=10, description="who is told by mail as well as the alert topic")]
    services_monitor_arn: Annotated[
        str | None,
        Field(pattern=r"^arn:aws:ce::\d{12}:anomalymonitor/\S+$", description="the account's monitor over all services; null makes one"),
    ]
    activate_tags: Annotated[bool, Field(description="true: bills are broken down by the estate's tags")]
    purchases: Purchases

    @model_validator(mode="after")
    def _adds_up(self) -> "CostFacts":
        total = sum(group.usd for group in self.groups.values())
        if total != self.monthly_usd:
            raise refuse(f"{total}, the sum of the groups", "correct it, or a group", key="monthly_usd", given=self.monthly_usd)
        return self

    @model_validator(mode="after")
    def _counts_once(self) -> "CostFacts":
        seen: dict[str, str] = {}
        for name, group in self.groups.items():
            for service in group.services:
                if service in seen:
                    raise refuse(f"a service in one group; {seen[service]} has it", "remove it", key=f"groups.{name}", given=service)
                seen[service] = name
        return self

    @model_validator(mode="after")
    def _reaches_people(self) -> "CostFacts":
        for address in self.emails:
            if not re.fullmatch(_EMAIL, address):
                raise refuse("e-mail addresses", "write name@domain", key="emails", given=address)
        for percent in self.alert_percents:
            if not 1 <= percent <= 1000:
                raise refuse("percentages from 1 to 1000", "write 80 for 80 %", key="alert_percents", given=percent)
        return self
