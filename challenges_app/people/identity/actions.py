"""What is done about identity: say how well somebody is known, check a card at a counter, keep what iAM Smart says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Context, Viewer, decide
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.identity import queries
from challenges_app.people.identity.rules import (
    CODE_LASTS,
    Asked,
    Awaited,
    Level,
    Method,
    Profile,
    card_number,
    level_of,
    pkce_challenge,
)
from challenges_app.people.notices.actions import tell
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import nickname

TOO_YOUNG = refusal("identity.too_young", 403)
ALREADY = refusal("identity.already", 409)
NUMBER_TAKEN = refusal("identity.number_taken", 409)
NUMBER_WRONG = refusal("identity.number_wrong", 422)
CARD_NOT_SEEN = refusal("identity.card_not_seen", 422)
CODE_WRONG = refusal("identity.code_wrong", 404)
NOT_COUNTER = refusal("identity.not_counter", 403)
NOT_STRONG = refusal("identity.not_strong", 403)
OWN_CARD = refusal("identity.own_card", 403)


def level(conn: Connection, account_id: UUID, person_id: UUID | None) -> Level:
    """How well somebody is known: 0 by a nickname, 1 by a verified e-mail address, 2 by a checked identity."""
    return level_of(
        email=account_rows.email_sealed(conn, account_id) is not None,
        checked=person_id is not None and queries.checked(conn, person_id) is not None,
    )


def identity_of(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> dict[str, Any]:
    """The viewer's own level and what it stands on; `may_check` when the identity can be checked now."""
    person_id = _person(me)
    found = queries.checked(conn, person_id)
    return {
        "level": level(conn, me.account_id, person_id),
        "email": account_rows.email_sealed(conn, me.account_id) is not None,
        "checked": {"method": found.method, "at": found.checked_at} if found else None,
        "may_check": found is None and _may_check_own(conn, now, ring, me),
    }


def make_code(tx: Tx, now: datetime, ring: KeyRing, me: Viewer) -> dict[str, Any]:
    """Make a code to show at a counter, in place of the one before; it is told once.

    Raises `identity.too_young` under 16, and `identity.already`.
    """
    _check_can_be_checked(tx.conn, now, ring, me)
    code = fresh_code()
    row = {"person_id": _person(me), "code_index": _code_index(ring, code), "ends_at": now + CODE_LASTS}
    queries.keep_code(tx, row)
    return {"code": code, "lasts_s": int(CODE_LASTS.total_seconds())}


def look(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, code: str, context: Context) -> dict[str, Any]:
    """Whose code somebody shows at the viewer's counter: nickname and picture, to compare with the person's own screen.

    Raises `identity.not_counter`, `identity.not_strong`, `identity.code_wrong`, and `identity.own_card`.
    """
    _check_counter(me, context)
    person_id = queries.code_holder(conn, _code_index(ring, code), now)
    _check_person(conn, now, ring, me, person_id, context)
    return _face(conn, person_id)


def check_card(
    tx: Tx, now: datetime, ring: KeyRing, me: Viewer, code: str, number: str, *, seen: bool, context: Context
) -> dict[str, Any]:
    """Keep the number of an identity card that the viewer has seen at their counter; answers whose it is.

    A refusal leaves the code as it was. Raises as `look` does, and `identity.card_not_seen`, `identity.number_wrong`,
    `identity.number_taken`, `identity.already`.
    """
    _check_counter(me, context)
    if not seen:
        raise CARD_NOT_SEEN()
    plain = card_number(number)
    if plain is None:
        raise NUMBER_WRONG()
    person_id = queries.take_code(tx, _code_index(ring, code), now)
    found = _check_person(tx.conn, now, ring, me, person_id, context)
    _keep(tx, now, ring, found, "counter", Profile(plain, None), me.account_id)
    return _face(tx.conn, found)


def ask_provider(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, session: bytes) -> Asked:
    """Note that the viewer goes to a provider from this session; raises as `make_code` does."""
    _check_can_be_checked(tx.conn, now, ring, me)
    nonce, verifier = new_session_id(), new_session_id()
    holds = {"nonce": nonce, "verifier": verifier, "session": session.hex()}
    state = accounts.make_once(tx, now, ring, "iam-smart", me.account_id, holds)
    return Asked(state, nonce, pkce_challenge(verifier))


def come_back(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, state: str) -> Awaited:
    """Use up the state with which a provider sent somebody back.

    Raises `link.over` for one that was used, is too old, or was begun in another session, to which it stays.
    """
    whose, holds = accounts.follow_link(tx, now, ring, "iam-smart", state)
    if (whose, holds["session"]) != (account_id, session.hex()):
        raise accounts.LINK_OVER()
    return Awaited(holds["nonce"], holds["verifier"])


def keep_profile(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, profile: Profile) -> None:
    """Keep what iAM Smart says of the viewer; raises as `make_code` does, and `identity.number_taken`."""
    _check_can_be_checked(tx.conn, now, ring, me)
    _keep(tx, now, ring, _person(me), "iam-smart", profile, None)
    queries.end_code(tx, _person(me))


def _keep(
    tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, method: Method, profile: Profile, by: UUID | None
) -> None:
    """Seal a number under the person's own key, found again only by its blind index: one number, one person."""
    own = persons.own_ring(tx.conn, ring, person_id)
    row = {
        "person_id": person_id,
        "method": method,
        "number_index": ring.blind(profile.number, "identity", "number"),
        "number_sealed": own.seal(profile.number, "identity", person_id, "number"),
        "name_sealed": own.seal(profile.name, "identity", person_id, "name") if profile.name else None,
        "checked_at": now,
        "checked_by": by,
    }
    if not queries.add_identity(tx, row):
        raise ALREADY() if queries.checked(tx.conn, person_id) else NUMBER_TAKEN()
    for account_id in person_rows.accounts_of(tx.conn, [person_id]).values():
        tell(tx, now, ring, f"identity:{person_id.hex}", accounts.reader(tx.conn, ring, account_id), "identity.checked")


def _check_counter(me: Viewer, context: Context) -> None:
    if "counter" not in me.held:
        # Without a second factor the role does not count, and which role it is that waits for one is not known.
        raise NOT_STRONG() if me.needs_factor else NOT_COUNTER()
    if not context.strong:
        raise NOT_STRONG()


def _check_person(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID | None, context: Context
) -> UUID:
    if person_id is None:
        raise CODE_WRONG()
    if person_id == me.person_id:
        raise OWN_CARD()
    access.require(conn, now, ring, me, "identity", "change", person_id, "counter", context)
    return person_id


def _may_check_own(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> bool:
    person = access.subject(conn, now, ring, _person(me))
    return person is not None and decide(me, "self", person, "identity", "change")


def _check_can_be_checked(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> None:
    if not _may_check_own(conn, now, ring, me):
        raise TOO_YOUNG()
    if queries.checked(conn, _person(me)):
        raise ALREADY()


def _person(me: Viewer) -> UUID:
    assert me.person_id is not None  # noqa: S101 - the gate lets only persons to these doors
    return me.person_id


def _face(conn: Connection, person_id: UUID | None) -> dict[str, Any]:
    [face] = person_rows.faces(conn, [person_id] if person_id else []).values()
    return {"name": nickname(*face), "avatar": face[1]}


def _code_index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "counter_code", "code")
