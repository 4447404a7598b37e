"""What the worker does for those who signed up or forgot a password: finds out, and has a link mailed."""

import structlog

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.sessions import actions

log = structlog.get_logger()

MOST_TRIES = 36  # about a day; then nobody waits for the letter any more, and what was asked is forgotten


def answer_next(here: Services) -> bool:
    """Answer whoever waits longest, if there is one; answers whether there was."""
    now = here.now()

    def work(tx: Tx) -> bool:
        for message in outbox.claim(tx, now, actions.TOPIC, 1):
            try:
                with tx.part():
                    actions.answer(tx, now, here.ring, here.settings.address, message)
            except Exception as problem:  # one bad request must not hold up the others
                log.error("ask not answered", **traced(problem))
                if message.tries < MOST_TRIES:
                    outbox.later(tx, now, message, type(problem).__name__)
                else:
                    outbox.done(tx, [message.id])
            else:
                outbox.done(tx, [message.id])
            return True
        return False

    return here.db.write(work)
