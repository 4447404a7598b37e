"""What is done with consents: give one, withdraw it, and ask whether it holds."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.people.consents import queries
from challenges_app.people.consents.rules import About


def given(conn: Connection, person_id: UUID, about: About) -> bool:
    """Whether a consent holds for a person."""
    return person_id in queries.holding(conn, [person_id], about)


def give(tx: Tx, now: datetime, person_id: UUID, about: About, by: UUID | None) -> None:
    """Agree for a person; one that holds already stays as it is.

    The caller keeps everybody else from agreeing for the same person meanwhile.
    """
    if not given(tx.conn, person_id, about):
        row = {"id": uuid4(), "person_id": person_id, "about": about, "given_by": by, "given_at": now}
        queries.add_consent(tx, {**row, "withdrawn_at": None})


def withdraw(tx: Tx, now: datetime, person_id: UUID, about: About) -> None:
    """Withdraw what was agreed for a person, from now on; the rows stay."""
    queries.withdraw(tx, person_id, about, now)
