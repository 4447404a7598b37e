"""What is done to become companions: show a code, scan it, agree for a child, and end it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Subject, Viewer, decide
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.companions import actions as companions
from challenges_app.people.companions import queries as companion_rows
from challenges_app.people.companions.actions import Side
from challenges_app.people.companions.rules import CODE_LASTS, MOST
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.households import queries as households
from challenges_app.people.meeting.rules import waits_for
from challenges_app.people.notices.actions import tell
from challenges_app.people.notices.rules import Kind
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import nickname

CODE_WRONG = refusal("companion.code_wrong", 404)
OWN_CODE = refusal("companion.own_code", 409)
TOO_MANY = refusal("companion.too_many", 409)
NO_CONSENT = refusal("companion.no_consent", 409)


def make_code(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID) -> str:
    """Make a code for somebody to show, in place of the one before."""
    code = fresh_code()
    row = {"person_id": person_id, "code_index": _index(ring, code), "ends_at": now + CODE_LASTS}
    companion_rows.keep_code(tx, row)
    return code


def meet(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, code: str) -> dict[str, Any]:
    """Meet whoever showed a code, which is used up by it; a side of 16 has agreed by that, a child's side waits.

    Raises `companion.code_wrong`, `companion.own_code` and `companion.too_many`. Who met before stays as they are.
    """
    other_id = companion_rows.take_code(tx, _index(ring, code), now)
    if other_id is None or access.waits_for_consent(tx.conn, now, ring, other_id):
        raise CODE_WRONG()
    if other_id == person_id:
        raise OWN_CODE()
    _hold(tx, person_id, other_id)
    fresh = not companions.sides(tx.conn, [person_id], other_id)
    if fresh and max(companion_rows.how_many(tx.conn, [person_id, other_id]), default=0) >= MOST:
        raise TOO_MANY(most=MOST)
    companion_rows.meet(tx, person_id, other_id, now)
    people = access.subjects(tx.conn, now, ring, [person_id, other_id])
    for one, other in ((person_id, other_id), (other_id, person_id)):
        [side] = companions.sides(tx.conn, [one], other)
        if not people[one].child and side.agreed_at is None:
            companion_rows.agree(tx, one, other, now, one, None)
        elif fresh and people[one].child:
            _tell_guardians(tx, now, ring, people[one], other)
    return _told(tx.conn, now, ring, me, people[person_id], companions.sides(tx.conn, [person_id], other_id))[0]


def companions_of(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> dict[str, Any]:
    """A person's face, and their companions and those that wait, as they or their guardian see them.

    Raises `person.unknown`.
    """
    person = access.require(conn, now, ring, me, "companion", "read", person_id)
    told = _told(conn, now, ring, me, person, companions.sides(conn, [person_id]))
    return {**_face(person_rows.faces(conn, [person_id])[person_id]), "companions": told}


def agree(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, companion_id: UUID) -> dict[str, Any]:
    """Agree for a child as its guardian, or for oneself from 16 on; both are told when they are companions by that.

    Raises `person.unknown`, and `companion.no_consent` for a child that may not play now.
    """
    _hold(tx, person_id, companion_id)
    person = access.require(tx.conn, now, ring, me, "companion", "change", person_id)
    side = _side(tx.conn, person_id, companion_id)
    consent = consent_rows.holding_id(tx.conn, person_id, "play") if person.child else None
    if person.child and consent is None:
        raise NO_CONSENT()
    if side.agreed_at is None:
        companion_rows.agree(tx, person_id, companion_id, now, me.person_id, consent)
        side = _side(tx.conn, person_id, companion_id)
        if side.since:
            _tell_both(tx, now, ring, person_id, companion_id)
    return _told(tx.conn, now, ring, me, person, [side])[0]


def end(tx: Tx, person_id: UUID, companion_id: UUID) -> None:
    """End what is between two, at any age and for both at once; nobody is told. Raises `person.unknown`."""
    if not companion_rows.part(tx, person_id, companion_id):
        raise access.UNKNOWN()


def end_for_child(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, companion_id: UUID) -> None:
    """End what is between a child and a companion, as its guardian; raises `person.unknown`."""
    access.require(tx.conn, now, ring, me, "companion", "change", person_id)
    end(tx, person_id, companion_id)


def _told(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person: Subject, sides: list[Side]
) -> list[dict[str, Any]]:
    """What a person sees of their own, a face only where the table of rights says so; a guardian sees them all."""
    seen = [side.companion_id for side in sides]
    if me.person_id == person.person_id:
        people = access.subjects(conn, now, ring, seen)
        seen = [each for each in seen if decide(me, None, people[each], "face", "read")]
    faces = person_rows.faces(conn, seen)
    return [_line(side, person, faces.get(side.companion_id)) for side in sides]


def _line(side: Side, person: Subject, face: tuple[str, str] | None) -> dict[str, Any]:
    both = {"agreed": side.agreed_at is not None, "other_agreed": side.other_agreed_at is not None}
    waits = waits_for(**both, child=person.child)
    seen = _face(face) if face else {"name": None, "avatar": None}
    return {
        "person_id": side.companion_id,
        **seen,
        "met_at": side.met_at,
        "since": side.since,
        "waits_for": waits,
    }


def _face(face: tuple[str, str]) -> dict[str, Any]:
    return {"name": nickname(*face), "avatar": face[1]}


def _side(conn: Connection, person_id: UUID, companion_id: UUID) -> Side:
    for side in companions.sides(conn, [person_id], companion_id):
        return side
    raise access.UNKNOWN()


def _hold(tx: Tx, *person_ids: UUID) -> None:
    """Hold persons, always in the same order, so that two who scan each other do not wait for each other in a ring."""
    for each in sorted(person_ids):
        person_rows.hold(tx, each)


def _tell_guardians(tx: Tx, now: datetime, ring: KeyRing, child: Subject, other: UUID) -> None:
    """Tell a child's guardians whom it met, in nicknames."""
    rows = households.members(tx.conn, child.household_id) if child.household_id else []
    guardians = [row.person_id for row in rows if row.role == "guardian"]
    faces = person_rows.faces(tx.conn, [child.person_id, other])
    named = {"name": faces[child.person_id], "other": faces[other]}
    _tell(tx, now, ring, guardians, "companion.asked", named)


def _tell_both(tx: Tx, now: datetime, ring: KeyRing, one: UUID, other: UUID) -> None:
    """Tell two that they are companions now, who waited for it apart from each other."""
    faces = person_rows.faces(tx.conn, [one, other])
    for reader, companion in ((one, other), (other, one)):
        _tell(tx, now, ring, [reader], "companion.agreed", {"other": faces[companion]})


def _tell(
    tx: Tx, now: datetime, ring: KeyRing, readers: list[UUID], kind: Kind, named: Mapping[str, tuple[str, str]]
) -> None:
    # Two who part may meet again and are then told again: the act itself happens once, so each has a key of its own.
    act = uuid4().hex
    for account_id in person_rows.accounts_of(tx.conn, readers).values():
        to = accounts.reader(tx.conn, ring, account_id)
        values = {place: nickname(*face)[to.language] for place, face in named.items()}
        tell(tx, now, ring, f"{kind}:{act}:{account_id.hex}", to, kind, **values)


def _index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "meeting_code", "code")
