"""Questions and writes to consents."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.people.consents.tables import Consent


def holding(conn: Connection, person_ids: Iterable[UUID], about: str) -> set[UUID]:
    """Those of some persons for whom a consent holds."""
    wanted = select(Consent.person_id).where(Consent.person_id.in_(list(person_ids)))
    return set(conn.execute(wanted.where(Consent.about == about, Consent.withdrawn_at.is_(None))).scalars())


def holding_id(conn: Connection, person_id: UUID, about: str) -> UUID | None:
    """The consent that holds for a person."""
    wanted = select(Consent.id).where(Consent.person_id == person_id, Consent.about == about)
    return conn.execute(wanted.where(Consent.withdrawn_at.is_(None))).scalar_one_or_none()


def still_hold(conn: Connection, consent_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some consents that were not withdrawn."""
    wanted = select(Consent.id).where(Consent.id.in_(list(consent_ids)), Consent.withdrawn_at.is_(None))
    return set(conn.execute(wanted).scalars())


def ever_given() -> Select[UUID]:
    """The persons for whom anything was ever agreed to, whether it still holds or not."""
    return select(Consent.person_id)


def last_withdrawal(conn: Connection) -> datetime | None:
    """When a consent was last withdrawn, whosever it was; what was worked out before that may show too much."""
    return conn.execute(select(func.max(Consent.withdrawn_at))).scalar_one()


def add_consent(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a consent."""
    insert_row(tx, Consent, row)


def withdraw(tx: Tx, person_id: UUID, about: str, now: datetime) -> bool:
    """End the consents that hold for a person; False when there was none."""
    held = update(Consent).where(Consent.person_id == person_id, Consent.about == about)
    return tx.execute(held.where(Consent.withdrawn_at.is_(None)).values(withdrawn_at=now)).rowcount > 0
