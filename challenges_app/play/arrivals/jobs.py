"""What the worker does for what came by itself: understands it, the oldest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError

from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.access.actions import waiting_for_consent
from challenges_app.play.arrivals import actions, queries
from integrations.contract import Why

log = structlog.get_logger()

AT_ONCE = 20  # bodies in one transaction, in which requests that write wait for them


def understand_next(here: Services) -> bool:
    """Understand the bodies that wait longest, if there are any; answers whether there were."""
    now = here.now()
    with here.db.reading() as conn:
        rows = queries.waiting(conn, AT_ONCE)
        # A guardian may have withdrawn their consent while a child's body was waiting.
        barred = waiting_for_consent(conn, now, here.ring, {row.person_id for row in rows})
    for row in rows:
        if row.person_id in barred:
            _refuse(here, row, "cancelled")
    _together(here, now, [row for row in rows if row.person_id not in barred])
    return bool(rows)


def _together(here: Services, now: datetime, rows: Sequence[Row[Any]]) -> None:
    # By person, so that two workers with the same bodies wait for each other and never in a ring.
    ordered = sorted(rows, key=lambda row: (row.person_id, row.id))

    def all_of_them(tx: Tx) -> None:
        for row in ordered:
            actions.understand(tx, here.ring, now, row)

    try:
        here.db.write(all_of_them)
    except DBAPIError:  # the database's trouble, not a body's: the next tick tries again
        raise
    except Exception:
        for row in ordered:
            _alone(here, now, row)


def _alone(here: Services, now: datetime, row: Row[Any]) -> None:
    try:
        here.db.write(lambda tx: actions.understand(tx, here.ring, now, row))
    except DBAPIError:
        raise
    except Exception as problem:  # a body that breaks its reader must not hold up all that came after it
        log.error("arrival not understood", **traced(problem))
        _refuse(here, row, "refused", "damaged")


def _refuse(here: Services, row: Row[Any], state: str, why: Why | None = None) -> None:
    here.db.write(lambda tx: actions.refuse(tx, here.ring, row, state, why))
