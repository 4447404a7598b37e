"""Places on a board: a total order that never flickers, shared places for ties, neighbours that do not shame."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

ABOVE = 3
BELOW = 2


class Entry(NamedTuple):
    """A subject, what it is ranked by, and when it got there."""

    subject: str
    value: float
    reached_at: datetime


class Placed(NamedTuple):
    """An entry with its place; equal values share one (1, 1, 3)."""

    place: int
    tied: bool
    entry: Entry


def rank(entries: Iterable[Entry]) -> list[Placed]:
    """All entries in order: value down, then who was there first, then the subject's id."""
    ordered = sorted(entries, key=lambda each: (-each.value, each.reached_at, each.subject))
    placed: list[Placed] = []
    for _, equal in groupby(ordered, key=lambda each: each.value):
        sharing = list(equal)
        place, tied = len(placed) + 1, len(sharing) > 1
        placed += [Placed(place, tied, entry) for entry in sharing]
    return placed


def may_show(placed: Sequence[Placed], at: int) -> bool:
    """Whether the entry at an index may be shown to others: a first place, or with two behind it that are not shown.

    So nobody is ever seen as the last, and the lowest entry that is shown is never the lowest there is.
    """
    return placed[at].place == 1 or len(placed) - at - 1 >= BELOW


def top(placed: Sequence[Placed], most: int) -> list[Placed]:
    """The first entries, as many as may be shown."""
    return [each for at, each in enumerate(placed[:most]) if may_show(placed, at)]


def around(placed: Sequence[Placed], at: int) -> list[Placed]:
    """The entry at an index with its neighbours: three above, and the two below as far as they may be shown."""
    below = [placed[each] for each in range(at + 1, min(at + BELOW + 1, len(placed))) if may_show(placed, each)]
    return [*placed[max(at - ABOVE, 0) : at + 1], *below]


def next_above(placed: Sequence[Placed], at: int) -> Placed | None:
    """The nearest entry with a better place than the one at an index, or None for a first place."""
    return next((each for each in reversed(placed[:at]) if each.place < placed[at].place), None)


def may_count(placed: Sequence[Placed], at: int) -> bool:
    """Whether the one at an index may be told how many entries there are: not if that says that nobody is behind."""
    return len(placed) - at - 1 >= BELOW
