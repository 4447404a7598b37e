"""Questions and writes to challenges, designated parks and drops."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_row
from challenges_app.play.challenges.tables import Challenge, ChallengePark, Drop


def running(conn: Connection, now: datetime) -> Sequence[Row[Any]]:
    """The challenges that are open at a moment, whole rows, the one that closes first at the top."""
    wanted = select(Challenge).where(Challenge.opens_at <= now, Challenge.closes_at > now)
    return conn.execute(wanted.order_by(Challenge.closes_at, Challenge.id)).all()


def unsettled(conn: Connection, at: datetime) -> Sequence[Row[Any]]:
    """The challenges that have opened by a moment and still take what belongs to them, whole rows."""
    wanted = select(Challenge).where(Challenge.opens_at <= at, Challenge.settles_until > at)
    return conn.execute(wanted.order_by(Challenge.closes_at, Challenge.id)).all()


def overlapping(conn: Connection, begins: datetime, ends: datetime) -> Sequence[Row[Any]]:
    """The challenges that are open at any moment between two, whole rows."""
    wanted = select(Challenge).where(Challenge.opens_at < ends, Challenge.closes_at > begins)
    return conn.execute(wanted.order_by(Challenge.closes_at, Challenge.id)).all()


def challenge(conn: Connection, challenge_id: str) -> Row[Any] | None:
    """One challenge, whole row."""
    return conn.execute(select(Challenge).where(Challenge.id == challenge_id)).one_or_none()


def park_ids(conn: Connection, challenge_id: str) -> list[str]:
    """The parks that a challenge designates."""
    wanted = select(ChallengePark.park_id).where(ChallengePark.challenge_id == challenge_id)
    return list(conn.execute(wanted.order_by(ChallengePark.park_id)).scalars())


def drop(conn: Connection, drop_id: UUID) -> Row[Any] | None:
    """One drop, whole row."""
    return conn.execute(select(Drop).where(Drop.id == drop_id)).one_or_none()


def drops_in(conn: Connection, challenge_id: str, park_id: str, on: date) -> Sequence[Row[Any]]:
    """A park's drops of one day, whole rows, in order."""
    wanted = select(Drop).where(Drop.challenge_id == challenge_id, Drop.park_id == park_id, Drop.on == on)
    return conn.execute(wanted.order_by(Drop.ordinal)).all()


def drop_counts(conn: Connection, challenge_id: str, on: date) -> dict[str, int]:
    """How many drops each park has on a day."""
    wanted = select(Drop.park_id, func.count()).where(Drop.challenge_id == challenge_id, Drop.on == on)
    return {park: count for park, count in conn.execute(wanted.group_by(Drop.park_id))}


def take_stock(tx: Tx, drop_id: UUID) -> bool:
    """Take one from a drop's stock; False when none is left. An endless stock is never touched."""
    one_less = update(Drop).where(Drop.id == drop_id, Drop.stock > 0).values(stock=Drop.stock - 1)
    return tx.execute(one_less).rowcount == 1


def add_challenge(tx: Tx, row: Mapping[str, Any], designated: Sequence[str]) -> None:
    """Add a challenge with its designated parks."""
    insert_row(tx, Challenge, row)
    insert_missing(tx, ChallengePark, [{"challenge_id": row["id"], "park_id": park} for park in designated])


def add_drops(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the drops that are not there yet."""
    insert_missing(tx, Drop, rows)
