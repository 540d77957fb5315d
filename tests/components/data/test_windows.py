from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.windows import check_windows

MONDAY = datetime(2026, 11, 23)
MINUTES = st.integers(0, 24 * 60 - 1)


def _clock(minute: int) -> str:
    return (MONDAY + timedelta(minutes=minute)).strftime("%H:%M")


def _moment(minute: int) -> str:
    return (MONDAY + timedelta(minutes=minute)).strftime("%a:%H:%M").lower()


def test_the_documented_windows_follow_one_another() -> None:
    check_windows("03:00-04:00", "sun:04:00-sun:05:00", least_minutes=30)


@pytest.mark.parametrize(
    ("daily", "weekly"),
    [
        ("03:00-04:00", "sun:03:30-sun:04:30"),
        ("23:30-00:30", "sun:00:00-sun:01:00"),
        ("23:30-00:30", "mon:00:00-mon:01:00"),
        ("03:00-04:00", "sat:22:00-sun:06:00"),
        ("00:00-01:00", "sun:23:30-mon:00:30"),
    ],
)
def test_windows_that_meet_are_refused_also_across_midnight_and_the_end_of_the_week(daily: str, weekly: str) -> None:
    with pytest.raises(ValueError, match=f"'{daily}' and weekly window '{weekly}' meet; move one"):
        check_windows(daily, weekly, least_minutes=30)


@pytest.mark.parametrize("daily", ["3:00-4:00", "03:00", "24:00-01:00", "03:00-04:60", "sun:03:00-sun:04:00", ""])
def test_a_malformed_daily_window_is_refused_with_an_example(daily: str) -> None:
    with pytest.raises(ValueError, match="a daily window looks like '03:00-04:00' in UTC"):
        check_windows(daily, "sun:04:00-sun:05:00", least_minutes=30)


@pytest.mark.parametrize("weekly", ["sun:04:00", "04:00-05:00", "Sun:04:00-Sun:05:00", "sun:04:00-xyz:05:00", "sun:25:00-sun:26:00"])
def test_a_malformed_weekly_window_is_refused_with_an_example(weekly: str) -> None:
    with pytest.raises(ValueError, match="a weekly window looks like 'sun:04:00-sun:05:00' in UTC"):
        check_windows("03:00-04:00", weekly, least_minutes=30)


@pytest.mark.parametrize(("daily", "weekly"), [("03:00-03:29", "sun:04:00-sun:05:00"), ("03:00-04:00", "sun:04:00-sun:04:10")])
def test_a_window_shorter_than_the_service_asks_for_is_refused(daily: str, weekly: str) -> None:
    with pytest.raises(ValueError, match="AWS asks for at least 30"):
        check_windows(daily, weekly, least_minutes=30)


@given(day_start=MINUTES, day_length=st.integers(60, 300), start=st.integers(0, 7 * 24 * 60 - 1), length=st.integers(60, 600))
def test_two_windows_are_refused_exactly_when_some_minute_is_in_both(day_start: int, day_length: int, start: int, length: int) -> None:
    daily = f"{_clock(day_start)}-{_clock(day_start + day_length)}"
    weekly = f"{_moment(start)}-{_moment(start + length)}"
    backup = {_moment(day * 1440 + day_start + minute) for day in range(7) for minute in range(day_length)}
    maintenance = {_moment(start + minute) for minute in range(length)}
    if backup & maintenance:
        with pytest.raises(ValueError, match="meet"):
            check_windows(daily, weekly, least_minutes=60)
    else:
        check_windows(daily, weekly, least_minutes=60)
