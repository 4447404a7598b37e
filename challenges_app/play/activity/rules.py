"""Decisions about days: how hours are packed, which day has begun somewhere, and which weeks a change touches."""

import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from integrations.days import SourceDay

_HOURS = struct.Struct("<24I")
EASTERNMOST = timedelta(hours=14)  # from UTC, where a day begins first
WEEK = timedelta(days=7)


def packed(day: SourceDay) -> dict[str, Any]:
    """The columns of a source's day."""
    return {
        "hours": _HOURS.pack(*day.hours) if day.hours is not None else None,
        "total": day.total,
        "by_hand": day.by_hand,
        "fastest": day.fastest,
        "revised_at": day.revised_at,
    }


def unpacked(row: Any) -> SourceDay:
    """A source's day from its columns."""
    hours = _HOURS.unpack(row.hours) if row.hours is not None else None
    return SourceDay(hours, row.total, row.by_hand, row.fastest, row.revised_at)


def last_begun(now: datetime) -> date:
    """The last local day that has begun anywhere on Earth."""
    return (now.astimezone(UTC) + EASTERNMOST).date()


def weeks(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The whole weeks, Monday to Sunday, that days lie in; neighbouring weeks come as one stretch."""
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    begins = None
    for at, monday in enumerate(mondays):
        begins = begins or monday
        if at + 1 == len(mondays) or mondays[at + 1] - monday > WEEK:
            yield begins, monday + WEEK - timedelta(days=1)
            begins = None
