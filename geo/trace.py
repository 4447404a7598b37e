"""Recorded traces: GPX 1.1, or {"fixes": [{"t", "lat", "lon", "accuracy_m"}]} as JSON, from bytes to fixes.

Fixes are put in the order of their times. Of several at the same instant the most accurate is kept, the first of
equals.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import inf
from typing import Final
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from geo.fix import Fix, FixError

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_FIXES: Final = 100_000  # more than a day at one a second
DEEPEST: Final = 32  # elements inside each other

# How recorders name them in <extensions>; GPX itself has only a dilution of precision, which is not metres.
ACCURACY: Final = frozenset({"hAcc", "accuracy", "horizontalAccuracy"})
SPEED: Final = frozenset({"speed"})


class TraceError(ValueError):
    """A recording that cannot be read: `where` it goes wrong ("" for all of it), and `why`."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}" if where else why)
        self.where = where
        self.why = why


def read_trace(content: bytes) -> list[Fix]:
    """The fixes of a recording, in order; raises TraceError. At least one, at most MOST_FIXES."""
    if len(content) > MOST_BYTES:
        raise TraceError("", f"larger than {MOST_BYTES // 1024 // 1024} MB")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise TraceError("", "empty")
    found = list(_json(start) if start[:1] in b"{[" else _gpx(start))
    if not found:
        raise TraceError("", "has no fixes")
    return _in_order(found)


class _JsonFix(msgspec.Struct):
    t: str
    lat: float
    lon: float
    accuracy_m: float | None = None
    speed_mps: float | None = None


class _JsonTrace(msgspec.Struct):
    fixes: list[_JsonFix]


def _json(content: bytes) -> Iterator[Fix]:
    try:
        trace = msgspec.json.decode(content, type=_JsonTrace)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at `$.")
        raise TraceError(where.rstrip("`"), why) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TraceError("", f"neither JSON nor GPX: {error}") from None
    if len(trace.fixes) > MOST_FIXES:
        raise TraceError("fixes", f"more than {MOST_FIXES}")
    for number, each in enumerate(trace.fixes):
        where = f"fixes[{number}]"
        at = _time(f"{where}.t", each.t)
        if at.tzinfo is None:
            raise TraceError(f"{where}.t", f"{_short(each.t)!r} has no offset from UTC")
        yield _fix(where, at, each.lat, each.lon, each.accuracy_m, each.speed_mps)


def _gpx(content: bytes) -> list[Fix]:
    reader = _GpxReader()
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    try:
        parser.feed(content)
        parser.close()
    except DefusedXmlException:
        raise TraceError("", "refused, since it declares a document type or entities") from None
    except TraceError:
        raise
    except (ParseError, LookupError, ValueError) as error:
        raise TraceError("", f"neither JSON nor GPX: {error}") from None
    return reader.fixes


class _GpxReader:
    """Takes the parser's events as they come, so that no file is ever held as a tree of elements."""

    POINT = ("gpx", "trk", "trkseg", "trkpt")

    def __init__(self) -> None:
        self.fixes: list[Fix] = []
        self._path: list[str] = []
        self._counts = [0, 0, 0]  # tracks, segments of this track, points of this segment
        self._told: dict[str, str] = {}  # of the point that is being read
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        path, name = self._path, tag.rpartition("}")[2]
        path.append(name)
        if path[0] != "gpx":
            raise TraceError("", f"its root is <{_short(name)}>, not <gpx>")
        if len(path) > DEEPEST:
            raise TraceError(self._where(), "elements inside elements inside elements")
        depth = len(path)
        if tuple(path) == self.POINT[:depth] and depth > 1:
            self._counts[depth - 2] += 1
            self._counts[depth - 1 :] = [0] * (4 - depth)
        if depth == 4 and tuple(path) == self.POINT:
            self._told = {key: attributes[key] for key in ("lat", "lon") if key in attributes}
        elif self._kind() is not None:
            self._text = []

    def data(self, text: str) -> None:
        """A piece of text."""
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        kind = self._kind()
        if kind is not None and self._text is not None:
            self._told.setdefault(kind, "".join(self._text).strip())
        self._text = None
        if tuple(self._path) == self.POINT:
            self.fixes.append(self._fix())
            if len(self.fixes) > MOST_FIXES:
                raise TraceError("trkpt", f"more than {MOST_FIXES}")
        self._path.pop()

    def close(self) -> None:
        """The file ends."""

    def _kind(self) -> str | None:
        """What the innermost element tells of its track point, if anything."""
        path = self._path
        if tuple(path[:4]) != self.POINT or len(path) < 5:
            return None
        if path[4:] == ["time"]:
            return "time"
        if path[4] != "extensions":
            return None
        return "accuracy" if path[-1] in ACCURACY else "speed" if path[-1] in SPEED else None

    def _where(self) -> str:
        return ".".join(
            f"{name}[{count - 1}]" for name, count in zip(self.POINT[1:], self._counts, strict=True) if count
        )

    def _fix(self) -> Fix:
        where, told = self._where(), self._told
        if not told.get("time"):
            raise TraceError(where, "has no time")
        at = _time(f"{where}.time", told["time"])
        lat, lon, accuracy, speed = (
            _number(f"{where}.{key}", told.get(key)) for key in ("lat", "lon", "accuracy", "speed")
        )
        if lat is None or lon is None:
            raise TraceError(where, "has no lat or no lon")
        # GPX times are UTC, and some writers leave the Z out. Below 0 a recorder means that it does not know.
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return _fix(
            where, at, lat, lon, *(None if value is None or value < 0 else value for value in (accuracy, speed))
        )


def _number(where: str, text: str | None) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise TraceError(where, f"{_short(text)!r} is not a number") from None


def _time(where: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TraceError(where, f"{_short(text)!r} is not a time as in ISO 8601") from None


def _fix(where: str, at: datetime, lat: float, lon: float, accuracy_m: float | None, speed_mps: float | None) -> Fix:
    try:
        return Fix(at, lat, lon, accuracy_m, speed_mps)
    except FixError as error:
        raise TraceError(f"{where}.{error.field}", error.why) from None


def _short(text: str) -> str:
    """Enough of it to be found again."""
    return text if len(text) <= 40 else f"{text[:40]}..."


def _in_order(fixes: Iterable[Fix]) -> list[Fix]:
    best: dict[datetime, Fix] = {}
    for fix in fixes:
        other = best.get(fix.at)
        if other is None or _error(fix) < _error(other):
            best[fix.at] = fix
    return sorted(best.values(), key=lambda fix: fix.at)


def _error(fix: Fix) -> float:
    return inf if fix.accuracy_m is None else fix.accuracy_m
