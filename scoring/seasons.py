"""Seasons are keys, never resets: the whole challenge, and each Hong Kong week of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
WHOLE = "all"


def week_of_day(on: date) -> str:
    """The ISO week of a day, as 2026-W48, from Monday to Sunday; it may be named after the year beside its own."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def week_of(at: datetime) -> str:
    """The ISO week of a moment in Hong Kong; weeks begin on Monday at midnight."""
    return week_of_day(at.astimezone(HONG_KONG).date())


def seasons_of(at: datetime) -> tuple[str, str]:
    """The seasons that something counts for: the whole challenge, and its week."""
    return WHOLE, week_of(at)
