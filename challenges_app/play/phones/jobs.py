"""What the worker does for phones: understands what they pushed, in the order in which it came."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.engine import Row

from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.access.actions import waits_for_consent
from challenges_app.play.phones import actions, queries

log = structlog.get_logger()

AT_ONCE = 100  # bodies that are fetched together; each is counted in a transaction of its own


def understand_next(here: Services) -> bool:
    """Understand the bodies that wait longest, if there are any; answers whether there were."""
    now = here.now()
    with here.db.reading() as conn:
        rows = queries.waiting(conn, AT_ONCE)
    for row in rows:
        _understand(here, now, row)
    return bool(rows)


def _understand(here: Services, now: datetime, row: Row[Any]) -> None:
    with here.db.reading() as conn:
        # A guardian may have withdrawn their consent while a child's body was waiting.
        consented = not waits_for_consent(conn, now, here.ring, row.person_id)
    if not consented:
        here.db.write(lambda tx: actions.refuse(tx, here.ring, row, "cancelled"))
        return
    try:
        here.db.write(lambda tx: actions.understand(tx, here.ring, now, row))
    except Exception as problem:  # a body that breaks its reader must not hold up all that came after it
        log.error("push not understood", **traced(problem))
        here.db.write(lambda tx: actions.refuse(tx, here.ring, row, "refused", "damaged"))
