"""Questions and writes to phones and what they pushed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_row
from challenges_app.play.phones.tables import Phone, PhonePush


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


def saw(tx: Tx, phone_id: UUID, at: datetime) -> None:
    """Note when a phone last pushed anything."""
    later = update(Phone).where(Phone.id == phone_id, func.coalesce(Phone.last_seen_at, Phone.made_at) <= at)
    tx.execute(later.values(last_seen_at=at))


def add_pushes(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep bodies, all but those that the same phone pushed before."""
    insert_missing(tx, PhonePush, rows)


def states(conn: Connection, digests: Iterable[bytes]) -> dict[bytes, str]:
    """How far bodies have come, by their digests; those that are not there are missing."""
    wanted = select(PhonePush.digest, PhonePush.state).where(PhonePush.digest.in_(list(digests)))
    return {digest: state for digest, state in conn.execute(wanted)}


def latest(conn: Connection, phone_ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """Of each phone the last body that is no longer waiting, whole rows."""
    last = select(func.max(PhonePush.id)).where(PhonePush.phone_id.in_(list(phone_ids)), PhonePush.state != "waiting")
    wanted = select(PhonePush).where(PhonePush.id.in_(last.group_by(PhonePush.phone_id)))
    return {row.phone_id: row for row in conn.execute(wanted)}


def waiting(conn: Connection, most: int) -> Sequence[Row[Any]]:
    """The bodies that wait longest, whole rows with their phone's person and `name_sealed`."""
    wanted: Select[Any] = select(*PhonePush.__table__.columns, Phone.person_id, Phone.name_sealed).join(
        Phone, Phone.id == PhonePush.phone_id
    )
    return conn.execute(wanted.where(PhonePush.state == "waiting").order_by(PhonePush.id).limit(most)).all()


def settle(tx: Tx, push_id: int, values: Mapping[str, Any]) -> bool:
    """End the waiting of a body; False when somebody else has."""
    ours = update(PhonePush).where(PhonePush.id == push_id, PhonePush.state == "waiting")
    return tx.execute(ours.values(**values)).rowcount == 1


def note(tx: Tx, push_id: int, values: Mapping[str, Any]) -> None:
    """Note what became of a body."""
    tx.execute(update(PhonePush).where(PhonePush.id == push_id).values(**values))


def wait_again(tx: Tx, push_ids: Iterable[int]) -> int:
    """Have bodies understood once more; answers how many."""
    again = update(PhonePush).where(PhonePush.id.in_(list(push_ids)), PhonePush.state != "waiting")
    return tx.execute(again.values(state="waiting", problems_sealed=None)).rowcount
