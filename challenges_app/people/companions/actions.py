"""What holds between companions: which sides have agreed, as long as the consent holds under which they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.people.companions import queries
from challenges_app.people.consents import queries as consents


@dataclass(frozen=True, slots=True)
class Side:
    """Two who met, seen from one of them; a side whose agreement ended, as with the consent to play, is None."""

    person_id: UUID
    companion_id: UUID
    met_at: datetime
    agreed_at: datetime | None
    other_agreed_at: datetime | None

    @property
    def since(self) -> datetime | None:
        """Since when they are companions; None while a side waits."""
        both = (self.agreed_at, self.other_agreed_at)
        return max(each for each in both if each) if all(both) else None


def sides(conn: Connection, person_ids: Iterable[UUID], companion_id: UUID | None = None) -> list[Side]:
    """All that some persons have, or what they have with one companion; the last met at the top."""
    rows = queries.sides(conn, person_ids, companion_id)
    hold = consents.still_hold(conn, {each for row in rows for each in (row.consent_id, row.other_consent_id) if each})
    return [
        Side(
            row.person_id,
            row.companion_id,
            row.met_at,
            row.agreed_at if row.consent_id is None or row.consent_id in hold else None,
            row.other_agreed_at if row.other_consent_id is None or row.other_consent_id in hold else None,
        )
        for row in rows
    ]


def pairs(conn: Connection, person_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Person and companion of all whose both sides have agreed."""
    return [(side.person_id, side.companion_id) for side in sides(conn, person_ids) if side.since]
