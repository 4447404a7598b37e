"""Questions and writes to accounts and sessions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_add, insert_row
from challenges_app.kit.words import Language
from challenges_app.people.accounts.tables import Account, KnownDevice, OnceLink, Session, SignInCard


def credentials(conn: Connection, name_index: bytes, email_index: bytes) -> Row[UUID, str] | None:
    """Account id and password hash behind a name's blind index, or else a verified address's."""
    found = select(Account.id, Account.password_hash)
    found = found.where(or_(Account.name_index == name_index, Account.email_index == email_index))
    return conn.execute(found.order_by(Account.name_index != name_index).limit(1)).one_or_none()


def password_hash(conn: Connection, account_id: UUID) -> str | None:
    """An account's password hash."""
    return conn.execute(select(Account.password_hash).where(Account.id == account_id)).scalar_one_or_none()


def hold_password(tx: Tx, account_id: UUID) -> str | None:
    """An account's password hash, which nobody else changes until the end."""
    wanted = select(Account.password_hash).where(Account.id == account_id).with_for_update(key_share=True)
    return tx.execute(wanted).scalar_one_or_none()


def email_sealed(conn: Connection, account_id: UUID) -> bytes | None:
    """An account's verified address, sealed."""
    return conn.execute(select(Account.email_sealed).where(Account.id == account_id)).scalar_one_or_none()


def name_sealed(conn: Connection, account_id: UUID) -> bytes:
    """The name that an account signs in with, sealed."""
    return conn.execute(select(Account.name_sealed).where(Account.id == account_id)).scalar_one()


def language_of(conn: Connection, account_id: UUID) -> Language:
    """The language that an account has chosen."""
    found = conn.execute(select(Account.language).where(Account.id == account_id)).scalar_one()
    return cast(Language, found)  # doors take no other


def session_of(conn: Connection, digest: bytes, now: datetime) -> Row[UUID, datetime | None] | None:
    """The account of a session that has not ended, and when a second factor was proved in it."""
    wanted = select(Session.account_id, Session.strong_at).where(Session.digest == digest, Session.ends_at > now)
    return conn.execute(wanted).one_or_none()


def add_account(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add an account; False when its name is taken."""
    return insert_once(tx, Account, row)


def set_email(tx: Tx, account_id: UUID, index: bytes, sealed: bytes) -> bool:
    """Give an account a verified address; False when another account has it."""
    mine = update(Account).where(Account.id == account_id).values(email_index=index, email_sealed=sealed)
    try:
        with tx.part():
            tx.execute(mine)
    except IntegrityError:
        return False
    return True


def hold(tx: Tx, account_id: UUID) -> None:
    """Let nobody else who holds the same account go on before this transaction is over."""
    tx.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


def set_password(tx: Tx, account_id: UUID, password_hash: str) -> None:
    """Set an account's password hash."""
    tx.execute(update(Account).where(Account.id == account_id).values(password_hash=password_hash))


def set_language(tx: Tx, account_id: UUID, language: str) -> None:
    """Set the language that an account reads."""
    tx.execute(update(Account).where(Account.id == account_id).values(language=language))


def add_link(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a link that works once."""
    insert_row(tx, OnceLink, row)


def take_link(tx: Tx, digest: bytes, purpose: str) -> Row[Any] | None:
    """Use a link up; of two that follow it at once, one gets it."""
    used = delete(OnceLink).where(OnceLink.digest == digest, OnceLink.purpose == purpose)
    return tx.execute(used.returning(OnceLink.account_id, OnceLink.holds_sealed, OnceLink.ends_at)).one_or_none()


def link(conn: Connection, digest: bytes, purpose: str) -> Row[UUID | None, bytes, datetime] | None:
    """The account of a link, what it holds, sealed, and when it ends, without using it up."""
    wanted = select(OnceLink.account_id, OnceLink.holds_sealed, OnceLink.ends_at)
    return conn.execute(wanted.where(OnceLink.digest == digest, OnceLink.purpose == purpose)).one_or_none()


def forget_links(tx: Tx, account_id: UUID) -> None:
    """Make all links that were mailed to an account worthless."""
    tx.execute(delete(OnceLink).where(OnceLink.account_id == account_id))


def keep_card(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a card in place of the one before."""
    insert_or_add(tx, SignInCard, row, key=("account_id",), add=(), replace=("digest", "made_at"))


def add_card(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a first card; False when the account has one."""
    return insert_once(tx, SignInCard, row)


def with_card(conn: Connection, account_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some accounts that have a card."""
    wanted = select(SignInCard.account_id).where(SignInCard.account_id.in_(list(account_ids)))
    return set(conn.execute(wanted).scalars())


def card_holder(conn: Connection, digest: bytes) -> UUID | None:
    """The account of a card."""
    return conn.execute(select(SignInCard.account_id).where(SignInCard.digest == digest)).scalar_one_or_none()


def hold_card(tx: Tx, digest: bytes) -> UUID | None:
    """The account of a card, which nobody else replaces until the end."""
    wanted = select(SignInCard.account_id).where(SignInCard.digest == digest).with_for_update()
    return tx.execute(wanted).scalar_one_or_none()


def sessions(conn: Connection, account_id: UUID, now: datetime) -> Sequence[Row[Any]]:
    """An account's sessions that have not ended, whole rows, the one seen last at the top."""
    wanted = select(Session).where(Session.account_id == account_id, Session.ends_at > now)
    return conn.execute(wanted.order_by(Session.seen_at.desc(), Session.id)).all()


def seen(tx: Tx, digest: bytes, now: datetime) -> None:
    """Note that a device was used."""
    tx.execute(update(Session).where(Session.digest == digest).values(seen_at=now))


def end_device(tx: Tx, account_id: UUID, device_id: UUID) -> bool:
    """Forget one of an account's sessions by its own id; False when there is none."""
    mine = delete(Session).where(Session.account_id == account_id, Session.id == device_id)
    return tx.execute(mine).rowcount == 1


def end_sessions(tx: Tx, account_id: UUID, keep: bytes | None) -> None:
    """Forget all of an account's sessions but one, if any."""
    mine = delete(Session).where(Session.account_id == account_id)
    tx.execute(mine if keep is None else mine.where(Session.digest != keep))


def add_session(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a session."""
    insert_row(tx, Session, row)


def strengthen(tx: Tx, before: bytes, digest: bytes, now: datetime) -> bool:
    """Note that a second factor was proved in a session, which goes on under another id; False when it has ended."""
    mine = update(Session).where(Session.digest == before, Session.ends_at > now)
    return tx.execute(mine.values(digest=digest, strong_at=now)).rowcount == 1


def weaken(tx: Tx, account_id: UUID) -> None:
    """Note that nothing was proved in any of an account's sessions."""
    tx.execute(update(Session).where(Session.account_id == account_id).values(strong_at=None))


def end_session(tx: Tx, digest: bytes) -> None:
    """Forget a session."""
    tx.execute(delete(Session).where(Session.digest == digest))


def end_expired(tx: Tx, now: datetime) -> int:
    """Forget all sessions and links that are over; answers how many."""
    tables = (Session, OnceLink)
    return sum(tx.execute(delete(table).where(table.ends_at <= now)).rowcount for table in tables)


def mark_of(conn: Connection, digest: bytes) -> bytes:
    """The mark of the browser of a session; one without is known by the session alone."""
    return conn.execute(select(Session.mark).where(Session.digest == digest)).scalar_one_or_none() or digest


def marks(conn: Connection, account_id: UUID, now: datetime) -> set[bytes]:
    """The marks of the browsers in which an account is signed in."""
    wanted = select(func.coalesce(Session.mark, Session.digest))
    return set(conn.execute(wanted.where(Session.account_id == account_id, Session.ends_at > now)).scalars())


def knows_devices(conn: Connection, account_id: UUID) -> bool:
    """Whether an account has signed in before with a browser that is still known."""
    wanted = select(KnownDevice.digest).where(KnownDevice.account_id == account_id)
    return conn.execute(wanted.limit(1)).one_or_none() is not None


def know_device(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Note that an account signed in with a browser; False when it is known, which lasts anew from then on."""
    if insert_once(tx, KnownDevice, row):
        return True
    mine = update(KnownDevice).where(KnownDevice.account_id == row["account_id"], KnownDevice.digest == row["digest"])
    tx.execute(mine.values(seen_at=row["seen_at"]))
    return False


def forget_devices(tx: Tx, before: datetime) -> int:
    """Forget browsers not seen since a moment, but the last of each account: whoever comes then is told of.

    Answers how many.
    """
    later = aliased(KnownDevice)
    newer = (later.account_id == KnownDevice.account_id) & (later.seen_at > KnownDevice.seen_at)
    old = delete(KnownDevice).where(KnownDevice.seen_at < before, select(later.digest).where(newer).exists())
    return tx.execute(old).rowcount


def set_credentials(tx: Tx, account_id: UUID, changed: Mapping[str, Any]) -> Literal["set", "has", "taken"]:
    """Give an account without a password a name and one; it may have a password by now, or another has the name."""
    mine = update(Account).where(Account.id == account_id, Account.password_hash == "")
    try:
        with tx.part():
            return "set" if tx.execute(mine.values(**changed)).rowcount else "has"
    except IntegrityError:
        return "taken"


def end_card(tx: Tx, account_id: UUID) -> None:
    """Make an account's card worthless."""
    tx.execute(delete(SignInCard).where(SignInCard.account_id == account_id))
