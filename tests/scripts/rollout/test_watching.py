"""When a new version is worse than the old one, and when too little is known to say so."""

from __future__ import annotations

import pytest

from scripts.rollout.aliases import candidate
from scripts.rollout.watching import Comparison, Measured, compare, ringing
from tests.scripts.rollout.conftest import BOOKINGS, Site


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ((1000, 0, 50), (19, 19, 50), None),
        ((1000, 0, 50), (20, 1, 50), "5.0 % of the new version's calls fail"),
        ((1000, 40, 50), (100, 5, 50), None),
        ((1000, 0, 200), (100, 0, 300), None),
        ((1000, 0, 200), (100, 0, 301), "slowest calls take 301 ms, the old one's 200 ms"),
        ((1000, 0, 10), (100, 0, 90), None),
        ((0, 0, 0), (100, 0, 5000), None),
    ],
)
def test_a_new_version_is_worse_by_failures_or_by_slowness(
    old: tuple[int, int, float], new: tuple[int, int, float], said: str | None
) -> None:
    before, after = (Measured(calls=calls, errors=errors, p95_ms=slow) for calls, errors, slow in (old, new))
    worse = Comparison(function=BOOKINGS, old=before, new=after).worse
    assert worse is None if said is None else worse is not None and said in worse


def test_both_versions_are_measured_apart_and_since_the_step_began(site: Site) -> None:
    site.calls("1", calls=90, errors=9, milliseconds=40)
    site.calls("2", calls=10, errors=1, milliseconds=80)
    found = candidate(site.boto("lambda"), BOOKINGS)
    assert found is not None
    compared = compare(site.boto("cloudwatch"), found, site.clock, site.clock)
    assert (compared.old.calls, compared.old.errors, compared.new.calls, compared.new.errors) == (90, 9, 10, 1)
    assert "old 90 calls, 10.0 % failed" in str(compared)


def test_an_alarm_that_is_not_there_is_no_quiet_alarm(site: Site) -> None:
    cloudwatch = site.boto("cloudwatch")
    assert ringing(cloudwatch, site.alarms[BOOKINGS]) == []
    site.ring()
    assert ringing(cloudwatch, site.alarms[BOOKINGS]) == [f"{BOOKINGS}-errors"]
    with pytest.raises(LookupError, match="are not there: gone"):
        ringing(cloudwatch, [*site.alarms[BOOKINGS], "gone"])
