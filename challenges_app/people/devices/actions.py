"""Know a browser again by the mark that it keeps, and tell whose account it is when one signs in that is new."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import say_all
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.households import queries as households
from challenges_app.people.notices.actions import Value, tell
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import HONG_KONG, is_child, nickname


def recognise(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, mark: bytes, device: str) -> None:
    """Note that an account signed in with a browser; of a new one its owner is told, and for a child its guardians.

    `mark` is the digest of what the browser keeps. The very first sign-in of an account is news to nobody.
    """
    account_rows.hold(tx, account_id)  # or of two browsers that come first at once, neither would be told of
    known = account_rows.knows_devices(tx.conn, account_id)
    if not account_rows.know_device(tx, {"account_id": account_id, "digest": mark, "seen_at": now}) or not known:
        return
    values: dict[str, Value] = {
        "device": device or say_all("device.unnamed"),
        "at": f"{now.astimezone(HONG_KONG):%Y-%m-%d %H:%M}",
    }
    key = f"device:{account_id.hex}:{mark.hex()[:32]}"
    tell(tx, now, ring, key, accounts.reader(tx.conn, ring, account_id), "device.new", **values)
    person = person_rows.person_of(tx.conn, account_id)
    if person is None:
        return
    name = nickname(person.adjective, person.species)
    for guardian in _guardians(tx.conn, now, ring, person.id):
        to = accounts.reader(tx.conn, ring, guardian)
        tell(tx, now, ring, f"{key}:{guardian.hex[:16]}", to, "device.child", name=name, **values)


def _guardians(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID) -> list[UUID]:
    """The accounts of a child's guardians; nobody guards a person of 16 or more."""
    born = persons.born_on(conn, ring, person_id)
    home = households.household_of(conn, person_id)
    if born is None or home is None or not is_child(born, now):
        return []
    guardians = [row.person_id for row in households.members(conn, home.id) if row.role == "guardian"]
    return list(person_rows.accounts_of(conn, guardians).values())
