"""Questions and writes to second factors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_once
from challenges_app.people.factors.tables import Passkey, RecoveryCode, Totp


def totp(conn: Connection, account_id: UUID) -> Row[Any] | None:
    """An account's app, whole row, confirmed or not."""
    return conn.execute(select(Totp).where(Totp.account_id == account_id)).one_or_none()


def keep_unconfirmed(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Keep the secret of an app in place of one that was not confirmed; False when one was."""
    if insert_once(tx, Totp, row):
        return True
    mine = update(Totp).where(Totp.account_id == row["account_id"], Totp.confirmed_at.is_(None))
    return tx.execute(mine.values(**row)).rowcount == 1


def confirm_totp(tx: Tx, account_id: UUID, secret_sealed: bytes, step: int, now: datetime) -> bool:
    """Confirm an app by its first code; False when it is confirmed already, or has another secret by now."""
    mine = update(Totp).where(Totp.account_id == account_id, Totp.confirmed_at.is_(None))
    mine = mine.where(Totp.secret_sealed == secret_sealed)
    return tx.execute(mine.values(step=step, confirmed_at=now)).rowcount == 1


def use_step(tx: Tx, account_id: UUID, secret_sealed: bytes, step: int) -> bool:
    """Use the code of a step up; False when this one or a later one was used. Of two at once, one gets it."""
    mine = update(Totp).where(Totp.account_id == account_id, Totp.secret_sealed == secret_sealed)
    mine = mine.where(Totp.confirmed_at.is_not(None), Totp.step < step)
    return tx.execute(mine.values(step=step)).rowcount == 1


def remove_totp(tx: Tx, account_id: UUID) -> bool | None:
    """Forget an account's app; None when it has none, else whether it had been confirmed."""
    mine = delete(Totp).where(Totp.account_id == account_id).returning(Totp.confirmed_at)
    found = tx.execute(mine).one_or_none()
    return None if found is None else found.confirmed_at is not None


def passkeys(conn: Connection, account_id: UUID) -> Sequence[Row[Any]]:
    """An account's passkeys, whole rows, the oldest first."""
    wanted = select(Passkey).where(Passkey.account_id == account_id)
    return conn.execute(wanted.order_by(Passkey.made_at, Passkey.id)).all()


def passkey(conn: Connection, credential_id: bytes) -> Row[Any] | None:
    """The passkey with a credential's id, whole row."""
    return conn.execute(select(Passkey).where(Passkey.credential_id == credential_id)).one_or_none()


def add_passkey(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a passkey; False when some account has it."""
    return insert_once(tx, Passkey, row)


def count_use(tx: Tx, passkey_id: UUID, sign_count: int, now: datetime) -> bool:
    """Note that a passkey was used; False when its count does not go on, unless it never counts."""
    mine = update(Passkey).where(Passkey.id == passkey_id)
    mine = mine.where(Passkey.sign_count < sign_count if sign_count else Passkey.sign_count == 0)
    return tx.execute(mine.values(sign_count=sign_count, used_at=now)).rowcount == 1


def remove_passkey(tx: Tx, account_id: UUID, passkey_id: UUID) -> str | None:
    """Forget one of an account's passkeys; answers the device on which it was made, None when there is none."""
    mine = delete(Passkey).where(Passkey.account_id == account_id, Passkey.id == passkey_id)
    return tx.execute(mine.returning(Passkey.device)).scalar_one_or_none()


def recovery_left(conn: Connection, account_id: UUID) -> int:
    """How many recovery codes an account has left."""
    wanted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return conn.execute(wanted).scalar_one()


def replace_recovery(tx: Tx, account_id: UUID, digests: Sequence[bytes], now: datetime) -> None:
    """Keep these recovery codes in place of all before; none of them only forgets."""
    tx.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    insert_missing(tx, RecoveryCode, [{"account_id": account_id, "digest": each, "made_at": now} for each in digests])


def use_recovery(tx: Tx, account_id: UUID, digest: bytes) -> bool:
    """Use a recovery code up; of two that give it at once, one gets it."""
    mine = delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.digest == digest)
    return tx.execute(mine).rowcount == 1
