"""Questions and writes to care links, the offers that make them, and what is hidden from a carer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_row
from challenges_app.people.care_links.tables import CareLink, CareOffer, Safety


def cared_for(carer_id: UUID, at: datetime) -> Select[UUID]:
    """The persons for whom somebody is a carer; whether each link holds is decided by the person's age too."""
    mine = select(CareLink.person_id).where(CareLink.carer_id == carer_id, CareLink.state == "active")
    return mine.where(or_(CareLink.until.is_(None), CareLink.until > at))


def active(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """The active links of persons, whole rows."""
    wanted = select(CareLink).where(CareLink.person_id.in_(list(person_ids)), CareLink.state == "active")
    return conn.execute(wanted.order_by(CareLink.since, CareLink.id)).all()


def of_carer(conn: Connection, carer_id: UUID) -> Sequence[Row[Any]]:
    """The active links of a carer, whole rows."""
    wanted = select(CareLink).where(CareLink.carer_id == carer_id, CareLink.state == "active")
    return conn.execute(wanted.order_by(CareLink.since, CareLink.id)).all()


def active_link(conn: Connection, link_id: UUID) -> Row[Any] | None:
    """One active link, whole row."""
    wanted = select(CareLink).where(CareLink.id == link_id, CareLink.state == "active")
    return conn.execute(wanted).one_or_none()


def past_end(conn: Connection, now: datetime, most: int) -> Sequence[Row[Any]]:
    """Active links whose time is over, whole rows."""
    wanted = select(CareLink).where(CareLink.state == "active", CareLink.until <= now)
    return conn.execute(wanted.order_by(CareLink.until, CareLink.id).limit(most)).all()


def from_guardians(conn: Connection, link_id: UUID | None, most: int) -> Sequence[Row[Any]]:
    """Active links that a guardian made, whole rows, by id from after one on; a walk through all of them."""
    wanted = select(CareLink).where(CareLink.state == "active", CareLink.evidence == "guardian")
    if link_id:
        wanted = wanted.where(CareLink.id > link_id)
    return conn.execute(wanted.order_by(CareLink.id).limit(most)).all()


def add_link(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an active link; a pair has one, which `end_pair` ends before."""
    insert_row(tx, CareLink, row)


def end_link(tx: Tx, link_id: UUID, now: datetime) -> bool:
    """End an active link; of two that end it at once one did. False when it was over."""
    return _end(tx, CareLink.id == link_id, now)


def end_pair(tx: Tx, person_id: UUID, carer_id: UUID, now: datetime) -> bool:
    """End the active link of a pair; False when there is none."""
    return _end(tx, (CareLink.person_id == person_id) & (CareLink.carer_id == carer_id), now)


def _end(tx: Tx, which: ColumnElement[bool], now: datetime) -> bool:
    ended = update(CareLink).where(which, CareLink.state == "active").values(state="ended", ended_at=now)
    return tx.execute(ended).rowcount > 0


def unused_since(conn: Connection, person_id: UUID, carer_id: UUID, hour: datetime) -> bool:
    """Whether a pair has an active link that was not used in this hour yet."""
    return conn.execute(select(CareLink.id).where(*_unused(person_id, carer_id, hour))).first() is not None


def note_use(tx: Tx, person_id: UUID, carer_id: UUID, hour: datetime) -> None:
    """Note in which hour a link was last used."""
    tx.execute(update(CareLink).where(*_unused(person_id, carer_id, hour)).values(used_at=hour))


def _unused(person_id: UUID, carer_id: UUID, hour: datetime) -> tuple[ColumnElement[bool], ...]:
    mine = (CareLink.person_id == person_id, CareLink.carer_id == carer_id, CareLink.state == "active")
    return (*mine, or_(CareLink.used_at.is_(None), CareLink.used_at < hour))


def add_offer(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an offer."""
    insert_row(tx, CareOffer, row)


def offers(conn: Connection, person_ids: Iterable[UUID], now: datetime) -> Sequence[Row[Any]]:
    """The open offers for persons, whole rows, the one that ends last at the top."""
    wanted = select(CareOffer).where(CareOffer.person_id.in_(list(person_ids)), CareOffer.ends_at > now)
    return conn.execute(wanted.order_by(CareOffer.ends_at.desc(), CareOffer.code_index)).all()


def offer(conn: Connection, code_index: bytes) -> Row[Any] | None:
    """One offer, whole row, open or over."""
    return conn.execute(select(CareOffer).where(CareOffer.code_index == code_index)).one_or_none()


def take_offer(tx: Tx, code_index: bytes, now: datetime) -> Row[Any] | None:
    """Use an open offer up; answers its whole row. Of two that use it at once, one gets it."""
    used = delete(CareOffer).where(CareOffer.code_index == code_index, CareOffer.ends_at > now)
    return tx.execute(used.returning(*CareOffer.__table__.columns)).one_or_none()


def end_offer(tx: Tx, code_index: bytes) -> bool:
    """Take an offer back; False when it was taken up."""
    return tx.execute(delete(CareOffer).where(CareOffer.code_index == code_index)).rowcount == 1


def forget_offers(tx: Tx, now: datetime) -> int:
    """Forget the offers that are over; answers how many."""
    return tx.execute(delete(CareOffer).where(CareOffer.ends_at <= now)).rowcount


def hidden_from(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[UUID, UUID]]:
    """Person and carer of each safety switch that is on."""
    wanted = select(Safety.person_id, Safety.carer_id).where(Safety.person_id.in_(list(person_ids)))
    return conn.execute(wanted).all()


def hidden_by(conn: Connection, carer_id: UUID) -> set[UUID]:
    """The persons whose safety switch is on against somebody."""
    return set(conn.execute(select(Safety.person_id).where(Safety.carer_id == carer_id)).scalars())


def switches(conn: Connection, person_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], UUID | None]:
    """Who turned on each safety switch of persons, by person and carer; None where they are gone."""
    rows = conn.execute(select(Safety).where(Safety.person_id.in_(list(person_ids))))
    return {(row.person_id, row.carer_id): row.set_by for row in rows}


def hide(tx: Tx, row: Mapping[str, Any]) -> None:
    """Turn a safety switch on; one that is on stays as it is."""
    insert_once(tx, Safety, row)


def show(tx: Tx, person_id: UUID, carer_id: UUID) -> None:
    """Turn a safety switch off; nothing happens when it is off."""
    tx.execute(delete(Safety).where(Safety.person_id == person_id, Safety.carer_id == carer_id))
