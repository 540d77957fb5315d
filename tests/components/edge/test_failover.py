"""A name moves within five minutes, and only what would do so is accepted."""

from typing import Any

import pytest

from components.edge.failover import FAILURES, INTERVAL, PROMISED, TTL, check_failover, seconds_to_failover
from config.vocabulary import Region
from tests.kit.contexts import a_context

GOOD: dict[str, Any] = {"health_path": "/healthz", "interval": INTERVAL, "failures": FAILURES, "alarm_context": a_context(Region.US_EAST_1)}


def test_detection_and_a_resolvers_memory_stay_under_five_minutes() -> None:
    assert (INTERVAL, FAILURES) == (10, 3) and TTL <= 60
    assert seconds_to_failover(interval=INTERVAL, failures=FAILURES, ttl=TTL) == 90 < PROMISED == 300
    check_failover(**GOOD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"health_path": "healthz"}, "health_path must start with /"),
        ({"interval": 30, "failures": 9}, "lower interval or failures"),
        ({"alarm_context": a_context(Region.EU_WEST_1)}, "alarm_context must be of us-east-1"),
    ],
)
def test_what_would_not_fail_over_as_promised_is_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_failover(**GOOD | wrong)
