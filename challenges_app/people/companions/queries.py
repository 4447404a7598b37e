"""Questions and writes to companions, and to the codes by which they meet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.orm import aliased

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_or_add
from challenges_app.people.companions.tables import Companion, MeetingCode


def companions_of(person_id: UUID) -> Select[UUID]:
    """The persons with whom both sides have agreed; whether what was agreed still holds is decided afterwards."""
    other = aliased(Companion)
    mine = select(Companion.companion_id).where(Companion.person_id == person_id, Companion.agreed_at.is_not(None))
    both = (other.person_id == Companion.companion_id) & (other.companion_id == Companion.person_id)
    return mine.join(other, both).where(other.agreed_at.is_not(None))


def sides(
    conn: Connection, person_ids: Iterable[UUID], companion_id: UUID | None = None
) -> Sequence[Row[UUID, UUID, datetime, datetime | None, UUID | None, datetime | None, UUID | None]]:
    """All that some persons have, or the one with a companion, the last met at the top.

    Person, companion, when they met, and of each side when it agreed and under which consent.
    """
    other = aliased(Companion)
    both = (other.person_id == Companion.companion_id) & (other.companion_id == Companion.person_id)
    own = (Companion.person_id, Companion.companion_id, Companion.met_at, Companion.agreed_at, Companion.consent_id)
    theirs = (other.agreed_at.label("other_agreed_at"), other.consent_id.label("other_consent_id"))
    wanted = select(*own, *theirs).join(other, both).where(Companion.person_id.in_(list(person_ids)))
    if companion_id:
        wanted = wanted.where(Companion.companion_id == companion_id)
    return conn.execute(wanted.order_by(Companion.met_at.desc(), Companion.companion_id)).all()


def how_many(conn: Connection, person_ids: Iterable[UUID]) -> list[int]:
    """How many each of some persons has, those that wait among them; nobody is told whose number it is."""
    wanted = select(func.count()).where(Companion.person_id.in_(list(person_ids))).group_by(Companion.person_id)
    return list(conn.execute(wanted).scalars())


def meet(tx: Tx, one: UUID, other: UUID, now: datetime) -> None:
    """Note both sides of two who met, neither of which has agreed; those who met before stay as they are."""
    begun = {"met_at": now, "agreed_at": None, "agreed_by": None, "consent_id": None}
    rows = [{"person_id": one, "companion_id": other, **begun}, {"person_id": other, "companion_id": one, **begun}]
    insert_missing(tx, Companion, rows)


def agree(tx: Tx, person_id: UUID, companion_id: UUID, now: datetime, by: UUID | None, consent_id: UUID | None) -> None:
    """Note that one side has agreed, and under which consent if it is a child's."""
    mine = update(Companion).where(Companion.person_id == person_id, Companion.companion_id == companion_id)
    tx.execute(mine.values(agreed_at=now, agreed_by=by, consent_id=consent_id))


def part(tx: Tx, one: UUID, other: UUID) -> bool:
    """Forget both sides of two; False when there were none."""
    first = (Companion.person_id == one) & (Companion.companion_id == other)
    second = (Companion.person_id == other) & (Companion.companion_id == one)
    return tx.execute(delete(Companion).where(or_(first, second))).rowcount > 0


def keep_code(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep somebody's code in place of the one before."""
    insert_or_add(tx, MeetingCode, row, key=("person_id",), add=(), replace=("code_index", "ends_at"))


def take_code(tx: Tx, code_index: bytes, now: datetime) -> UUID | None:
    """Use a code up; answers who showed it. Of two who scan it at once, one gets it."""
    used = delete(MeetingCode).where(MeetingCode.code_index == code_index, MeetingCode.ends_at > now)
    return tx.execute(used.returning(MeetingCode.person_id)).scalar_one_or_none()


def forget_codes(tx: Tx, now: datetime) -> int:
    """Forget the codes that are over; answers how many."""
    return tx.execute(delete(MeetingCode).where(MeetingCode.ends_at <= now)).rowcount
