"""Questions and writes to notices."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once
from challenges_app.people.notices.tables import Notice


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
