"""Decisions about care links: what can be handed over, for how long, and when a link holds."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from challenges_app.people.persons.rules import HONG_KONG, OF_AGE, turns

Kind = Literal["family", "friend", "professional"]
# To view and to manage are apart; record, folder, bookings and growth wait for their rooms.
Scope = Literal[
    "view-challenge", "manage-challenge", "notices", "consent", "view-growth", "manage-growth", "view-record",
    "manage-folder", "book", "apply-cross-boundary",
]  # fmt: skip
OfferedScope = Literal["view-challenge", "manage-challenge"]  # those whose rooms are there
OFFERED: tuple[OfferedScope, ...] = get_args(OfferedScope)
SEEN_BY: dict[OfferedScope, OfferedScope] = {"manage-challenge": "view-challenge"}
Evidence = Literal["both-sides", "guardian"]
Standing = Literal["active", "paused", "over"]
OFFER_LASTS = timedelta(days=7)
LONGEST = timedelta(days=3653)  # ten years; whoever means longer sets no end


def completed(scopes: Iterable[OfferedScope]) -> list[OfferedScope]:
    """Scopes with those that they need: nobody manages what they may not see."""
    asked = set(scopes)
    needed = asked | {SEEN_BY[each] for each in asked if each in SEEN_BY}
    return [each for each in OFFERED if each in needed]


def ends_after(last_on: date, now: datetime) -> datetime | None:
    """The Hong Kong midnight that ends a last day; None for a day that is over, or too far away."""
    today = now.astimezone(HONG_KONG).date()
    if not today <= last_on <= today + LONGEST:
        return None
    return datetime.combine(last_on + timedelta(days=1), time(0), HONG_KONG)


def standing(since: datetime, until: datetime | None, born_on: date, now: datetime) -> Standing:
    """How an active link stands: one that was made before a 16th birthday rests after it, until it is renewed.

    Until then nobody acts for the young person (care facts, hand-over at Hong Kong midnight).
    """
    if until is not None and until <= now:
        return "over"
    return "paused" if since < turns(OF_AGE, born_on) <= now else "active"


def holds(since: datetime, until: datetime | None, born_on: date, now: datetime) -> bool:
    """Whether an active link opens anything at a moment."""
    return since <= now and standing(since, until, born_on, now) == "active"


def hour_of(moment: datetime) -> datetime:
    """The hour as which the use of a link is noted."""
    return moment.replace(minute=0, second=0, microsecond=0)
