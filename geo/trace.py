"""Recorded traces: GPX 1.1, or {"fixes": [{"t", "lat", "lon", "accuracy_m"}]} as JSON, from bytes to fixes.

Fixes are put in the order of their times. Of several at the same instant the most accurate is kept, the first of
equals.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import inf
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from geo.fix import Fix, FixError

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_FIXES: Final = 100_000  # more than a day at one a second

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
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TraceError("", f"neither JSON nor GPX: {error}") from None
    if len(trace.fixes) > MOST_FIXES:
        raise TraceError("fixes", f"more than {MOST_FIXES}")
    for number, each in enumerate(trace.fixes):
        where = f"fixes[{number}]"
        at = _time(f"{where}.t", each.t)
        if at.tzinfo is None:
            raise TraceError(f"{where}.t", f"{each.t!r} has no offset from UTC")
        yield _fix(where, at, each.lat, each.lon, each.accuracy_m, each.speed_mps)


def _gpx(content: bytes) -> Iterator[Fix]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise TraceError("", f"refused, since it declares a document type or entities: {error}") from None
    except (ParseError, ValueError) as error:
        raise TraceError("", f"neither JSON nor GPX: {error}") from None
    if _name(root) != "gpx":
        raise TraceError("", f"its root is <{_name(root)}>, not <gpx>")
    count = 0
    for track, trk in enumerate(_children(root, "trk")):
        for segment, trkseg in enumerate(_children(trk, "trkseg")):
            for number, point in enumerate(_children(trkseg, "trkpt")):
                count += 1
                if count > MOST_FIXES:
                    raise TraceError("trkpt", f"more than {MOST_FIXES}")
                yield _track_point(f"trk[{track}].trkseg[{segment}].trkpt[{number}]", point)


def _track_point(where: str, point: Element) -> Fix:
    time = next(_children(point, "time"), None)
    if time is None or not (time.text or "").strip():
        raise TraceError(where, "has no time")
    at = _time(f"{where}.time", (time.text or "").strip())
    lat, lon = (_number(f"{where}.{key}", point.get(key)) for key in ("lat", "lon"))
    if lat is None or lon is None:
        raise TraceError(where, "has no lat or no lon")
    accuracy, speed = _extension(where, point, ACCURACY), _extension(where, point, SPEED)
    # GPX times are UTC, and some writers leave the Z out.
    return _fix(where, at.replace(tzinfo=at.tzinfo or UTC), lat, lon, accuracy, speed)


def _extension(where: str, point: Element, names: frozenset[str]) -> float | None:
    """A figure that the recorder added to the point, whatever its namespace; below 0 means unknown."""
    for extensions in _children(point, "extensions"):
        for element in extensions.iter():
            if _name(element) in names:
                value = _number(f"{where}.{_name(element)}", element.text)
                return None if value is None or value < 0 else value
    return None


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _name(element: Element) -> str:
    """The name without its namespace; comments and the like have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _number(where: str, text: str | None) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise TraceError(where, f"{text!r} is not a number") from None


def _time(where: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TraceError(where, f"{text!r} is not a time as in ISO 8601") from None


def _fix(where: str, at: datetime, lat: float, lon: float, accuracy_m: float | None, speed_mps: float | None) -> Fix:
    try:
        return Fix(at, lat, lon, accuracy_m, speed_mps)
    except FixError as error:
        raise TraceError(f"{where}.{error.field}", error.why) from None


def _in_order(fixes: Iterable[Fix]) -> list[Fix]:
    best: dict[datetime, Fix] = {}
    for fix in fixes:
        other = best.get(fix.at)
        if other is None or _error(fix) < _error(other):
            best[fix.at] = fix
    return sorted(best.values(), key=lambda fix: fix.at)


def _error(fix: Fix) -> float:
    return inf if fix.accuracy_m is None else fix.accuracy_m
