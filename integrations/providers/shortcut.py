"""Apple Shortcuts: {"date": "2026-11-21", "steps": 8123, "tz": "Asia/Hong_Kong"}, or a list of these, one a day.

`date` may be a moment too, whose date is taken as it is written, and `tz` changes nothing: the phone has said which day
it means. `steps` may be text as Shortcuts writes numbers (8,123 or 8123.0); empty or null is a day of which nothing is
known.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import BinaryIO

from integrations.bodies import bad, batches, begins, checked, moment, number, parsed, unreadable
from integrations.contract import Capabilities, DayCount, Part, Reading
from integrations.tables import count

CAPABILITIES = Capabilities(
    name="shortcut",
    roads=("push", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=False,
    piecewise=False,
)

KEYS = {"date", "steps", "tz"}
NEEDED = {"date", "steps"}
_DECODER = json.JSONDecoder()
_LIST = re.compile(r"\[\s*")


def recognises(part: Part) -> bool:
    """An object of date and steps, and at most a time zone besides, alone or the first of a list."""
    text = _LIST.sub("", begins(part), count=1)
    try:
        first, _ = _DECODER.raw_decode(text) if text.startswith("{") else (None, 0)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and NEEDED <= first.keys() <= KEYS


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are days of the list, from 1."""
    body = parsed(stream)
    days = [body] if isinstance(body, dict) else body
    if not isinstance(days, list):
        yield [unreadable(body)]
        return
    yield from batches(found for line, each in enumerate(days, 1) if (found := _reading(line, each, zone)))


def _reading(line: int, record: object, zone: tzinfo) -> Reading | None:
    if not isinstance(record, dict):
        return bad(line, "damaged", record)
    when, said = record.get("date"), record.get("steps")
    at = moment(when, zone)
    if at is None:
        return bad(line, "not_a_date", when)
    if said is None or (isinstance(said, str) and not said.strip()):
        return None
    steps = count(said) if isinstance(said, str) else number(said)
    if steps is None:
        return bad(line, "not_a_number", said)
    return checked(line, DayCount("", at.date(), steps))
