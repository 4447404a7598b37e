"""Capture a drop: where the walk allows it, in one transaction to the ledger, with the same answer for a repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services
from challenges_app.people.access.rules import Viewer
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.captures import queries, rules
from challenges_app.play.challenges import queries as challenges
from challenges_app.play.ledger import actions as ledger
from challenges_app.play.ledger import queries as sums
from challenges_app.play.ledger.actions import Earner, Source
from challenges_app.play.parks.queries import catalogue
from challenges_app.play.players.actions import player_of
from challenges_app.play.walks.actions import follow
from challenges_app.play.walks.rules import Bounds, usable
from geo.fix import Fix
from scoring.awards import Award
from scoring.facts import CaptureFacts
from scoring.kinds import CaptureParams, capture_kinds

UNKNOWN = refusal("drop.unknown", 404)
OTHER_DAY = refusal("drop.other_day", 409)
GONE = refusal("drop.gone", 410)
OVER = refusal("challenge.over", 409)
ALREADY_YOURS = refusal("capture.already_yours", 409)
DAILY_CAP = refusal("capture.daily_cap", 409)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who may take a drop, decided by where they are; `client_id` tells one attempt from another."""

    client_id: str
    drop_id: UUID
    captured_at: datetime
    visit_id: str
    earner: Earner


@dataclass(frozen=True, slots=True)
class Taken:
    """A capture that stands, what it brought, and whether it stood before."""

    id: UUID
    drop_id: UUID
    challenge_id: str
    park_id: str
    species: str
    captured_at: datetime
    awards: list[dict[str, Any]]
    repeated: bool


def capture(
    here: Services, now: datetime, viewer: Viewer, client_id: str, drop_id: UUID, fixes: Sequence[Fix]
) -> dict[str, Any]:
    """Go on with the walk, decide, take the drop, and tell the player's figures; raises the refusal, if any."""
    player_id = player_of(here, now, viewer)
    with here.db.reading() as conn:
        earlier = queries.earlier(conn, player_id, client_id, drop_id)
        drop = challenges.drop(conn, drop_id)
    if drop is None:
        raise UNKNOWN()
    fix, visit_id = fixes[-1], ""
    if earlier is None:
        usable([fix], now)
        walk = follow(here, now, player_id, fixes)
        park = catalogue(here.settings.parks).parks.get(drop.park_id)
        if park is None:
            raise UNKNOWN()
        rules.check(walk, fix, park, (drop.lat, drop.lon), Bounds(viewer.child, here.settings.curfew))
        visit_id = walk.presence.open.id if walk.presence.open else ""
    earner = Earner(player_id, viewer.child, viewer.household_id, viewer.class_id, viewer.school_id)
    attempt = Attempt(client_id, drop_id, rules.moment_of(fix, now), visit_id, earner)
    taken = here.db.write(lambda tx: take(tx, now, attempt))
    with here.db.reading() as conn:
        return _answer(conn, taken, player_id)


def _answer(conn: Connection, taken: Taken, player_id: UUID) -> dict[str, Any]:
    names = ("id", "drop_id", "park_id", "species", "captured_at")
    on = taken.captured_at.astimezone(HONG_KONG).date()
    return {
        "capture": {name: getattr(taken, name) for name in names},
        "awards": taken.awards,
        "points": sums.points(conn, taken.challenge_id, player_id),
        "coins": sums.coins(conn, player_id),
        "captured_today": queries.captured_on(conn, player_id, taken.challenge_id, on),
        "repeated": taken.repeated,
    }


def take(tx: Tx, now: datetime, attempt: Attempt) -> Taken:
    """Take a drop, or find that this very attempt was made before; raises a refusal otherwise and changes nothing."""
    drop = challenges.drop(tx.conn, attempt.drop_id)
    if drop is None:
        raise UNKNOWN()
    challenge = challenges.challenge(tx.conn, drop.challenge_id)
    assert challenge is not None  # noqa: S101 - a drop refers to its challenge by foreign key
    params = capture_kinds()[challenge.kind].read(challenge.params)
    awards = _awards(tx.conn, challenge, params, drop, attempt)
    row = _row(drop, attempt, awards)
    if not queries.add_capture(tx, row):
        return _again(tx.conn, attempt)
    _check_time(challenge, drop, attempt)
    _count(tx, challenge.id, params, drop, attempt)
    source = Source(challenge.id, challenge.kind, challenge.kind_version)
    ledger.append(tx, now, attempt.captured_at, attempt.earner, source, awards)
    queries.add_to_visit(tx, _visit(drop, attempt, awards))
    return _taken(row, repeated=False)


def _awards(
    conn: Connection, challenge: Row[Any], params: CaptureParams, drop: Row[Any], attempt: Attempt
) -> list[Award]:
    player_id, at = attempt.earner.player_id, attempt.captured_at
    elsewhere = queries.last_elsewhere(conn, player_id, drop.park_id, at)
    facts = CaptureFacts(
        challenge_id=challenge.id,
        drop_id=str(drop.id),
        player_id=str(player_id),
        park_id=drop.park_id,
        captured_at=at,
        since_other_park=at - elsewhere if elsewhere else None,
    )
    return capture_kinds()[challenge.kind].on_capture(params, facts)


def _check_time(challenge: Row[Any], drop: Row[Any], attempt: Attempt) -> None:
    if not challenge.opens_at <= attempt.captured_at < challenge.closes_at:
        raise OVER()
    if drop.on != attempt.captured_at.astimezone(HONG_KONG).date():
        raise OTHER_DAY()


def _count(tx: Tx, challenge_id: str, params: CaptureParams, drop: Row[Any], attempt: Attempt) -> None:
    if not queries.count_today(tx, attempt.earner.player_id, challenge_id, drop.on, params.daily_cap):
        raise DAILY_CAP(cap=params.daily_cap)
    if drop.stock is not None and not challenges.take_stock(tx, drop.id):
        raise GONE()


def _again(conn: Connection, attempt: Attempt) -> Taken:
    earlier = queries.earlier(conn, attempt.earner.player_id, attempt.client_id, attempt.drop_id)
    assert earlier is not None  # noqa: S101 - something made the insert give way
    if earlier.client_id != attempt.client_id:
        raise ALREADY_YOURS()
    return _taken(earlier._mapping, repeated=True)


def _row(drop: Row[Any], attempt: Attempt, awards: list[Award]) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "player_id": attempt.earner.player_id,
        "client_id": attempt.client_id,
        "drop_id": drop.id,
        "challenge_id": drop.challenge_id,
        "park_id": drop.park_id,
        "species": drop.species,
        "captured_at": attempt.captured_at,
        "awards": [{"points": each.points, "coins": each.coins, "why": each.why} for each in awards],
    }


def _visit(drop: Row[Any], attempt: Attempt, awards: list[Award]) -> dict[str, Any]:
    return {
        "id": attempt.visit_id,
        "player_id": attempt.earner.player_id,
        "park_id": drop.park_id,
        "hour": attempt.captured_at.replace(minute=0, second=0, microsecond=0),
        "points": sum(each.points for each in awards),
    }


def _taken(row: Any, *, repeated: bool) -> Taken:
    names = ("id", "drop_id", "challenge_id", "park_id", "species", "captured_at", "awards")
    return Taken(**{name: row[name] for name in names}, repeated=repeated)
