"""What counts of a day: every source's word is kept, the largest trusted one counts in each hour, none is added up."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from integrations.days import EMPTY, SourceDay

Held = Literal["twin", "over_day", "over_hour", "over_minute", "future"]
NotCountedWhy = Literal["by_hand"] | Held

MOST_IN_A_DAY = 100_000  # more is held for review (trackers, rule 4)
MOST_IN_AN_HOUR = 30_000
MOST_IN_A_MINUTE = 500  # Huawei's own bounds for both


class NotCounted(NamedTuple):
    """Steps that were seen and not counted, and why; `source` is None where the whole day is held."""

    source: Hashable
    steps: int
    why: NotCountedWhy


@dataclass(frozen=True, slots=True)
class Day:
    """A local day as it counts: the steps (None: nothing is known of it, which is not zero), and where they are from.

    `hours` has the source that counted and its steps for each hour, or is None where a source's daily total won, which
    `whole` then names. `said` has what each source counted by itself.
    """

    steps: int | None
    hours: tuple[tuple[Hashable, int], ...] | None
    whole: Hashable | None
    said: Mapping[Hashable, int]
    not_counted: tuple[NotCounted, ...]


def join(old: SourceDay, new: SourceDay) -> SourceDay:
    """What a source says of a day after two readings of it, in whichever order they came.

    The later revision replaces the earlier; of two that the source does not order, the fuller counts, hour by hour.
    """
    before, after = _moment(old), _moment(new)
    if before != after:
        return old if before > after else new
    return SourceDay(
        hours=_fuller(old.hours, new.hours),
        total=max((each for each in (old.total, new.total) if each is not None), default=None),
        by_hand=max(old.by_hand, new.by_hand),
        fastest=max(old.fastest, new.fastest),
        revised_at=old.revised_at,
    )


def merge(sources: Mapping[Any, SourceDay], on: date, last_on: date) -> Day:
    """What counts of a local day. `last_on` is the last day that has begun anywhere on Earth; later ones are held.

    Keys of `sources` must be comparable with each other, so that equal sources are always taken in the same order.
    """
    sources = {key: _released(day) for key, day in sources.items()}
    not_counted = [NotCounted(key, day.by_hand, "by_hand") for key, day in sorted(sources.items()) if day.by_hand]
    said = {key: day.steps for key, day in sorted(sources.items()) if day.steps is not None}
    trusted: dict[Hashable, SourceDay] = {}
    for key, steps in said.items():
        held = why_held(sources[key], on, last_on)
        if held:
            not_counted.append(NotCounted(key, steps, held))
        else:
            trusted[key] = sources[key]
    if not trusted:
        return Day(None, None, None, said, tuple(not_counted))
    counted = _counted(trusted, said)
    looked_at = any(day.released for day in trusted.values())
    if counted.steps is not None and counted.steps > MOST_IN_A_DAY and not looked_at:
        return Day(None, None, None, said, (*not_counted, NotCounted(None, counted.steps, "over_day")))
    return Day(counted.steps, counted.hours, counted.whole, said, tuple(not_counted))


def typed_in(sources: Mapping[Any, SourceDay], on: date, last_on: date) -> int | None:
    """The most that was typed in for a local day, never added up; None where nothing was, or only what is held."""
    found = [day.by_hand for day in sources.values() if 0 < day.by_hand <= MOST_IN_A_DAY]
    return max(found) if found and on <= last_on else None


def why_held(day: SourceDay, on: date, last_on: date) -> Held | None:
    """Why a source's day waits for somebody to look at it, if it does."""
    if on > last_on:
        return "future"
    if day.released:
        return None
    if day.twin:
        return "twin"
    if (day.steps or 0) > MOST_IN_A_DAY:
        return "over_day"
    if max(day.hours or EMPTY) > MOST_IN_AN_HOUR:
        return "over_hour"
    return "over_minute" if day.fastest > MOST_IN_A_MINUTE else None


def _released(day: SourceDay) -> SourceDay:
    """What was typed in competes as the source's total once somebody has let it count."""
    if not day.released or not day.by_hand:
        return day
    return replace(day, total=max(day.steps or 0, day.by_hand), by_hand=0)


def _counted(trusted: Mapping[Hashable, SourceDay], said: Mapping[Hashable, int]) -> Day:
    # A source that gives a total of its own competes as a whole day: its hours need not add up to it.
    by_hours = {key: day.hours for key, day in trusted.items() if day.total is None and day.hours is not None}
    # Of equal hours the source with the fuller day counts, so that the picture does not flicker between two.
    ranked = sorted(by_hours, key=lambda key: -said[key])
    hours = tuple(max(((key, by_hours[key][hour]) for key in ranked), key=_steps) for hour in range(24) if ranked)
    sum_of_hours = sum(steps for _, steps in hours)
    whole = max(((key, day.total) for key, day in trusted.items() if day.total is not None), key=_steps, default=None)
    if whole and (not ranked or whole[1] > sum_of_hours):
        return Day(whole[1], None, whole[0], said, ())
    return Day(sum_of_hours, hours, None, said, ())


def _steps(said: tuple[Hashable, int]) -> int:
    return said[1]


def _fuller(old: tuple[int, ...] | None, new: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if old is None or new is None:
        return old if new is None else new
    return tuple(map(max, old, new))


def _moment(day: SourceDay) -> datetime:
    return day.revised_at or datetime.min.replace(tzinfo=UTC)
