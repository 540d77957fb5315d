import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.platform.mesh.breaker import Breaker, Limits, breaker, traffic_policy


def _limits(**changes: float) -> Limits:
    given = {"requests_per_second": 300.0, "seconds": 0.2, "replicas": 3, "requests_per_pod": 100, "calling_pods": 3} | changes
    return Limits(**given)  # type: ignore[arg-type]


def test_requests_in_flight_are_arrivals_times_duration_shared_by_the_callers_with_headroom() -> None:
    # 300 a second for 0.2 s are 60 in flight; twice that among three callers are 40 each; 300 a second among three wait a second.
    assert breaker(_limits()) == Breaker(in_flight=40, waiting=100, retries=4, ejected_percent=66, healthy_percent=33)


@given(
    load=st.floats(0.001, 1),
    seconds=st.floats(0.001, 60),
    replicas=st.integers(1, 50),
    per_pod=st.integers(1, 500),
    callers=st.integers(1, 50),
    headroom=st.floats(1, 5),
    failing=st.floats(0, 1),
)
def test_a_breaker_lets_the_expected_load_through_and_never_ejects_the_pods_that_stay(
    load: float, seconds: float, replicas: int, per_pod: int, callers: int, headroom: float, failing: float
) -> None:
    expected, stay = load * 0.999 * replicas * per_pod, 1 + int(failing * (replicas - 1))
    made = breaker(
        Limits(
            requests_per_second=expected / seconds,
            seconds=seconds,
            replicas=replicas,
            requests_per_pod=per_pod,
            calling_pods=callers,
            headroom=headroom,
            stay=stay,
        )
    )
    assert made.in_flight * callers >= expected * 0.999, "callers together are let through what is expected of them"
    assert (made.in_flight - 1) * callers < replicas * per_pod, "but for rounding, callers together never exceed what the pods hold"
    assert 1 <= made.retries <= max(1, made.in_flight * 0.1)
    assert replicas - replicas * made.ejected_percent / 100 >= stay
    assert made.healthy_percent <= 100 - made.ejected_percent


def test_a_service_of_one_pod_is_never_ejected_as_a_whole() -> None:
    assert breaker(_limits(replicas=1)).ejected_percent == 0


def test_more_load_than_the_pods_can_hold_is_refused_with_the_number_of_pods_that_could() -> None:
    with pytest.raises(ValueError, match="give at least 6 replicas"):
        _limits(requests_per_second=3000.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"headroom": 0.5}, "headroom must be at least 1"),
        ({"stay": 4}, "stay must be 1 to 3"),
        ({"seconds": 0}, "seconds must be above 0"),
        ({"replicas": 0}, "replicas must be above 0"),
    ],
)
def test_limits_that_make_no_sense_are_refused(change: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _limits(**change)


def test_a_traffic_policy_has_mutual_tls_the_limits_and_ejection() -> None:
    policy = traffic_policy(_limits(stay=2))
    assert policy["tls"] == {"mode": "ISTIO_MUTUAL"}
    assert policy["connectionPool"]["tcp"]["maxConnections"] == policy["connectionPool"]["http"]["http2MaxRequests"] == 40
    assert policy["outlierDetection"]["maxEjectionPercent"] == 33
    assert policy["outlierDetection"]["consecutive5xxErrors"] > 0
