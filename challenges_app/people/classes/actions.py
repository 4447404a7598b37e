"""What is done with classes: list them, open one, print its code and cards, and join it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Viewer, decide
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries as account_rows
from challenges_app.people.classes import rules
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.family.actions import account_for, new_child
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import is_child, nickname
from challenges_app.people.schools import queries as schools

UNKNOWN = refusal("class.unknown", 404)
NOT_TEACHER = refusal("class.not_teacher", 403)
TAKEN = refusal("class.taken", 409)
CODE_TOO_LONG = refusal("class.code_too_long", 422)
CODE_WRONG = refusal("school.code_wrong", 404)
NOT_A_PUPIL = refusal("school.not_a_pupil", 422)


def classes(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> list[dict[str, Any]]:
    """The classes of the schools where the viewer teaches."""
    return _told(conn, now, ring, schools.classes(conn, me.teaches))


def schools_taught(conn: Connection, me: Viewer) -> list[dict[str, Any]]:
    """The schools where the viewer teaches, by id."""
    names = schools.names(conn, me.teaches)
    return [{"id": each, "name": names[each]} for each in sorted(names)]


def one_class(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID) -> dict[str, Any]:
    """A class with its pupils; raises `class.unknown`, also for one of another school."""
    [told] = _told(conn, now, ring, [own_class(conn, me, class_id)])
    ids = [row.person_id for row in schools.pupils(conn, [class_id], now)]
    return {**told, "roster": _roster(conn, now, ring, ids)}


def add_class(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, name: str, school_id: str | None) -> dict[str, Any]:
    """Open a class in the viewer's school; `school_id` matters to those who teach at several.

    Raises `class.not_teacher`, and `class.taken` when the school has one of that name.
    """
    taught = sorted(me.teaches if school_id is None else me.teaches & {school_id})
    if not taught:
        raise NOT_TEACHER()
    row = {"id": uuid4(), "school_id": taught[0], "name": name}
    if not schools.add_class(tx, row):
        raise TAKEN()
    return one_class(tx.conn, now, ring, me, row["id"])  # type: ignore[arg-type]


def make_code(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, until: date) -> dict[str, Any]:
    """Make a code that opens a class until a day's end, in place of the one before.

    Raises `class.unknown`, and `class.code_too_long` for a day that is over, or more than 60 days away.
    """
    own_class(tx.conn, me, class_id)
    ends_at = rules.code_ends_at(until, now)
    if ends_at is None:
        raise CODE_TOO_LONG(days=rules.CODE_LASTS_AT_MOST.days)
    code = fresh_code()
    row = {
        "class_id": class_id,
        "code_index": _index(ring, code),
        "code_sealed": ring.seal(code, "class_code", class_id, "code"),
        "ends_at": ends_at,
    }
    schools.keep_code(tx, row)
    return {"code": code, "ends_at": ends_at}


def end_code(tx: Tx, me: Viewer, class_id: UUID) -> None:
    """Let a class's code open it no longer; raises `class.unknown`."""
    own_class(tx.conn, me, class_id)
    schools.end_code(tx, class_id)


def make_cards(
    tx: Tx, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, wanted: Sequence[UUID] | None
) -> list[dict[str, Any]]:
    """Make cards for a class's pupils under 16: for named ones anew, or for all who have none.

    Raises `class.unknown`, and `person.unknown` for a named one who is not such a pupil.
    """
    own_class(tx.conn, me, class_id)
    pupils = access.subjects(tx.conn, now, ring, [row.person_id for row in schools.pupils(tx.conn, [class_id], now)])
    allowed = [each for each, pupil in pupils.items() if decide(me, "teacher", pupil, "card", "change", "school")]
    if wanted is not None and not set(wanted) <= set(allowed):
        raise access.UNKNOWN()
    language = account_rows.language_of(tx.conn, me.account_id)
    made = []
    # Always in the same order, so that two who print at once do not wait for each other in a ring.
    for person_id in sorted(allowed if wanted is None else set(wanted)):
        account_id = account_for(tx, now, ring, person_id, language)
        if wanted is not None:
            made.append((person_id, accounts.make_card_anew(tx, now, ring, account_id)))
        elif code := accounts.make_first_card(tx, now, account_id):
            made.append((person_id, code))
    faces = person_rows.faces(tx.conn, [person_id for person_id, _ in made])
    told = [{"person_id": each, "name": nickname(*faces[each]), "code": code} for each, code in made]
    return sorted(told, key=lambda card: card["name"]["en"])


def end_pupil(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, person_id: UUID) -> None:
    """Take a pupil out of a class from now on; raises `class.unknown` or `person.unknown`."""
    own_class(tx.conn, me, class_id)
    access.require(tx.conn, now, ring, me, "roster", "change", person_id, "school")
    if not schools.end_enrolments(tx, person_id, now, class_id):
        raise access.UNKNOWN()


def class_of_code(conn: Connection, now: datetime, ring: KeyRing, code: str) -> UUID:
    """The class that a code opens; raises `school.code_wrong`."""
    found = schools.class_of_code(conn, _index(ring, code), now)
    if found is None:
        raise CODE_WRONG()
    return found


def join(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, person_id: UUID | None) -> dict[str, Any]:
    """Put the viewer, or a child whose guardian they are, into a class and out of the one before.

    Raises `person.unknown`, and `school.not_a_pupil` from 20 years on.
    """
    person_id = person_id or me.person_id
    if person_id is None:
        raise access.UNKNOWN()
    person_rows.hold(tx, person_id)
    access.require(tx.conn, now, ring, me, "enrolment", "change", person_id)
    if not rules.is_of_school_age(persons.born_on_of(tx.conn, ring, [person_id])[person_id], now):
        raise NOT_A_PUPIL()
    present = schools.class_of(tx.conn, person_id, now)
    if present is None or present.id != class_id:
        schools.end_enrolments(tx, person_id, now)
        _enrol(tx, now, person_id, class_id)
    return _joined(tx.conn, now, ring, person_id, None)


def join_anew(tx: Tx, now: datetime, ring: KeyRing, class_id: UUID, born_on: date, language: str) -> dict[str, Any]:
    """Make an account for a child under 16 who joins by a class's code; it waits until a guardian agrees.

    The answer holds the card's code, which is told once. Raises `account.not_born`, and `family.grown_up` from 16 on.
    """
    person_id = new_child(tx, now, ring, language, born_on)
    _enrol(tx, now, person_id, class_id)
    card = accounts.make_card(tx, now, account_for(tx, now, ring, person_id, language))
    return _joined(tx.conn, now, ring, person_id, card)


def _enrol(tx: Tx, now: datetime, person_id: UUID, class_id: UUID) -> None:
    schools.add_enrolment(tx, {"person_id": person_id, "class_id": class_id, "since": now, "until": None})


def own_class(conn: Connection, me: Viewer, class_id: UUID) -> Row[UUID, str, str]:
    """Id, school and name of a class of the viewer's school; raises `class.unknown`."""
    found = schools.one_class(conn, class_id)
    if found is None or found.school_id not in me.teaches:
        raise UNKNOWN()
    return found


def _told(conn: Connection, now: datetime, ring: KeyRing, rows: Iterable[Row[UUID, str, str]]) -> list[dict[str, Any]]:
    rows = list(rows)
    names = schools.names(conn, {row.school_id for row in rows})
    ids = [row.id for row in rows]
    codes = schools.codes(conn, ids, now)
    pupils = [(row.class_id, row.person_id) for row in schools.pupils(conn, ids, now)]
    waiting = access.waiting_for_consent(conn, now, ring, [person_id for _, person_id in pupils])
    return [
        {
            "id": row.id,
            "name": row.name,
            "school_id": row.school_id,
            "school": names[row.school_id],
            "pupils": sum(class_id == row.id for class_id, _ in pupils),
            "waiting": sum(class_id == row.id and person_id in waiting for class_id, person_id in pupils),
            "code": _code(ring, codes[row.id]) if row.id in codes else None,
        }
        for row in rows
    ]


def _code(ring: KeyRing, row: Row[Any]) -> dict[str, Any]:
    return {"code": ring.open(row.code_sealed, "class_code", row.class_id, "code"), "ends_at": row.ends_at}


def _roster(conn: Connection, now: datetime, ring: KeyRing, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The pupils by nickname; their own teacher knows them, so that a small class is not hidden."""
    faces, born = person_rows.faces(conn, ids), persons.born_on_of(conn, ring, ids)
    agreed = consent_rows.holding(conn, ids, "play")
    account_of = person_rows.accounts_of(conn, ids)
    carded = account_rows.with_card(conn, account_of.values())
    told = [
        {
            "person_id": each,
            "name": nickname(*faces[each]),
            "avatar": faces[each][1],
            "consent": each in agreed if is_child(born[each], now) else None,
            "card": account_of.get(each) in carded,
        }
        for each in ids
    ]
    return sorted(told, key=lambda pupil: (pupil["name"]["en"], pupil["person_id"]))


def _joined(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID, card: str | None) -> dict[str, Any]:
    in_class = schools.class_of(conn, person_id, now)
    assert in_class is not None  # noqa: S101 - joined a moment ago
    face = person_rows.faces(conn, [person_id])[person_id]
    return {
        "person_id": person_id,
        "name": nickname(*face),
        "avatar": face[1],
        "school": schools.names(conn, [in_class.school_id])[in_class.school_id],
        "school_class": in_class.name,
        "card": card,
        "waiting_for_consent": access.waits_for_consent(conn, now, ring, person_id),
    }


def _index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "class_code", "code")
