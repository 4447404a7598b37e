"""Decisions about days: how hours are packed, which day has begun somewhere, and which weeks a change touches."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from challenges_app.people.departure.rules import PRINTS_LAST
from integrations.days import SourceDay

Typed = Literal["by_hand", "by_hand_counted", "by_teacher", "by_teacher_counted"]  # what is said of typed-in steps

_HOURS, _LONG_HOURS = struct.Struct("<24H"), struct.Struct("<24I")
MOST_IN_SHORT = 0xFFFF  # steps in an hour; who tells of more is held, and is kept in twice the bytes
EASTERNMOST = timedelta(hours=14)  # from UTC, where a day begins first
WESTERNMOST = timedelta(hours=12)  # from UTC, where a day ends last
HOURS_TO_TELL, WALKED = 8, 50  # hours of so many steps that tell one person's day from another's
WEEK = timedelta(days=7)


def packed(day: SourceDay) -> dict[str, Any]:
    """The columns of a source's day."""
    return {
        "hours": _packed_hours(day.hours) if day.hours is not None else None,
        "total": day.total,
        "by_hand": day.by_hand,
        "fastest": day.fastest,
        "revised_at": day.revised_at,
        "released": day.released,
    }


def _packed_hours(hours: Sequence[int]) -> bytes:
    return (_HOURS if max(hours) <= MOST_IN_SHORT else _LONG_HOURS).pack(*hours)


def unpacked(row: Any) -> SourceDay:
    """A source's day from its columns."""
    hours = (_HOURS if len(row.hours) == _HOURS.size else _LONG_HOURS).unpack(row.hours) if row.hours else None
    return SourceDay(hours, row.total, row.by_hand, row.fastest, row.revised_at, row.twin, row.released)


def told_apart(on: date, day: SourceDay, now: datetime) -> bytes | None:
    """What a day's print is made of (96 bytes), or None for a day that two persons may walk alike, or are walking yet.

    With eight hours walked, two of six million people are alike by chance once in thousands of years.
    """
    if day.hours is None or sum(steps >= WALKED for steps in day.hours) < HOURS_TO_TELL:
        return None
    over = (now.astimezone(UTC) - WESTERNMOST).date() > on
    return _LONG_HOURS.pack(*day.hours) if over and on >= (now - PRINTS_LAST).date() else None


def last_begun(now: datetime) -> date:
    """The last local day that has begun anywhere on Earth."""
    return (now.astimezone(UTC) + EASTERNMOST).date()


def why_typed(*, by_teacher: bool, counted: bool) -> Typed:
    """What is said of steps that were typed in: by whom, and whether any challenge counts them."""
    if counted:
        return "by_teacher_counted" if by_teacher else "by_hand_counted"
    return "by_teacher" if by_teacher else "by_hand"


def weeks(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The whole weeks, Monday to Sunday, that days lie in; neighbouring weeks come as one stretch."""
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    begins = None
    for at, monday in enumerate(mondays):
        begins = begins or monday
        if at + 1 == len(mondays) or mondays[at + 1] - monday > WEEK:
            yield begins, monday + WEEK - timedelta(days=1)
            begins = None
