"""HC Webhook, an app for Android: the records of Health Connect that are new since its last push, in UTC.

It passes on what every app and device has written, without saying who did. So a phone and a watch both count the same
walk, and records that overlap in time are told apart before they are counted: see `apart`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from heapq import heappop, heappush
from itertools import groupby, pairwise
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from integrations.bodies import bad, batches, begins, checked, moment, number, parsed, unreadable
from integrations.contract import Capabilities, Part, Reading, Sample

CAPABILITIES = Capabilities(
    name="hc_webhook",
    roads=("push", "file"),
    grains=("samples",),
    local_day="asked",
    by_hand=False,
    corrects=False,
    piecewise=False,
    increments=True,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
FINE = 1 << 40  # parts of a step that shares are added up in
_HEAD = (re.compile(r'"timestamp"\s*:\s*"'), re.compile(r'"app_version"\s*:\s*"'))


class Record(NamedTuple):
    """Steps between two moments, in microseconds since 1970."""

    begin: int
    end: int
    steps: int


def recognises(part: Part) -> bool:
    """An object that says when it was sent, and by which version of the app."""
    text = begins(part)
    return text.startswith("{") and all(each.search(text) for each in _HEAD)


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the records of steps, those that are no good first; lines of problems are records, from 1."""
    body = parsed(stream)
    if not isinstance(body, dict):
        yield [unreadable(body)]
        return
    said, records = body.get("steps", []), list[Record]()
    all_said = said if isinstance(said, list) else [said]
    for batch in batches(_reading(line, each, zone) for line, each in enumerate(all_said, 1)):
        records += (_record(*each[1:4]) for each in batch if isinstance(each, Sample))
        yield [each for each in batch if not isinstance(each, Sample)]
    yield from batches(_sample(each, zone) for each in apart(records))


def _reading(line: int, said: object, zone: tzinfo) -> Reading:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    starts, ends = moment(said.get("start_time"), UTC), moment(said.get("end_time"), UTC)
    if starts is None or ends is None:
        return bad(line, "not_a_time", said.get("start_time" if starts is None else "end_time"))
    steps = number(said.get("count"))
    if steps is None:
        return bad(line, "not_a_number", said.get("count"))
    try:
        return checked(line, _sample(_record(starts, ends, steps), zone))
    except OverflowError:  # before the first hour of the calendar, or after its last
        return bad(line, "not_a_time", said.get("start_time"))


def _record(starts: datetime, ends: datetime, steps: int) -> Record:
    return Record((starts - EPOCH) // TICK, (ends - EPOCH) // TICK, steps)


def _sample(record: Record, zone: tzinfo) -> Sample:
    """A record in local time, with one offset for both ends, so that the time between them stays what it was."""
    starts = (EPOCH + record.begin * TICK).astimezone(zone)
    local = timezone(starts.utcoffset() or timedelta())
    return Sample("", starts.astimezone(local), (EPOCH + record.end * TICK).astimezone(local), record.steps)


def apart(records: Iterable[Record]) -> list[Record]:
    """Records of which none overlaps another: where some did, only the one with the most steps per time counts there.

    Together they have at most the steps of all records, and at least those of the largest; the order of the records
    makes no difference, and one that overlaps none stays as it is. The same interval said twice is the larger of both.
    """
    fullest: dict[tuple[int, int], int] = {}
    for begin, end, steps in records:
        fullest[begin, end] = max(steps, fullest.get((begin, end), 0))
    kept = sorted(Record(*when, steps) for when, steps in fullest.items())
    lasting = [each for each in kept if each.end > each.begin]
    return sorted([*_shares(lasting), *(each for each in kept if each.end == each.begin)])


def _shares(records: Sequence[Record]) -> Iterator[Record]:
    """What each record counts of the stretches that it wins.

    What has been counted so far is rounded, not the shares, so a record that wins all of its time counts whole.
    """
    counted, until = 0, None
    for winner, won in groupby(_won(records), key=itemgetter(0)):
        stretches = list(won)
        begin, end = stretches[0][1], stretches[-1][2]
        if begin != until:
            counted = 0
        before, until = counted, end
        # Rounded up: rounding down could lose a step of the largest record, and a FINE part too many gains none.
        counted -= -winner.steps * (end - begin) * FINE // (winner.end - winner.begin)
        yield Record(begin, end, counted // FINE - before // FINE)


def _won(records: Sequence[Record]) -> Iterator[tuple[Record, int, int]]:
    """Between any two moments at which a record begins or ends: the one with the most steps per time, if there is any.

    `records` in order of their beginnings, each longer than nothing.
    """
    waiting = iter(records)
    coming = next(waiting, None)
    running: list[tuple[Fraction, Record]] = []
    for first, last in pairwise(sorted({border for each in records for border in each[:2]})):
        while coming and coming.begin == first:
            heappush(running, (Fraction(-coming.steps, coming.end - coming.begin), coming))
            coming = next(waiting, None)
        while running and running[0][1].end <= first:
            heappop(running)
        if running:
            yield running[0][1], first, last
