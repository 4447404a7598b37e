"""Sign up, or ask for a new password; whoever is told nothing by the answer learns nothing by its time either."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.outbox import Message
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.accounts.rules import digest
from challenges_app.people.notices.actions import To, tell
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons.rules import is_born, is_child

TOO_YOUNG = refusal("account.too_young", 422)
OTHER_PASSWORD = refusal("link.other_password", 401)
NOT_BORN = refusal("account.not_born", 422)

TOPIC = "ask"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who signs up for themselves, 16 or older."""

    name: str
    password_hash: str
    language: Language
    born_on: date


def check_age(now: datetime, born_on: date) -> None:
    """Raise `account.too_young` below 16, whose account a guardian makes, and `account.not_born` for no such date."""
    if not is_born(born_on, now):
        raise NOT_BORN()
    if is_child(born_on, now):
        raise TOO_YOUNG()


def sign_up(tx: Tx, now: datetime, ring: KeyRing, who: Newcomer, *, verified: bool = False) -> UUID:
    """Open an account with its person; answers the account. Raises `account.name_taken`."""
    account_id = accounts.open_account(tx, now, ring, who.name, who.password_hash, who.language, verified=verified)
    persons.add_person(tx, now, ring, account_id, persons.new_face(), who.born_on)
    return account_id


def ask_to_sign_up(tx: Tx, now: datetime, ring: KeyRing, who: Newcomer) -> None:
    """Have a link mailed that finishes a sign-up; the worker finds out whether the address is known already."""
    holds = {"name": who.name, "hash": who.password_hash, "language": who.language, "born_on": who.born_on.isoformat()}
    _ask(tx, now, ring, "sign-up", holds)


def ask_for_password(tx: Tx, now: datetime, ring: KeyRing, name: str, language: Language) -> None:
    """Have a link mailed that lets somebody choose a new password, if there is such an account with an address."""
    _ask(tx, now, ring, "password", {"name": name, "language": language})


def password_of_sign_up(conn: Connection, now: datetime, ring: KeyRing, token: str) -> str:
    """The hash of the password that a sign-up waits for. Raises `link.over`."""
    found: str = accounts.read_link(conn, now, ring, "sign-up", token)["hash"]
    return found


def finish_sign_up(tx: Tx, now: datetime, ring: KeyRing, token: str) -> UUID:
    """Follow the mailed link; answers the new account. Raises `link.over` or `account.name_taken`."""
    _, holds = accounts.follow_link(tx, now, ring, "sign-up", token)
    born_on = date.fromisoformat(holds["born_on"])
    who = Newcomer(holds["name"], holds["hash"], holds["language"], born_on)
    return sign_up(tx, now, ring, who, verified=True)


def reset_password(tx: Tx, now: datetime, ring: KeyRing, token: str, password_hash: str) -> UUID:
    """Follow the mailed link with a new password; answers the account. Raises `link.over`."""
    account_id, _ = accounts.follow_link(tx, now, ring, "password", token)
    if account_id is None:
        raise accounts.LINK_OVER()
    accounts.choose_password(tx, account_id, password_hash)
    accounts.tell_owner(tx, now, ring, account_id, "password.changed")
    return account_id


def hold_password(tx: Tx, account_id: UUID, password_hash: str) -> None:
    """Hold a password that was found right, until the end; raises `session.wrong` if it was changed meanwhile.

    To check one takes long enough for its owner to change it, and to sign everybody out who is not signed in yet.
    """
    if account_rows.hold_password(tx, account_id) != password_hash:
        raise accounts.WRONG()


def hold_card(tx: Tx, account_id: UUID, code: str) -> None:
    """Hold a card that was found good, until the end; raises `card.wrong` if a new one was made meanwhile."""
    if account_rows.hold_card(tx, digest(code)) != account_id:
        raise accounts.CARD_WRONG()


def answer(tx: Tx, now: datetime, ring: KeyRing, address: str, message: Message) -> None:
    """Do what somebody asked for at a door that tells nothing."""
    kind, holds = _asked(ring, message)
    found = accounts.find(tx.conn, ring, holds["name"])
    if kind == "sign-up":
        _answer_sign_up(tx, now, ring, address, holds, known=found is not None)
    elif found is not None:
        _answer_password(tx, now, ring, address, found.id)


def _answer_sign_up(tx: Tx, now: datetime, ring: KeyRing, address: str, holds: dict[str, Any], *, known: bool) -> None:
    reader = To(holds["language"], None, holds["name"])
    if known:
        # A key by chance: SQLite gives an outbox row the number of one that is done.
        tell(tx, now, ring, f"known:{uuid4().hex}", reader, "known", link=f"{address}/")
    else:
        accounts.mail_link(tx, now, ring, "sign-up", reader, address, holds)


def _answer_password(tx: Tx, now: datetime, ring: KeyRing, address: str, account_id: UUID) -> None:
    reader = accounts.reader(tx.conn, ring, account_id)
    if reader.address:
        accounts.mail_link(tx, now, ring, "password", reader, address, {})


def _ask(tx: Tx, now: datetime, ring: KeyRing, kind: str, holds: dict[str, Any]) -> None:
    sealed = ring.seal(json.dumps({"kind": kind, **holds}), "ask", "", "holds")
    outbox.put(tx, now, TOPIC, {"sealed": base64.b64encode(sealed).decode()})


def _asked(ring: KeyRing, message: Message) -> tuple[str, dict[str, Any]]:
    holds: dict[str, Any] = json.loads(ring.open(base64.b64decode(message.body["sealed"]), "ask", "", "holds"))
    return holds.pop("kind"), holds
