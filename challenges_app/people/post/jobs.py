"""What the worker does for post: takes each notice along each of its roads, once."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.engine import Row

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.mail import Mail
from challenges_app.kit.outbox import Message
from challenges_app.kit.push import Message as Pushed
from challenges_app.kit.push import UnsafeEndpoint, Urgency
from challenges_app.kit.services import Services
from challenges_app.people.notices import queries
from challenges_app.people.notices.actions import texts
from challenges_app.people.notices.rules import TOPICS, URGENT
from challenges_app.people.post import actions
from challenges_app.people.post.actions import Reader
from challenges_app.people.post.rules import pushed

log = structlog.get_logger()

IN_HAND = timedelta(minutes=2)  # a worker that dies with a notice in hand lets it be sent again, under the same id
GIVEN_UP = timedelta(days=3)  # after which nobody is told by mail or push; the list in the app has it
PUSH_LASTS = timedelta(days=1)  # in which a browser that was off still shows it


def carry_next(here: Services) -> bool:
    """Take the notice that waits longest one step along its road, urgent ones first; answers whether there was one.

    It is put off before it is handed over, so that no other worker takes it meanwhile and no transaction waits for a
    mail server or a push service; it is done when they have it.
    """
    now = here.now()
    claimed = here.db.write(lambda tx: _take(tx, now))
    if claimed is None:
        return False
    try:
        _carry(here, now, claimed)
    except Exception as problem:  # one bad notice must not hold up the others
        log.warning("notice not delivered", **traced(problem))
        name = type(problem).__name__
        here.db.write(lambda tx: outbox.later(tx, now, claimed, name))
    return True


def _take(tx: Tx, now: datetime) -> Message | None:
    return next((found for topic in TOPICS if (found := outbox.take(tx, now, topic, IN_HAND))), None)


def _carry(here: Services, now: datetime, message: Message) -> None:
    with here.db.reading() as conn:
        notice = queries.notice(conn, UUID(message.body["notice"]))
        reader = actions.reader(conn, here.ring, now, notice) if notice else None
    if notice is None or reader is None or notice.made_at + GIVEN_UP < now:
        here.db.write(lambda tx: outbox.done(tx, [message.id]))
    elif (until := reader.quiet_until) is not None:
        here.db.write(lambda tx: outbox.hold(tx, message, until))
    elif message.body["road"] == "mail":
        _mail(here, now, notice, reader, message)
    elif message.body["road"] == "push":
        here.db.write(lambda tx: actions.spread(tx, now, notice, message))
    else:
        _push(here, now, notice, reader, message)


def _mail(here: Services, now: datetime, notice: Row[UUID], reader: Reader, message: Message) -> None:
    if reader.address and notice.mailed_at is None:
        here.send(Mail(str(notice.id), reader.address, *texts(here.ring, notice, reader.language)))
        here.db.write(lambda tx: _mailed(tx, now, message))
    else:
        here.db.write(lambda tx: outbox.done(tx, [message.id]))


def _mailed(tx: Tx, now: datetime, message: Message) -> None:
    queries.mailed(tx, UUID(message.body["notice"]), now)
    outbox.done(tx, [message.id])


def _push(here: Services, now: datetime, notice: Row[UUID], reader: Reader, message: Message) -> None:
    browser_id = UUID(message.body["browser"])
    with here.db.reading() as conn:
        found = actions.browser(conn, here.ring, now, notice, browser_id)
    if found is None or here.push is None:
        here.db.write(lambda tx: outbox.done(tx, [message.id]))
        return
    at, since = found
    payload = pushed(notice.id, reader.language, *texts(here.ring, notice, reader.language))
    urgency: Urgency = "high" if notice.kind in URGENT else "normal"
    try:
        answer = here.push.send(now, at, Pushed(payload, notice.id.hex, PUSH_LASTS, urgency))
        outcome, wait = answer.outcome, answer.wait
    except UnsafeEndpoint:
        outcome, wait = "gone", None
    if outcome == "refused":
        log.warning("push refused")
    here.db.write(lambda tx: _pushed(tx, now, message, outcome, wait, since))


def _pushed(tx: Tx, now: datetime, message: Message, outcome: str, wait: timedelta | None, since: datetime) -> None:
    if outcome == "later":
        outbox.later(tx, now, message, "later") if wait is None else outbox.hold(tx, message, now + wait)
        return
    if outcome == "gone":
        queries.end_subscription(tx, UUID(message.body["browser"]), since)
    outbox.done(tx, [message.id])
