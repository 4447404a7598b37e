"""Questions and writes to phones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.play.phones.tables import Phone


def add_phone(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a phone."""
    insert_row(tx, Phone, row)


def how_many(conn: Connection, person_id: UUID) -> int:
    """How many phones of a person have a key."""
    theirs = select(func.count()).select_from(Phone).where(Phone.person_id == person_id)
    return conn.execute(theirs.where(Phone.key_digest.is_not(None))).scalar_one()


def phones(conn: Connection, person_id: UUID) -> Sequence[Row[Any]]:
    """A person's phones that have a key, whole rows, the newest first."""
    wanted = select(Phone).where(Phone.person_id == person_id, Phone.key_digest.is_not(None))
    return conn.execute(wanted.order_by(Phone.made_at.desc(), Phone.id)).all()


def by_keys(conn: Connection, digests: Iterable[bytes]) -> dict[bytes, Row[Any]]:
    """The phones that have keys, whole rows."""
    return {row.key_digest: row for row in conn.execute(select(Phone).where(Phone.key_digest.in_(list(digests))))}


def end_key(tx: Tx, person_id: UUID, phone_id: UUID) -> bool:
    """Take a phone's key away; False when there is no such phone of this person's with a key."""
    mine = update(Phone).where(Phone.person_id == person_id, Phone.id == phone_id, Phone.key_digest.is_not(None))
    return tx.execute(mine.values(key_digest=None)).rowcount == 1


def saw(tx: Tx, phone_ids: Iterable[UUID], at: datetime) -> None:
    """Note when phones last pushed anything."""
    later = update(Phone).where(Phone.id.in_(list(phone_ids)), func.coalesce(Phone.last_seen_at, Phone.made_at) <= at)
    tx.execute(later.values(last_seen_at=at))
