"""Keep what came by itself before anybody understands it, understand it, and count it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import actions as activity
from challenges_app.play.activity.actions import Receipt, Said
from challenges_app.play.arrivals import queries
from integrations.contract import Why
from integrations.days import Days
from integrations.providers import providers
from integrations.reading import Outcome, take


class Body(NamedTuple):
    """A body as it came: its digest (32 bytes, of sender and text), its text, and whose form it is, if anybody's."""

    digest: bytes
    text: str
    provider: str | None


class Sender(NamedTuple):
    """A phone or a connection: its id, whose steps it brings, and what its steps are called that name no source."""

    id: UUID
    person_id: UUID
    name: str


def row(ring: KeyRing, now: datetime, sender: Sender, body: Body) -> dict[str, Any]:
    """A body as it is kept, sealed; one that nobody knows does not wait."""
    return {
        "person_id": sender.person_id,
        "sender_id": sender.id,
        "name_sealed": ring.seal(sender.name, "step_arrival", body.digest.hex(), "name"),
        "digest": body.digest,
        "received_at": now,
        "state": "waiting" if body.provider else "refused",
        "provider": body.provider,
        "body_sealed": ring.seal(body.text, "step_arrival", body.digest.hex(), "body"),
        "problems_sealed": None,
    }


def understand(tx: Tx, ring: KeyRing, now: datetime, kept: Row[Any]) -> bool:
    """Read a body that waits, and count it; False when another worker has."""
    if not queries.settle(tx, kept.id, {"state": "done"}):
        return False
    days = Days(unnamed=_open(ring, kept, "name"))
    outcome = take(_open(ring, kept, "body").encode(), HONG_KONG, days, kept.provider)
    if outcome.provider:
        _keep(tx, ring, now, Receipt(kept.person_id, outcome.provider, kept.received_at), days)
    queries.note(tx, kept.id, _ended(ring, kept.digest, outcome))
    return True


def _keep(tx: Tx, ring: KeyRing, now: datetime, receipt: Receipt, days: Days) -> None:
    if providers()[receipt.provider].CAPABILITIES.increments:
        activity.keep_new(tx, ring, now, receipt, days)
    else:
        activity.keep(tx, ring, now, receipt, [Said(*each) for each in days.finish()])


def _ended(ring: KeyRing, digest: bytes, outcome: Outcome) -> dict[str, Any]:
    problems = [each._asdict() for each in outcome.problems]
    return {
        "state": "done" if outcome.readings else "refused",
        "provider": outcome.provider,
        "problems_sealed": _sealed(ring, digest, problems) if problems else None,
    }


def refuse(tx: Tx, ring: KeyRing, kept: Row[Any], state: str, why: Why | None = None) -> None:
    """End a body of which nothing counts, and say why."""
    problems = [{"line": None, "why": why, "seen": ""}] if why else []
    sealed = _sealed(ring, kept.digest, problems) if problems else None
    queries.settle(tx, kept.id, {"state": state, "problems_sealed": sealed})


def latest(conn: Connection, ring: KeyRing, sender_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What became of the last body of each sender that is no longer waiting: its provider, state and problems."""
    return {
        sender_id: {"provider": kept.provider, "state": kept.state, "problems": _problems(ring, kept)}
        for sender_id, kept in queries.latest(conn, sender_ids).items()
    }


def kept(
    conn: Connection, ring: KeyRing, state: str | None, provider: str | None, since: datetime | None, most: int
) -> list[dict[str, Any]]:
    """Bodies that can be read anew, as an operator is told of them: nothing in it says whose they are."""
    return [
        {
            "id": str(row.id),
            "received_at": row.received_at,
            "provider": row.provider,
            "state": row.state,
            "problems": [each["why"] for each in _problems(ring, row)],
        }
        for row in queries.kept(conn, state, provider, since, most)
    ]


def wait_again(tx: Tx, arrival_ids: Iterable[int]) -> int:
    """Have bodies understood once more, by the readers of today; answers how many."""
    return queries.wait_again(tx, arrival_ids)


def _problems(ring: KeyRing, kept: Row[Any]) -> list[dict[str, Any]]:
    if kept.problems_sealed is None:
        return []
    problems: list[dict[str, Any]] = json.loads(_open(ring, kept, "problems"))
    return problems


def _sealed(ring: KeyRing, digest: bytes, problems: Iterable[Mapping[str, Any]]) -> bytes:
    text = json.dumps(list(problems), ensure_ascii=False)
    return ring.seal(text, "step_arrival", digest.hex(), "problems")


def _open(ring: KeyRing, kept: Row[Any], what: str) -> str:
    return ring.open(getattr(kept, f"{what}_sealed"), "step_arrival", kept.digest.hex(), what)
