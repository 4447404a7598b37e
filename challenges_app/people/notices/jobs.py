"""What the worker does for notices: hands their mail over, each once."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.mail import Mail
from challenges_app.kit.outbox import Message
from challenges_app.kit.services import Services
from challenges_app.people.notices import queries
from challenges_app.people.notices.actions import TOPIC, texts

log = structlog.get_logger()

LINKS_LAST = timedelta(days=1)
IN_HAND = timedelta(minutes=2)  # a worker that dies with a mail in hand lets it be sent again, under the same id


def mail_next(here: Services) -> bool:
    """Send the mail that waits longest, if there is one; answers whether there was.

    The message is put off before it is handed over, so that no other worker takes it meanwhile and no transaction waits
    for a mail server; it is done when the server has it.
    """
    now = here.now()
    claimed = here.db.write(lambda tx: outbox.take(tx, now, TOPIC, IN_HAND))
    if claimed is None:
        return False
    try:
        mail = _mail(here, claimed)
        if mail:
            here.send(mail)
    except OSError as problem:
        log.warning("mail not sent", **traced(problem))
        name = type(problem).__name__
        here.db.write(lambda tx: outbox.later(tx, now, claimed, name))
        return True
    here.db.write(lambda tx: _done(tx, now, claimed))
    return True


def _done(tx: Tx, now: datetime, message: Message) -> None:
    queries.mailed(tx, UUID(message.body["notice"]), now)
    outbox.done(tx, [message.id])


def _mail(here: Services, message: Message) -> Mail | None:
    """The mail of a notice; None when its reader was erased, or it was sent already."""
    with here.db.reading() as conn:
        row = queries.notice(conn, UUID(message.body["notice"]))
    if row is None or row.mailed_at is not None or row.address_sealed is None:
        return None
    subject, text = texts(here.ring, row)
    return Mail(str(row.id), here.ring.open(row.address_sealed, "notice", row.id, "address"), subject, text)


def forget_links(here: Services) -> int:
    """Delete the notices to addresses without an account a day after they were made; answers how many."""
    before = here.now() - LINKS_LAST
    return here.db.write(lambda tx: queries.forget_addressed(tx, before))
