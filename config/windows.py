"""Daily and weekly time windows in UTC, as RDS writes them."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.errors import refuse

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_SHORTEST = 30
"""RDS refuses a window of less than half an hour."""


def _daily(text: str) -> str:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise refuse("a daily window in UTC such as '03:00-04:00'", "write HH:MM-HH:MM in quotes")
    start, end = _minutes_of_day(text)
    if (end - start) % _DAY < _SHORTEST:
        raise refuse("a window of at least 30 minutes", "let it end later")
    return text


def _weekly(text: str) -> str:
    lowered = text.lower()
    day = f"({'|'.join(_DAYS)})"
    if re.fullmatch(rf"{day}:([01]\d|2[0-3]):[0-5]\d-{day}:([01]\d|2[0-3]):[0-5]\d", lowered) is None:
        raise refuse("a weekly window in UTC such as 'sun:04:00-sun:05:00'", "write ddd:HH:MM-ddd:HH:MM in quotes")
    start, end = _minutes_of_week(lowered)
    if not _SHORTEST <= (end - start) % _WEEK <= _DAY:
        raise refuse("a window of 30 minutes to 24 hours", "let it end later, or on an earlier day")
    return lowered


DailyWindow = Annotated[str, AfterValidator(_daily), Field(description="daily window in UTC such as '03:00-04:00'")]
WeeklyWindow = Annotated[str, AfterValidator(_weekly), Field(description="weekly window in UTC such as 'sun:04:00-sun:05:00'")]


def overlap(daily: str, weekly: str) -> bool:
    """Return whether a daily window meets a weekly one on any day; windows that only touch do not."""
    start, end = _minutes_of_week(weekly)
    length = (end - start) % _WEEK
    day_start, day_end = _minutes_of_day(daily)
    day_length = (day_end - day_start) % _DAY
    for day in range(7):
        begin = day * _DAY + day_start
        if (begin - start) % _WEEK < length or (start - begin) % _WEEK < day_length:
            return True
    return False


def _minutes_of_day(text: str) -> tuple[int, int]:
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return start, end


def _minutes_of_week(text: str) -> tuple[int, int]:
    start, end = (_DAYS.index(part[:3]) * _DAY + int(part[4:6]) * 60 + int(part[7:]) for part in text.split("-"))
    return start, end
