"""What a stack costs more or less is told from what stands before and after, to the cent."""

from decimal import Decimal
from typing import Any

from scripts.cost.estimate import Change
from scripts.review.costing import changed
from scripts.review.reading import parse
from tests.scripts.review import samples
from tests.scripts.review.samples import create, delete, previewed, replace, same, stream, tariff

NAT = "aws:ec2/natGateway:NatGateway"
KEY = "aws:kms/key:Key"


def cost(*steps: Any, state: Any = None, **config: str) -> Change:
    found = changed(parse(stream(*steps, config=config)), state, tariff(kms__key="1"))
    assert found is not None
    return found


def test_what_comes_costs_more_and_what_goes_costs_less() -> None:
    found = cost(create(KEY, "a"), create(KEY, "b"), delete(KEY, "c"), same(KEY, "d"))
    assert (found.before.total, found.after.total, found.amount) == (Decimal("2.00"), Decimal("3.00"), Decimal("1.00"))
    assert sorted(each.urn.rpartition("::")[2] for each in found.differences) == ["a", "b", "c"]


def test_a_replacement_costs_on_both_sides() -> None:
    found = cost(replace(KEY, "a", {"x": 1}, {"x": 2}, "x"))
    assert (found.before.total, found.after.total, found.differences) == (Decimal("1.00"), Decimal("1.00"), ())


def test_what_stood_before_is_read_from_the_state_where_there_is_one() -> None:
    row = {**samples.state(KEY, "more")}
    found = cost(create(KEY, "a"), state={"deployment": {"resources": [row, {**row, "urn": f"{row['urn']}2"}]}})
    assert found.before.total == Decimal("2.00")


def test_staging_is_used_less() -> None:
    production, staging = (
        changed(parse(stream(create(NAT, "a"), config={"morefocus:environment": name})), None, tariff(nat__gb="1"))
        for name in ("production", "staging")
    )
    assert production and staging and production.amount > staging.amount >= 0


def test_a_price_that_is_missing_is_named_and_not_counted_as_nothing() -> None:
    found = changed(previewed(create(KEY, "a")), None, tariff())
    assert found and found.amount == 0 and [key for _, key in found.newly_unresolved] == ["kms:calls", "kms:key"]


def test_a_preview_that_failed_has_no_cost() -> None:
    assert changed(parse(stream(create(KEY, "a"), result="failed")), None, tariff()) is None
