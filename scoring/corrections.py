"""Corrections: what has to be appended to a ledger that never changes, so that its sums become what is due now."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from scoring.awards import Award, DailyAward
from scoring.seasons import week_of_day

# A correctable award stands under `<key>:r0`, and each correction of it under the next number.
_REVISED = re.compile(r"(.+):r([0-9]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Given:
    """What the ledger holds under one key: the sums of its rows, how many revisions, and the day of the last one."""

    on: date
    why: str
    points: int
    coins: int
    revisions: int


def given(rows: Iterable[DailyAward]) -> dict[str, Given]:
    """The ledger's rows of one player in one challenge, summed by key; rows that no correction wrote are left out.

    The order of the rows does not matter. Coins of a row are 0 where it has no entry among the coins.
    """
    found: dict[str, Given] = {}
    for number, row in sorted(_revisions(rows), key=lambda each: each[0]):
        key = row.award.key.rpartition(":")[0]
        before = found.get(key, Given(row.on, row.award.why, 0, 0, 0))
        points, coins = before.points + row.award.points, before.coins + row.award.coins
        found[key] = Given(row.on, row.award.why, points, coins, number + 1)
    return found


def corrections(desired: Iterable[DailyAward], given: Mapping[str, Given], weeks: Set[str]) -> list[DailyAward]:
    """What to append so that the sums under each key become what is desired; nothing where they are so already.

    `weeks` (as 2026-W48) are those that were evaluated: what belongs to a day of another week is left alone, since
    nothing is known of it. Within them a key that is no longer desired goes to zero. Differences may be negative.
    Both sides are of one player in one challenge. Raises `ValueError` when a key is desired twice.
    """
    wanted = _by_key(each for each in desired if week_of_day(each.on) in weeks)
    gone = (key for key, had in given.items() if key not in wanted and week_of_day(had.on) in weeks)
    due = [*wanted.values(), *(DailyAward(given[key].on, Award(key, 0, 0, given[key].why)) for key in gone)]
    changes = (_difference(each, given.get(each.award.key)) for each in due)
    return sorted((each for each in changes if each), key=lambda each: (each.on, each.award.key))


def _difference(due: DailyAward, had: Given | None) -> DailyAward | None:
    award = due.award
    points, coins, revisions = (had.points, had.coins, had.revisions) if had else (0, 0, 0)
    if (award.points, award.coins) == (points, coins):
        return None
    key = f"{award.key}:r{revisions}"
    return DailyAward(due.on, Award(key, award.points - points, award.coins - coins, award.why))


def _by_key(desired: Iterable[DailyAward]) -> dict[str, DailyAward]:
    wanted: dict[str, DailyAward] = {}
    for each in desired:
        if each.award.key in wanted:
            raise ValueError(f"desired twice: {each.award.key}")
        wanted[each.award.key] = each
    return wanted


def _revisions(rows: Iterable[DailyAward]) -> Iterable[tuple[int, DailyAward]]:
    return ((int(found[2]), row) for row in rows if (found := _REVISED.fullmatch(row.award.key)))
