"""What is done with accounts: sign up, verify an address, choose a new password, sign devices in and out."""

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.accounts import queries, rules
from challenges_app.people.notices.actions import To, tell
from challenges_app.people.notices.rules import Kind

WRONG = refusal("session.wrong", 401)
NAME_TAKEN = refusal("account.name_taken", 409)
NO_NAME = refusal("account.no_name", 422)
NO_EMAIL = refusal("account.no_email", 422)
WEAK = refusal("account.weak_password", 422)
LINK_OVER = refusal("link.over", 410)
UNKNOWN_DEVICE = refusal("device.unknown", 404)
CARD_WRONG = refusal("card.wrong", 401)

Mailed = Literal["sign-up", "email", "password"]
# second: a sign-in that waits for its second step; key-add, key-prove: the challenge of a passkey; iam-smart,
# tracker: the state with which somebody is sent to iAM Smart, or to the vendor of a tracker.
Purpose = Mailed | Literal["second", "key-add", "key-prove", "iam-smart", "tracker"]
KIND: dict[Mailed, Kind] = {"sign-up": "link.sign-up", "email": "link.email", "password": "link.password"}


def name_index(ring: KeyRing, name: str) -> bytes:
    """The blind index under which an account with this name is found."""
    return ring.blind(name, "account", "name")


def email_index(ring: KeyRing, email: str) -> bytes:
    """The blind index of an e-mail address that was verified."""
    return ring.blind(email, "account", "email")


def check_name(name: str) -> None:
    """Raise `account.no_name` unless a text can be a user name."""
    if not rules.is_name(name):
        raise NO_NAME()


def check_email(email: str) -> None:
    """Raise `account.no_email` unless a text can be an address."""
    if not rules.is_email(email):
        raise NO_EMAIL()


def check_password(password: str, name: str) -> None:
    """Raise `account.weak_password` for one that would be guessed."""
    if rules.is_weak(password, name):
        raise WEAK(least=rules.SHORTEST_PASSWORD)


def open_account(
    tx: Tx, now: datetime, ring: KeyRing, name: str, password_hash: str, language: str, *, verified: bool = False
) -> UUID:
    """Open an account; `verified` when its name is an e-mail address that was proved. Raises `account.name_taken`."""
    account_id = uuid4()
    row = {
        "id": account_id,
        "name_index": name_index(ring, name),
        "name_sealed": ring.seal(name, "account", account_id, "name"),
        "password_hash": password_hash,
        "language": language,
        "created_at": now,
        "email_index": email_index(ring, name) if verified else None,
        "email_sealed": ring.seal(name, "account", account_id, "email") if verified else None,
    }
    if not queries.add_account(tx, row):
        raise NAME_TAKEN()
    return account_id


def find(conn: Connection, ring: KeyRing, name: str) -> Any:
    """Account id and password hash behind a user name or a verified address, or None."""
    return queries.credentials(conn, name_index(ring, name), email_index(ring, name))


def mail_link(
    tx: Tx, now: datetime, ring: KeyRing, purpose: Mailed, to: To, address: str, holds: dict[str, Any]
) -> None:
    """Mail a link that works once; whoever follows it proves that the address is theirs.

    `address` is where our page is; the link's token travels behind a #, so that it stays out of every server's log.
    """
    token = make_once(tx, now, ring, purpose, to.account_id, holds)
    # A link is no news for the list in the app: it goes to the address alone.
    reader = To(to.language, None, to.address)
    key = f"link:{rules.digest(token).hex()}"
    tell(tx, now, ring, key, reader, KIND[purpose], link=f"{address}/#/link/{purpose}/{token}")


def make_once(
    tx: Tx, now: datetime, ring: KeyRing, purpose: Purpose, account_id: UUID | None, holds: dict[str, Any]
) -> str:
    """Make a secret that works once, of 256 bits in URL-safe text, for an account or nobody yet."""
    token = rules.new_session_id()
    digest = rules.digest(token)
    row = {
        "digest": digest,
        "purpose": purpose,
        "account_id": account_id,
        "holds_sealed": ring.seal(json.dumps(holds), "once_link", digest.hex(), "holds"),
        "ends_at": now + rules.LINK_LASTS[purpose],
    }
    queries.add_link(tx, row)
    return token


def follow_link(
    tx: Tx, now: datetime, ring: KeyRing, purpose: Purpose, token: str
) -> tuple[UUID | None, dict[str, Any]]:
    """Use a link up; answers its account, if it has one, and what it holds. Raises `link.over`."""
    digest = rules.digest(token)
    row = queries.take_link(tx, digest, purpose)
    if row is None:
        raise LINK_OVER()
    return row.account_id, _held(now, ring, digest, row)


def read_link(conn: Connection, now: datetime, ring: KeyRing, purpose: Purpose, token: str) -> dict[str, Any]:
    """What a link holds, without using it up. Raises `link.over`."""
    digest = rules.digest(token)
    row = queries.link(conn, digest, purpose)
    if row is None:
        raise LINK_OVER()
    return _held(now, ring, digest, row)


def _held(now: datetime, ring: KeyRing, digest: bytes, row: Any) -> dict[str, Any]:
    if row.ends_at <= now:
        raise LINK_OVER()
    holds: dict[str, Any] = json.loads(ring.open(row.holds_sealed, "once_link", digest.hex(), "holds"))
    return holds


def verify_email(tx: Tx, ring: KeyRing, account_id: UUID, email: str) -> None:
    """Give an account an address that was proved; raises `account.name_taken` when another account has it.

    Links that were mailed before are worthless from then on: they went to an address that may have fallen to others.
    """
    index = email_index(ring, email)
    if not queries.set_email(tx, account_id, index, ring.seal(email, "account", account_id, "email")):
        raise NAME_TAKEN()
    queries.forget_links(tx, account_id)


def follow_email_link(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, token: str) -> None:
    """Use up the link that proves an account's new address; raises `link.over`, also for another account's."""
    whose, holds = follow_link(tx, now, ring, "email", token)
    if whose != account_id:
        raise LINK_OVER()
    before = reader(tx.conn, ring, account_id)
    verify_email(tx, ring, account_id, holds["email"])
    if before.address:
        # The old address is told too: if this is a theft, only there its owner learns of it.
        tell(tx, now, ring, f"email.old:{uuid4().hex}", To(before.language, None, before.address), "email.changed")
        tell_owner(tx, now, ring, account_id, "email.changed")


def choose_password(tx: Tx, account_id: UUID, password_hash: str, keep: bytes | None = None) -> None:
    """Set a new password and sign every device out but the one that asks, if any."""
    queries.set_password(tx, account_id, password_hash)
    queries.end_sessions(tx, account_id, keep)
    queries.forget_links(tx, account_id)


def email_of(conn: Connection, ring: KeyRing, account_id: UUID) -> str | None:
    """An account's verified address."""
    sealed = queries.email_sealed(conn, account_id)
    return ring.open(sealed, "account", account_id, "email") if sealed else None


def name_of(conn: Connection, ring: KeyRing, account_id: UUID) -> str:
    """The name that an account signs in with."""
    return ring.open(queries.name_sealed(conn, account_id), "account", account_id, "name")


def reader(conn: Connection, ring: KeyRing, account_id: UUID) -> To:
    """How an account is told things: in its language, and by mail where an address was verified."""
    return To(queries.language_of(conn, account_id), account_id, email_of(conn, ring, account_id))


def tell_owner(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, kind: Kind) -> None:
    """Tell an account of something that has just been done with it; each time anew."""
    tell(tx, now, ring, f"{kind}:{uuid4().hex}", reader(tx.conn, ring, account_id), kind)


def open_session(
    tx: Tx,
    now: datetime,
    account_id: UUID,
    session_id: str,
    before: bytes | None,
    device: str = "",
    *,
    strong: bool = False,
    mark: bytes | None = None,
) -> None:
    """Sign a device in under a fresh id; the session that the device had before, if any, ends.

    `strong` when a second factor was proved; `mark` is the digest of that by which the browser is known again.
    """
    if before is not None:
        queries.end_session(tx, before)
    row = {
        "digest": rules.digest(session_id),
        "account_id": account_id,
        "created_at": now,
        "ends_at": now + rules.SESSION_LASTS,
        "id": uuid4(),
        "device": device,
        "seen_at": now,
        "strong_at": now if strong else None,
        "mark": mark,
    }
    queries.add_session(tx, row)


def close_session(tx: Tx, digest: bytes) -> None:
    """Sign a device out."""
    queries.end_session(tx, digest)


def close_device(tx: Tx, account_id: UUID, device_id: UUID) -> None:
    """Sign one of an account's devices out; raises `device.unknown`."""
    if not queries.end_device(tx, account_id, device_id):
        raise UNKNOWN_DEVICE()


def devices(conn: Connection, now: datetime, account_id: UUID, session: bytes) -> list[dict[str, Any]]:
    """The devices on which an account is signed in, this one first."""
    rows = queries.sessions(conn, account_id, now)
    found = [
        {
            "id": row.id,
            "device": row.device,
            "since": row.created_at,
            "seen_at": row.seen_at,
            "this": row.digest == session,
        }
        for row in rows
    ]
    return sorted(found, key=lambda each: not each["this"])


def open_without_password(tx: Tx, now: datetime, ring: KeyRing, language: str) -> UUID:
    """Open an account that is signed in to by a card only; its name is chance, too long for anybody to choose it."""
    return open_account(tx, now, ring, uuid4().hex, "", language)


def make_card(tx: Tx, now: datetime, account_id: UUID) -> str:
    """Make a card for somebody to sign in with, in place of the one before; answers the code to print.

    Whoever signed in before is signed out, since a card is made anew when the old one was lost or seen.
    """
    code = rules.new_session_id()
    queries.keep_card(tx, {"account_id": account_id, "digest": rules.digest(code), "made_at": now})
    queries.end_sessions(tx, account_id, None)
    return code


def make_card_anew(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> str:
    """Make a card as `make_card` does; whose it is is told if there was one before."""
    had_one = bool(queries.with_card(tx.conn, [account_id]))
    code = make_card(tx, now, account_id)
    if had_one:
        tell_owner(tx, now, ring, account_id, "card.new")
    return code


def make_first_card(tx: Tx, now: datetime, account_id: UUID) -> str | None:
    """Make a card for somebody who has none; of two that are made at once, one gets a code to print."""
    code = rules.new_session_id()
    made = queries.add_card(tx, {"account_id": account_id, "digest": rules.digest(code), "made_at": now})
    return code if made else None


def account_of_card(conn: Connection, code: str) -> UUID:
    """Whose card it is; raises `card.wrong`."""
    found = queries.card_holder(conn, rules.digest(code))
    if found is None:
        raise CARD_WRONG()
    return found
