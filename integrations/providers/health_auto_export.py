"""Health Auto Export, an app for iPhones: the JSON that it pushes or saves; of its metrics, `step_count` is read.

An entry says when it begins and not how long it lasts. One export sums up over one length, and within it the names of
sources change from entry to entry ("iPhone", "iPhone|Watch"), so the length is found in all of its entries together:
all at midnight are days, all on the hour are hours, and others are minutes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, BinaryIO, NamedTuple

from integrations.bodies import bad, begins, checked, moment, name, number, parsed, unreadable
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
    """Read the entries of steps, all in one batch; lines of problems are entries, from 1."""
    body = parsed(stream)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        yield [unreadable(body)]
        return
    found = [_entry(line, each, zone) for line, each in enumerate(_entries(data.get("metrics")), 1)]
    lasts = _lasts([each.at for each in found if isinstance(each, Entry)])
    yield [_reading(each, lasts) if isinstance(each, Entry) else each for each in found]


def _entries(metrics: object) -> Iterator[Any]:
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


def _lasts(moments: Sequence[datetime]) -> timedelta:
    """How long each of a list of entries lasts."""
    if any(each.minute or each.second or each.microsecond for each in moments):
        return timedelta(minutes=1)
    return timedelta(hours=1) if any(each.hour for each in moments) else timedelta(days=1)


def _reading(entry: Entry, lasts: timedelta) -> Reading:
    line, source, at, steps = entry
    if lasts.days:
        return checked(line, DayCount(source, at.date(), steps))
    try:
        return checked(line, Sample(source, at, at + lasts, steps))
    except OverflowError:  # after the last hour of the calendar
        return bad(line, "not_a_time", at.isoformat())
