"""The limits of cost: whole, with reasons, and of one mind with the estate's own facts."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.load import load
from config.vocabulary import Environment
from policies.limits import limits


def test_the_account_and_spot_are_as_the_estate_has_them() -> None:
    cost = load("us-east-1").estate.facts.cost
    assert limits().account.monthly_usd == cost.monthly_usd
    assert limits().spot_discount == Decimal(str(cost.purchases.discounts.spot))


def test_the_stack_that_owns_the_bill_is_the_hub_alone() -> None:
    owners = {stack for stack, row in limits().stacks.items() if row.owns_the_bill}
    assert owners == {stack for stack in limits().stacks if load(stack).plan.hub} == {"us-east-1"}


def test_a_stack_without_a_row_has_its_environments_limit() -> None:
    assert limits().of("eu-central-1", Environment.PRODUCTION) is limits().environments[Environment.PRODUCTION]
    assert limits().of("us-east-1", Environment.PRODUCTION) is limits().stacks["us-east-1"]


def test_a_figure_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cost.yaml"
    path.write_text("account: {monthly_usd: 10}\nspot_discount: 0.6\nenvironments: {}\nstacks: {}\n")
    with pytest.raises(ValidationError, match=r"account\.why"):
        limits(path)
