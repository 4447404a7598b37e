"""Samsung Health: the CSVs of "Download personal data": day totals, day summaries, and the samples of each device."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import partial
from typing import BinaryIO, NamedTuple

from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample, problem, shown
from integrations.tables import SOURCE, Writing, batches, count, cut, first_lines

CAPABILITIES = Capabilities(
    name="samsung_health",
    roads=("file",),
    grains=("days", "samples"),
    local_day="offset",
    by_hand=False,
    corrects=False,
)

NAME = "Samsung Health"
MERGED = "-2"  # the source type under which Samsung tells what all devices come to, each step once
HEADER = 2  # below the line that names the type and the app's version
DEVICE = 8  # characters of a device's id: enough to tell those of one person apart
NEEDED: Mapping[str, tuple[str, ...]] = {
    "com.samsung.shealth.step_daily_trend": ("count", "day_time"),
    "com.samsung.shealth.activity.day_summary": ("step_count", "day_time"),
    "com.samsung.shealth.tracker.pedometer_step_count": ("count", "start_time", "end_time"),
}
_DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_OFFSET = re.compile(r"(?:UTC|GMT)(?:(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-5][0-9]))?")


class Layout(NamedTuple):
    """Which type of data a file holds, how it is written, and which column is what (none where it has no header)."""

    kind: str
    writing: Writing
    columns: Mapping[str, int]


class Row:
    """The cells of a row by the names of their columns; a cell that is not there is empty."""

    def __init__(self, columns: Mapping[str, int], cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells

    def __getitem__(self, name: str) -> str:
        at = self._columns.get(name, len(self._cells))
        return self._cells[at].strip() if at < len(self._cells) else ""

    def source(self, *names: str) -> str:
        """Samsung Health's own name, and in brackets what tells this source from its others, if anything does."""
        apart = " ".join(each for name in names if (each := self[name][:DEVICE].strip()))
        return shown(f"{NAME} ({apart})" if apart else NAME, SOURCE)


def recognises(part: Part) -> bool:
    """A table whose first line names one of the three types of data that hold steps."""
    return _layout(part) is not None


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the rows, 2,000 at a time; lines of problems are rows of the file, counted from 1."""
    layout = _layout(part)
    if layout is None:
        return
    if not layout.columns.keys() >= set(NEEDED[layout.kind]):
        yield [problem(HEADER, "columns", ", ".join(NEEDED[layout.kind]))]
        return
    yield from batches(stream, layout.writing, HEADER, partial(_reading, layout, zone))


def _layout(part: Part) -> Layout | None:
    writing, lines = first_lines(part)
    first, second = ([line.decode("utf-8", "replace") for line in lines] + ["", ""])[:2]
    kind = first.partition(",")[0].strip().strip('"')
    if kind not in NEEDED:
        return None
    # Some versions write com.samsung.health.step_count.count, others count.
    names = [cell.strip().rpartition(".")[2] for cell in cut(second.rstrip("\r\n"))]
    return Layout(kind, writing, {name: at for at, name in reversed(list(enumerate(names))) if name})


def _reading(layout: Layout, zone: tzinfo, number: int, cells: list[str]) -> Reading | None:
    """What a row says; nothing when it is blank or has no steps in it, which is not zero."""
    row = Row(layout.columns, cells)
    needed = NEEDED[layout.kind]
    if not any(cells) or (len(cells) > max(layout.columns.values()) and not row[needed[0]]):
        return None
    if missing := [name for name in needed if not row[name]]:
        return problem(number, "columns", ", ".join(missing))
    steps = count(row[needed[0]])
    if steps is None:
        return problem(number, "not_a_number", row[needed[0]])
    if "start_time" in needed:
        return _sample(row, number, steps, zone)
    on = _day(row["day_time"])
    return problem(number, "not_a_date", row["day_time"]) if on is None else DayCount(_total_of(row), on, steps)


def _total_of(row: Row) -> str:
    """Whose total a day's row is.

    The merged one is Samsung Health's own. Those of single devices and apps are sources beside it, which are never
    added: they change nothing where there is a merged one, and are all there is where an older app wrote none.
    """
    return NAME if row["source_type"] in (MERGED, "") else row.source("source_type", "deviceuuid")


def _sample(row: Row, number: int, steps: int, zone: tzinfo) -> Sample | Problem:
    """Samples are of one device each, and the times of phone and watch overlap."""
    starts, ends = _moment(row["start_time"]), _moment(row["end_time"])
    offset = _offset(row["time_offset"], zone)
    if starts is None or ends is None or offset is None:
        seen = row["start_time"] if starts is None else row["end_time"] if ends is None else row["time_offset"]
        return problem(number, "not_a_time", seen)
    try:
        return Sample(row.source("deviceuuid"), starts.astimezone(offset), ends, steps)
    except OverflowError:
        return problem(number, "not_a_date", row["start_time"])


def _day(text: str) -> date | None:
    """A local date, told as its midnight in UTC; another time of day could be of either date and is not guessed."""
    if _MILLISECONDS.fullmatch(text):
        days, rest = divmod(int(text), _DAY_MS)
        return None if rest else (_EPOCH + timedelta(days=days)).date()
    found = _MIDNIGHT.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A moment, told in UTC."""
    if _MILLISECONDS.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(text))
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def _offset(text: str, zone: tzinfo) -> tzinfo | None:
    """The offset in which the steps were walked, as UTC+0800; `zone` where none is told."""
    if not text:
        return zone
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    ahead = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    return timezone(-ahead if found["sign"] == "-" else ahead) if ahead < timedelta(days=1) else None
