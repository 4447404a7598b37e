"""Ask that steps be looked at again, take that back, and decide."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access.rules import Viewer
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.notices.actions import tell
from challenges_app.people.notices.rules import Kind
from challenges_app.people.persons import queries as persons
from challenges_app.play.activity import actions as activity
from challenges_app.play.appeals import queries

NOTHING = refusal("appeal.nothing", 409)
ALREADY = refusal("appeal.already", 409)
UNKNOWN = refusal("appeal.unknown", 404)
OVER = refusal("appeal.over", 409)
NOT_STAFF = refusal("appeal.not_for_you", 403)

WHOLE_DAY = 0  # as a source
SHOWN = 100


class Asked(NamedTuple):
    """What is to be looked at: a source's day (source None: the whole day), and what its owner says to it."""

    on: date
    source_id: int | None
    text: str


class Decision(NamedTuple):
    """Whether the steps count after all, and a word to whoever asked, if any."""

    granted: bool
    answer: str


def ask(tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, asked: Asked) -> dict[str, Any]:
    """Ask that steps be looked at; raises `appeal.nothing` where all counts, and `appeal.already`."""
    line = activity.held(tx.conn, now, person_id, asked.on).get(asked.source_id)
    if line is None:
        raise NOTHING()
    appeal_id = uuid4()
    row = {
        "id": appeal_id,
        "person_id": person_id,
        "on": asked.on,
        "source": asked.source_id or WHOLE_DAY,
        "why": line.why,
        "steps": line.steps,
        "text_sealed": ring.seal(asked.text, "step_appeal", appeal_id, "text"),
        "state": "open",
        "asked_at": now,
        "decided_at": None,
        "answer_sealed": None,
    }
    if not queries.add(tx, row):
        raise ALREADY()
    kept = queries.appeal(tx.conn, appeal_id)
    assert kept is not None  # noqa: S101 - just added
    return told(ring, kept)


def take_back(tx: Tx, person_id: UUID, appeal_id: UUID) -> None:
    """Take an open appeal back; raises `appeal.unknown`."""
    if not queries.take_back(tx, person_id, appeal_id):
        raise UNKNOWN()


def own(conn: Connection, ring: KeyRing, person_id: UUID) -> list[dict[str, Any]]:
    """Somebody's appeals, the newest first, with what was answered."""
    return [told(ring, row) for row in queries.of_person(conn, person_id, SHOWN)]


def waiting(conn: Connection, ring: KeyRing, me: Viewer, most: int) -> dict[str, Any]:
    """The appeals that wait longest, with each day's picture and nothing that says whose it is; raises for others."""
    _require_staff(me)
    rows = queries.waiting(conn, most)
    appeals = [
        {
            **told(ring, row),
            "sources": activity.picture(conn, row.person_id, row.on),
            "own": row.person_id == me.person_id,
        }
        for row in rows
    ]
    return {"appeals": appeals, "waiting": queries.how_many_wait(conn)}


def decide(tx: Tx, ring: KeyRing, now: datetime, me: Viewer, appeal_id: UUID, decision: Decision) -> None:
    """Let steps count after all, or not, and tell whoever asked; raises `appeal.unknown`, and `appeal.over`."""
    _require_staff(me)
    row = queries.appeal(tx.conn, appeal_id)
    if row is None:
        raise UNKNOWN()
    if row.person_id == me.person_id:
        raise NOT_STAFF()
    answer = ring.seal(decision.answer, "step_appeal", row.id, "answer") if decision.answer else None
    state = "granted" if decision.granted else "declined"
    if not queries.decide(tx, appeal_id, {"state": state, "decided_at": now, "answer_sealed": answer}):
        raise OVER()
    if decision.granted:
        # Steps that came in time count by when they came, however long it took to look at them.
        activity.release(tx, ring, now, row.person_id, row.asked_at, row.on, row.source or None)
    _tell(tx, ring, now, row, decision)


def _tell(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], decision: Decision) -> None:
    kind: Kind = "appeal.granted" if decision.granted else "appeal.declined"
    for account_id in persons.accounts_of(tx.conn, [row.person_id]).values():
        reader = accounts.reader(tx.conn, ring, account_id)
        tell(tx, now, ring, f"appeal:{row.id.hex}", reader, kind, on=row.on.isoformat())


def _require_staff(me: Viewer) -> None:
    if not me.staff:
        raise NOT_STAFF()


def told(ring: KeyRing, row: Row[Any]) -> dict[str, Any]:
    """An appeal in the clear."""
    opened = ring.open(row.text_sealed, "step_appeal", row.id, "text")
    answer = ring.open(row.answer_sealed, "step_appeal", row.id, "answer") if row.answer_sealed else None
    names = ("id", "on", "why", "steps", "state", "asked_at", "decided_at")
    said = {name: getattr(row, name) for name in names}
    return {**said, "source_id": row.source or None, "text": opened, "answer": answer}
