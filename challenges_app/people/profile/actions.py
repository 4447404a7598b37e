"""What somebody does with their own account: change the password, or choose the first one at 16."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import is_child

TOO_YOUNG = refusal("credentials.too_young", 403)
HAS_THEM = refusal("credentials.has_them", 409)


def change_password(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, password_hash: str) -> None:
    """Set another password; every device but this one is signed out, and whose account it is is told."""
    accounts.choose_password(tx, account_id, password_hash, keep=session)
    accounts.tell_owner(tx, now, ring, account_id, "password.changed")


def waits_for_credentials(conn: Connection, now: datetime, ring: KeyRing, account_id: UUID) -> bool:
    """Whether an account signs in by a card only, though its person is 16 or older."""
    return queries.password_hash(conn, account_id) == "" and _grown(conn, now, ring, account_id)


def choose_credentials(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, name: str, password_hash: str
) -> None:
    """Give an account that signed in by a card a name and a password; the card and all other devices are over.

    Raises `credentials.too_young` below 16, `credentials.has_them` for an account with a password, and
    `account.name_taken`.
    """
    if not _grown(tx.conn, now, ring, account_id):
        raise TOO_YOUNG()
    changed = {
        "name_index": accounts.name_index(ring, name),
        "name_sealed": ring.seal(name, "account", account_id, "name"),
        "password_hash": password_hash,
    }
    outcome = queries.set_credentials(tx, account_id, changed)
    if outcome != "set":
        raise accounts.NAME_TAKEN() if outcome == "taken" else HAS_THEM()
    queries.end_card(tx, account_id)
    queries.end_sessions(tx, account_id, session)
    accounts.tell_owner(tx, now, ring, account_id, "password.own")


def _grown(conn: Connection, now: datetime, ring: KeyRing, account_id: UUID) -> bool:
    person = person_rows.person_of(conn, account_id)
    born_on = persons.born_on(conn, ring, person.id) if person else None
    return born_on is not None and not is_child(born_on, now)
