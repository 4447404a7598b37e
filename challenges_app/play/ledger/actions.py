"""Append awards to the ledger, and ask for them to be carried to the boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.play.ledger import queries
from scoring.awards import Award

TOPIC = "score"


@dataclass(frozen=True, slots=True)
class Earner:
    """Who gets an award, and the family, class and school they belong to at that moment."""

    player_id: UUID
    child: bool
    household_id: UUID | None
    class_id: UUID | None
    school_id: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """What an award comes from: the challenge and the kind that decided it."""

    challenge_id: str
    kind: str
    kind_version: int


def append(
    tx: Tx, now: datetime, occurred_at: datetime, earner: Earner, source: Source, awards: Sequence[Award]
) -> None:
    """Append awards: an event each for points, an entry each for coins, a message each for the boards."""
    for award in awards:
        event_id = queries.add_event(
            tx,
            {
                "key": award.key,
                "challenge_id": source.challenge_id,
                "player_id": earner.player_id,
                "child": earner.child,
                "household_id": earner.household_id,
                "class_id": earner.class_id,
                "school_id": earner.school_id,
                "points": award.points,
                "why": award.why,
                "kind": source.kind,
                "kind_version": source.kind_version,
                "occurred_at": occurred_at,
                "recorded_at": now,
            },
        )
        outbox.put(tx, now, TOPIC, {"event": event_id})
        if award.coins:
            _earn(tx, occurred_at, earner.player_id, award)


def _earn(tx: Tx, occurred_at: datetime, player_id: UUID, award: Award) -> None:
    row = {
        "key": award.key,
        "player_id": player_id,
        "coins": award.coins,
        "movement": "earn" if award.coins > 0 else "adjust",
        "why": award.why,
        "occurred_at": occurred_at,
    }
    queries.add_coins(tx, row)
