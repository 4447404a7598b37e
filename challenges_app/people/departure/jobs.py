"""What the worker does for those who leave: forgets them when their week is over, and everything that is over."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.departure import actions
from challenges_app.people.departure.rules import FORGET, KEPT
from challenges_app.people.erasures import queries as erasures

log = structlog.get_logger()


def erase(here: Services) -> int:
    """Forget everybody whose week is over; answers how many."""
    now = here.now()
    with here.db.reading() as conn:
        waiting = erasures.due(conn, now)
        # Guardians come after their children, so that they are not put off for somebody who goes with them.
        due = sorted(waiting, key=lambda each: actions.obstacle(conn, now, here.ring, each, due=True) is not None)
    return _each(here, now, due, actions.erase)


def erase_unclaimed(here: Services) -> int:
    """Forget children for whom nobody came within thirty days; answers how many."""
    now = here.now()
    with here.db.reading() as conn:
        found = actions.unclaimed(conn, now, here.ring)
    return _each(here, now, found, actions.erase_unclaimed)


def forget(here: Services) -> int:
    """Delete all that is over by the table of what is kept; answers how many rows."""
    now = here.now()
    rows = [each for kept in KEPT if FORGET in kept.jobs for each in kept.rows]
    return sum(
        here.db.write(lambda tx, row=row: rights.forget(tx, Base.metadata, row[0], row[1], now - row[2]))  # type: ignore[misc]
        for row in rows
    )


def _each(
    here: Services, now: datetime, people: Iterable[UUID], work: Callable[[Tx, datetime, KeyRing, UUID], bool]
) -> int:
    """Do something for each of some people in a transaction of its own; one's trouble is not the others'."""
    done = 0
    for person_id in people:
        try:
            done += here.db.write(lambda tx, whose=person_id: work(tx, now, here.ring, whose))  # type: ignore[misc]
        except Exception as problem:  # the next hour tries again
            log.error("somebody not forgotten", **traced(problem))
    return done
