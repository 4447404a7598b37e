"""One reader over one export, in a process of its own: how long it takes, how much memory, and what it found."""

import hashlib
import json
import sys
import time
import zipfile
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from integrations.providers.apple_health import STEPS
from integrations.reading import Outcome, read

Hours = Iterable[tuple[str, date, tuple[int, ...]]]
HOUR = timedelta(hours=1)


def ours(path: Path) -> Hours:
    """The reader of the product."""
    with path.open("rb") as file:
        outcome = _last_word(read(file, ZoneInfo("Asia/Hong_Kong")))
    assert not outcome.problems, outcome.problems
    return [(source, on, day.hours or ()) for source, on, day in outcome.days]


def _last_word(going: Generator[float, None, Outcome]) -> Outcome:
    while True:
        try:
            next(going)
        except StopIteration as over:
            outcome: Outcome = over.value
            return outcome


def etree(path: Path) -> Hours:
    """The plain way with the standard library: iterparse, every element cleared, intervals in dictionaries."""
    return _plain(path, "xml.etree.ElementTree")


def lxml(path: Path) -> Hours:
    """The same with lxml, where somebody has installed it."""
    return _plain(path, "lxml.etree")


def _plain(path: Path, module: str) -> Hours:
    intervals: dict[tuple[str, date], dict[tuple[datetime, datetime], int]] = {}
    with ExitStack() as opened:
        events = iter(import_module(module).iterparse(_xml(path, opened), events=("start", "end")))
        _, root = next(events)
        for event, element in events:
            if event != "end" or element.tag != "Record":
                continue
            if element.get("type") == STEPS:
                starts, ends = (datetime.fromisoformat(_iso(element.get(each))) for each in ("startDate", "endDate"))
                steps, source = int(element.get("value")), element.get("sourceName")
                day = intervals.setdefault((source, starts.date()), {})
                day[starts, ends] = max(day.get((starts, ends), 0), steps)
            root.clear()
    return _by_hours(intervals)


def _xml(path: Path, opened: ExitStack) -> IO[bytes]:
    if path.suffix != ".zip":
        return opened.enter_context(path.open("rb"))
    archive = opened.enter_context(zipfile.ZipFile(path))
    return opened.enter_context(archive.open(archive.namelist()[0]))


def _iso(text: str) -> str:
    return text[:19] + text[20:]


def _by_hours(intervals: dict[tuple[str, date], dict[tuple[datetime, datetime], int]]) -> Hours:
    days: dict[tuple[str, date], list[int]] = {}
    for (source, _), day in intervals.items():
        for (starts, ends), steps in day.items():
            begins, passed = starts, 0
            while begins < ends:
                border = min(ends, begins.replace(minute=0, second=0) + HOUR)
                until = steps * (border - starts) // (ends - starts)
                days.setdefault((source, begins.date()), [0] * 24)[begins.hour] += until - passed
                begins, passed = border, until
    return [(source, on, tuple(hours)) for (source, on), hours in days.items()]


def measured(reader: Callable[[Path], Hours], path: Path) -> dict[str, Any]:
    """Seconds and peak memory of a reader, and a digest of its days by which two readers can be compared."""
    begins = time.monotonic()
    found = reader(path)
    seconds = time.monotonic() - begins
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    days = sorted((source, on.isoformat(), *hours) for source, on, hours in found)
    digest = hashlib.sha256(json.dumps(days).encode()).hexdigest()
    return {"seconds": seconds, "peak_mb": int(peak.split()[1]) / 1024, "days": len(days), "digest": digest}


if __name__ == "__main__":
    print(json.dumps(measured({"ours": ours, "etree": etree, "lxml": lxml}[sys.argv[1]], Path(sys.argv[2]))))
