"""HC Webhook, an app for Android: the records of Health Connect that are new since its last push, in UTC.

It passes on what every app and device has written, without saying who did, so a phone and a watch may both count the
same walk in records that overlap.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta, timezone, tzinfo
from typing import BinaryIO

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
    overlaps=True,
)

_HEAD = (re.compile(r'"timestamp"\s*:\s*"'), re.compile(r'"app_version"\s*:\s*"'))


def recognises(part: Part) -> bool:
    """An object that says when it was sent, and by which version of the app."""
    text = begins(part)
    return text.startswith("{") and all(each.search(text) for each in _HEAD)


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the records of steps; lines of problems are records, from 1."""
    body = parsed(stream)
    if not isinstance(body, dict):
        yield [unreadable(body)]
        return
    said = body.get("steps", [])
    yield from batches(
        _reading(line, each, zone) for line, each in enumerate(said if isinstance(said, list) else [said], 1)
    )


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
        local = starts.astimezone(zone)
        # One offset for both ends, so that the time between them stays what it was.
        fixed = timezone(local.utcoffset() or timedelta())
        return checked(line, Sample("", local.astimezone(fixed), ends.astimezone(fixed), steps))
    except OverflowError:  # before the first hour of the calendar, or after its last
        return bad(line, "not_a_time", said.get("start_time"))
