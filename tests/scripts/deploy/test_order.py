"""Which stack goes first, and when that would give another one what it reads too late."""

from __future__ import annotations

import pytest

from config.load import load
from scripts.deploy.order import OrderError, Rollout, check, order, readers
from scripts.deploy.receipt import Receipt

ESTATE = load("us-east-1").estate


def changes(stack: str, *exports: str) -> Receipt:
    return Receipt(stack=stack, commit="c0ffee", made="2026-11-22T12:00:00+00:00", sha256="", changes={}, exports=exports, first=False)


def test_the_region_that_fewest_depend_on_goes_first_and_the_hub_last_or_the_other_way() -> None:
    assert order(ESTATE, Rollout.REGIONS) == ["sa-east-1", "eu-west-1", "us-east-1"]
    assert order(ESTATE, Rollout.DEPENDENCIES) == ["us-east-1", "eu-west-1", "sa-east-1"]


def test_all_read_the_hub_later_regions_read_earlier_ones_and_nobody_reads_what_is_for_people() -> None:
    assert readers(ESTATE, "us-east-1", "hub_zone_id") == ["eu-west-1", "sa-east-1", "staging"]
    assert readers(ESTATE, "us-east-1", "vpc_id") == ["eu-west-1", "sa-east-1"]
    assert readers(ESTATE, "eu-west-1", "vpc_id") == ["sa-east-1"]
    assert readers(ESTATE, "sa-east-1", "vpc_id") == readers(ESTATE, "staging", "vpc_id") == []
    assert readers(ESTATE, "us-east-1", "scheduling_api_host") == readers(ESTATE, "us-east-1", "hub_nothing") == []
    assert readers(ESTATE, "eu-west-1", "hub_zone_id") == []


@pytest.mark.parametrize(
    ("stack", "export", "said"),
    [
        ("us-east-1", "hub_zone_id", "us-east-1 changes hub_zone_id, which eu-west-1, sa-east-1 read"),
        ("eu-west-1", "transit_gateway_id", "eu-west-1 changes transit_gateway_id, which sa-east-1 reads"),
    ],
)
def test_a_change_that_earlier_stacks_read_is_refused_in_the_order_of_regions_only(stack: str, export: str, said: str) -> None:
    with pytest.raises(OrderError, match=rf"{said}\. Run.*ROLLOUT=dependencies"):
        check(ESTATE, Rollout.REGIONS, [changes(stack, export)])
    check(ESTATE, Rollout.DEPENDENCIES, [changes(stack, export)])


def test_changes_that_nobody_reads_go_in_either_order() -> None:
    receipts = [
        changes("sa-east-1", "vpc_id", "new"),
        changes("eu-west-1"),
        changes("us-east-1", "scheduling_api_host"),
        changes("staging", "vpc_id"),
    ]
    for rollout in Rollout:
        check(ESTATE, rollout, receipts)
