"""What is done about memberships: see one's organisations, invite by a code, join, end a role, leave."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.codes import ALPHABET, LENGTH, fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language
from challenges_app.people.access.rules import Viewer
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.notices.actions import tell
from challenges_app.people.organisations import queries
from challenges_app.people.organisations.rules import (
    GIVES,
    INVITE_LASTS,
    NEED_REGISTRATION,
    NEED_SECOND_FACTOR,
    ROLES,
    Kind,
    leaves_admin,
    may_give,
    needs_factor_to_give,
)
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import nickname
from challenges_app.people.schools import queries as schools

UNKNOWN = refusal("organisation.unknown", 404)
NOT_ADMIN = refusal("organisation.not_admin", 403)
NOT_GIVEN_HERE = refusal("organisation.not_given_here", 422)
NOT_STRONG = refusal("organisation.not_strong", 403)
INVITE_UNKNOWN = refusal("organisation.invite_unknown", 404)
CODE_WRONG = refusal("organisation.code_wrong", 404)
ALREADY = refusal("organisation.already", 409)
TOO_YOUNG = refusal("organisation.too_young", 403)
NO_REGISTRATION = refusal("organisation.needs_registration", 422)
MEMBER_UNKNOWN = refusal("organisation.member_unknown", 404)
LAST_ADMIN = refusal("organisation.last_admin", 409)


def organisations_of(conn: Connection, now: datetime, me: Viewer) -> list[dict[str, Any]]:
    """The organisations in which the viewer holds roles, without their other members."""
    return [_told(conn, now, me, row) for row in queries.organisations_of(conn, me.account_id, now)]


def one_organisation(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, organisation_id: UUID
) -> dict[str, Any]:
    """An organisation of the viewer's; its admins see members and open invitations. Raises `organisation.unknown`."""
    row, held = _own(conn, now, me, organisation_id)
    leads = "admin" in held
    return {
        **_told(conn, now, me, row),
        "members": _members(conn, now, ring, me, organisation_id) if leads else None,
        "invites": [_invite(each) for each in queries.invites(conn, organisation_id, now)] if leads else None,
    }


def invite(
    tx: Tx, now: datetime, ring: KeyRing, me: Viewer, organisation_id: UUID, role: str, *, strong: bool
) -> dict[str, Any]:
    """Make a code that gives one account a role; it is told once.

    `strong` when a second factor was proved on the device. Raises `organisation.unknown`, `organisation.not_admin`,
    `organisation.not_given_here`, and `organisation.not_strong`: else a password alone would lead to such roles.
    """
    row, held = _led(tx.conn, now, me, organisation_id)
    if not may_give(held, row.kind, role):
        raise NOT_GIVEN_HERE()
    if needs_factor_to_give(row.kind, role) and not strong:
        raise NOT_STRONG()
    return new_invite(tx, now, ring, organisation_id, role, me.account_id)


def new_invite(
    tx: Tx, now: datetime, ring: KeyRing, organisation_id: UUID, role: str, made_by: UUID | None
) -> dict[str, Any]:
    """Make an invitation for an admin, or for an operator (None), who answer for it."""
    code, ends_at = fresh_code(), now + INVITE_LASTS
    index = _code_index(ring, code)
    row = {
        "code_index": index,
        "organisation_id": organisation_id,
        "role": role,
        "made_by": made_by,
        "ends_at": ends_at,
    }
    queries.add_invite(tx, row)
    return {"id": index.hex(), "code": code, "role": role, "ends_at": ends_at}


def end_invite(tx: Tx, now: datetime, me: Viewer, organisation_id: UUID, invite_id: str) -> None:
    """Take an invitation back; raises `organisation.invite_unknown`, and as `invite` does."""
    _led(tx.conn, now, me, organisation_id)
    try:
        index = bytes.fromhex(invite_id)
    except ValueError:
        raise INVITE_UNKNOWN() from None
    if not queries.end_invite(tx, organisation_id, index):
        raise INVITE_UNKNOWN()


def join(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, code: str, registration: str) -> UUID:
    """Take the role of a code, which is used up by it; answers the organisation.

    Raises `organisation.too_young` under 16, `organisation.code_wrong`, `organisation.needs_registration` of a
    clinician without a number, and `organisation.already`; a refusal leaves the code as it was.
    """
    if me.child:
        raise TOO_YOUNG()
    invited = queries.take_invite(tx, _code_index(ring, code), now)
    if invited is None:
        raise CODE_WRONG()
    number = unicodedata.normalize("NFKC", registration).strip().upper()
    if invited.role in NEED_REGISTRATION and not number:
        raise NO_REGISTRATION()
    row = {
        "account_id": me.account_id,
        "organisation_id": invited.organisation_id,
        "role": invited.role,
        "since": now,
        "until": None,
        "registration_sealed": ring.seal(number, "membership", me.account_id, "registration")
        if invited.role in NEED_REGISTRATION
        else None,
    }
    if not queries.join(tx, row, now):
        raise ALREADY()
    organisation_id: UUID = invited.organisation_id
    return organisation_id


def end_member(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, organisation_id: UUID, member: str, role: str) -> None:
    """Let a member's role end, and tell them; `member` is the code under which the list shows them.

    Raises `organisation.member_unknown`, `organisation.last_admin`, and as `invite` does.
    """
    queries.hold(tx, organisation_id)
    row, _ = _led(tx.conn, now, me, organisation_id)
    codes = {
        member_code(ring, organisation_id, each.account_id): each.account_id
        for each in queries.members(tx.conn, organisation_id, now)
    }
    account_id = codes.get(member)
    if account_id is None or role not in ROLES:
        raise MEMBER_UNKNOWN()
    _end(tx, now, organisation_id, account_id, [role])
    if account_id != me.account_id:
        to = accounts.reader(tx.conn, ring, account_id)
        key = f"membership:{uuid4().hex}"
        tell(tx, now, ring, key, to, "membership.ended", organisation=_name(tx.conn, row)[to.language])


def leave(tx: Tx, now: datetime, me: Viewer, organisation_id: UUID) -> None:
    """Give up all roles in an organisation; raises `organisation.unknown`, and `organisation.last_admin`."""
    queries.hold(tx, organisation_id)
    _, held = _own(tx.conn, now, me, organisation_id)
    _end(tx, now, organisation_id, me.account_id, held)


def _end(tx: Tx, now: datetime, organisation_id: UUID, account_id: UUID, roles: Sequence[str]) -> None:
    admins = sum(each.role == "admin" for each in queries.members(tx.conn, organisation_id, now))
    for role in roles:
        if not queries.end_membership(tx, account_id, organisation_id, role, now):
            raise MEMBER_UNKNOWN()
        if not leaves_admin(role, admins):
            raise LAST_ADMIN()
        if role == "admin":
            queries.end_invites_by(tx, organisation_id, account_id)


def member_code(ring: KeyRing, organisation_id: UUID, account_id: UUID) -> str:
    """The short code under which an organisation knows a member; another organisation knows them by another."""
    digest = int.from_bytes(ring.fingerprint(account_id.bytes, "membership", organisation_id.hex))
    drawn = "".join(ALPHABET[digest // len(ALPHABET) ** at % len(ALPHABET)] for at in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def _told(conn: Connection, now: datetime, me: Viewer, row: Any) -> dict[str, Any]:
    held = [each for each in queries.members(conn, row.id, now) if each.account_id == me.account_id]
    kind: Kind = row.kind
    leads = any(each.role == "admin" for each in held)
    return {
        "id": row.id,
        "kind": kind,
        "name": _name(conn, row),
        "district_code": row.district_code,
        "roles": [{"role": each.role, "since": each.since, "counts": _counts(me, each.role)} for each in held],
        "gives": list(GIVES[kind]) if leads else [],
    }


def _counts(me: Viewer, role: str) -> bool:
    return role not in NEED_SECOND_FACTOR or role in me.held


def _name(conn: Connection, row: Any) -> Mapping[Language, str]:
    """An organisation's name; a school as an employer is called as the school is."""
    if row.school_id:
        return schools.names(conn, [row.school_id])[row.school_id]
    names: dict[Language, str] = {"zh-Hant": row.name_zh_hant, "zh-Hans": row.name_zh_hans, "en": row.name_en}
    return {language: name or row.name_en for language, name in names.items()}


def _members(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, organisation_id: UUID) -> list[dict[str, Any]]:
    """Who holds which role: a nickname, for those who play, and a code; never an account or a sign-in name."""
    rows = queries.members(conn, organisation_id, now)
    person_of = {each: person_rows.person_of(conn, each) for each in {row.account_id for row in rows}}
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        person = person_of[row.account_id]
        shown: Mapping[str, Any] = {
            "member": member_code(ring, organisation_id, row.account_id),
            "name": nickname(person.adjective, person.species) if person else None,
            "avatar": person.species if person else None,
            "me": row.account_id == me.account_id,
            "roles": [],
        }
        told = found.setdefault(row.account_id, dict(shown))
        told["roles"].append({"role": row.role, "since": row.since})
    return sorted(found.values(), key=lambda each: min(ROLES.index(held["role"]) for held in each["roles"]))


def _invite(row: Any) -> dict[str, Any]:
    return {"id": row.code_index.hex(), "role": row.role, "ends_at": row.ends_at}


def _own(conn: Connection, now: datetime, me: Viewer, organisation_id: UUID) -> tuple[Any, list[str]]:
    """An organisation and the roles that the viewer holds there; one without any sounds like none."""
    row = queries.organisation(conn, organisation_id)
    held = [each.role for each in queries.members(conn, organisation_id, now) if each.account_id == me.account_id]
    if row is None or not held:
        raise UNKNOWN()
    return row, held


def _led(conn: Connection, now: datetime, me: Viewer, organisation_id: UUID) -> tuple[Any, list[str]]:
    row, held = _own(conn, now, me, organisation_id)
    if "admin" not in held:
        raise NOT_ADMIN()
    return row, held


def _code_index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "organisation_invite", "code")
