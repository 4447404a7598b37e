"""Places on a board: a total order that never flickers, shared places for ties, neighbours that do not shame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

ABOVE = 3
BELOW = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject, what it is ranked by, and when it got there."""

    subject: str
    value: float
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place; equal values share one (1, 1, 3)."""

    place: int
    tied: bool
    entry: Entry


def rank(entries: Iterable[Entry]) -> list[Placed]:
    """All entries in order: value down, then who was there first, then the subject's id."""
    ordered = sorted(entries, key=lambda each: (-each.value, each.reached_at, each.subject))
    values = [each.value for each in ordered]
    placed: list[Placed] = []
    for at, entry in enumerate(ordered):
        place = placed[-1].place if at and values[at - 1] == entry.value else at + 1
        tied = entry.value in values[max(at - 1, 0) : at] or entry.value in values[at + 1 : at + 2]
        placed.append(Placed(place, tied, entry))
    return placed


def around(placed: Sequence[Placed], at: int) -> Sequence[Placed]:
    """The neighbours of the entry at an index: three above, itself, two below."""
    return placed[max(at - ABOVE, 0) : at + BELOW + 1]


def next_above(placed: Sequence[Placed], at: int) -> Placed | None:
    """The nearest entry with a better place than the one at an index, or None for a first place."""
    return next((each for each in reversed(placed[:at]) if each.place < placed[at].place), None)


def may_count(placed: Sequence[Placed], at: int) -> bool:
    """Whether the one at an index may be told how many entries there are: not if that says that nobody is behind."""
    return len(placed) - at - 1 >= BELOW
