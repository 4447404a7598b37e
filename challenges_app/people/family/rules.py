"""Decisions about families: when a birthday hands the account over."""

from datetime import date, datetime, timedelta

from challenges_app.people.persons.rules import HONG_KONG, OF_AGE, turns

TOLD_AHEAD = timedelta(days=30)


def hands_over_on(born_on: date, now: datetime) -> date | None:
    """The day on which somebody turns 16, if that is within the next 30 days; None before and after."""
    at = turns(OF_AGE, born_on)
    return at.astimezone(HONG_KONG).date() if now < at <= now + TOLD_AHEAD else None
