"""Questions and writes to care links."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.engine import Connection, Row

from challenges_app.people.care_links.tables import CareLink, Safety


def cared_for(carer_id: UUID, at: datetime) -> Select[UUID]:
    """The persons for whom somebody is a carer; whether each link holds is decided by the person's age too."""
    mine = select(CareLink.person_id).where(CareLink.carer_id == carer_id, CareLink.state == "active")
    return mine.where(or_(CareLink.until.is_(None), CareLink.until > at))


def active(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """The active links of persons, whole rows."""
    wanted = select(CareLink).where(CareLink.person_id.in_(list(person_ids)), CareLink.state == "active")
    return conn.execute(wanted.order_by(CareLink.since, CareLink.id)).all()


def hidden_from(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[UUID, UUID]]:
    """Person and carer of each safety switch that is on."""
    wanted = select(Safety.person_id, Safety.carer_id).where(Safety.person_id.in_(list(person_ids)))
    return conn.execute(wanted).all()
