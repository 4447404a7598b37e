"""Questions and writes to organisations and memberships."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_row
from challenges_app.people.organisations.tables import Membership, Organisation, OrganisationInvite


def memberships(conn: Connection, account_id: UUID, at: datetime) -> Sequence[Row[str, str | None]]:
    """Role and school (None outside schools) of each membership that an account holds at a moment."""
    wanted = select(Membership.role, Organisation.school_id).join(
        Organisation, Organisation.id == Membership.organisation_id
    )
    wanted = wanted.where(Membership.account_id == account_id, Membership.since <= at)
    return conn.execute(wanted.where(or_(Membership.until.is_(None), Membership.until > at))).all()


def others_in_role(conn: Connection, account_id: UUID, role: str, at: datetime) -> dict[UUID, set[UUID]]:
    """The organisations in which an account holds a role at a moment, and the other accounts that hold it there."""
    holds = (Membership.role == role, Membership.since <= at, or_(Membership.until.is_(None), Membership.until > at))
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id, *holds)
    wanted = select(Membership.organisation_id, Membership.account_id).where(Membership.organisation_id.in_(mine))
    found: dict[UUID, set[UUID]] = {}
    for organisation_id, holder in conn.execute(wanted.where(*holds)):
        found.setdefault(organisation_id, set()).update({holder} - {account_id})
    return found


def add_organisation(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an organisation."""
    insert_row(tx, Organisation, row)


def add_membership(tx: Tx, row: Mapping[str, Any]) -> None:
    """Give an account a role in an organisation."""
    insert_row(tx, Membership, row)


def organisation(conn: Connection, organisation_id: UUID) -> Row[Any] | None:
    """One organisation, whole row."""
    return conn.execute(select(Organisation).where(Organisation.id == organisation_id)).one_or_none()


def organisations(conn: Connection) -> Sequence[Row[Any]]:
    """All organisations, whole rows, by kind and name."""
    return conn.execute(select(Organisation).order_by(Organisation.kind, Organisation.name_en, Organisation.id)).all()


def organisations_of(conn: Connection, account_id: UUID, at: datetime) -> Sequence[Row[Any]]:
    """The organisations in which an account holds a role at a moment, whole rows, by name."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id, _holds(at))
    wanted = select(Organisation).where(Organisation.id.in_(mine))
    return conn.execute(wanted.order_by(Organisation.name_en, Organisation.id)).all()


def members(conn: Connection, organisation_id: UUID, at: datetime) -> Sequence[Row[UUID, str, datetime]]:
    """Account, role and since when, of everybody who holds a role in an organisation, the longest first."""
    wanted = select(Membership.account_id, Membership.role, Membership.since)
    wanted = wanted.where(Membership.organisation_id == organisation_id, _holds(at))
    return conn.execute(wanted.order_by(Membership.since, Membership.account_id, Membership.role)).all()


def hold(tx: Tx, organisation_id: UUID) -> None:
    """Keep others from changing who is in an organisation until the end; SQLite's writing transactions already do."""
    tx.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def join(tx: Tx, row: Mapping[str, Any], now: datetime) -> bool:
    """Give an account a role in an organisation, also one that it held before; False when it holds it now."""
    if insert_once(tx, Membership, row):
        return True
    again = update(Membership).where(_is(row["account_id"], row["organisation_id"], row["role"]))
    return tx.execute(again.where(Membership.until <= now).values(**row)).rowcount == 1


def end_membership(tx: Tx, account_id: UUID, organisation_id: UUID, role: str, now: datetime) -> bool:
    """Let a role end; False when the account does not hold it."""
    mine = update(Membership).where(_is(account_id, organisation_id, role), _holds(now))
    return tx.execute(mine.values(until=now)).rowcount == 1


def add_invite(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an invitation."""
    insert_row(tx, OrganisationInvite, row)


def invites(conn: Connection, organisation_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    """An organisation's open invitations, whole rows, the one that ends last at the top."""
    wanted = select(OrganisationInvite).where(OrganisationInvite.organisation_id == organisation_id)
    wanted = wanted.where(OrganisationInvite.ends_at > now)
    return conn.execute(wanted.order_by(OrganisationInvite.ends_at.desc(), OrganisationInvite.code_index)).all()


def take_invite(tx: Tx, code_index: bytes, now: datetime) -> Row[Any] | None:
    """Use an open invitation up; answers its organisation and role. Of two that use it at once, one gets it."""
    used = delete(OrganisationInvite).where(OrganisationInvite.code_index == code_index)
    used = used.where(OrganisationInvite.ends_at > now)
    return tx.execute(used.returning(OrganisationInvite.organisation_id, OrganisationInvite.role)).one_or_none()


def end_invite(tx: Tx, organisation_id: UUID, code_index: bytes) -> bool:
    """Take back one of an organisation's invitations; False when there is none."""
    mine = delete(OrganisationInvite).where(OrganisationInvite.organisation_id == organisation_id)
    return tx.execute(mine.where(OrganisationInvite.code_index == code_index)).rowcount == 1


def end_invites_by(tx: Tx, organisation_id: UUID, account_id: UUID) -> None:
    """Take back all invitations that somebody made for an organisation."""
    mine = delete(OrganisationInvite).where(OrganisationInvite.organisation_id == organisation_id)
    tx.execute(mine.where(OrganisationInvite.made_by == account_id))


def _holds(at: datetime) -> ColumnElement[bool]:
    return (Membership.since <= at) & or_(Membership.until.is_(None), Membership.until > at)


def _is(account_id: UUID, organisation_id: UUID, role: str) -> ColumnElement[bool]:
    whose = (Membership.account_id == account_id) & (Membership.organisation_id == organisation_id)
    return whose & (Membership.role == role)
