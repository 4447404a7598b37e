"""Questions and writes to accounts and sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_row
from challenges_app.people.accounts.tables import Account, Session


def credentials(conn: Connection, name_index: bytes) -> Row[UUID, str] | None:
    """Account id and password hash behind a name's blind index."""
    return conn.execute(select(Account.id, Account.password_hash).where(Account.name_index == name_index)).one_or_none()


def language_of(conn: Connection, account_id: UUID) -> str:
    """The language that an account has chosen."""
    return conn.execute(select(Account.language).where(Account.id == account_id)).scalar_one()


def account_of(conn: Connection, digest: bytes, now: datetime) -> UUID | None:
    """The account of a session that has not ended."""
    wanted = select(Session.account_id).where(Session.digest == digest, Session.ends_at > now)
    return conn.execute(wanted).scalar_one_or_none()


def add_account(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add an account; False when its name is taken."""
    return insert_once(tx, Account, row)


def add_session(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a session."""
    insert_row(tx, Session, row)


def end_session(tx: Tx, digest: bytes) -> None:
    """Forget a session."""
    tx.execute(delete(Session).where(Session.digest == digest))


def end_expired(tx: Tx, now: datetime) -> int:
    """Forget all sessions that are over; answers how many."""
    return tx.execute(delete(Session).where(Session.ends_at <= now)).rowcount
