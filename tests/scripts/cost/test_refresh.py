"""The refresh against a stub of AWS's price list, whose requests botocore checks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber
from typer.testing import CliRunner

from scripts.cost import __main__ as command
from scripts.cost import prices
from scripts.cost.prices import Reading, Table
from scripts.cost.queries import query_of
from scripts.cost.refresh import refresh, write
from tests.scripts.cost.kit import book_of

TODAY = date(2026, 12, 1)


def product(*tiers: tuple[str, str]) -> str:
    dimensions = {f"d{index}": {"beginRange": begin, "pricePerUnit": {"USD": usd}} for index, (begin, usd) in enumerate(tiers)}
    return json.dumps({"product": {}, "terms": {"OnDemand": {"sku.term": {"priceDimensions": dimensions}}}})


def asked(keys: list[str], pages: list[dict[str, Any]], region: str = "sa-east-1") -> tuple[Table, dict[str, str]]:
    """Refresh a table of these keys against these pages, one for each call."""
    table = book_of(dict.fromkeys(keys, "9")).tables["us-east-1"].model_copy(update={"region": region})
    client = boto3.client("pricing", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    with Stubber(client) as stub:
        for page in pages:
            stub.add_response("get_products", page)
        found, outcomes = refresh(client, table, TODAY)
        stub.assert_no_pending_responses()
    return found, {each.key: each.why for each in outcomes}


def test_a_row_gets_the_first_paid_tier_of_the_one_product_with_its_day() -> None:
    tiers = product(("0", "0.0000000000"), ("1000000", "0.0000004000"), ("100000000", "0.0000003000"))
    found, why = asked(["sqs:requests"], [{"PriceList": [tiers]}])
    assert str(found.rows["sqs:requests"].usd) == "0.4"
    source = found.sources[found.rows["sqs:requests"].source or ""]
    assert (source.reading, source.looked_up, why) == (Reading.LIST, TODAY, {"sqs:requests": ""})


def test_what_has_no_answer_or_several_keeps_what_it_has_and_is_told() -> None:
    several = {"PriceList": [product(("0", "0.1"))], "NextToken": "more"}
    found, why = asked(["nat:hour", "nat:gb", "new-relic:host"], [several, {"PriceList": [product(("0", "0.2"))]}, {"PriceList": []}])
    assert {row.usd for row in found.rows.values()} == {9}
    assert why == {"nat:hour": "2 prices answer: 0.1, 0.2", "nat:gb": "no product answers", "new-relic:host": "no query is known"}


def test_a_table_is_written_so_that_it_reads_back_the_same(tmp_path: Path) -> None:
    (tmp_path / "sa-east-1.yaml").write_text("# Prices of somewhere.\nregion: sa-east-1\n")
    shipped = prices.load().tables["sa-east-1"]
    write(shipped, tmp_path)
    assert prices.load(tmp_path).tables["sa-east-1"] == shipped
    assert (tmp_path / "sa-east-1.yaml").read_text().startswith("# Prices of somewhere.\nregion:")


@pytest.mark.parametrize(
    ("key", "region", "expected"),
    [
        ("nat:hour", "us-east-1", {"regionCode": "us-east-1", "usagetype": "NatGateway-Hours"}),
        ("nat:hour", "sa-east-1", {"regionCode": "sa-east-1", "usagetype": "SAE1-NatGateway-Hours"}),
        ("rds:gp3", "eu-west-1", {"regionCode": "eu-west-1", "usagetype": "EU-RDS:GP3-Storage", "databaseEngine": "PostgreSQL"}),
        (
            "rds:postgres:db.t4g.medium:multi-az",
            "eu-west-1",
            {"regionCode": "eu-west-1", "instanceType": "db.t4g.medium", "databaseEngine": "PostgreSQL", "deploymentOption": "Multi-AZ"},
        ),
        ("ipv4:hour", "global", {"regionCode": "us-east-1", "usagetype": "PublicIPv4:InUseAddress"}),
    ],
)
def test_a_query_asks_for_the_usage_of_its_region(key: str, region: str, expected: dict[str, str]) -> None:
    query = query_of(key, region)
    assert query is not None
    assert query.filters == expected


def test_the_command_ends_with_what_to_do_where_there_are_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(command, "ask", refused)
    monkeypatch.setattr(command, "write", lambda *_: pytest.fail("a table was written"))
    ended = CliRunner().invoke(command.app, ["refresh"])
    assert ended.exit_code == 1
    assert "pricing:GetProducts" in ended.output
