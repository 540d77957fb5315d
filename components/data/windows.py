"""Daily and weekly time windows of managed data services, in UTC.

AWS refuses a maintenance window that meets the daily backup window, but only once the database is being created.
Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
"""

import re

_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(rf"{_CLOCK}-{_CLOCK}")
_WEEKLY = re.compile(rf"([a-z]{{3}}):{_CLOCK}-([a-z]{{3}}):{_CLOCK}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY


def check_windows(daily: str, weekly: str, *, least_minutes: int) -> None:
    """Check a daily window (`03:00-04:00`) and a weekly one (`sun:04:00-sun:05:00`).

    Raises ValueError when either is malformed or shorter than `least_minutes`, or when the two meet.
    """
    day_start, day_length = _daily(daily)
    week_start, week_length = _weekly(weekly)
    for window, length in ((daily, day_length), (weekly, week_length)):
        if length < least_minutes:
            raise ValueError(f"window {window!r} lasts {length} minutes; AWS asks for at least {least_minutes}")
    busy = {(week_start + minute) % _WEEK for minute in range(week_length)}
    for day in range(7):
        if any((day * _DAY + day_start + minute) % _WEEK in busy for minute in range(day_length)):
            raise ValueError(f"daily window {daily!r} and weekly window {weekly!r} meet; move one of them")


def _daily(window: str) -> tuple[int, int]:
    """Return the minute of the day at which the window starts, and its minutes."""
    match = _DAILY.fullmatch(window)
    if match is None:
        raise ValueError(f"a daily window looks like '03:00-04:00' in UTC (got {window!r})")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
    start = start_hour * 60 + start_minute
    return start, (end_hour * 60 + end_minute - start) % _DAY


def _weekly(window: str) -> tuple[int, int]:
    """Return the minute of the week at which the window starts, and its minutes."""
    match = _WEEKLY.fullmatch(window)
    if match is None or match[1] not in _DAYS or match[4] not in _DAYS:
        raise ValueError(f"a weekly window looks like 'sun:04:00-sun:05:00' in UTC (got {window!r})")
    start = _DAYS.index(match[1]) * _DAY + int(match[2]) * 60 + int(match[3])
    end = _DAYS.index(match[4]) * _DAY + int(match[5]) * 60 + int(match[6])
    return start, (end - start) % _WEEK
