"""Questions and writes to appeals."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once
from challenges_app.play.appeals.tables import StepAppeal


def add(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add an appeal; False when there is one about the same steps."""
    return insert_once(tx, StepAppeal, row)


def of_person(conn: Connection, person_id: UUID, most: int) -> Sequence[Row[Any]]:
    """Somebody's appeals, whole rows, the newest first."""
    wanted = select(StepAppeal).where(StepAppeal.person_id == person_id)
    return conn.execute(wanted.order_by(StepAppeal.asked_at.desc(), StepAppeal.id).limit(most)).all()


def appeal(conn: Connection, appeal_id: UUID) -> Row[Any] | None:
    """An appeal, whole row."""
    return conn.execute(select(StepAppeal).where(StepAppeal.id == appeal_id)).one_or_none()


def waiting(conn: Connection, most: int) -> Sequence[Row[Any]]:
    """The appeals that wait longest, whole rows."""
    wanted = select(StepAppeal).where(StepAppeal.state == "open")
    return conn.execute(wanted.order_by(StepAppeal.asked_at, StepAppeal.id).limit(most)).all()


def how_many_wait(conn: Connection) -> int:
    """How many appeals wait."""
    return conn.execute(select(func.count()).select_from(StepAppeal).where(StepAppeal.state == "open")).scalar_one()


def decide(tx: Tx, appeal_id: UUID, values: Mapping[str, Any]) -> bool:
    """Decide an open appeal; False when somebody else has, or it was taken back."""
    ours = update(StepAppeal).where(StepAppeal.id == appeal_id, StepAppeal.state == "open")
    return tx.execute(ours.values(**values)).rowcount == 1


def take_back(tx: Tx, person_id: UUID, appeal_id: UUID) -> bool:
    """Take an open appeal back; False when there is none of this person's."""
    mine = (StepAppeal.id == appeal_id, StepAppeal.person_id == person_id, StepAppeal.state == "open")
    return tx.execute(delete(StepAppeal).where(*mine)).rowcount == 1
