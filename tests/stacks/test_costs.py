"""The guard of spending stands once in an account."""

import pytest

from config.load import load
from stacks.costs import cost_centres
from tests.kit.composed import shipped_graph

BUDGET = "aws:budgets/budget:Budget"
COSTS = {BUDGET, "aws:costexplorer/anomalyMonitor:AnomalyMonitor", "aws:costexplorer/costAllocationTag:CostAllocationTag"}

SERVICE = "scheduling-cost"
"""Budget of the scheduling service in one region."""


def test_the_hub_guards_the_account_with_the_documented_budget() -> None:
    limits = {budget.name: budget.inputs["limitAmount"] for budget in shipped_graph("us-east-1").of_type(BUDGET)}
    # That of a service is its region's own.
    assert limits.pop(SERVICE) == str(load("us-east-1").plan.scheduling.monthly_usd)
    assert limits == {
        "spending-total": "3672",
        "spending-compute": "1056",
        "spending-storage": "1696",
        "spending-networking": "161",
        "spending-monitoring-and-security": "185",
    }


@pytest.mark.parametrize("stack", ["eu-west-1", "sa-east-1", "staging"])
def test_no_other_stack_of_the_account_guards_it_again(stack: str) -> None:
    assert not COSTS & {resource.type for resource in shipped_graph(stack).resources if resource.name != SERVICE}


def test_every_cost_centre_of_the_account_is_watched() -> None:
    assert cost_centres(load("us-east-1")) == ("platform",)
