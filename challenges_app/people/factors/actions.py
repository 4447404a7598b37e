"""What is done with second factors: set one up, prove it, take it away; and the paper that stands in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.accounts.rules import digest
from challenges_app.people.factors import queries, rules
from challenges_app.people.factors.rules import Credential, Kind, NewKey, NotProved, Party
from challenges_app.people.notices.actions import tell
from challenges_app.people.notices.rules import Kind as NoticeKind

WRONG = refusal("factor.wrong", 401)
USED = refusal("factor.used", 401)
OVER = refusal("factor.over", 410)
NOT_BEGUN = refusal("factor.not_begun", 409)
HAS_APP = refusal("factor.has_app", 409)
NONE_YET = refusal("factor.none_yet", 409)
UNKNOWN = refusal("factor.unknown", 404)
PROVE_FIRST = refusal("factor.prove_first", 403)
PASSKEY_WRONG = refusal("passkey.wrong", 401)
PASSKEY_OVER = refusal("passkey.over", 410)
PASSKEY_TAKEN = refusal("passkey.taken", 409)
PASSKEY_NOT_HERE = refusal("passkey.not_here", 409)
TOO_MANY_PASSKEYS = refusal("passkey.too_many", 409)

GUESSED = (WRONG, USED)  # what counts as a guess at a code


def kinds(conn: Connection, account_id: UUID) -> list[Kind]:
    """By what an account can prove itself besides its password; empty while no factor is set up."""
    found: list[Kind] = []
    app = queries.totp(conn, account_id)
    if app is not None and app.confirmed_at is not None:
        found.append("totp")
    if queries.passkeys(conn, account_id):
        found.append("passkey")
    if found and queries.recovery_left(conn, account_id):
        found.append("recovery")
    return found


def check_may_change(conn: Connection, account_id: UUID, *, strong: bool) -> None:
    """Raise `factor.prove_first` when an account has a factor that was not proved on the device."""
    if not strong and kinds(conn, account_id):
        raise PROVE_FIRST()


def ask_second(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> str:
    """Let a sign-in wait for its second step; answers the ticket that goes on with it."""
    return accounts.make_once(tx, now, ring, "second", account_id, {})


def waiting(conn: Connection, now: datetime, ticket: str) -> UUID:
    """The account whose sign-in waits; raises `factor.over`."""
    row = account_rows.link(conn, digest(ticket), "second")
    if row is None or row.account_id is None or row.ends_at <= now:
        raise OVER()
    account_id: UUID = row.account_id
    return account_id


def take_ticket(tx: Tx, account_id: UUID, ticket: str) -> None:
    """Use a ticket up, once its second step was right; raises `factor.over`. Of two at once, one gets it.

    A new password ends all tickets and sessions: holding the account lets none slip through in between.
    """
    account_rows.hold(tx, account_id)
    if account_rows.take_link(tx, digest(ticket), "second") is None:
        raise OVER()


def prove_code(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, typed: str) -> None:
    """Use up a code of an account's app, or a recovery code; raises `factor.wrong` or `factor.used`."""
    code = rules.app_code(typed)
    if code is None:
        _use_recovery(tx, now, ring, account_id, typed)
        return
    app = queries.totp(tx.conn, account_id)
    if app is None or app.confirmed_at is None:
        raise WRONG()
    step = rules.step_of(_secret(ring, app), code, now)
    if step is None:
        raise WRONG()
    if not queries.use_step(tx, account_id, app.secret_sealed, step):
        raise USED()


def make_app(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> str:
    """Begin to set up an app; answers its secret, which counts once a first code has come. Raises `factor.has_app`."""
    secret = rules.new_secret()
    row = {
        "account_id": account_id,
        "secret_sealed": ring.seal(secret, "totp", account_id, "secret"),
        "step": 0,
        "made_at": now,
        "confirmed_at": None,
    }
    if not queries.keep_unconfirmed(tx, row):
        raise HAS_APP()
    return secret


def give_app(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, secret: str) -> None:
    """Give an account an app whose secret is known beforehand, as in the seeded city; nobody is told."""
    sealed = ring.seal(secret, "totp", account_id, "secret")
    row = {"account_id": account_id, "secret_sealed": sealed, "step": 0, "made_at": now, "confirmed_at": now}
    if not queries.keep_unconfirmed(tx, row):
        raise HAS_APP()


def confirm_app(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, typed: str) -> list[str]:
    """Finish setting up an app by a first code; answers recovery codes to keep, when they are made for the first time.

    Raises `factor.not_begun` or `factor.wrong`.
    """
    app = queries.totp(tx.conn, account_id)
    if app is None or app.confirmed_at is not None:
        raise NOT_BEGUN()
    step = rules.step_of(_secret(ring, app), rules.app_code(typed) or "", now)
    if step is None:
        raise WRONG()
    if not queries.confirm_totp(tx, account_id, app.secret_sealed, step, now):
        raise NOT_BEGUN()
    _tell(tx, now, ring, account_id, "totp.added", now.isoformat())
    return _first_codes(tx, now, ring, account_id)


def remove_app(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> None:
    """Take an account's app away, confirmed or not; raises `factor.unknown`."""
    confirmed = queries.remove_totp(tx, account_id)
    if confirmed is None:
        raise UNKNOWN()
    if confirmed:
        _tell(tx, now, ring, account_id, "totp.removed", now.isoformat())
        _leave_nothing(tx, now, account_id)


def ask_for_key(tx: Tx, now: datetime, ring: KeyRing, party: Party, account_id: UUID) -> dict[str, Any]:
    """What a browser needs to make a passkey of an account; raises `passkey.too_many`."""
    known = [each.credential_id for each in queries.passkeys(tx.conn, account_id)]
    if len(known) >= rules.MOST_PASSKEYS:
        raise TOO_MANY_PASSKEYS()
    challenge = accounts.make_once(tx, now, ring, "key-add", account_id, {})
    return rules.ask_for_new(party, challenge, account_id, accounts.name_of(tx.conn, ring, account_id), known)


def ask_for_proof(tx: Tx, now: datetime, ring: KeyRing, party: Party, account_id: UUID | None) -> dict[str, Any]:
    """What a browser needs to prove a passkey: of an account, or of whoever the passkey says."""
    known = [each.credential_id for each in queries.passkeys(tx.conn, account_id)] if account_id else []
    challenge = accounts.make_once(tx, now, ring, "key-prove", account_id, {})
    return rules.ask_for_proof(party, challenge, known)


def take_challenge(
    tx: Tx, now: datetime, purpose: Literal["key-add", "key-prove"], challenge: str, account_id: UUID | None
) -> bool:
    """Use a challenge up, whatever comes of it; False for one that was used, is too old, or is somebody else's."""
    row = account_rows.take_link(tx, digest(challenge), purpose)
    return row is not None and row.ends_at > now and row.account_id == account_id


def add_key(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, key: NewKey, device: str) -> list[str]:
    """Add a passkey; answers recovery codes to keep, when they are made for the first time. Raises `passkey.taken`."""
    row = {
        "id": uuid4(),
        "account_id": account_id,
        "credential_id": key.credential_id,
        "public_key": key.public_key,
        "sign_count": key.sign_count,
        "device": device,
        "made_at": now,
        "used_at": None,
    }
    if not queries.add_passkey(tx, row):
        raise PASSKEY_TAKEN()
    _tell(tx, now, ring, account_id, "passkey.added", row["id"], device=device)
    return _first_codes(tx, now, ring, account_id)


@dataclass(frozen=True, slots=True)
class Proved:
    """A passkey that has signed a challenge, and how often it says it was used."""

    account_id: UUID
    passkey_id: UUID
    count: int


def proved_key(
    conn: Connection, party: Party, credential: Credential, challenge: str, account_id: UUID | None
) -> Proved:
    """The passkey that has signed a challenge.

    Without an account the passkey itself must say whose it is. Raises `passkey.wrong`.
    """
    try:
        row = queries.passkey(conn, rules.id_in(credential))
        if row is None or (row.account_id != account_id if account_id else not _owns(row.account_id, credential)):
            raise NotProved
        count = rules.read_proof(
            credential, party, challenge, NewKey(row.credential_id, row.public_key, row.sign_count)
        )
    except NotProved:
        raise PASSKEY_WRONG() from None
    return Proved(row.account_id, row.id, count)


def use_key(tx: Tx, now: datetime, key: Proved) -> None:
    """Note that a passkey was used; raises `passkey.wrong` when it was used or removed elsewhere meanwhile."""
    if not queries.count_use(tx, key.passkey_id, key.count, now):
        raise PASSKEY_WRONG()


def remove_key(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, passkey_id: UUID) -> None:
    """Take one of an account's passkeys away; raises `factor.unknown`."""
    device = queries.remove_passkey(tx, account_id, passkey_id)
    if device is None:
        raise UNKNOWN()
    _tell(tx, now, ring, account_id, "passkey.removed", passkey_id, device=device)
    _leave_nothing(tx, now, account_id)


def remove_all(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> int:
    """Take all factors of somebody away who has lost them, and sign every device out; answers how many there were."""
    found = 0
    for key in queries.passkeys(tx.conn, account_id):
        remove_key(tx, now, ring, account_id, key.id)
        found += 1
    if queries.totp(tx.conn, account_id) is not None:
        remove_app(tx, now, ring, account_id)
        found += 1
    if found:
        account_rows.end_sessions(tx, account_id, None)
        account_rows.forget_links(tx, account_id)
    return found


def new_codes(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> list[str]:
    """Recovery codes in place of all before; raises `factor.none_yet` where they would stand in for nothing."""
    account_rows.hold(tx, account_id)
    if not kinds(tx.conn, account_id):
        raise NONE_YET()
    _tell(tx, now, ring, account_id, "recovery.made", now.isoformat())
    return _make_codes(tx, now, ring, account_id)


def _first_codes(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> list[str]:
    account_rows.hold(tx, account_id)
    return [] if queries.recovery_left(tx.conn, account_id) else _make_codes(tx, now, ring, account_id)


def _make_codes(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID) -> list[str]:
    codes = [fresh_code() for _ in range(rules.RECOVERY_CODES)]
    queries.replace_recovery(tx, account_id, [_digest(ring, account_id, each) for each in codes], now)
    return codes


def _use_recovery(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, typed: str) -> None:
    code = _digest(ring, account_id, typed)
    if not queries.use_recovery(tx, account_id, code):
        raise WRONG()
    left = queries.recovery_left(tx.conn, account_id)
    kind: NoticeKind = "recovery.few" if left <= rules.FEW else "recovery.used"
    _tell(tx, now, ring, account_id, kind, code.hex(), left=str(left))


def _leave_nothing(tx: Tx, now: datetime, account_id: UUID) -> None:
    """With the last factor go the codes that stood in for it, and what was proved by it."""
    account_rows.hold(tx, account_id)
    if not kinds(tx.conn, account_id):
        queries.replace_recovery(tx, account_id, [], now)
        account_rows.weaken(tx, account_id)


def _owns(account_id: UUID, credential: Credential) -> bool:
    return rules.owner_in(credential) == account_id.bytes


def _secret(ring: KeyRing, app: Any) -> str:
    return ring.open(app.secret_sealed, "totp", app.account_id, "secret")


def _digest(ring: KeyRing, account_id: UUID, code: str) -> bytes:
    """A code is too short for a bare digest: without the pepper it would be found by trying."""
    return ring.blind(plain_code(code), "recovery_code", str(account_id))


def _tell(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, kind: NoticeKind, which: object, **values: str
) -> None:
    reader = accounts.reader(tx.conn, ring, account_id)
    tell(tx, now, ring, f"{kind}:{account_id.hex}:{which}", reader, kind, **values)


def shown(conn: Connection, account_id: UUID) -> dict[str, Any]:
    """What an account has set up, for its own screen."""
    app = queries.totp(conn, account_id)
    keys: Sequence[Any] = queries.passkeys(conn, account_id)
    return {
        "has_password": bool(account_rows.password_hash(conn, account_id)),
        "app": app.confirmed_at if app is not None else None,
        "passkeys": [
            {"id": each.id, "device": each.device, "made_at": each.made_at, "used_at": each.used_at} for each in keys
        ],
        "recovery_left": queries.recovery_left(conn, account_id),
    }
