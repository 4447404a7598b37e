"""Decisions about classes: how long a code may open one, and who can be a pupil."""

from datetime import UTC, date, datetime, time, timedelta

from challenges_app.people.persons.rules import HONG_KONG, turns

CODE_LASTS_AT_MOST = timedelta(days=60)
PUPIL_UNTIL = 20  # secondary school ends at 18, for a few a little later


def code_ends_at(until: date, now: datetime) -> datetime | None:
    """The Hong Kong midnight after a code's last day; None for a day that is over, or more than 60 days away."""
    today = now.astimezone(HONG_KONG).date()
    if not today <= until <= today + CODE_LASTS_AT_MOST:
        return None
    return datetime.combine(until + timedelta(days=1), time(0), HONG_KONG).astimezone(UTC)


def join_link(address: str, code: str) -> str:
    """What a class's sheet says: our page with the code behind a #, where no server's log sees it."""
    return f"{address}/#/join/{code}"


def is_of_school_age(born_on: date, now: datetime) -> bool:
    """Whether somebody can be a pupil: a grown-up with a leaked code has no business in a class."""
    return now < turns(PUPIL_UNTIL, born_on)
