"""The compact form in which our own shell on a phone sends steps: columns instead of records, in whole numbers.

    {"eplus": 1,
     "sources": [
       {"name": "Pixel 8",
        "offset": 480,
        "days": {"2026-11-22": 8123},
        "hours": {"2026-11-22": [0, 0, 0, 0, 0, 0, 0, 312, 1408, …, null, null]},
        "samples": {"from": 1795305600, "starts": [0, 60, 180], "lasts": [60, 60, 60], "steps": [88, 104, 97]},
        "by_hand": {"2026-11-21": 500}}]}

* The body is an object in UTF-8. `eplus` stands first and is 1, the version of this form; `sources` is a list with an
  object for each device that counted. Other keys are passed over, so that they can be added later.
* `name` (needed): the device as its owner knows it, at most 100 characters. Two devices are two sources, and of each
  hour the larger one counts; they are never added.
* `offset`: minutes east of UTC, from -1439 to 1439, of the place where the device counted. It says in which local day
  and hour `samples` lie. Without it the person's own time zone is used.
* `days`: the device's own total of a local day. It beats that device's hours and samples of the same day, so it has to
  be as new as they are.
* `hours`: 24 numbers for each local day, of the hours that begin at 0:00, 1:00, … 23:00. `null` is an hour of which
  nothing is known, 0 one without steps. Samples of a day that has hours are passed over, as they are the same steps.
* `samples`: three lists of equal length: when each begins, in seconds after `from`; how many seconds it lasts, at most
  90,000 (25 hours); its steps. `from` is in seconds since 1970 in UTC. The same stretch said twice is one stretch.
* `by_hand`: what was typed in for a local day and not counted by a device. It is shown and not counted; the other three
  hold what is counted only.
* Dates are like 2026-11-22. A number with decimals is rounded. Every delivery holds all of each day that it names, as
  far as the day has gone; of two deliveries the fuller number counts.
* What is wrong costs only itself: a value its hour, a date its day, lists of unequal length the samples. Problems name
  the number of the source, from 1, and show which of its values it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, BinaryIO

from integrations.bodies import bad, batches, begins, checked, day, name, number, parsed, unreadable
from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample, problem

CAPABILITIES = Capabilities(
    name="eplus_phone",
    roads=("push", "file"),
    grains=("days", "samples"),
    local_day="offset",
    by_hand=True,
    corrects=False,
    piecewise=False,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOST_OFFSET = 24 * 60 - 1  # minutes
_FIRST = re.compile(r'\{\s*"eplus"\s*:\s*1\s*[,}]')


def recognises(part: Part) -> bool:
    """An object that begins with `eplus` and this version of the form."""
    return bool(_FIRST.match(begins(part)))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the sources one after the other; lines of problems are sources, from 1."""
    body = parsed(stream)
    sources = body.get("sources") if isinstance(body, dict) else None
    if not isinstance(sources, list):
        yield [unreadable(body)]
        return
    for line, source in enumerate(sources, 1):
        yield from batches(_source(line, source, zone))


def _source(line: int, said: object, zone: tzinfo) -> Iterator[Reading]:
    if not isinstance(said, dict) or not isinstance(said.get("name"), str):
        yield bad(line, "damaged", said.get("name") if isinstance(said, dict) else said)
        return
    source, local = name(said["name"]), _local(said.get("offset"), zone)
    if local is None:
        yield bad(line, "not_a_time", said["offset"])
        return
    for by_hand, key in ((False, "days"), (True, "by_hand")):
        for each in _dated(line, said, key):
            yield each if isinstance(each, Problem) else _total(line, source, *each, by_hand=by_hand)
    hours = list(_dated(line, said, "hours"))
    for each in hours:
        yield from [each] if isinstance(each, Problem) else _hours(line, source, *each, local)
    having = {each[0] for each in hours if not isinstance(each, Problem)}
    for found in _samples(line, source, said.get("samples"), local):
        if not (isinstance(found, Sample) and found.starts.date() in having):
            yield found


def _local(offset: object, zone: tzinfo) -> tzinfo | None:
    """The source's time zone; None when its offset is none."""
    if offset is None:
        return zone
    minutes = number(offset)
    return None if minutes is None or abs(minutes) > MOST_OFFSET else timezone(timedelta(minutes=minutes))


def _dated(line: int, said: Mapping[str, Any], key: str) -> Iterator[tuple[date, object] | Problem]:
    """What a source says by date under a key."""
    dates = said.get(key)
    if dates is not None and not isinstance(dates, dict):
        yield problem(line, "damaged", key)
        return
    for text, value in (dates or {}).items():
        on = day(text)
        yield problem(line, "not_a_date", text) if on is None else (on, value)


def _total(line: int, source: str, on: date, value: object, *, by_hand: bool) -> Reading:
    steps = number(value)
    if steps is None:
        return problem(line, "not_a_number", on)
    return checked(line, DayCount(source, on, steps, by_hand))


def _hours(line: int, source: str, on: date, values: object, local: tzinfo) -> Iterator[Reading]:
    if not isinstance(values, list) or len(values) != 24:
        yield problem(line, "damaged", f"hours {on}")
        return
    for hour, value in enumerate(values):
        if value is None:
            continue
        steps = number(value)
        if steps is None:
            yield problem(line, "not_a_number", f"{on} {hour}:00")
            continue
        try:
            starts = datetime.combine(on, time(hour, tzinfo=local))
            yield checked(line, Sample(source, starts, starts + HOUR, steps))
        except OverflowError:  # the last hour of the calendar
            yield problem(line, "not_a_date", on)


def _samples(line: int, source: str, said: object, local: tzinfo) -> Iterator[Reading]:
    if said is None:
        return
    columns = [said.get(key) for key in ("starts", "lasts", "steps")] if isinstance(said, dict) else []
    since = number(said.get("from")) if isinstance(said, dict) else None
    lists = [each for each in columns if isinstance(each, list)]
    if since is None or len(lists) != 3 or len({len(each) for each in lists}) != 1:
        yield problem(line, "damaged", "samples")
        return
    for begin, lasts, steps in zip(*lists, strict=True):
        yield _sample(line, source, (begin, lasts, steps), since, local)


def _sample(line: int, source: str, said: Sequence[object], since: int, local: tzinfo) -> Reading:
    begin, lasts, steps = (number(each) for each in said)
    if begin is None or lasts is None:
        return bad(line, "not_a_time", said[0] if begin is None else said[1])
    if steps is None:
        return bad(line, "not_a_number", said[2])
    try:
        # One offset for both ends, so that the time between them stays what it was where clocks change.
        starts = (EPOCH + timedelta(seconds=since + begin)).astimezone(local)
        ends = starts.replace(tzinfo=timezone(starts.utcoffset() or timedelta())) + timedelta(seconds=lasts)
        return checked(line, Sample(source, starts.replace(tzinfo=ends.tzinfo), ends, steps))
    except OverflowError:
        return problem(line, "not_a_time", since + begin)
