"""Seasons are keys, never resets: the whole challenge, and each Hong Kong week of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
WHOLE = "all"


def week_of(at: datetime) -> str:
    """The ISO week of a moment in Hong Kong, as 2026-W48; weeks begin on Monday at midnight."""
    year, week, _ = at.astimezone(HONG_KONG).isocalendar()
    return f"{year}-W{week:02}"


def seasons_of(at: datetime) -> tuple[str, str]:
    """The seasons that something counts for: the whole challenge, and its week."""
    return WHOLE, week_of(at)
