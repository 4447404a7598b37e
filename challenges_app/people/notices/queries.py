"""Questions and writes to notices, to the browsers that take them, and to how people want to be told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_replace
from challenges_app.people.notices.tables import Notice, NoticeChoice, PushSubscription


def add_notice(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a notice; False when the same was told before."""
    return insert_once(tx, Notice, row)


def notice(conn: Connection, notice_id: UUID) -> Row[Any] | None:
    """One notice, whole row."""
    return conn.execute(select(Notice).where(Notice.id == notice_id)).one_or_none()


def of_account(conn: Connection, account_id: UUID, most: int) -> Sequence[Row[Any]]:
    """An account's last notices, whole rows, the newest first."""
    wanted = select(Notice).where(Notice.account_id == account_id)
    return conn.execute(wanted.order_by(Notice.made_at.desc(), Notice.id).limit(most)).all()


def unread(conn: Connection, account_id: UUID) -> int:
    """How many notices an account has not read."""
    wanted = select(func.count()).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    return conn.execute(wanted).scalar_one()


def mailed(tx: Tx, notice_id: UUID, now: datetime) -> None:
    """Note that a notice was handed over."""
    tx.execute(update(Notice).where(Notice.id == notice_id).values(mailed_at=now))


def read(tx: Tx, account_id: UUID, now: datetime) -> None:
    """Note that an account has read all that it was told."""
    unread = update(Notice).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    tx.execute(unread.values(read_at=now))


def forget_addressed(tx: Tx, before: datetime) -> int:
    """Delete the notices to addresses without an account that were made before a moment; answers how many."""
    return tx.execute(delete(Notice).where(Notice.account_id.is_(None), Notice.made_at < before)).rowcount


def choice(conn: Connection, account_id: UUID) -> Row[bool, str | None, str | None] | None:
    """Whether by mail, and the two ends of the quiet hours, as an account has chosen."""
    wanted = select(NoticeChoice.mail, NoticeChoice.quiet_from, NoticeChoice.quiet_until)
    return conn.execute(wanted.where(NoticeChoice.account_id == account_id)).one_or_none()


def keep_choice(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a choice in place of the one before."""
    insert_or_replace(tx, NoticeChoice, [row], key=("account_id",), replace=("mail", "quiet_from", "quiet_until"))


def keep_subscription(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a browser's address for an account; whosever it was before, it is theirs no longer.

    What the same browser had under another address is over.
    """
    older = PushSubscription.endpoint_index != row["endpoint_index"]
    tx.execute(delete(PushSubscription).where(PushSubscription.mark == row["mark"], older))
    replace = ("account_id", "holds_sealed", "mark", "device", "made_at")
    insert_or_replace(tx, PushSubscription, [row], key=("endpoint_index",), replace=replace)


def subscriptions(conn: Connection, account_id: UUID) -> Sequence[Row[UUID, bytes]]:
    """Id and mark of the browsers that take an account's notices, the latest first."""
    wanted = select(PushSubscription.id, PushSubscription.mark).where(PushSubscription.account_id == account_id)
    return conn.execute(wanted.order_by(PushSubscription.made_at.desc(), PushSubscription.id)).all()


def subscription(conn: Connection, subscription_id: UUID) -> Row[Any] | None:
    """One browser that takes notices, whole row."""
    return conn.execute(select(PushSubscription).where(PushSubscription.id == subscription_id)).one_or_none()


def end_subscription(tx: Tx, subscription_id: UUID, since: datetime) -> None:
    """Forget a browser's address, unless it was given anew since a moment."""
    mine = delete(PushSubscription).where(PushSubscription.id == subscription_id)
    tx.execute(mine.where(PushSubscription.made_at <= since))


def end_subscriptions(tx: Tx, account_id: UUID, mark: bytes) -> None:
    """Forget that a browser takes an account's notices."""
    mine = delete(PushSubscription).where(PushSubscription.account_id == account_id)
    tx.execute(mine.where(PushSubscription.mark == mark))
