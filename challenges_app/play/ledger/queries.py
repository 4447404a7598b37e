"""Questions to the ledger, and the only writes that it knows: appending."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent

_APPEND = insert(ScoreEvent.__table__).returning(ScoreEvent.id)  # type: ignore[arg-type]


def add_event(tx: Tx, row: Mapping[str, Any]) -> int:
    """Append an award of points; answers its id. A key that was there before breaks the transaction."""
    return int(tx.execute(_APPEND, row).scalar_one())


def add_coins(tx: Tx, row: Mapping[str, Any]) -> None:
    """Append a movement of coins."""
    insert_row(tx, CoinEntry, row)


def events(conn: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """Whole events by id, in the order of their ids."""
    return list(conn.execute(select(ScoreEvent).where(ScoreEvent.id.in_(list(ids))).order_by(ScoreEvent.id)))


def all_events(conn: Connection) -> Iterator[Row[Any]]:
    """The whole ledger in the order of ids, a thousand rows in memory at a time."""
    yield from conn.execute(select(ScoreEvent).order_by(ScoreEvent.id).execution_options(yield_per=1000))


def points(conn: Connection, challenge_id: str, player_id: UUID) -> int:
    """A player's points in a challenge."""
    wanted = select(func.coalesce(func.sum(ScoreEvent.points), 0))
    wanted = wanted.where(ScoreEvent.challenge_id == challenge_id, ScoreEvent.player_id == player_id)
    return int(conn.execute(wanted).scalar_one())


def awards_between(
    conn: Connection, challenge_id: str, player_id: UUID, first_on: date, last_on: date
) -> list[Row[Any]]:
    """A player's events in a challenge that happened on some days, whole rows with their coins, in the order of ids."""
    since, until = (datetime.combine(on, time(0), UTC) for on in (first_on, last_on + timedelta(days=1)))
    wanted = select(ScoreEvent, func.coalesce(CoinEntry.coins, 0).label("coins"))
    wanted = wanted.outerjoin(CoinEntry, CoinEntry.key == ScoreEvent.key)
    wanted = wanted.where(ScoreEvent.challenge_id == challenge_id, ScoreEvent.player_id == player_id)
    wanted = wanted.where(ScoreEvent.occurred_at >= since, ScoreEvent.occurred_at < until)
    return list(conn.execute(wanted.order_by(ScoreEvent.id)))


def coins(conn: Connection, player_id: UUID) -> int:
    """A player's coins."""
    wanted = select(func.coalesce(func.sum(CoinEntry.coins), 0)).where(CoinEntry.player_id == player_id)
    return int(conn.execute(wanted).scalar_one())
