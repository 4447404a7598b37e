"""What is done with accounts: open one, sign in, sign out."""

from datetime import datetime
from uuid import UUID, uuid4

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.accounts import queries, rules

WRONG = refusal("session.wrong", 401)
NAME_TAKEN = refusal("account.name_taken", 409)


def name_index(ring: KeyRing, name: str) -> bytes:
    """The blind index under which an account with this name is found."""
    return ring.blind(name, "account", "name")


def open_account(tx: Tx, now: datetime, ring: KeyRing, name: str, password_hash: str, language: str) -> UUID:
    """Open an account; raises `account.name_taken`."""
    account_id = uuid4()
    row = {
        "id": account_id,
        "name_index": name_index(ring, name),
        "name_sealed": ring.seal(name, "account", account_id, "name"),
        "password_hash": password_hash,
        "language": language,
        "created_at": now,
    }
    if not queries.add_account(tx, row):
        raise NAME_TAKEN()
    return account_id


def open_session(tx: Tx, now: datetime, account_id: UUID, session_id: str, before: bytes | None) -> None:
    """Sign a device in under a fresh id; the session that the device had before, if any, ends."""
    if before is not None:
        queries.end_session(tx, before)
    row = {
        "digest": rules.digest(session_id),
        "account_id": account_id,
        "created_at": now,
        "ends_at": now + rules.SESSION_LASTS,
    }
    queries.add_session(tx, row)


def close_session(tx: Tx, digest: bytes) -> None:
    """Sign a device out."""
    queries.end_session(tx, digest)
