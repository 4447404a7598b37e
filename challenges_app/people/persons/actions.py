"""What is done with persons: add one, and read what is sealed about them."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.people.persons import queries
from challenges_app.people.persons.rules import ADJECTIVES, ANIMALS


def add_person(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID | None, face: tuple[str, str], born_on: date
) -> UUID:
    """Add a person with a nickname's two keys; answers the id."""
    person_id = uuid4()
    key = ring.fresh_own_key("person", person_id)
    row = {
        "id": person_id,
        "account_id": account_id,
        "adjective": face[0],
        "species": face[1],
        "born_on_sealed": ring.own(key, "person", person_id).seal(born_on.isoformat(), "person", person_id, "born_on"),
        "created_at": now,
        "key_sealed": key,
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
    return {row.id: _born_on(ring, row) for row in queries.sealed_of(conn, person_ids)}


def born_on(conn: Connection, ring: KeyRing, person_id: UUID) -> date | None:
    """A person's date of birth, unsealed; None for somebody who is not there."""
    return born_on_of(conn, ring, [person_id]).get(person_id)


def own_ring(conn: Connection, ring: KeyRing, person_id: UUID) -> KeyRing:
    """The ring under which everything about one person is sealed; for somebody who is not there, the shared one."""
    return next((_own(ring, row) for row in queries.sealed_of(conn, [person_id])), ring)


def _own(ring: KeyRing, row: Row[UUID, bytes, bytes | None]) -> KeyRing:
    return ring.own(row.key_sealed, "person", row.id)


def _born_on(ring: KeyRing, row: Row[UUID, bytes, bytes | None]) -> date:
    return date.fromisoformat(_own(ring, row).open(row.born_on_sealed, "person", row.id, "born_on"))
