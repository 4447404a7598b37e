"""What is done with post: choose how to be told, have a browser take notices, and find out who reads one and how."""

import json
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.outbox import Message
from challenges_app.kit.push import Subscription
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.notices import actions as notices
from challenges_app.people.notices import queries
from challenges_app.people.notices.rules import URGENT
from challenges_app.people.post.rules import Choice, quiet_until

NO_HOURS = refusal("notices.no_hours", 422)
MOST_BROWSERS = 20  # of one account that are sent a notice, those that subscribed last


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a notice: in which language, where by mail if so, and until when they are not to be woken."""

    language: Language
    address: str | None
    quiet_until: datetime | None


def choice_of(conn: Connection, account_id: UUID) -> Choice:
    """How an account wants to be told; those who never chose are told by mail too, and quietly from ten to eight."""
    row = queries.choice(conn, account_id)
    if row is None:
        return Choice()
    quiet = None
    if row.quiet_from and row.quiet_until:
        quiet = (time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_until))
    return Choice(row.mail, quiet)


def choose(tx: Tx, account_id: UUID, choice: Choice) -> None:
    """Keep how an account wants to be told; raises `notices.no_hours` for quiet hours that end as they begin."""
    begins, ends = choice.quiet or (None, None)
    if begins is not None and begins == ends:
        raise NO_HOURS()
    row = {
        "account_id": account_id,
        "mail": choice.mail,
        "quiet_from": f"{begins:%H:%M}" if begins is not None else None,
        "quiet_until": f"{ends:%H:%M}" if ends is not None else None,
    }
    queries.keep_choice(tx, row)


def subscribe(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, at: Subscription, device: str
) -> None:
    """Have the browser of a session take an account's notices, and nobody else's any more."""
    index = ring.fingerprint(at.endpoint.encode(), "push_subscription", "endpoint")
    holds = {"endpoint": at.endpoint, "p256dh": at.p256dh.hex(), "auth": at.auth.hex()}
    row = {
        "id": uuid4(),
        "account_id": account_id,
        "endpoint_index": index,
        "holds_sealed": ring.seal(json.dumps(holds), "push_subscription", index.hex(), "holds"),
        "mark": account_rows.mark_of(tx.conn, session),
        "device": device,
        "made_at": now,
    }
    queries.keep_subscription(tx, row)


def takes_notices(conn: Connection, account_id: UUID, session: bytes) -> bool:
    """Whether the browser of a session takes the account's notices."""
    mark = account_rows.mark_of(conn, session)
    return any(row.mark == mark for row in queries.subscriptions(conn, account_id))


def unsubscribe(tx: Tx, account_id: UUID, session: bytes) -> None:
    """Have the browser of a session take the account's notices no longer."""
    queries.end_subscriptions(tx, account_id, account_rows.mark_of(tx.conn, session))


def reader(conn: Connection, ring: KeyRing, now: datetime, notice: Row[UUID]) -> Reader:
    """Who reads a notice, as they want to be told at this moment.

    What is urgent is mailed whatever they chose, since it may be the only thing that tells them of a theft.
    """
    urgent = notice.kind in URGENT
    if notice.account_id is None:
        address = ring.open(notice.address_sealed, "notice", notice.id, "address") if notice.address_sealed else None
        return Reader(notice.language, address, None)
    chosen = choice_of(conn, notice.account_id)
    return Reader(
        language=account_rows.language_of(conn, notice.account_id),
        address=accounts.email_of(conn, ring, notice.account_id) if urgent or chosen.mail else None,
        quiet_until=None if urgent else quiet_until(now, chosen.quiet),
    )


def spread(tx: Tx, now: datetime, notice: Row[UUID], message: Message) -> None:
    """Ask for a notice to be pushed to each browser in which its reader is signed in; once, whoever else asks."""
    if not outbox.done(tx, [message.id]):
        return
    here = account_rows.marks(tx.conn, notice.account_id, now)
    rows = [row for row in queries.subscriptions(tx.conn, notice.account_id) if row.mark in here]
    for row in rows[:MOST_BROWSERS]:
        notices.ask(tx, now, notice.id, notice.kind, "browser", browser=str(row.id))


def browser(
    conn: Connection, ring: KeyRing, now: datetime, notice: Row[UUID], browser_id: UUID
) -> tuple[Subscription, datetime] | None:
    """Where a browser takes an account's notices, and since when; None when it does not any more, or is signed out."""
    row = queries.subscription(conn, browser_id)
    if row is None or row.account_id != notice.account_id:
        return None
    if row.mark not in account_rows.marks(conn, notice.account_id, now):
        return None
    holds = json.loads(ring.open(row.holds_sealed, "push_subscription", row.endpoint_index.hex(), "holds"))
    keys = bytes.fromhex(holds["p256dh"]), bytes.fromhex(holds["auth"])
    return Subscription(holds["endpoint"], *keys), row.made_at
