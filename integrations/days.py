"""From samples to days: what each source says of each local day, in 24 hours, and never a step lost or invented."""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from integrations.contract import MOST_STEPS, DayCount, Problem, Reading, Sample, Why, problem
from integrations.overlaps import apart

HOUR = 3_600_000  # milliseconds
DAY = 24 * HOUR
MINUTE = 60_000
LONGEST = timedelta(hours=25)  # the day on which clocks go back; a longer sample does not say which day it belongs to
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
MOST_SOURCES = 50  # in one file
MOST_DAYS = 40_000  # of all sources of one file together: 50 years of two of them
CEILING = 40_000_000  # of an hour, which is held for review long before; a whole day still fits into 32 bits
MOST_INTERVALS = 86_400  # of a source in a day: one for each second
MOST_OF_ALL = 10_000_000  # intervals of one file, in up to 140 MB: seven hundred on every day of 40 years
DOUBLED = 4_096 * 12  # bytes of a day before repeated intervals are looked for
EMPTY = (0,) * 24
_PACKED = struct.Struct("<QI")


@dataclass(frozen=True, slots=True)
class SourceDay:
    """What one source says of one local day: steps in each hour, its own total if it gives one, what was typed in.

    `hours` is None where the source gives a total only. `fastest` is the most steps in a minute of any sample, 0 where
    it is not known. `revised_at` orders what a source says again; None is before any moment.
    Two are not the source's word but that of whoever keeps the day: `twin`, somebody else's source said the same first;
    `released`, somebody looked at what was held or typed in, and lets it count.
    """

    hours: tuple[int, ...] | None = None
    total: int | None = None
    by_hand: int = 0
    fastest: int = 0
    revised_at: datetime | None = None
    twin: bool = field(default=False, compare=False)
    released: bool = field(default=False, compare=False)

    @property
    def steps(self) -> int | None:
        """The source's count of the day: its own total beats its samples; None when all it has was typed in."""
        return self.total if self.total is not None else sum(self.hours) if self.hours is not None else None


class Piece(NamedTuple):
    """The part of an interval that lies in one local day, in milliseconds since its midnight."""

    begin: int
    end: int
    by_hand: bool
    steps: int


class Days:
    """Collects a file's readings into days; the order of readings, and how often each comes, make no difference.

    Within a source the same interval said twice is one interval with the larger number, so an interval is kept until
    the end, in 12 to 24 bytes. Readings that name no source are of the one that is called `unnamed`.
    """

    overlaps = False  # whether a source is several devices that tell of the same walk

    def __init__(self, unnamed: str = "") -> None:
        self._unnamed = unnamed
        self._sources: set[str] = set()
        self._intervals: dict[tuple[str, date], _Intervals] = {}
        self._count_of_all = 0
        self._totals: dict[tuple[str, date], DayCount] = {}
        self._typed: dict[tuple[str, date], int] = {}

    def add(self, reading: Sample | DayCount) -> Why | None:
        """Take one reading; answers why not, if it is no good."""
        if not reading.source and self._unnamed:
            reading = reading._replace(source=self._unnamed)
        why = wrong(reading) or self._too_much(reading.source)
        if why:
            return why
        self._sources.add(reading.source)
        if isinstance(reading, DayCount):
            self._count(reading)
            return None
        return None if self._keep(reading) else "too_much"

    def stretches(self) -> dict[tuple[str, date], bytes]:
        """The intervals that begin on each source's days, as they can be restored: each in 12 bytes, none twice."""
        return {key: kept.said_once() for key, kept in self._intervals.items() if kept.count}

    def restore(self, source: str, on: date, stretches: bytes) -> None:
        """Take in what `stretches` answered for a source's day at an earlier time."""
        self._sources.add(source)
        self._count_of_all += len(stretches) // _PACKED.size
        self._on(source, on).join(stretches)

    def finish(self) -> Iterator[tuple[str, date, SourceDay]]:
        """Every source's days in order; nothing can be added afterwards."""
        later: dict[tuple[str, date], list[Piece]] = defaultdict(list)
        for source, on in sorted(self._intervals.keys() | self._totals.keys() | self._typed.keys()):
            kept = self._intervals.pop((source, on), None)
            pieces = later.pop((source, on), [])
            for day, piece in _pieces(kept.largest()) if kept else ():
                (later[source, on + timedelta(days=day)] if day else pieces).append(piece)
            if self.overlaps:
                pieces = _without_overlaps(pieces)
            yield source, on, _source_day(pieces, self._totals.get((source, on)), self._typed.get((source, on), 0))

    def _keep(self, sample: Sample) -> bool:
        if self._count_of_all >= MOST_OF_ALL:
            return False
        begin, end = _within_day(sample)
        on = sample.starts.date()
        kept = self._on(sample.source, on)
        before = kept.count
        if not kept.add((begin << 32 | end) << 1 | sample.by_hand, sample.steps):
            return False
        self._count_of_all += kept.count - before
        for day in range(1, -(-end // DAY)):  # that it goes on in
            self._on(sample.source, on + timedelta(days=day))
        return True

    def _on(self, source: str, on: date) -> "_Intervals":
        return self._intervals.get((source, on)) or self._intervals.setdefault((source, on), _Intervals())

    def _too_much(self, source: str) -> Why | None:
        if len(self._intervals) + len(self._totals) + len(self._typed) > MOST_DAYS:
            return "too_much"
        return "too_much" if source not in self._sources and len(self._sources) >= MOST_SOURCES else None

    def _count(self, count: DayCount) -> None:
        key = (count.source, count.on)
        if count.by_hand:
            self._typed[key] = max(self._typed.get(key, 0), count.steps)
        elif key not in self._totals or _newness(self._totals[key]) < _newness(count):
            self._totals[key] = count


class _Intervals:
    """A day's intervals as they came, packed; those said again are put together when they have doubled.

    A day that is unpacked for every interval would cost the square of them when two days' rows take turns.
    """

    __slots__ = ("_full", "_packed")

    def __init__(self) -> None:
        self._packed = bytearray()
        self._full = DOUBLED

    @property
    def count(self) -> int:
        """How many are kept, those said again among them."""
        return len(self._packed) // _PACKED.size

    def add(self, key: int, steps: int) -> bool:
        """Note the steps of a packed interval; False when a day cannot have so many."""
        if len(self._packed) >= self._full:
            self._packed = bytearray(self.said_once())
            self._full = max(DOUBLED, 2 * len(self._packed))
        if self.count >= 2 * MOST_INTERVALS:
            return False
        self._packed += _PACKED.pack(key, steps)
        return True

    def join(self, packed: bytes) -> None:
        """Note intervals that are packed already."""
        self._packed += packed

    def said_once(self) -> bytes:
        """All intervals packed, those said again put together."""
        return b"".join(_PACKED.pack(*each) for each in self.largest().items())

    def largest(self) -> dict[int, int]:
        """The largest steps of each packed start, end and by-hand."""
        found: dict[int, int] = {}
        for key, steps in _PACKED.iter_unpack(self._packed):
            if found.get(key, -1) < steps:
                found[key] = steps
        return found


def _newness(count: DayCount) -> tuple[datetime, int]:
    return count.revised_at or datetime.min.replace(tzinfo=UTC), count.steps


def wrong(reading: Sample | DayCount) -> Why | None:
    """Why a reading is no good by itself, if it is not; a provider that asks can say in which line."""
    if reading.steps < 0:
        return "negative"
    if reading.steps > MOST_STEPS:
        return "too_large"
    if isinstance(reading, DayCount):
        return None if FIRST <= reading.on <= LAST else "not_a_date"
    if not FIRST <= reading.starts.date() < LAST:
        return "not_a_date"
    lasts = reading.ends - reading.starts
    if lasts < timedelta(0):
        return "ends_before"
    return "too_long" if lasts > LONGEST else None


def _within_day(sample: Sample) -> tuple[int, int]:
    """When a sample begins and ends, in milliseconds of the local day that it begins in; the end may lie beyond."""
    starts = sample.starts
    begin = ((starts.hour * 60 + starts.minute) * 60 + starts.second) * 1000 + starts.microsecond // 1000
    return begin, begin + (sample.ends - starts) // timedelta(milliseconds=1)


def _pieces(intervals: Mapping[int, int]) -> Iterator[tuple[int, Piece]]:
    """The part of each interval in each local day that it touches, 0 for the day that it begins in."""
    for key, steps in intervals.items():
        begin, end, by_hand = key >> 33, key >> 1 & 0xFFFFFFFF, bool(key & 1)
        if end <= DAY:
            yield 0, Piece(begin, end, by_hand, steps)
            continue
        for day, first, last, share in _stretches(steps, begin, end, DAY):
            yield day, Piece(first - day * DAY, last - day * DAY, by_hand, share)


def _stretches(steps: int, begin: int, end: int, every: int) -> Iterator[tuple[int, int, int, int]]:
    """Steps shared by time over the multiples of `every` that an interval touches: number, begin, end, share.

    What has passed is rounded, not the shares, so they always add up to the steps.
    """
    borders = [begin, *range(begin - begin % every + every, end, every), end]
    passed = [steps * (each - begin) // (end - begin) for each in borders]
    for (first, last), (before, after) in zip(pairwise(borders), pairwise(passed), strict=True):
        yield first // every, first, last, after - before


def _without_overlaps(pieces: Sequence[Piece]) -> list[Piece]:
    typed_in = [each for each in pieces if each.by_hand]
    counted = apart((each.begin, each.end, each.steps) for each in pieces if not each.by_hand)
    return [*typed_in, *(Piece(begin, end, False, steps) for begin, end, steps in counted)]


def _source_day(pieces: Sequence[Piece], count: DayCount | None, typed: int) -> SourceDay:
    hours, by_hand, fastest, counted = [0] * 24, 0, 0, False
    for begin, end, typed_in, steps in pieces:
        if typed_in:
            by_hand += steps
            continue
        counted = True
        _spread(hours, steps, begin, end)
        fastest = max(fastest, steps * MINUTE // max(MINUTE, end - begin))
    return SourceDay(
        hours=tuple(min(each, CEILING) for each in hours) if counted else None,
        total=count.steps if count else None,
        by_hand=min(max(by_hand, typed), CEILING),
        fastest=fastest,
        revised_at=count.revised_at if count else None,
    )


def _spread(hours: list[int], steps: int, begin: int, end: int) -> None:
    hour = begin // HOUR
    if end <= (hour + 1) * HOUR:
        hours[hour] += steps
        return
    for at, _, _, share in _stretches(steps, begin, end, HOUR):
        hours[at] += share


def collect(readings: Iterable[Reading]) -> tuple[dict[tuple[str, date], SourceDay], list[Problem]]:
    """All readings at once: the days by source and date, and the problems, those of bad readings among them."""
    days, problems = Days(), []
    for reading in readings:
        if isinstance(reading, Problem):
            problems.append(reading)
        elif why := days.add(reading):
            problems.append(problem(None, why, reading.steps))
    return {(source, on): day for source, on, day in days.finish()}, problems
