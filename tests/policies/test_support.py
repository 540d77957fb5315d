"""The table of supported versions: whole, and of one mind with what the program is allowed to ask for."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.support import TABLE
from policies.support import is_mended, products

TODAY = date(2026, 11, 22)
NAMES = {"EKS": "eks", "PostgreSQL": "rds/postgres", "Redis": "elasticache/redis"}


def test_what_the_program_may_run_has_the_same_end_in_both_tables() -> None:
    for row in TABLE:
        product = NAMES.get(row.product, "lambda")
        version = f"nodejs{row.version}.x" if product == "lambda" else row.version
        assert products()[product].ends[version] == (row.ends or "unresolved"), row


@pytest.mark.parametrize(
    ("product", "version", "mended"),
    [
        ("eks", "1.35", True),
        ("eks", "1.33", False),
        ("eks", "1.36", True),
        ("eks", "1.9", False),
        ("rds/postgres", "17.6", True),
        ("rds/postgres", "1", False),
        ("rds/mysql", "8.0", False),
        ("elasticache/redis", "7.1", True),
        ("lambda", "python3.1", False),
    ],
)
def test_a_version_is_mended_by_its_row_and_by_none_that_only_begins_alike(product: str, version: str, mended: bool) -> None:
    assert is_mended(product, version, TODAY) is mended


def test_the_last_day_counts_and_the_next_does_not() -> None:
    assert is_mended("eks", "1.35", date(2027, 3, 27))
    assert not is_mended("eks", "1.35", date(2027, 3, 28))


def test_a_table_without_a_page_or_with_a_guess_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "support.yaml"
    path.write_text('products: {eks: {source: "a book", read_on: 2026-11-22, ends: {"1.35": soon}}}')
    with pytest.raises(ValidationError) as refused:
        products(path)
    assert {".".join(map(str, each["loc"][:3])) for each in refused.value.errors()} == {"products.eks.source", "products.eks.ends"}
