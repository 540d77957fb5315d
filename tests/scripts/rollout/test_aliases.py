"""What there is to take into service, and the way back."""

from __future__ import annotations

from scripts.rollout.aliases import candidate, go_back, share
from tests.scripts.rollout.conftest import BOOKINGS, Site


def test_a_function_whose_newest_version_waits_is_a_candidate_until_it_is_alone_in_service(site: Site) -> None:
    functions = site.boto("lambda")
    found = candidate(functions, BOOKINGS)
    assert found is not None and (found.old, found.new, found.percent) == ("1", "2", 0)
    moved = share(functions, found, 25)
    assert moved.revision != found.revision and site.share(BOOKINGS) == 0.25
    again = candidate(functions, BOOKINGS)
    assert again == moved
    share(functions, moved, 100)
    assert candidate(functions, BOOKINGS) is None


def test_going_back_ends_a_rollout_and_returns_to_the_version_before_one_that_is_over(site: Site) -> None:
    functions = site.boto("lambda")
    found = candidate(functions, BOOKINGS)
    assert found is not None
    half = share(functions, found, 50)
    assert (go_back(functions, BOOKINGS), site.share(BOOKINGS)) == ("1", 0.0)
    share(functions, candidate(functions, BOOKINGS) or half, 100)
    assert (go_back(functions, BOOKINGS), site.share(BOOKINGS)) == ("1", 0.0)
    assert go_back(functions, BOOKINGS) == "1", "there is no version before the first"
