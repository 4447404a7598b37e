"""Show what was entered for a class on a day, and keep what a teacher enters, row by row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Action, Viewer, decide
from challenges_app.people.classes.actions import own_class
from challenges_app.people.persons import queries as persons
from challenges_app.people.persons.rules import nickname
from challenges_app.people.schools import queries as schools
from challenges_app.play.activity import actions as activity
from challenges_app.play.activity import queries as days
from challenges_app.play.activity.actions import Receipt, Said
from challenges_app.play.readings import rules
from challenges_app.play.readings.rules import Why
from integrations.days import SourceDay

NOT_OPEN = refusal("readings.not_open", 422)

PROVIDER = "class_readings"
SOURCE = ""  # one of each pupil, whoever teaches: it is shown by its provider's name


class Row(NamedTuple):
    """A row of the table as a teacher sends it: the number (None: not told), and what the teacher saw there before."""

    person_id: UUID
    steps: int | None
    before: int | None


class _Class(NamedTuple):
    """A class on a day: its pupils, and why nothing can be entered for some of them."""

    pupils: Sequence[UUID]
    closed: Mapping[UUID, Why]

    def open(self, row: Row) -> bool:
        """Whether a number may be entered for somebody."""
        return row.person_id in self.pupils and row.person_id not in self.closed


def readings(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, on: date) -> dict[str, Any]:
    """What was entered for a class on a day, pupil by pupil; raises `class.unknown` and `readings.not_open`."""
    first_on, today = _open_days(now, on)
    name = own_class(conn, me, class_id).name
    found = _class(conn, now, ring, me, class_id, on, "read")
    # What was entered in an earlier class, or is withheld until a guardian agrees, is not for this teacher.
    told = _stand(conn, ring, (each for each in found.pupils if each not in found.closed), on)
    faces = persons.faces(conn, found.pupils)
    rows: list[dict[str, Any]] = [
        {
            "person_id": each,
            "name": nickname(*faces[each]),
            "avatar": faces[each][1],
            "steps": told[each].by_hand if each in told else None,
            "closed": found.closed.get(each),
        }
        for each in found.pupils
    ]
    ordered = sorted(rows, key=lambda row: (row["name"]["en"], row["person_id"]))
    return {"id": class_id, "name": name, "on": on, "first_on": first_on, "today": today, "rows": ordered}


def enter(
    tx: Tx, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, on: date, rows: Iterable[Row]
) -> dict[str, Any]:
    """Keep the rows that are good, in place of what stood there, and answer the table with those that were not kept.

    Of two teachers who change the same row at once the second is told of the first's. Raises `class.unknown` and
    `readings.not_open`.
    """
    _open_days(now, on)
    own_class(tx.conn, me, class_id)
    found = _class(tx.conn, now, ring, me, class_id, on, "change")
    sent = {row.person_id: row for row in rows}
    refused = [(row, found.closed.get(row.person_id, "not_in_class")) for row in sent.values() if not found.open(row)]
    # Always in the same order, so that two who save at once do not wait for each other in a ring.
    good = sorted((row for row in sent.values() if found.open(row)), key=lambda row: row.person_id)
    for row in good:
        days.hold_person(tx, row.person_id)
    stand = _stand(tx.conn, ring, (row.person_id for row in good), on)
    for row in good:
        stands = stand.get(row.person_id)
        if why := rules.why_not(row.steps, row.before, stands.by_hand if stands else None):
            refused.append((row, why))
        elif row.steps != (stands.by_hand if stands else None):
            _keep(tx, ring, now, row, stands, on)
    told = [{"person_id": row.person_id, "steps": row.steps, "why": why} for row, why in refused]
    return {**readings(tx.conn, now, ring, me, class_id, on), "refused": told}


def _keep(tx: Tx, ring: KeyRing, now: datetime, row: Row, stands: SourceDay | None, on: date) -> None:
    receipt = Receipt(row.person_id, PROVIDER, now)
    if row.steps is None:
        activity.forget_day(tx, ring, now, receipt, SOURCE, on)
    else:
        activity.keep(tx, ring, now, receipt, [Said(SOURCE, on, rules.reading(row.steps, stands, now))])


def _stand(conn: Connection, ring: KeyRing, person_ids: Iterable[UUID], on: date) -> dict[UUID, SourceDay]:
    return activity.said_on(conn, ring, PROVIDER, SOURCE, person_ids, on)


def _open_days(now: datetime, on: date) -> tuple[date, date]:
    first_on, today = rules.open_days(now)
    if not first_on <= on <= today:
        raise NOT_OPEN(days=rules.DAYS_BACK.days)
    return first_on, today


def _class(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, class_id: UUID, on: date, action: Action
) -> _Class:
    since = {row.person_id: row.since for row in schools.pupils(conn, [class_id], now)}
    known = access.subjects(conn, now, ring, since)
    pupils = [
        each for each in since if each in known and decide(me, "teacher", known[each], "reading", action, "school")
    ]
    closed: dict[UUID, Why] = {each: "not_yet_in_class" for each in pupils if not rules.was_in_class(since[each], on)}
    closed |= {each: "no_consent" for each in access.waiting_for_consent(conn, now, ring, pupils)}
    return _Class(pupils, closed)
