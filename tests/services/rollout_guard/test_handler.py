"""The guard in the emulated cloud, called as CloudWatch calls it."""

from __future__ import annotations

from typing import Any

import pytest

from services.rollout_guard import handler
from tests.scripts.rollout.conftest import BOOKINGS, PRIVACY, Site, site

__all__ = ["site"]


@pytest.fixture(autouse=True)
def here(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNCTIONS", f"{BOOKINGS},{PRIVACY}")
    monkeypatch.setenv("ALIAS", "live")
    monkeypatch.setattr(handler, "connect", site.boto)


def _event(state: str) -> dict[str, Any]:
    # As AWS's page on alarms that invoke functions shows it.
    return {
        "source": "aws.cloudwatch",
        "alarmArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{BOOKINGS}-errors",
        "accountId": "123456789012",
        "time": "2026-11-22T12:00:00.000+0000",
        "region": "us-east-1",
        "alarmData": {"alarmName": f"{BOOKINGS}-errors", "state": {"value": state, "reason": "test"}, "previousState": {"value": "OK"}},
    }


def _share(site: Site, *functions: str) -> None:
    for name in functions:
        site.boto("lambda").update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})


def test_an_alarm_of_one_function_takes_all_of_the_release_back_without_anybody_driving_it(site: Site) -> None:
    _share(site, BOOKINGS, PRIVACY)
    report = handler.handle(_event("ALARM"), None)
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 0.0)
    assert report == {"alarm": f"{BOOKINGS}-errors", "state": "ALARM", "taken_back": [BOOKINGS, PRIVACY]}
    assert handler.handle(_event("ALARM"), None)["taken_back"] == [], "a second call finds nothing to do"


def test_an_alarm_that_is_over_changes_nothing(site: Site) -> None:
    _share(site, BOOKINGS)
    assert handler.handle(_event("OK"), None)["taken_back"] == []
    assert site.share(BOOKINGS) == 0.25


def test_a_version_that_has_all_calls_is_left_in_service(site: Site) -> None:
    site.boto("lambda").update_alias(FunctionName=BOOKINGS, Name="live", FunctionVersion="2")
    assert handler.handle(_event("ALARM"), None)["taken_back"] == []
    assert site.share(BOOKINGS) == 1.0


def test_the_guard_and_the_command_that_drives_do_not_undo_each_other(site: Site) -> None:
    def guarded(found: Site) -> None:
        if found.share(BOOKINGS) == 0.25:
            handler.handle(_event("ALARM"), None)

    site.then = guarded
    assert not site.rollout().run(site.alarms)
    assert (site.share(BOOKINGS), site.share(PRIVACY)) == (0.0, 0.0)


def test_what_is_no_alarm_is_an_error(site: Site) -> None:
    with pytest.raises(KeyError):
        handler.handle({"detail": {}}, None)
