"""Questions and writes to those who asked to be forgotten."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once
from challenges_app.people.erasures.tables import Erasure


def add_erasure(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Note that somebody shall be forgotten; False when that is noted already."""
    return insert_once(tx, Erasure, row)


def erasures(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When some persons are to be forgotten, by person; those who stay are missing."""
    wanted = select(Erasure.person_id, Erasure.due_at).where(Erasure.person_id.in_(list(person_ids)))
    return {person_id: due_at for person_id, due_at in conn.execute(wanted)}


def due(conn: Connection, now: datetime) -> list[UUID]:
    """Those whose moment has come, the earliest first."""
    wanted = select(Erasure.person_id).where(Erasure.due_at <= now)
    return list(conn.execute(wanted.order_by(Erasure.due_at, Erasure.person_id)).scalars())


def take(tx: Tx, person_id: UUID, now: datetime) -> Row[Any] | None:
    """Take an erasure that is due: who asked, when, and when it was due.

    Of the worker and a change of mind at once, one takes it.
    """
    mine = delete(Erasure).where(Erasure.person_id == person_id, Erasure.due_at <= now)
    return tx.execute(mine.returning(Erasure.asked_by, Erasure.asked_at, Erasure.due_at)).one_or_none()


def take_back(tx: Tx, person_id: UUID) -> bool:
    """Take an erasure back; False when there is none, or not any more."""
    return tx.execute(delete(Erasure).where(Erasure.person_id == person_id)).rowcount == 1
