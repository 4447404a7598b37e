"""Decisions about goals: a challenge's days, when a day's steps count as made, and what the ledger's keys say."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from challenges_app.people.persons.rules import HONG_KONG
from scoring.awards import Award, DailyAward

DAY = timedelta(days=1)


def local_days(opens_at: datetime, closes_at: datetime) -> tuple[date, date]:
    """The first and last day of a challenge; one that closes at midnight ends with the day before."""
    last = closes_at.astimezone(HONG_KONG) - timedelta(microseconds=1)
    return opens_at.astimezone(HONG_KONG).date(), last.date()


def moments(first_on: date, last_on: date) -> tuple[datetime, datetime]:
    """When local days begin in Hong Kong, and when the last of them is over."""
    return datetime.combine(first_on, time(0), HONG_KONG), datetime.combine(last_on, time(0), HONG_KONG) + DAY


def happened_at(on: date, now: datetime) -> datetime:
    """When a day's steps count as made: now while the day lasts in Hong Kong, and never outside it.

    So all that a day ever brings belongs to one week, also for somebody whose day began hours before Hong Kong's.
    """
    begins, ends = (datetime.combine(on, at, HONG_KONG) for at in (time(0), time(23, 59, 59)))
    return max(begins, min(ends, now))


def appended(rows: Iterable[Any]) -> list[DailyAward]:
    """Rows of the ledger as awards of days, by what their keys say; rows of other keys are left out."""
    found = ((day_of(row.key), row) for row in rows)
    return [DailyAward(on, Award(row.key, row.points, row.coins, row.why)) for on, row in found if on]


def day_of(key: str) -> date | None:
    """The day that a key of days or weeks is about (a week's Monday): `day:…:2026-11-01:r0`, `week:…:2026-W48:r0`."""
    try:
        return date.fromisoformat(key.split(":")[-2])  # it reads 2026-W48 as its Monday
    except (IndexError, ValueError):
        return None
