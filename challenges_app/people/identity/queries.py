"""Questions and writes to identities and counter codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_replace
from challenges_app.people.identity.tables import CounterCode, Identity


def checked(conn: Connection, person_id: UUID) -> Row[str, datetime] | None:
    """How and when a person's identity was checked; the number itself is asked for nowhere."""
    wanted = select(Identity.method, Identity.checked_at).where(Identity.person_id == person_id)
    return conn.execute(wanted).one_or_none()


def add_identity(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a checked identity; False when the person has one, or another person has the number."""
    return insert_once(tx, Identity, row)


def keep_code(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a person's code in place of the one before."""
    insert_or_replace(tx, CounterCode, [row], key=("person_id",), replace=("code_index", "ends_at"))


def code_holder(conn: Connection, code_index: bytes, now: datetime) -> UUID | None:
    """Whose code it is that has not ended."""
    wanted = select(CounterCode.person_id).where(CounterCode.code_index == code_index, CounterCode.ends_at > now)
    return conn.execute(wanted).scalar_one_or_none()


def take_code(tx: Tx, code_index: bytes, now: datetime) -> UUID | None:
    """Use a code up; answers whose it was. Of two that use it at once, one gets it."""
    used = delete(CounterCode).where(CounterCode.code_index == code_index, CounterCode.ends_at > now)
    return tx.execute(used.returning(CounterCode.person_id)).scalar_one_or_none()


def end_code(tx: Tx, person_id: UUID) -> None:
    """Let a person's code, if there is one, reach nobody any more."""
    tx.execute(delete(CounterCode).where(CounterCode.person_id == person_id))


def forget_codes(tx: Tx, now: datetime) -> int:
    """Forget the codes that are over; answers how many."""
    return tx.execute(delete(CounterCode).where(CounterCode.ends_at <= now)).rowcount
