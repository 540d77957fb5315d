"""A rollout in the emulated cloud: its steps, and every way back."""

from __future__ import annotations

import pytest

from scripts.rollout.driver import RefusedError
from tests.scripts.rollout.conftest import BOOKINGS, PRIVACY, Site


def test_new_versions_get_5_25_50_and_100_percent_of_the_calls_together(site: Site) -> None:
    assert site.rollout().run(site.alarms)
    assert list(dict.fromkeys(site.shares)) == [(0.05, 0.05), (0.25, 0.25), (0.5, 0.5), (1.0, 1.0)]
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (1.0, 1.0)
    assert site.said[-1] == f"in service: {BOOKINGS} 2, {PRIVACY} 2"
    assert site.rollout().run(site.alarms)
    assert site.said[-1] == "the newest versions are in service: nothing to do"


@pytest.mark.parametrize("at", [0.05, 0.25, 0.5, 1.0])
def test_an_alarm_at_any_step_takes_every_function_back(site: Site, at: float) -> None:
    site.then = lambda found: found.ring(PRIVACY) if found.share(PRIVACY) == at else None
    assert not site.rollout().run(site.alarms)
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 0.0)
    assert f"alarms ring: {PRIVACY}-errors" in site.said[-1]
    assert max(shares[1] for shares in site.shares) == at, "no step was made after the alarm"


def test_a_new_version_that_fails_more_often_than_the_old_one_goes_before_any_alarm_rings(site: Site) -> None:
    site.calls("1", calls=1000, errors=5)
    site.calls("2", calls=40, errors=2)
    assert not site.rollout().run(site.alarms)
    assert site.share(BOOKINGS) == 0.0
    assert "5.0 % of the new version's calls fail, 0.5 % of the old one's" in site.said[-1]


def test_a_rollout_that_was_killed_goes_on_from_where_it_stood(site: Site) -> None:
    for name in (BOOKINGS, PRIVACY):
        site.boto("lambda").update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})
    assert site.rollout().run(site.alarms)
    assert [shares for shares in dict.fromkeys(site.shares) if shares != (1.0, 1.0)] == [(0.5, 0.5)]


def test_somebody_elses_hand_on_an_alias_ends_the_rollout(site: Site) -> None:
    def meddle(found: Site) -> None:
        if found.share(BOOKINGS) == 0.05:
            found.boto("lambda").update_alias(FunctionName=BOOKINGS, Name="live", Description="moved by hand")

    site.then = meddle
    assert not site.rollout().run(site.alarms)
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 0.0)
    assert f"the alias live of {BOOKINGS} was moved by somebody else" in site.said[-1]


def test_a_rollout_that_is_interrupted_goes_back(site: Site) -> None:
    def interrupt(_found: Site) -> None:
        raise KeyboardInterrupt

    site.then = interrupt
    with pytest.raises(KeyboardInterrupt):
        site.rollout().run(site.alarms)
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 0.0)
    assert "taken back, because KeyboardInterrupt" in site.said[-1]


def test_a_rollout_does_not_begin_blind_or_while_an_alarm_rings(site: Site) -> None:
    with pytest.raises(RefusedError, match=f"no alarm would end the rollout of {PRIVACY}"):
        site.rollout().run({**site.alarms, PRIVACY: []})
    with pytest.raises(RefusedError, match="are not there: nobody-made-it"):
        site.rollout().run({BOOKINGS: ["nobody-made-it"]})
    site.ring()
    with pytest.raises(RefusedError, match=f"alarms ring before anything was moved: {BOOKINGS}-errors"):
        site.rollout().run(site.alarms)
    assert (site.share(BOOKINGS), site.shares) == (0.0, [])
