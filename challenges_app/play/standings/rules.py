"""Decisions about standings: which boards an event belongs to, and how events add up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from scoring.seasons import seasons_of

Subject = Literal["player", "household", "class", "school"]
CITY = "city"
# challenge : season : subject : scope; players are ranked in a school or in the city, classes in a school, other groups
# in the city
BOARD_ID = re.compile(
    r"([a-z0-9-]{1,60}):(all|\d{4}-W\d{2}):(?:(player):(city|\d{6})|(class):(\d{6})|(household|school):(city))"
)


class Event(Protocol):
    """What the boards need to know of a ledger event."""

    challenge_id: str
    player_id: UUID
    child: bool
    household_id: UUID | None
    class_id: UUID | None
    school_id: str | None
    points: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class BoardKey:
    """What makes a board: its parts, joined into the id by colons."""

    challenge_id: str
    season: str
    subject: str
    scope: str

    @property
    def id(self) -> str:
        """The board's id in tables, routes and ticks."""
        return f"{self.challenge_id}:{self.season}:{self.subject}:{self.scope}"

    @classmethod
    def read(cls, text: str) -> "BoardKey | None":
        """The parts of a board's id, or None where it is none."""
        found = BOARD_ID.fullmatch(text)
        return cls(*(part for part in found.groups() if part)) if found else None


@dataclass(slots=True)
class Sum:
    """What events add to one standing."""

    points: int = 0
    reached_at: datetime | None = None
    players: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # points and events of each, for groups only


Folded = dict[BoardKey, dict[str, Sum]]


def places_for(event: Event) -> list[tuple[Subject, str]]:
    """What is ranked, and among whom, on each board that an event's points go to.

    A pupil's own place and that of a class are the school's matter alone; a child without a school has no public place.
    """
    found: list[tuple[Subject, str]] = []
    if event.school_id:
        found += [("player", event.school_id), ("school", CITY)]
        found += [("class", event.school_id)] if event.class_id else []
    elif not event.child:
        found.append(("player", CITY))
    if event.household_id:
        found.append(("household", CITY))
    return found


def fold(events: Iterable[Event]) -> Folded:
    """Add events up by board and subject; the order of the events does not matter."""
    folded: Folded = {}
    for event in events:
        ids: dict[Subject, object] = {
            "player": event.player_id,
            "household": event.household_id,
            "class": event.class_id,
            "school": event.school_id,
        }
        for subject, scope in places_for(event):
            for season in seasons_of(event.occurred_at):
                board = folded.setdefault(BoardKey(event.challenge_id, season, subject, scope), {})
                _add(board.setdefault(str(ids[subject]), Sum()), event, group=subject != "player")
    return folded


def _add(total: Sum, event: Event, *, group: bool) -> None:
    total.points += event.points
    total.reached_at = max(total.reached_at or event.occurred_at, event.occurred_at)
    if group:
        points, events = total.players.get(event.player_id, (0, 0))
        total.players[event.player_id] = (points + event.points, events + 1)
