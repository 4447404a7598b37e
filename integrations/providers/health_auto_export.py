"""Health Auto Export, an app for iPhones: the JSON that it pushes or saves; of its metrics, `step_count` is read.

An entry says when it begins and not how long it lasts. One export sums up over one length, and within it the names of
sources change from entry to entry ("iPhone", "iPhone|Watch"), so the length is found in all of its entries together:
all at midnight are days, all on the hour are hours, and others are minutes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, BinaryIO, NamedTuple

from integrations.bodies import bad, batches, begins, checked, moment, name, number, parsed, unreadable
from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample

CAPABILITIES = Capabilities(
    name="health_auto_export",
    roads=("push", "file"),
    grains=("days", "samples"),
    local_day="offset",
    by_hand=False,
    corrects=False,
    piecewise=False,
    increments=True,
)

STEPS = "step_count"
_DATA = re.compile(r'\{\s*"data"\s*:\s*\{')
_LISTS = re.compile(r'"(metrics|workouts)"\s*:\s*\[')


class Entry(NamedTuple):
    """What one entry says; `line` is its number among those of steps, from 1."""

    line: int
    source: str
    at: datetime
    steps: int


def recognises(part: Part) -> bool:
    """An object of `data`, in which there are lists of metrics or workouts."""
    text = begins(part)
    return bool(_DATA.match(text) and _LISTS.search(text))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the entries of steps; lines of problems are entries, from 1."""
    body = parsed(stream)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        yield [unreadable(body)]
        return
    lasts = _lasts(each.at for each in _entries(data, zone) if isinstance(each, Entry))
    yield from batches(_reading(each, lasts) if isinstance(each, Entry) else each for each in _entries(data, zone))


def _entries(data: Mapping[str, Any], zone: tzinfo) -> Iterator[Entry | Problem]:
    for line, each in enumerate(_said(data.get("metrics")), 1):
        yield _entry(line, each, zone)


def _said(metrics: object) -> Iterator[Any]:
    for metric in metrics if isinstance(metrics, list) else ():
        if isinstance(metric, dict) and metric.get("name") == STEPS:
            entries = metric.get("data")
            yield from entries if isinstance(entries, list) else [entries]


def _entry(line: int, said: object, zone: tzinfo) -> Entry | Problem:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    at, steps = moment(said.get("date"), zone), number(said.get("qty"))
    if at is None:
        return bad(line, "not_a_time", said.get("date"))
    if steps is None:
        return bad(line, "not_a_number", said.get("qty"))
    return Entry(line, name(said.get("source")), at, steps)


def _lasts(moments: Iterable[datetime]) -> timedelta:
    """How long each entry lasts, by when all of them begin."""
    lasts = timedelta(days=1)
    for each in moments:
        if each.minute or each.second or each.microsecond:
            return timedelta(minutes=1)
        if each.hour:
            lasts = timedelta(hours=1)
    return lasts


def _reading(entry: Entry, lasts: timedelta) -> Reading:
    line, source, at, steps = entry
    if lasts.days:
        return checked(line, DayCount(source, at.date(), steps))
    try:
        return checked(line, Sample(source, at, at + lasts, steps))
    except OverflowError:  # after the last hour of the calendar
        return bad(line, "not_a_time", at.isoformat())
