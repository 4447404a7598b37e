"""Questions and writes to organisations and memberships."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_row
from challenges_app.people.organisations.tables import Membership, Organisation


def memberships(conn: Connection, account_id: UUID, at: datetime) -> Sequence[Row[str, str | None]]:
    """Role and school (None outside schools) of each membership that an account holds at a moment."""
    wanted = select(Membership.role, Organisation.school_id).join(
        Organisation, Organisation.id == Membership.organisation_id
    )
    wanted = wanted.where(Membership.account_id == account_id, Membership.since <= at)
    return conn.execute(wanted.where(or_(Membership.until.is_(None), Membership.until > at))).all()


def add_organisation(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add an organisation."""
    insert_row(tx, Organisation, row)


def add_membership(tx: Tx, row: Mapping[str, Any]) -> None:
    """Give an account a role in an organisation."""
    insert_row(tx, Membership, row)
