"""Bodies of JSON that phones push, parsed without harm, and what their values are as steps, moments and names."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from itertools import islice
from math import isfinite
from typing import BinaryIO

from integrations.contract import DayCount, Part, Problem, Reading, Sample, Why, problem, shown
from integrations.days import wrong

MOST = 4 * 1024 * 1024  # bytes, for a body that comes as a file; parsed it may take thirty times as much memory
SOURCE = 100  # characters of a source's name
BATCH = 2_000  # readings at once; a body of nothing but problems has more than a million
DIGITS = 20  # of a whole number; Python refuses to read thousands of them


def begins(part: Part) -> str:
    """The first 4,096 bytes as text, without a byte order mark or blanks before it."""
    return part.head.decode("utf-8-sig", "replace").lstrip()


def parsed(stream: BinaryIO) -> object:
    """What a body says, or the `Problem` that it has as a whole; raises only what the stream raises."""
    content = stream.read(MOST + 1)
    if len(content) > MOST:
        return problem(None, "too_much")
    text = content.decode("utf-8-sig", "replace").rstrip()
    try:
        found: object = json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as broken:
        ended = broken.pos >= len(text) or not text.endswith(("}", "]"))
        return problem(None, "ends_early" if ended else "damaged")
    except RecursionError:
        return problem(None, "damaged")
    return found


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= DIGITS else float(text)


def number(value: object) -> int | None:
    """A JSON number, rounded; None for anything else, `true`, NaN and Infinity among them."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return round(value)


def moment(value: object, zone: tzinfo) -> datetime | None:
    """A text like 2026-11-21T08:00:00Z, or Apple's 2026-11-21 08:00:00 +0800; without an offset it is of the `zone`."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value[:19] + value[20:] if value[19:20] == " " else value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def day(value: object) -> date | None:
    """A text like 2026-11-21 as that day."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def name(value: object) -> str:
    """A source's name as it may be shown; empty for what is no text."""
    return shown(" ".join(value.split()), SOURCE) if isinstance(value, str) else ""


def checked(line: int, reading: Sample | DayCount) -> Reading:
    """A reading, or the problem that it cannot be so; `line` is the number of its record in the body, from 1."""
    why = wrong(reading)
    if why is None:
        return reading
    if why in ("negative", "too_large"):
        return problem(line, why, reading.steps)
    return problem(line, why, reading.on if isinstance(reading, DayCount) else reading.starts)


def bad(line: int, why: Why, value: object) -> Problem:
    """The problem of a value that is no good; lists and objects are not shown, as they may be deep without end."""
    return problem(line, why, value if isinstance(value, str | int | float) else "")


def batches(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Readings by the thousand, so that they are never all kept at once."""
    going = iter(readings)
    while batch := list(islice(going, BATCH)):
        yield batch


def unreadable(found: object) -> Problem:
    """The problem that a body has as a whole: the one that parsing met, or that it is not what it began as."""
    return found if isinstance(found, Problem) else problem(None, "damaged")
