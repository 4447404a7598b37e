"""A recorded trace, put through exactly what live fixes go through: verdict, visits and captures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from geo.fence import Visit
from geo.fix import Fix
from geo.index import Grid
from geo.marks import marks
from geo.metric import distance_m
from geo.parks.park import HONG_KONG, Park
from geo.plausible import LEVELS, Level
from geo.scatter import scatter
from geo.walk import Advanced, Entered, Walk, advance, capture_refusal

# Nothing is kept and nobody is named, so neither key nor salt is a secret.
KEY: Final = b"eplus geo replay"
SALT: Final = b"eplus geo replay"
SEED: Final = "eplus geo replay"
DROPS: Final = 5  # in each park


@dataclass(frozen=True, slots=True)
class Capture:
    """A collectible that came within reach while somebody walked honestly in its park."""

    drop: str
    park_id: str
    at: datetime
    distance_m: float


@dataclass(frozen=True, slots=True)
class Replay:
    """What a trace would have been worth."""

    verdict: Level  # the worst of the whole walk
    reasons: tuple[str, ...]
    visits: tuple[Visit, ...]  # one that is still open when the trace ends is closed at its last fix in the park
    captures: tuple[Capture, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON: times as ISO 8601 in Hong Kong's time."""
        return {
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "visits": [
                {
                    "park_id": visit.park_id,
                    "entered_at": _iso(visit.entered_at),
                    "left_at": _iso(visit.last_at),
                    "seconds": round(visit.seconds),
                }
                for visit in self.visits
            ],
            "captures": [
                {
                    "drop": capture.drop,
                    "park_id": capture.park_id,
                    "at": _iso(capture.at),
                    "distance_m": round(capture.distance_m, 1),
                }
                for capture in self.captures
            ],
        }


def replay(
    fixes: Iterable[Fix],
    parks: Mapping[str, Park],
    *,
    after: Iterable[Fix] | None = None,
    park_id: str | None = None,
) -> Replay:
    """Walk through fixes in the order of their times, in the given parks or in only one of them.

    `after` is a trace that was seen before, so that a copy of it is found. Raises KeyError for an unknown `park_id`.
    """
    grid = Grid(parks.values() if park_id is None else [parks[park_id]])
    seen = set(marks(after or (), KEY))
    notes = _Notes(grid)
    walk = Walk()
    for fix in fixes:
        found = advance(walk, fix, index=grid, known=lambda mark, _at: mark in seen, key=KEY, salt=SALT)
        if found.mark is not None:
            seen.add(found.mark)  # a trace that repeats itself is a replay, too
        notes.take(found, fix)
        walk = found.walk
    return notes.result()


class _Notes:
    """What a replay has brought so far."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._level: Level = "ok"
        self._reasons: set[str] = set()
        self._visits: dict[str, Visit] = {}
        self._captures: dict[str, Capture] = {}
        self._drops: dict[str, list[tuple[float, float]]] = {}

    def take(self, found: Advanced, fix: Fix) -> None:
        """One more fix, and what it brought."""
        self._level = max(self._level, found.verdict.level, key=LEVELS.index)
        self._reasons.update(found.verdict.reasons)
        for event in found.events:
            self._visits[event.visit.id] = event.visit
            if isinstance(event, Entered):
                park = self._grid.parks[event.visit.park_id]
                self._drops.setdefault(park.id, scatter(park, DROPS, SEED))
        visit = found.walk.presence.open
        if visit is not None:
            self._visits[visit.id] = visit
            self._capture(found, fix, visit)

    def _capture(self, found: Advanced, fix: Fix, visit: Visit) -> None:
        if not found.verdict.used:
            return
        for number, (lat, lon) in enumerate(self._drops[visit.park_id]):
            drop = f"{visit.park_id}#{number}"
            if drop not in self._captures and capture_refusal(found.walk, fix, visit.park_id, lat, lon) is None:
                away_m = distance_m(fix.lat, fix.lon, lat, lon)
                self._captures[drop] = Capture(drop, visit.park_id, fix.at, away_m)

    def result(self) -> Replay:
        """All of it."""
        return Replay(
            self._level, tuple(sorted(self._reasons)), tuple(self._visits.values()), tuple(self._captures.values())
        )


def _iso(at: datetime) -> str:
    try:
        at = at.astimezone(HONG_KONG)
    except OverflowError:  # in the last hours of the year 9999 it is not told in Hong Kong's time
        at = at.astimezone(UTC)
    return at.isoformat(timespec="seconds")
