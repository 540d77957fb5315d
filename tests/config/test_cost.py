"""What the estate may cost adds up, and no hour is paid for twice."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from tests.kit.plans import Documents, shipped, write


def _refused(documents: Documents, root: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load("us-east-1", root=write(documents, root))
    return str(caught.value)


def test_the_shipped_budget_is_the_documented_one() -> None:
    cost = load("us-east-1").estate.facts.cost
    assert cost.monthly_usd == 3672
    assert [group.usd for group in cost.groups.values()] == [1056, 1696, 161, 185, 574]
    assert [year.usd for year in cost.purchases.years] == [3672, 2938, 2572]
    discounts = cost.purchases.discounts
    assert (discounts.reserved, discounts.savings_plans, discounts.spot) == (0.4, 0.2, 0.6)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("monthly_usd", 4000, "3672, the sum of the groups"),
        ("alert_percents", [0], "percentages from 1 to 1000"),
        ("emails", ["nobody"], "e-mail addresses"),
        ("services_monitor_arn", "services", "cost.services_monitor_arn"),
        ("purchases", {"discounts": {"reserved": 1, "savings_plans": 0.2, "spot": 0.6}, "years": []}, "cost.purchases"),
    ],
)
def test_a_wrong_fact_is_named_with_its_key(tmp_path: Path, key: str, value: Any, said: str) -> None:
    documents = shipped()
    documents["config/estate.yaml"]["cost"][key] = value
    told = _refused(documents, tmp_path)
    assert said in told
    assert "config/estate.yaml" in told


def test_a_service_counts_in_one_group_only(tmp_path: Path) -> None:
    documents = shipped()
    groups = documents["config/estate.yaml"]["cost"]["groups"]
    groups["networking"]["services"].append("AWS Lambda")
    assert "compute has it" in _refused(documents, tmp_path)


def test_an_hour_is_paid_for_in_one_way(tmp_path: Path) -> None:
    documents = shipped()
    years = documents["config/estate.yaml"]["cost"]["purchases"]["years"]
    years[2] |= {"reserved": 0.5, "savings_plans": 0.2}
    write(documents, tmp_path)
    load("us-east-1", root=tmp_path)
    years[2]["savings_plans"] = 0.3
    told = _refused(documents, tmp_path)
    assert "cost.purchases.years[2]" in told
    assert "Spot's 0.3" in told
