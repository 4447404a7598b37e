"""Huawei: HiTrack files of single walks and runs, as Huawei Health keeps them on the phone."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import BinaryIO

from integrations.contract import Capabilities, Part, Reading, Sample, Why, problem
from integrations.upload import Unreadable

CAPABILITIES = Capabilities(
    name="huawei_hitrack", roads=("file",), grains=("samples",), local_day="asked", by_hand=False, corrects=False
)

SOURCE = "Huawei"  # the files name no device
PIECE = 256 * 1024
LONGEST = 4_096  # bytes of a line; a real one has under a hundred
# A line is a rate `v` in steps a minute, and where it begins, `k`. That it is no count: the public example walks for 80
# seconds, and the 68 of its last 20 would be a sprint at a speed of nearly nothing. That `k` is the beginning: the
# first is the track's own, and the line stands behind the points of its minute (Huawei-TCX-Converter, issue 13).
MINUTE = 60_000  # milliseconds; most watches write a line a minute, some one every five seconds
FASTEST = 10_000  # steps a minute; more is no rate, and would drown the others in rounding
MARKS = re.compile(rb"tp=(lbs|h-r|s-r|p-m|b-p-m|pm-n|pm-b|alti?|rs|p-f|swf|cad);[a-z]+=")
_TIME = rb"(?P<k>[0-9.]{1,20}(E[0-9]{1,2})?)"
_RATE = re.compile(rb"tp=s-r;k=" + _TIME + rb";v=(?P<v>-?[0-9.]{1,20}(E[0-9]{1,2})?);?")
_LATER = re.compile(rb"tp=(?:(?:h-r|alti?);k=|lbs;.{1,200};t=)" + _TIME + rb"(?:;.*)?")
FIRST, LAST = 946_684_800_000, 4_102_444_800_000  # milliseconds of 2000 and 2100


def recognises(part: Part) -> bool:
    """Lines of `tp=`, from the very first."""
    return MARKS.match(part.head) is not None


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the step rates as stretches of steps; lines of problems count from 1."""
    reader, rest, broken_off = _Reader(zone), b"", None
    while True:
        try:
            piece = stream.read(PIECE)
        except Unreadable as trouble:
            broken_off, piece = trouble, b""
        *lines, rest = (rest + piece).split(b"\n")
        if not piece:
            lines.append(rest)
        elif len(rest) > LONGEST:
            rest = rest[: LONGEST + 1]  # enough to see that it is too long
        yield [found for line in lines if (found := reader.line(line)) is not None]
        if not piece:
            break
    yield reader.last()
    if broken_off:
        raise broken_off


class _Reader:
    """Turns rates into stretches: each holds until the next, for a minute at most."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._number = 0
        self._held: tuple[int, float] | None = None
        self._latest = 0  # moment in the file, of whatever kind
        self._walked = 0.0  # so far; what is told is rounded, not its pieces, so that the sum is right
        self._told = 0

    def line(self, line: bytes) -> Reading | None:
        """Understand one line; answers the stretch before it when it is a rate, or what is wrong with it."""
        self._number += 1
        line = line.strip(b"\r\0 ")
        if not line.startswith(b"tp="):
            return problem(self._number, "damaged", line[:80].decode("utf-8", "replace")) if line else None
        if not line.startswith(b"tp=s-r"):
            later = _LATER.fullmatch(line) if len(line) <= LONGEST else None
            self._latest = max(self._latest, _moment(later["k"]) or 0) if later else self._latest
            return None
        return self._rate(line)

    def _rate(self, line: bytes) -> Reading | None:
        found = _RATE.fullmatch(line)
        if found is None:
            return problem(self._number, "damaged", line[:80].decode("utf-8", "replace"))
        at, rate = _moment(found["k"]), _number(found["v"])
        if at is None:
            return problem(self._number, "not_a_time", found["k"].decode())
        if rate is None or not 0 <= rate <= FASTEST:
            why: Why = "not_a_number" if rate is None else "negative" if rate < 0 else "too_large"
            return problem(self._number, why, found["v"].decode())
        stretch = self._stretch(at)
        self._held = (at, rate)
        return stretch

    def last(self) -> list[Reading]:
        """The stretch of the last rate: until the track's end where other lines tell it, otherwise a whole minute."""
        stretch = self._stretch(self._latest)
        return [stretch] if stretch else []

    def _stretch(self, until: int) -> Sample | None:
        if self._held is None:
            return None
        at, rate = self._held
        lasts = until - at if 0 < until - at < MINUTE else MINUTE
        self._walked += rate * lasts / MINUTE
        steps = round(self._walked) - self._told
        self._told += steps
        starts = datetime.fromtimestamp(at // 1000, UTC) + timedelta(milliseconds=at % 1000)
        starts = starts.astimezone(self._zone)
        return Sample(SOURCE, starts, starts + timedelta(milliseconds=lasts), steps)


def _moment(text: bytes) -> int | None:
    """Milliseconds since 1970, written in seconds or in milliseconds; None for what is no moment of this century."""
    number = _number(text)
    if number is None:
        return None
    at = round(number * 1000) if number < LAST / 1000 else round(number)
    return at if FIRST <= at < LAST else None


def _number(text: bytes) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None
