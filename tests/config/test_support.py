"""End-of-support dates are told in time, and what is not known is said to be unknown."""

from datetime import date, timedelta

import pytest

from config.support import TABLE, WARN_AHEAD, notice, versions

EKS_135 = next(row for row in TABLE if (row.product, row.version) == ("EKS", "1.35"))


def test_only_versions_in_standard_support_may_run() -> None:
    assert versions("EKS") == ("1.35", "1.36")
    assert versions("PostgreSQL") == ("17", "18")


def test_nothing_is_said_while_the_end_is_far() -> None:
    assert EKS_135.ends is not None
    assert notice("EKS", "1.35", EKS_135.ends - WARN_AHEAD - timedelta(days=1)) is None


@pytest.mark.parametrize("days", [0, 1, 119, 120])
def test_the_end_is_announced_120_days_before(days: int) -> None:
    assert EKS_135.ends is not None
    said = notice("EKS", "1.35", EKS_135.ends - timedelta(days=days))
    assert said is not None and f"ends in {days} days, on {EKS_135.ends}" in said.text


def test_a_version_past_its_end_is_reported_as_such() -> None:
    assert EKS_135.ends is not None
    said = notice("EKS", "1.35", EKS_135.ends + timedelta(days=1))
    assert said is not None and "ended on 2027-03-27" in said.text


def test_a_date_that_is_not_known_is_said_to_be_unresolved() -> None:
    said = notice("EKS", "1.36", date(2026, 1, 1))
    assert said is not None and not said.urgent and "unresolved" in said.text and "https://" in said.text


def test_every_row_names_its_source_once() -> None:
    assert all(row.source.startswith("https://") for row in TABLE)
    assert len({(row.product, row.version) for row in TABLE}) == len(TABLE)
