"""What is done with persons: add one, and read what is sealed about them."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.people.persons import queries
from challenges_app.people.persons.rules import ADJECTIVES, ANIMALS


def add_person(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID | None, face: tuple[str, str], born_on: date
) -> UUID:
    """Add a person with a nickname's two keys; answers the id."""
    person_id = uuid4()
    row = {
        "id": person_id,
        "account_id": account_id,
        "adjective": face[0],
        "species": face[1],
        "born_on_sealed": ring.seal(born_on.isoformat(), "person", person_id, "born_on"),
        "created_at": now,
    }
    queries.add_person(tx, row)
    return person_id


def new_face() -> tuple[str, str]:
    """The two keys of a fresh nickname, by chance."""
    return secrets.choice(ADJECTIVES), secrets.choice(ANIMALS)


def change_face(tx: Tx, person_id: UUID, face: tuple[str, str]) -> None:
    """Give a person another nickname."""
    queries.set_face(tx, person_id, *face)


def born_on_of(conn: Connection, ring: KeyRing, person_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Dates of birth, unsealed, by person."""
    return {each: born_on(ring, each, sealed) for each, sealed in queries.born_on_of(conn, person_ids).items()}


def born_on(ring: KeyRing, person_id: UUID, sealed: bytes) -> date:
    """A person's date of birth, unsealed."""
    return date.fromisoformat(ring.open(sealed, "person", person_id, "born_on"))
