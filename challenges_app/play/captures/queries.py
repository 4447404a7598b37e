"""Questions and writes to visits, captures and day counts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_add
from challenges_app.play.captures.tables import Capture, PlayerDay, Visit


def add_capture(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a capture; False when the player has this drop, or sent this attempt, before."""
    return insert_once(tx, Capture, row)


def earlier(conn: Connection, player_id: UUID, client_id: str, drop_id: UUID) -> Row[Any] | None:
    """The capture that stands in the way of a new one: the same attempt if there is one, else the same drop."""
    mine = select(Capture).where(Capture.player_id == player_id)
    mine = mine.where(or_(Capture.client_id == client_id, Capture.drop_id == drop_id))
    return conn.execute(mine.order_by(Capture.client_id != client_id).limit(1)).one_or_none()


def last_elsewhere(conn: Connection, player_id: UUID, park_id: str, before: datetime) -> datetime | None:
    """When the player last captured something in another park."""
    wanted = select(func.max(Capture.captured_at)).where(Capture.player_id == player_id, Capture.park_id != park_id)
    return conn.execute(wanted.where(Capture.captured_at <= before)).scalar_one_or_none()


def taken(conn: Connection, player_id: UUID, drop_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these drops the player has."""
    wanted = select(Capture.drop_id).where(Capture.player_id == player_id, Capture.drop_id.in_(list(drop_ids)))
    return set(conn.execute(wanted).scalars())


def taken_by_park(conn: Connection, player_id: UUID, challenge_id: str, since: datetime) -> dict[str, int]:
    """How many captures the player has made in each park since a moment."""
    wanted = select(Capture.park_id, func.count()).where(Capture.player_id == player_id)
    wanted = wanted.where(Capture.challenge_id == challenge_id, Capture.captured_at >= since)
    return {park: count for park, count in conn.execute(wanted.group_by(Capture.park_id))}


def count_today(tx: Tx, player_id: UUID, challenge_id: str, on: date, cap: int) -> bool:
    """Count one capture of the day; False when the cap is reached."""
    key = {"player_id": player_id, "challenge_id": challenge_id, "on": on}
    insert_once(tx, PlayerDay, {**key, "captures": 0})
    one_more = update(PlayerDay).where(*(getattr(PlayerDay, name) == value for name, value in key.items()))
    return tx.execute(one_more.where(PlayerDay.captures < cap).values(captures=PlayerDay.captures + 1)).rowcount == 1


def captured_on(conn: Connection, player_id: UUID, challenge_id: str, on: date) -> int:
    """How many captures a player has made on a day."""
    wanted = select(PlayerDay.captures).where(PlayerDay.player_id == player_id, PlayerDay.challenge_id == challenge_id)
    return conn.execute(wanted.where(PlayerDay.on == on)).scalar_one_or_none() or 0


def add_to_visit(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a visit, or points to it."""
    insert_or_add(tx, Visit, row, key=("id",), add=("points",))
