"""Questions and writes to persons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.people.persons.tables import Person


def person_of(conn: Connection, account_id: UUID) -> Row[UUID, str, str] | None:
    """Id, adjective and species of an account's own person."""
    wanted = select(Person.id, Person.adjective, Person.species)
    return conn.execute(wanted.where(Person.account_id == account_id)).one_or_none()


def sealed_of(conn: Connection, person_ids: Iterable[UUID]) -> Sequence[Row[UUID, bytes, bytes | None]]:
    """Id, sealed date of birth and sealed own key of persons."""
    wanted = select(Person.id, Person.born_on_sealed, Person.key_sealed).where(Person.id.in_(list(person_ids)))
    return conn.execute(wanted).all()


def itself(person_id: UUID) -> Select[UUID]:
    """One person, as a list of them."""
    return select(Person.id).where(Person.id == person_id)


def among(conn: Connection, lists: Sequence[Select[UUID]]) -> list[UUID]:
    """The persons who are in any of some lists, the eldest of the house first."""
    wanted = select(Person.id).where(or_(false(), *(Person.id.in_(each) for each in lists)))
    return list(conn.execute(wanted.order_by(Person.created_at, Person.id)).scalars())


def accounts_of(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The accounts of persons, by person; those who have none are missing."""
    wanted = select(Person.id, Person.account_id).where(Person.id.in_(list(person_ids)))
    rows = conn.execute(wanted.where(Person.account_id.is_not(None)))
    return {row.id: row.account_id for row in rows if row.account_id}


def made_before(
    conn: Connection, before: datetime, among: Sequence[Select[UUID]], without: Sequence[Select[UUID]]
) -> list[UUID]:
    """The persons who were added before a moment, are in all of some lists and in none of some others."""
    wanted = select(Person.id).where(Person.created_at <= before, *(Person.id.in_(each) for each in among))
    wanted = wanted.where(*(Person.id.not_in(each) for each in without))
    return list(conn.execute(wanted.order_by(Person.created_at, Person.id)).scalars())


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
