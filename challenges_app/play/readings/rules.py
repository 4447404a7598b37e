"""Decisions about readings: which days are open, and why a number is no reading."""

from datetime import date, datetime, timedelta
from typing import Literal

from challenges_app.people.persons.rules import HONG_KONG
from integrations.days import SourceDay
from integrations.merge import MOST_IN_A_DAY

# Why a row of a class's table was not kept; `over_day`, `negative` and `future` are told in the words of all steps.
NoReading = Literal["not_in_class", "not_yet_in_class", "no_consent", "changed", "no_pedometer"]
Why = NoReading | Literal["negative"]

DAYS_BACK = timedelta(days=14)
MOMENT = timedelta(microseconds=1)


def open_days(now: datetime) -> tuple[date, date]:
    """The first and last Hong Kong day for which readings may be entered: the last fourteen days, and today."""
    today = now.astimezone(HONG_KONG).date()
    return today - DAYS_BACK, today


def was_in_class(since: datetime, on: date) -> bool:
    """Whether a pupil who is in a class since a moment was in it on a day, or came on it."""
    return since.astimezone(HONG_KONG).date() <= on


def why_not(steps: int | None, before: int | None, stands: int | None) -> Why | None:
    """Why a number is not kept: no pedometer shows it, or the one that `stands` is not the one that was seen before."""
    if stands not in (before, steps):
        return "changed"
    if steps is None:
        return None
    return "negative" if steps < 0 else "no_pedometer" if steps > MOST_IN_A_DAY else None


def reading(steps: int, stands: SourceDay | None, now: datetime) -> SourceDay:
    """A day as it is kept: typed in, and newer than what stands, even where the clock went back."""
    before = stands.revised_at if stands else None
    return SourceDay(by_hand=steps, revised_at=max(now, before + MOMENT) if before else now)
