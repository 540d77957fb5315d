"""How hours of nodes are paid for: shares by hand, each hour once."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cost import Discounts, Purchase, Purchases
from scripts.cost.estimate import Estimate
from scripts.cost.purchases import in_year, mix
from tests.scripts.cost.kit import estimate, item

SHARES = st.integers(0, 100).map(lambda percent: percent / 100)


def purchases(*shares: tuple[float, float]) -> Purchases:
    years = tuple(Purchase(usd=1, reserved=reserved, savings_plans=plans) for reserved, plans in shares)
    return Purchases(discounts=Discounts(reserved=0.4, savings_plans=0.2, spot=0.6), years=years)


def nodes(on_demand: int, spot: int) -> Estimate:
    kind = "aws:eks/nodeGroup:NodeGroup"
    return estimate(
        {"ec2:t3.large": "0.10", "eks:cluster": "0.10"},
        item(kind, "pool-on-demand", instanceTypes=["t3.large"], scalingConfig={"desiredSize": on_demand}),
        item(kind, "pool-spot", instanceTypes=["t3.large"], capacityType="SPOT", scalingConfig={"desiredSize": spot}),
        item("aws:eks/cluster:Cluster"),
    )


def test_each_hour_is_paid_for_once_and_what_is_not_a_node_stays_as_it_is() -> None:
    bought = purchases((0, 0), (0.3, 0.2), (0.4, 0.2))
    base = nodes(7, 3)
    # 7 x 730 x 0.10 = 511.00; 3 x 730 x 0.10 x 0.4 = 87.60; 73.00
    assert in_year(base, bought, 1).total == Decimal("671.60")
    # of 7,300 hours 2,190 reserved at 0.06, 1,460 planned at 0.08, 1,460 on demand at 0.10: 131.40 + 116.80 + 146.00
    second = mix(base, bought, 2)
    assert [int(each) for each in (second.reserved, second.savings_plans, second.spot, second.on_demand)] == [2190, 1460, 2190, 1460]
    assert in_year(base, bought, 2).total == Decimal("554.80")
    # 2,920 at 0.06, 1,460 at 0.08, 730 at 0.10: 175.20 + 116.80 + 73.00
    assert in_year(base, bought, 3).total == Decimal("525.60")


def test_commitments_are_cut_to_what_spot_leaves() -> None:
    found = mix(nodes(1, 9), purchases((0.4, 0.2), (0, 0), (0, 0)), 1)
    assert [int(each) for each in (found.reserved, found.savings_plans, found.on_demand)] == [730, 0, 0]


@pytest.mark.parametrize("year", [1, 2, 3])
@settings(max_examples=25, deadline=None)
@given(on_demand=st.integers(0, 50), spot=st.integers(0, 50), reserved=SHARES, plans=SHARES)
def test_no_hour_is_bought_twice_whatever_is_bought(year: int, on_demand: int, spot: int, reserved: float, plans: float) -> None:
    base = nodes(on_demand, spot)
    found = mix(base, purchases((reserved, plans), (plans, reserved), (reserved, 0)), year)
    assert found.total == (on_demand + spot) * 730
    assert min(found.reserved, found.savings_plans, found.spot, found.on_demand) >= 0
