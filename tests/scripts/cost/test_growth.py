"""The months of the capacity table, by hand."""

from decimal import Decimal

import pytest

from scripts.cost.growth import at, curve
from tests.scripts.cost.kit import estimate, item


def test_each_driver_grows_as_its_row_of_the_table() -> None:
    base = estimate(
        {"ec2:t3.large": "1", "eks:cluster": "1", "nat:hour": "0", "nat:gb": "1"},
        item("aws:eks/nodeGroup:NodeGroup", instanceTypes=["t3.large"], scalingConfig={"desiredSize": 6}),
        item("aws:eks/cluster:Cluster"),
        item("aws:ec2/natGateway:NatGateway"),
        nat_gb="100",
    )
    points = {point.month: point for point in curve(base)}
    # nodes 6 x 730 = 4,380, control plane 730, traffic 100
    assert points[1].usd == Decimal("5210.00")
    # nodes 50/6 of it = 36,500; 730; traffic 250/10 of it = 2,500
    assert points[24].usd == Decimal("39730.00")
    assert points[24].per_tenant == Decimal("198.65")
    assert [points[month].tenants for month in (1, 6, 12, 24)] == [8, 48, 96, 200]


def test_storage_of_databases_grows_to_ten_times_and_objects_to_twenty() -> None:
    database = item("aws:rds/instance:Instance", engine="postgres", instanceClass="db.x", allocatedStorage=1000)
    base = estimate(
        {"rds:postgres:db.x": "0", "rds:gp3": "1", "s3:standard": "1", "s3:puts": "0"}, database, item("aws:s3/bucket:Bucket"), s3_gb="10"
    )
    # 1,000 x 10 + 10 x 20
    assert curve(base, [24])[0].usd == Decimal("10200.00")


def test_what_a_tenant_has_for_itself_comes_with_each_tenant() -> None:
    secret = "aws:secretsmanager/secret:Secret"
    prices = {"secrets:secret": "0.40", "secrets:calls": "0"}
    own = estimate(prices, item(secret, "login", tags={"tenant": "acme"}))
    shared = estimate(prices, item(secret, "login"))
    # 0.40 x 200 / 8; and the one of all stays one
    assert curve(own, [1, 24])[1].usd == Decimal("10.00")
    assert curve(shared, [1, 24])[1].usd == Decimal("0.40")


def test_a_month_between_rows_lies_in_a_straight_line() -> None:
    assert (at(18).tenants, at(18).workflows, at(18).gigabytes_per_day) == (148, 925, 185)


def test_a_month_outside_of_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 24"):
        at(25)
