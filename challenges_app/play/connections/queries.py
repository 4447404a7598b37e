"""Questions and writes to connections, and to the keys of vendors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection as Conn
from sqlalchemy.engine import Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_replace
from challenges_app.play.connections.tables import Connection, VendorKeys


def add(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a connection; False when the vendor's account is connected with somebody else."""
    return insert_once(tx, Connection, row)


def connections(conn: Conn, person_id: UUID) -> Sequence[Row[Any]]:
    """A person's connections, whole rows."""
    wanted = select(Connection).where(Connection.person_id == person_id)
    return conn.execute(wanted.order_by(Connection.provider)).all()


def of_person(conn: Conn, person_id: UUID, provider: str) -> Row[Any] | None:
    """A person's connection with a vendor, whole row."""
    wanted = select(Connection).where(Connection.person_id == person_id, Connection.provider == provider)
    return conn.execute(wanted).one_or_none()


def of_user(conn: Conn, provider: str, user_index: bytes) -> Row[Any] | None:
    """The connection of a vendor's user, whole row."""
    wanted = select(Connection).where(Connection.provider == provider, Connection.user_index == user_index)
    return conn.execute(wanted.with_for_update()).one_or_none()


def claim(tx: Tx, now: datetime, lease_until: datetime) -> Row[Any] | None:
    """Take the connection that is due longest and that nobody holds; of many that ask, one gets it."""
    free = (
        Connection.due_at <= now,
        Connection.state.in_(("on", "leaving")),
        or_(Connection.lease_until.is_(None), Connection.lease_until <= now),
    )
    first = select(Connection.id).where(*free).order_by(Connection.due_at, Connection.id).limit(1)
    first = first.with_for_update(skip_locked=True)
    taken = update(Connection).where(Connection.id == first.scalar_subquery(), *free)
    return tx.execute(taken.values(lease_until=lease_until).returning(Connection)).one_or_none()


def claim_one(tx: Tx, now: datetime, lease_until: datetime, connection_id: UUID) -> Row[Any] | None:
    """Take one connection, due or not; None while somebody else holds it."""
    free = or_(Connection.lease_until.is_(None), Connection.lease_until <= now)
    taken = update(Connection).where(Connection.id == connection_id, Connection.state == "on", free)
    return tx.execute(taken.values(lease_until=lease_until).returning(Connection)).one_or_none()


def held(tx: Tx, connection_id: UUID, lease_until: datetime) -> Row[Any] | None:
    """A connection as it is now, whole row, kept from others until the transaction ends; None if it is not ours now."""
    wanted = select(Connection).where(Connection.id == connection_id, Connection.lease_until == lease_until)
    return tx.execute(wanted.with_for_update()).one_or_none()


def change(tx: Tx, connection_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a connection."""
    tx.execute(update(Connection).where(Connection.id == connection_id).values(**values))


def remove(tx: Tx, connection_id: UUID) -> None:
    """Forget a connection."""
    tx.execute(delete(Connection).where(Connection.id == connection_id))


def health(
    conn: Conn, failures: int, synced_before: datetime, made_before: datetime
) -> Sequence[Row[str, int, int, int, int, int, int, datetime | None, datetime | None]]:
    """Of each vendor how many accounts stand how, as `play.trackers.rules.Accounts` names it."""
    on, count = Connection.state == "on", func.count()
    asked_at = func.coalesce(Connection.synced_at, Connection.made_at)
    counted = select(
        Connection.provider,
        count.filter(on).label("on"),
        count.filter(Connection.state == "refused").label("refused"),
        count.filter(Connection.state == "gone").label("gone"),
        count.filter(on, Connection.failures >= failures).label("failing"),
        count.filter(on, asked_at < synced_before).label("behind"),
        count.filter(on, Connection.made_at < made_before).label("settled"),
        func.min(Connection.synced_at).filter(on).label("synced_at"),
        func.max(Connection.heard_at).label("heard_at"),
    )
    return conn.execute(counted.group_by(Connection.provider)).all()


def keys(conn: Conn, provider: str) -> Row[Any] | None:
    """The keys with which a vendor signs: `keys` and `fetched_at`."""
    return conn.execute(select(VendorKeys).where(VendorKeys.provider == provider)).one_or_none()


def keep_keys(tx: Tx, provider: str, keys: str, now: datetime) -> None:
    """Keep a vendor's keys in place of those before."""
    row = {"provider": provider, "keys": keys, "fetched_at": now}
    insert_or_replace(tx, VendorKeys, [row], key=["provider"], replace=["keys", "fetched_at"])
