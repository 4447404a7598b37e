"""Decisions about connections: when a vendor is asked again, for which days, and when a token is renewed."""

from datetime import date, datetime, timedelta
from typing import Literal

State = Literal["on", "refused", "gone", "leaving"]

POLL = timedelta(hours=6)  # between two askings where the vendor tells nothing by itself
LEASE = timedelta(minutes=3)  # for one asking, of which a call may take 13 seconds
FRESH = timedelta(minutes=5)  # before its end a token is renewed
OVERLAP = timedelta(days=2)  # that are asked for again, since watches tell late
MOST_WAIT = timedelta(hours=6)
TRIES_TO_LEAVE = 5
KEYS_FRESH = timedelta(days=1)  # after which a vendor's keys are fetched again
KEYS_LAST = timedelta(days=7)  # after which they prove nothing any more

Span = tuple[date, date]


def wait(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: a minute, doubled each time, up to six hours."""
    return min(MOST_WAIT, timedelta(minutes=1 << min(failures, 10)))


def at_first(today: date, back: int, synced_at: datetime | None) -> Span:
    """The days to be asked for when somebody agrees: as far as the vendor goes back, or only what is missing."""
    oldest = today - timedelta(days=back)
    return (max(oldest, synced_at.date() - OVERLAP) if synced_at else oldest), today


def joined(wanted: Span | None, more: Span) -> Span:
    """The days that are wanted together with some more, and all between them."""
    return (min(wanted[0], more[0]), max(wanted[1], more[1])) if wanted else more


def newest(wanted: Span, window: int) -> Span:
    """The days to be asked for next: the last ones first, since today is what people look at."""
    return max(wanted[0], wanted[1] - timedelta(days=window - 1)), wanted[1]


def left(wanted: Span, asked: Span) -> Span | None:
    """The days that are still wanted once the newest of them were told."""
    return (wanted[0], asked[0] - timedelta(days=1)) if wanted[0] < asked[0] else None


def is_fresh(ends_at: datetime | None, now: datetime) -> bool:
    """Whether an access token can still be used for a while."""
    return ends_at is None or ends_at > now + FRESH
