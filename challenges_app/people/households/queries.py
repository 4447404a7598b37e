"""Questions and writes to households."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.people.households.tables import Household, HouseholdMember


def household_of(conn: Connection, person_id: UUID) -> Row[UUID, str, str, str] | None:
    """Id, the two words of the name, and the person's role in it."""
    wanted = select(Household.id, Household.adjective, Household.species, HouseholdMember.role)
    wanted = wanted.join(HouseholdMember, HouseholdMember.household_id == Household.id)
    return conn.execute(wanted.where(HouseholdMember.person_id == person_id)).one_or_none()


def names(conn: Connection, household_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The two words of households' names, by id."""
    wanted = select(Household.id, Household.adjective, Household.species).where(Household.id.in_(list(household_ids)))
    return {row.id: (row.adjective, row.species) for row in conn.execute(wanted)}


def add_household(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a household."""
    insert_row(tx, Household, row)


def add_member(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a person to a household."""
    insert_row(tx, HouseholdMember, row)
