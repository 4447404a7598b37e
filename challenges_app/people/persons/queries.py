"""Questions and writes to persons."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.people.persons.tables import Person


def person_of(conn: Connection, account_id: UUID) -> Row[UUID, str, str, bytes] | None:
    """Id, adjective, species and sealed date of birth of an account's own person."""
    wanted = select(Person.id, Person.adjective, Person.species, Person.born_on_sealed)
    return conn.execute(wanted.where(Person.account_id == account_id)).one_or_none()


def born_on_sealed(conn: Connection, person_id: UUID) -> bytes | None:
    """A person's sealed date of birth, or None for somebody who is not there."""
    return conn.execute(select(Person.born_on_sealed).where(Person.id == person_id)).scalar_one_or_none()


def born_on_of(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Sealed dates of birth, by person."""
    wanted = select(Person.id, Person.born_on_sealed).where(Person.id.in_(list(person_ids)))
    return {row.id: row.born_on_sealed for row in conn.execute(wanted)}


def accounts_of(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The accounts of persons, by person; those who have none are missing."""
    wanted = select(Person.id, Person.account_id).where(Person.id.in_(list(person_ids)))
    rows = conn.execute(wanted.where(Person.account_id.is_not(None)))
    return {row.id: row.account_id for row in rows if row.account_id}


def hold(tx: Tx, person_id: UUID) -> None:
    """Keep others from acting for the same person until the end; on SQLite a writing transaction already does."""
    tx.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def faces(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Adjective and species of persons, by id."""
    wanted = select(Person.id, Person.adjective, Person.species).where(Person.id.in_(list(person_ids)))
    return {row.id: (row.adjective, row.species) for row in conn.execute(wanted)}


def set_face(tx: Tx, person_id: UUID, adjective: str, species: str) -> None:
    """Set the two keys of a person's nickname."""
    tx.execute(update(Person).where(Person.id == person_id).values(adjective=adjective, species=species))


def set_account(tx: Tx, person_id: UUID, account_id: UUID) -> None:
    """Give a person without an account one."""
    tx.execute(update(Person).where(Person.id == person_id, Person.account_id.is_(None)).values(account_id=account_id))


def add_person(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a person."""
    insert_row(tx, Person, row)
