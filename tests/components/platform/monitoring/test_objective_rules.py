"""Service levels, tried with promtool: how fast budgets burn, and how long the service may be down."""

from pathlib import Path

import pytest

from components.platform.monitoring.objective_rules import BURNS, DAYS, Burn, Objectives, Window, maintenance_expr, objective_rules
from tests.kit.promtool import Case, findings, uncovered, values

THURSDAY = Window(day=4, start_minute=0, end_minute=360)
"""promtool's clock begins on a Thursday, 1970-01-01 00:00 UTC."""
RULES = objective_rules(Objectives(), [THURSDAY])
UNPLANNED = objective_rules(Objectives(), [])
LB = 'dimension_LoadBalancer="app/entry/1", region="us-east-1"'
SLO = {"slo": "availability"}


def traffic(requests: int, target_errors: str, elb_errors: str | None = None) -> dict[str, str]:
    """Requests a minute, and errors a minute in promtool's spelling; CloudWatch has no series of errors before the first."""
    found = {
        f"aws_applicationelb_request_count_sum{{{LB}}}": f"{requests}x6000",
        f"aws_applicationelb_httpcode_target_5_xx_count_sum{{{LB}}}": target_errors,
    }
    return found if elb_errors is None else {**found, f"aws_applicationelb_httpcode_elb_5_xx_count_sum{{{LB}}}": elb_errors}


def one(metric: str, value: float) -> dict[str, str]:
    return {f"aws_applicationelb_{metric}{{{LB}}}": f"{value}x120"}


CASES = (
    # 1.5 % for an hour; the same that ended ten minutes ago no longer burns.
    Case(alert="AvailabilityBudgetBurn1H", fires=traffic(1000, "15x120"), quiet=traffic(1000, "30x110 0x60"), at="2h", labels=SLO),
    Case(
        alert="AvailabilityBudgetBurn6H", fires=traffic(1000, "7x480"), quiet=traffic(1000, "7x430 0x60"), at="8h", every="10m", labels=SLO
    ),
    Case(alert="AvailabilityBudgetBurn1D", fires=traffic(1000, "4x2000"), quiet=traffic(1000, "2x2000"), at="26h", every="10m", labels=SLO),
    Case(
        alert="AvailabilityBudgetBurn3D",
        fires=traffic(10000, "11x4500"),
        quiet=traffic(10000, "10x4500"),
        at="73h",
        every="10m",
        labels=SLO,
    ),
    Case(alert="AvailabilityBudgetExhausted", fires=traffic(10000, "11x600"), quiet=traffic(10000, "9x600"), at="2h", labels=SLO),
    Case(alert="LatencyAboveObjective", fires=one("target_response_time_p95", 0.21), quiet=one("target_response_time_p95", 0.2)),
    Case(alert="TrafficNearCapacity", fires=one("request_count_sum", 48001), quiet=one("request_count_sum", 48000)),
    Case(alert="UsersNearCapacity", fires=one("active_connection_count_sum", 8001), quiet=one("active_connection_count_sum", 8000)),
    # Four hours of the planned six; the hours after them are unplanned.
    Case(alert="PlannedDowntimeOverLimit", fires=traffic(100, "60x500"), quiet=traffic(100, "60x230 0x500"), at="6h"),
    Case(alert="UnplannedDowntimeOverLimit", fires=traffic(100, "60x600"), quiet=traffic(100, "60x460 0x500"), at="9h"),
)


def test_each_alert_on_a_service_level_fires_on_its_limit_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(RULES, CASES)
    assert not findings(RULES, CASES, tmp_path)


def test_errors_of_the_load_balancer_and_of_its_targets_are_added(tmp_path: Path) -> None:
    wanted = {"slo:availability:error_ratio5m": 0.05}
    assert not values(RULES, traffic(100, "2x120", "3x120"), wanted, tmp_path)


def test_errors_before_the_first_error_of_the_load_balancer_count_as_well(tmp_path: Path) -> None:
    assert not values(RULES, traffic(100, "2x120"), {"slo:availability:error_ratio5m": 0.02}, tmp_path)


def test_an_hour_of_failure_is_planned_in_a_window_and_unplanned_without_one(tmp_path: Path) -> None:
    down = traffic(100, "60x59 0x120")
    assert not values(RULES, down, {"slo:down_planned:hours30d": 1.0, "slo:down_unplanned:hours30d": 0.0}, tmp_path, at="2h")
    assert not values(UNPLANNED, down, {"slo:down_planned:hours30d": 0.0, "slo:down_unplanned:hours30d": 1.0}, tmp_path, at="2h")


@pytest.mark.parametrize(("at", "planned"), [("4m", 0.0), ("5m", 1.0), ("9m", 1.0), ("10m", 0.0)])
def test_maintenance_is_planned_from_the_first_minute_of_its_window_to_the_last(at: str, planned: float, tmp_path: Path) -> None:
    rules = objective_rules(Objectives(), [Window(day=4, start_minute=5, end_minute=10), Window(day=5, start_minute=0, end_minute=60)])
    assert not values(rules, traffic(1, "0x60"), {"slo:maintenance:planned": planned}, tmp_path, at=at)


def test_no_window_is_no_planned_maintenance() -> None:
    assert maintenance_expr([]) == "vector(0)"


@pytest.mark.parametrize(("burn", "share"), list(zip(BURNS, (0.02, 0.05, 0.1, 0.1), strict=True)), ids=str)
def test_each_speed_is_the_share_of_the_budget_that_the_workbook_gives(burn: Burn, share: float) -> None:
    hours = {"h": 1, "d": 24}[burn.long[-1]] * int(burn.long[:-1])
    assert burn.rate * hours / (DAYS * 24) == pytest.approx(share)
    minutes = {"m": 1, "h": 60, "d": 1440}[burn.short[-1]] * int(burn.short[:-1])
    assert minutes * 12 == hours * 60


def test_what_may_be_down_and_what_was_promised_is_what_the_sources_say() -> None:
    given = Objectives()
    assert (given.availability, given.p95_seconds, given.requests_per_second, given.concurrent_users) == (0.999, 0.2, 1000, 10000)
    assert (given.planned_hours, given.unplanned_hours, given.budget) == (4, 2, 0.001)


@pytest.mark.parametrize("availability", [0, 1, 1.5])
def test_an_availability_that_nothing_can_have_is_refused(availability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Objectives(availability=availability)


def test_a_window_over_midnight_is_refused() -> None:
    with pytest.raises(ValueError, match="within one day"):
        Window(day=0, start_minute=1380, end_minute=60)
