"""Questions and writes to households."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_row
from challenges_app.people.households.tables import Household, HouseholdInvite, HouseholdMember


def household_of(conn: Connection, person_id: UUID) -> Row[UUID, str, str, str] | None:
    """Id, the two words of the name, and the person's role in it."""
    wanted = select(Household.id, Household.adjective, Household.species, HouseholdMember.role)
    wanted = wanted.join(HouseholdMember, HouseholdMember.household_id == Household.id)
    return conn.execute(wanted.where(HouseholdMember.person_id == person_id)).one_or_none()


def households_of(conn: Connection, person_ids: Iterable[UUID]) -> dict[UUID, Row[UUID, UUID, str]]:
    """Person, household and role in it, by person; those without a household are missing."""
    wanted = select(HouseholdMember.person_id, HouseholdMember.household_id, HouseholdMember.role)
    return {row.person_id: row for row in conn.execute(wanted.where(HouseholdMember.person_id.in_(list(person_ids))))}


def member_ids(household_id: UUID) -> Select[UUID]:
    """The persons of a household."""
    return select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)


def settled() -> Select[UUID]:
    """The persons who are in a household."""
    return select(HouseholdMember.person_id)


def names(conn: Connection, household_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The two words of households' names, by id."""
    wanted = select(Household.id, Household.adjective, Household.species).where(Household.id.in_(list(household_ids)))
    return {row.id: (row.adjective, row.species) for row in conn.execute(wanted)}


def add_household(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a household."""
    insert_row(tx, Household, row)


def add_member(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a person to a household; False when they are in one."""
    return insert_once(tx, HouseholdMember, row)


def end_member(tx: Tx, household_id: UUID, person_id: UUID) -> None:
    """Take a person out of a household."""
    mine = delete(HouseholdMember).where(HouseholdMember.household_id == household_id)
    tx.execute(mine.where(HouseholdMember.person_id == person_id))


def end_empty(tx: Tx, household_id: UUID) -> None:
    """Forget a household in which nobody is left; the caller holds it."""
    inside = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    tx.execute(delete(Household).where(Household.id == household_id, ~inside.exists()))


def members(conn: Connection, household_id: UUID) -> Sequence[Row[UUID, str]]:
    """Person and role of each member, guardians first, then as they came."""
    wanted = select(HouseholdMember.person_id, HouseholdMember.role)
    wanted = wanted.where(HouseholdMember.household_id == household_id)
    order = (HouseholdMember.role != "guardian", HouseholdMember.since, HouseholdMember.person_id)
    return conn.execute(wanted.order_by(*order)).all()


def guarded_after(conn: Connection, person_id: UUID | None, most: int) -> Sequence[Row[UUID, UUID]]:
    """Person and household of members who are no guardians, by id from after one on; a walk through all of them."""
    wanted = select(HouseholdMember.person_id, HouseholdMember.household_id).where(HouseholdMember.role == "member")
    if person_id:
        wanted = wanted.where(HouseholdMember.person_id > person_id)
    return conn.execute(wanted.order_by(HouseholdMember.person_id).limit(most)).all()


def hold(tx: Tx, household_id: UUID) -> None:
    """Keep others from changing a household until the end; on SQLite a writing transaction already does."""
    tx.execute(select(Household.id).where(Household.id == household_id).with_for_update())


def add_invite(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an invitation."""
    insert_row(tx, HouseholdInvite, row)


def invites(conn: Connection, household_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    """A household's open invitations, whole rows, the one that ends last at the top."""
    wanted = select(HouseholdInvite).where(HouseholdInvite.household_id == household_id, HouseholdInvite.ends_at > now)
    return conn.execute(wanted.order_by(HouseholdInvite.ends_at.desc(), HouseholdInvite.code_index)).all()


def take_invite(tx: Tx, code_index: bytes, now: datetime) -> Row[Any] | None:
    """Use an open invitation up; answers its household, role and maker. Of two that use it at once, one gets it."""
    used = delete(HouseholdInvite).where(HouseholdInvite.code_index == code_index, HouseholdInvite.ends_at > now)
    told = (HouseholdInvite.household_id, HouseholdInvite.role, HouseholdInvite.made_by)
    return tx.execute(used.returning(*told)).one_or_none()


def end_invite(tx: Tx, household_id: UUID, code_index: bytes) -> bool:
    """Take back one of a household's invitations; False when there is none."""
    mine = delete(HouseholdInvite).where(HouseholdInvite.household_id == household_id)
    return tx.execute(mine.where(HouseholdInvite.code_index == code_index)).rowcount == 1


def end_invites_by(tx: Tx, person_id: UUID) -> None:
    """Take back all invitations that somebody made."""
    tx.execute(delete(HouseholdInvite).where(HouseholdInvite.made_by == person_id))


def forget_invites(tx: Tx, now: datetime) -> int:
    """Forget the invitations that are over; answers how many."""
    return tx.execute(delete(HouseholdInvite).where(HouseholdInvite.ends_at <= now)).rowcount
