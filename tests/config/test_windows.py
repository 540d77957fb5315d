"""Windows are read as RDS reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.windows import DailyWindow, WeeklyWindow, overlap

daily = TypeAdapter(DailyWindow)
weekly = TypeAdapter(WeeklyWindow)

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


@pytest.mark.parametrize("text", ["03:00-04:00", "23:45-00:15", "00:00-23:59"])
def test_daily_windows_may_cross_midnight(text: str) -> None:
    assert daily.validate_python(text) == text


@pytest.mark.parametrize("text", ["3:00-4:00", "03:00", "24:00-01:00", "03:00-03:20", "03:00-03:00", "03:60-05:00", "sun:03:00-sun:04:00"])
def test_other_daily_windows_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        daily.validate_python(text)


def test_weekly_windows_are_given_in_lower_case() -> None:
    assert weekly.validate_python("Sun:04:00-Sun:05:00") == "sun:04:00-sun:05:00"


@pytest.mark.parametrize(
    "text", ["sun:04:00-05:00", "sunday:04:00-sunday:05:00", "sun:04:00-sun:04:10", "sun:04:00-tue:05:00", "sun:25:00-sun:26:00"]
)
def test_other_weekly_windows_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        weekly.validate_python(text)


def test_windows_that_touch_do_not_overlap() -> None:
    assert not overlap("03:00-04:00", "sun:04:00-sun:05:00")
    assert not overlap("05:00-06:00", "sun:04:00-sun:05:00")


@given(day_start=st.integers(0, 1439), day_length=st.integers(30, 600), week_start=st.integers(0, 10079), week_length=st.integers(30, 1440))
def test_overlap_agrees_with_a_minute_by_minute_comparison(day_start: int, day_length: int, week_start: int, week_length: int) -> None:
    opening, closing = MONDAY + timedelta(minutes=day_start), MONDAY + timedelta(minutes=day_start + day_length)
    begin, end = MONDAY + timedelta(minutes=week_start), MONDAY + timedelta(minutes=week_start + week_length)
    daily_text = f"{_clock(opening)}-{_clock(closing)}"
    weekly_text = f"{begin.strftime('%a').lower()}:{_clock(begin)}-{end.strftime('%a').lower()}:{_clock(end)}"
    maintained = {(week_start + minute) % 10080 for minute in range(week_length)}
    backed_up = {(day * 1440 + day_start + minute) % 10080 for day in range(7) for minute in range(day_length)}
    assert overlap(daily_text, weekly_text) == bool(maintained & backed_up)
