"""Decisions about a fix before it is used: whether its time can be, and whether play is paused there and then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from challenges_app.kit.refusals import Refused, refusal
from challenges_app.people.persons.rules import in_hours
from geo.fix import Fix
from geo.parks.park import Park

TOO_OLD = refusal("fix.too_old", 409)
FROM_FUTURE = refusal("fix.from_future", 409)
CLOSED = refusal("park.closed", 409)
CURFEW = refusal("child.curfew", 409)

OLDEST = timedelta(minutes=10)  # as long as a walk is remembered
AHEAD = timedelta(minutes=2)  # how far a phone's clock may be ahead

Curfew = tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whose play is bounded how: a child's by the curfew, everybody's by the park's hours."""

    child: bool
    curfew: Curfew


def usable(fixes: Sequence[Fix], now: datetime) -> list[Fix]:
    """The fixes of the present walk in the order of their times; older ones are passed over.

    Raises `fix.too_old` when the newest is too old as well, and `fix.from_future` when the phone's clock is ahead.
    """
    ordered = sorted(fixes, key=lambda fix: fix.at)
    if ordered[-1].at < now - OLDEST:
        raise TOO_OLD()
    if ordered[-1].at > now + AHEAD:
        raise FROM_FUTURE()
    return [fix for fix in ordered if fix.at >= now - OLDEST]


def pause(park: Park | None, at: datetime, bounds: Bounds) -> Refused | None:
    """Why nothing may be captured at a moment in a park, if so: its hours, or a child's curfew."""
    if bounds.child and bounds.curfew and in_hours(at, *bounds.curfew):
        begins, ends = bounds.curfew
        return CURFEW(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
    if park and not park.hours.is_open(at):
        return CLOSED(opens=f"{park.hours.opens:%H:%M}", closes=f"{park.hours.closes:%H:%M}")
    return None
