"""What is done in families: make one, invite, join and leave; add children, agree for them, and print their cards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Action, Resource, Viewer, decide
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.accounts.rules import digest
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.consents import actions as consents
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.households import queries as households
from challenges_app.people.households.rules import INVITE_LASTS, Role, may_go
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import family_name, is_born, is_child, nickname
from challenges_app.people.sessions.actions import NOT_BORN

NONE = refusal("family.none", 409)
ALREADY = refusal("family.already", 409)
ELSEWHERE = refusal("family.elsewhere", 409)
LAST_GUARDIAN = refusal("family.last_guardian", 409)
NOT_GUARDIAN = refusal("family.not_guardian", 403)
TOO_YOUNG = refusal("family.too_young", 403)
CODE_WRONG = refusal("family.code_wrong", 404)
CARD_WRONG = refusal("family.card_wrong", 404)
INVITE_UNKNOWN = refusal("family.invite_unknown", 404)
GROWN_UP = refusal("family.grown_up", 422)

# What the family's list offers for each member, and what it is in the table of rights.
OFFERED: dict[str, tuple[Resource, Action]] = {
    "consent": ("consent", "change"),
    "card": ("card", "change"),
    "face": ("face", "change"),
    "remove": ("household", "change"),
}


def family_of(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> dict[str, Any] | None:
    """The viewer's household as its members see it; guardians see open invitations too. None without a household."""
    home = households.household_of(conn, me.person_id) if me.person_id else None
    if home is None:
        return None
    leads = home.role == "guardian"
    return {
        "name": family_name(home.adjective, home.species),
        "avatar": home.species,
        "role": home.role,
        "members": members(conn, now, ring, me, home.id),
        "invites": [_invite(row) for row in households.invites(conn, home.id, now)] if leads else None,
    }


def members(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, household_id: UUID) -> list[dict[str, Any]]:
    """The members of a household: their faces, never their ages, and what the viewer may do for each."""
    rows = households.members(conn, household_id)
    ids = [row.person_id for row in rows]
    faces, known = person_rows.faces(conn, ids), access.subjects(conn, now, ring, ids)
    agreed = consent_rows.holding(conn, ids, "play")
    account_of = person_rows.accounts_of(conn, ids)
    carded = account_rows.with_card(conn, account_of.values())
    told = []
    for row in rows:
        person = known[row.person_id]
        told.append(
            {
                "person_id": row.person_id,
                "name": nickname(*faces[row.person_id]),
                "avatar": faces[row.person_id][1],
                "role": row.role,
                "group": "child" if person.child else "adult",
                "me": row.person_id == me.person_id,
                "consent": row.person_id in agreed if person.child else None,
                "card": account_of.get(row.person_id) in carded,
                "may": [offer for offer, what in OFFERED.items() if decide(me, None, person, *what)],
            }
        )
    return told


def member(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> dict[str, Any]:
    """One member of the viewer's household; raises `person.unknown`."""
    found = members(conn, now, ring, me, me.household_id) if me.household_id else []
    for each in found:
        if each["person_id"] == person_id:
            return each
    raise access.UNKNOWN()


def make_family(tx: Tx, now: datetime, me: Viewer) -> None:
    """Make a household with the viewer as its guardian; raises `family.too_young` or `family.already`."""
    person_id = _grown(me)
    home_id, (adjective, species) = uuid4(), persons.new_face()
    row = {"id": home_id, "adjective": adjective, "species": species, "created_at": now}
    households.add_household(tx, row)
    _settle(tx, now, person_id, home_id, "guardian", ALREADY())


def invite(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, role: Role) -> dict[str, Any]:
    """Make a code that brings one person into the viewer's household; it is told once. Raises as `led` does."""
    home_id, code, ends_at = led(tx, me), fresh_code(), now + INVITE_LASTS
    index = _index(ring, code)
    row = {"code_index": index, "household_id": home_id, "role": role, "made_by": me.person_id, "ends_at": ends_at}
    households.add_invite(tx, row)
    return {"id": index.hex(), "code": code, "role": role, "ends_at": ends_at}


def end_invite(tx: Tx, me: Viewer, invite_id: str) -> None:
    """Take an invitation back; raises `family.invite_unknown`, and as `led` does."""
    home_id = led(tx, me)
    try:
        index = bytes.fromhex(invite_id)
    except ValueError:
        raise INVITE_UNKNOWN() from None
    if not households.end_invite(tx, home_id, index):
        raise INVITE_UNKNOWN()


def join(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, code: str) -> None:
    """Join a household by a code, which is used up by it; raises `family.code_wrong` and as `make_family` does."""
    person_id = _grown(me)
    if me.household_id:
        raise ALREADY()
    invited = households.take_invite(tx, _index(ring, code), now)
    if invited is None:
        raise CODE_WRONG()
    _settle(tx, now, person_id, invited.household_id, invited.role, ALREADY())
    _hide_likewise(tx, now, invited.household_id, invited.made_by, person_id)


def leave(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> None:
    """Leave the household, or take somebody out of it; what was agreed for a child ends with that.

    Raises `person.unknown`, `family.none`, and `family.last_guardian` when children would be left without one.
    """
    person = access.require(tx.conn, now, ring, me, "household", "change", person_id)
    if person.household_id is None:
        raise NONE()
    households.hold(tx, person.household_id)
    roles = {row.person_id: row.role for row in households.members(tx.conn, person.household_id)}
    if person_id not in roles:
        raise access.UNKNOWN()
    born = persons.born_on_of(tx.conn, ring, roles)
    children = sum(is_child(each, now) for each in born.values())
    guardians = sum(role == "guardian" for role in roles.values())
    if not may_go(guardian=roles[person_id] == "guardian", guardians=guardians, children=children):
        raise LAST_GUARDIAN()
    households.end_member(tx, person.household_id, person_id)
    households.end_invites_by(tx, person_id)
    if person.child:
        consents.withdraw(tx, now, person_id, "play")


def new_child(tx: Tx, now: datetime, ring: KeyRing, language: str, born_on: date) -> UUID:
    """Make a child's person, with an account that a card will sign in to, and for which nobody has agreed yet.

    Raises `account.not_born`, and `family.grown_up` from 16 years on.
    """
    if not is_born(born_on, now):
        raise NOT_BORN()
    if not is_child(born_on, now):
        raise GROWN_UP()
    account_id = accounts.open_without_password(tx, now, ring, language)
    return persons.add_person(tx, now, ring, account_id, persons.new_face(), born_on)


def add_child(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, born_on: date, *, consent: bool) -> dict[str, Any]:
    """Add a child to the viewer's household, and agree for it in the same act if told so; answers the member."""
    home_id = led(tx, me)
    person_id = new_child(tx, now, ring, account_rows.language_of(tx.conn, me.account_id), born_on)
    _take_in(tx, now, me, person_id, home_id, consent=consent)
    return member(tx.conn, now, ring, me, person_id)


def claim_child(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, code: str, *, consent: bool) -> dict[str, Any]:
    """Take a child whose card one has into the household, as one that joined by its class; answers the member.

    Raises `family.card_wrong`, `family.elsewhere` for a child of another household, and as `led` does.
    """
    home_id = led(tx, me)
    account_id = account_rows.card_holder(tx.conn, digest(code))
    row = person_rows.person_of(tx.conn, account_id) if account_id else None
    born = persons.born_on(tx.conn, ring, row.id) if row else None
    if row is None or born is None or not is_child(born, now):
        raise CARD_WRONG()
    _take_in(tx, now, me, row.id, home_id, consent=consent)
    return member(tx.conn, now, ring, me, row.id)


def give_consent(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> dict[str, Any]:
    """Agree that a child plays; answers the member. Raises `person.unknown`."""
    person_rows.hold(tx, person_id)
    access.require(tx.conn, now, ring, me, "consent", "change", person_id)
    consents.give(tx, now, person_id, "play", me.person_id)
    return member(tx.conn, now, ring, me, person_id)


def withdraw_consent(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> dict[str, Any]:
    """Agree no longer that a child plays, from now on; answers the member. Raises `person.unknown`."""
    person_rows.hold(tx, person_id)
    access.require(tx.conn, now, ring, me, "consent", "change", person_id)
    consents.withdraw(tx, now, person_id, "play")
    return member(tx.conn, now, ring, me, person_id)


def make_card(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> str:
    """Make a child's card in place of the one before; answers the code, which is told once. Raises `person.unknown`."""
    access.require(tx.conn, now, ring, me, "card", "change", person_id)
    account_id = account_for(tx, now, ring, person_id, account_rows.language_of(tx.conn, me.account_id))
    return accounts.make_card_anew(tx, now, ring, account_id)


def account_for(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, language: str) -> UUID:
    """A person's account; one without a password is opened for a person who had none."""
    person_rows.hold(tx, person_id)
    found = person_rows.accounts_of(tx.conn, [person_id]).get(person_id)
    if found is None:
        found = accounts.open_without_password(tx, now, ring, language)
        person_rows.set_account(tx, person_id, found)
    return found


def change_face(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> dict[str, Any]:
    """Give a child another nickname and picture, by chance; answers the member. Raises `person.unknown`."""
    access.require(tx.conn, now, ring, me, "face", "change", person_id)
    persons.change_face(tx, person_id, persons.new_face())
    return member(tx.conn, now, ring, me, person_id)


def led(tx: Tx, me: Viewer) -> UUID:
    """The household whose guardian the viewer is, held until the end; raises `family.none` or `family.not_guardian`."""
    if me.household_id:
        households.hold(tx, me.household_id)
    home = households.household_of(tx.conn, me.person_id) if me.person_id else None
    if home is None:
        raise NONE()
    if home.role != "guardian" or me.child:
        raise NOT_GUARDIAN()
    home_id: UUID = home.id
    return home_id


def _grown(me: Viewer) -> UUID:
    assert me.person_id is not None  # noqa: S101 - the gate lets only persons through
    if me.child:
        raise TOO_YOUNG()
    return me.person_id


def _take_in(tx: Tx, now: datetime, me: Viewer, person_id: UUID, home_id: UUID, *, consent: bool) -> None:
    home = households.household_of(tx.conn, person_id)
    if home is None or home.id != home_id:
        _settle(tx, now, person_id, home_id, "member", ELSEWHERE())
    if consent:
        person_rows.hold(tx, person_id)
        consents.give(tx, now, person_id, "play", me.person_id)


def _settle(tx: Tx, now: datetime, person_id: UUID, home_id: UUID, role: Role, otherwise: Exception) -> None:
    row = {"person_id": person_id, "household_id": home_id, "role": role, "since": now}
    if not households.add_member(tx, row):
        raise otherwise


def _hide_likewise(tx: Tx, now: datetime, home_id: UUID, guardian: UUID, newcomer: UUID) -> None:
    """What the safety switch hides from a guardian stays hidden from whom they bring in, who may be themselves."""
    inside = {row.person_id for row in households.members(tx.conn, home_id)} - {newcomer}
    for (person_id, carer_id), set_by in care_links.switches(tx.conn, inside).items():
        if carer_id == guardian:
            row = {"person_id": person_id, "carer_id": newcomer, "set_by": set_by, "since": now}
            care_links.hide(tx, row)


def _index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "household_invite", "code")


def _invite(row: Any) -> dict[str, Any]:
    return {"id": row.code_index.hex(), "role": row.role, "ends_at": row.ends_at}
