"""Decisions about care links: what can be handed over, and when a link holds."""

from datetime import date, datetime, timedelta
from typing import Literal

from challenges_app.people.persons.rules import OF_AGE, turns

Kind = Literal["family", "friend", "professional"]
# To view and to manage are apart; record, folder, bookings and growth wait for their rooms.
Scope = Literal[
    "view-challenge", "manage-challenge", "notices", "consent", "view-growth", "manage-growth", "view-record",
    "manage-folder", "book", "apply-cross-boundary",
]  # fmt: skip
OFFER_LASTS = timedelta(days=7)


def holds(since: datetime, until: datetime | None, born_on: date, now: datetime) -> bool:
    """Whether an active link holds at a moment: not after its end, nor past a 16th birthday that it was made before.

    The young person may renew it; until then nobody acts for them (care facts, hand-over at Hong Kong midnight).
    """
    grown = turns(OF_AGE, born_on)
    return since <= now and (until is None or now < until) and not since < grown <= now
