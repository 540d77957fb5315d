"""The shipped tables: each figure has a source and a day, and what was not found has none."""

from decimal import Decimal

import pytest
import yaml
from pydantic import ValidationError

from scripts.cost import prices
from scripts.cost.prices import Reading, Table
from scripts.cost.usage import load as load_usage


def test_every_figure_says_where_it_was_read_and_when_and_none_is_nothing() -> None:
    for name, table in prices.load().tables.items():
        assert table.region == name
        for key, row in table.rows.items():
            assert (row.usd is None) == (row.source is None), f"{name} {key}"
            assert row.usd is None or row.usd > 0, f"{name} {key}: what costs nothing belongs into the catalogue, with a reason"


def test_the_owners_figures_are_marked_and_stand_in_their_own_table() -> None:
    readings = {name: {source.reading for source in table.sources.values()} for name, table in prices.load().tables.items()}
    assert readings.pop(prices.THIRD_PARTY) == {Reading.OWNER}
    assert all(Reading.OWNER not in each for each in readings.values())


def test_a_figure_without_a_source_is_refused() -> None:
    document = yaml.safe_load('{region: x, sources: {}, rows: {"nat:hour": {usd: "1", unit: hour}}}')
    with pytest.raises(ValidationError, match="name where the amount was read"):
        Table.model_validate(document)


def test_amounts_are_decimals_and_not_floats() -> None:
    assert prices.load().price("lambda:x86", "us-east-1").usd == Decimal("0.0000166667")


def test_a_price_that_no_table_has_is_unresolved_and_remembered() -> None:
    book = prices.load()
    assert not book.price("quantum:hour", "us-east-1").resolved
    assert book.missing == {("us-east-1", "quantum:hour")}


def test_every_assumption_names_its_requirement_and_an_unknown_one_is_refused() -> None:
    usage = load_usage()
    assert usage.of_staging().value("nat_gb") == usage.value("nat_gb") * usage.staging_share
    assert usage.of_lean().value("vault_gb") < usage.value("vault_gb")
    with pytest.raises(KeyError, match=r"add it to config/cost_usage\.yaml"):
        usage.value("dreams")
