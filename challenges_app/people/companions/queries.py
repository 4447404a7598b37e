"""Questions and writes to companions."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.orm import aliased

from challenges_app.people.companions.tables import Companion


def companions_of(person_id: UUID) -> Select[UUID]:
    """The persons with whom somebody is companions: both sides have agreed."""
    other = aliased(Companion)
    mine = select(Companion.companion_id).where(Companion.person_id == person_id, Companion.agreed_at.is_not(None))
    both = (other.person_id == Companion.companion_id) & (other.companion_id == Companion.person_id)
    return mine.join(other, both).where(other.agreed_at.is_not(None))


def pairs(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[UUID, UUID]]:
    """Person and companion, of all that some persons have."""
    other = aliased(Companion)
    both = (other.person_id == Companion.companion_id) & (other.companion_id == Companion.person_id)
    wanted = select(Companion.person_id, Companion.companion_id).join(other, both)
    wanted = wanted.where(Companion.agreed_at.is_not(None), other.agreed_at.is_not(None))
    return conn.execute(wanted.where(Companion.person_id.in_(list(person_ids)))).all()
