"""Google Takeout: Google Fit (days, quarter hours, the streams of All Data) and Fitbit (the steps of each minute)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample, problem, shown
from integrations.days import LAST
from integrations.merge import MOST_IN_A_MINUTE
from integrations.objects import Found, objects
from integrations.tables import SOURCE, Writing, batches, checked, columns, count, cut, first_lines, folded

CAPABILITIES = Capabilities(
    name="google_takeout",
    roads=("file",),
    grains=("days", "samples"),
    local_day="asked",
    by_hand=True,
    corrects=False,
)

Reader = Callable[[BinaryIO, tzinfo], Iterator[Sequence[Reading]]]
FIT, FITBIT = "Google Fit", "Fitbit"
STEPS = "com.google.step_count.delta"
TYPED_IN = ":user_input"
MINUTE = timedelta(minutes=1)
LONGEST_ID = 80  # characters of a stream's id that are shown: its end, in which streams differ
NAMES: Mapping[str, frozenset[str]] = {
    "date": frozenset({"date", "日期"}),
    "start": frozenset({"start time", "開始時間", "开始时间"}),
    "end": frozenset({"end time", "結束時間", "结束时间"}),
    "steps": frozenset({"step count", "步數", "步数", "步數計數", "步数计数", "步行步數", "步行步数"}),
}
MINUTES: Mapping[str, frozenset[str]] = {
    "timestamp": frozenset({"timestamp"}), "steps": frozenset({"steps"}), "source": frozenset({"data source"}),
}  # fmt: skip
# Fit writes what it measured beside the steps, each with its unit, in a dozen columns that vary from day to day.
_UNIT = re.compile(
    r".+\((KCAL|M|MS|BPM|DEG|M/S|KG|大卡|千卡|公尺|米|公斤|千克|毫秒|度|(公尺|米)/秒|.*心跳.*|.*次/分.*)\)"
)
_PLAIN = frozenset({"MOVE MINUTES COUNT", "HEART POINTS", "HEART MINUTES", "移動分鐘數", "活動分鐘數", "活动分钟数"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?")
_POINTS = re.compile(r'"Data Points"\s*:\s*\[')
_STREAM = re.compile(r'"Data Source"\s*:\s*"([^"\\]*)"')
_OF_STEPS = re.compile(rf'"dataTypeName"\s*:\s*"{re.escape(STEPS)}"')
_ARRAY = re.compile(r"\[")
_MINUTE = re.compile(r'\{\s*"dateTime"\s*:\s*"(?:[0-9]{2}/){2}[0-9]{2} ([0-9:]{8})"\s*,\s*"value"\s*:\s*"?([-0-9.]+)"?')
_FITBIT_NAME = re.compile(r"(?P<what>[a-z_]+)-[0-9]{4}-[0-9]{2}-[0-9]{2}( ?\([0-9]+\))?\.json")
_FITBIT_TIME = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Table(NamedTuple):
    """A table of Google's: how it is written, which column is what, and the date in its file's name, if it has one."""

    writing: Writing
    columns: Mapping[str, int]
    named: date | None

    def cell(self, cells: Sequence[str], name: str) -> str | None:
        """The cell of a column; None where the row has none, or there is no such column."""
        at = self.columns.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else None


def recognises(part: Part) -> bool:
    """A table of Fit's or Fitbit's, a stream of Fit's that counts steps, or an array of Fitbit's minutes of steps."""
    return _reader(part) is not None


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the rows or objects, a piece of the file at a time; lines of problems are rows, or lines of JSON."""
    reader = _reader(part)
    if reader:
        yield from reader(stream, zone)


def _reader(part: Part) -> Reader | None:
    writing, lines = first_lines(part)
    text = b"".join(lines).decode("utf-8", "replace")
    if text.lstrip().startswith(("[", "{")):
        return _stream_reader(part, text) or _minutes_reader(part, text)
    return _table_reader(part, writing, lines)


def _stream_reader(part: Part, text: str) -> Reader | None:
    stream = _STREAM.search(text)
    of_steps = stream[1].split(":")[1:2] == [STEPS] if stream else bool(_OF_STEPS.search(text))
    if not _POINTS.search(text) or not of_steps:
        return None
    identity = stream[1] if stream else part.name.rpartition("/")[2]
    return partial(_read_objects, begins=_POINTS, wanted="startTimeNanos", reading=partial(_point, identity))


def _minutes_reader(part: Part, text: str) -> Reader | None:
    """Fitbit writes steps, distance, altitude and others in the same words, apart by the file's name alone.

    Where the name is lost, the numbers must look like steps: whole, of a minute, and not all of altitude's tens.
    """
    minutes = _MINUTE.findall(text)
    if not minutes or not re.match(r"\s*\[\s*\{\s*\"dateTime\"", text):
        return None
    named = _FITBIT_NAME.fullmatch(part.name.rpartition("/")[2])
    values = [int(value) if value.isdecimal() else -1 for _, value in minutes]
    likely = min(values) >= 0 and max(values) <= MOST_IN_A_MINUTE and any(each % 10 for each in values)
    if named["what"] != "steps" if named else not likely or all(time == "00:00:00" for time, _ in minutes):
        return None
    return partial(_read_objects, begins=_ARRAY, wanted="dateTime", reading=_minute)


def _table_reader(part: Part, writing: Writing, lines: Sequence[bytes]) -> Reader | None:
    first, second = (_text(line, writing) for line in ([*lines, b"", b""])[:2])
    header = cut(first)
    if columns(header, MINUTES).keys() == MINUTES.keys():
        return partial(_read_minutes, Table(writing, columns(header, MINUTES), None))
    table = Table(writing, columns(header, NAMES), _date(part.name.rpartition("/")[2]))
    marks = sum(1 for cell in header if _UNIT.fullmatch(folded(cell)) or folded(cell) in _PLAIN)
    start = table.cell(cut(second), "start") or ""
    if table.columns.keys() >= {"start", "end", "steps"} and (marks > 1 or _is_bare(start)):
        return partial(_read_quarters, table, start)
    if table.columns.keys() >= {"date", "steps"} and marks > 1:
        return partial(_read_days, table)
    return None


def _text(line: bytes, writing: Writing) -> str:
    for encoding in writing.encodings:
        try:
            return line.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            pass
    return ""


def _is_bare(text: str) -> bool:
    """Whether it is a time of day with an offset and without a date, as only Fit writes."""
    found = _BARE_TIME.match(text)
    return found is not None and bool(re.fullmatch(r"Z|[+-][0-9]{2}:?[0-9]{2}", text[found.end() :]))


def _date(text: str) -> date | None:
    found = _DATE.search(text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _read_days(table: Table, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    return batches(stream, table.writing, 1, partial(_day, table))


def _read_quarters(table: Table, start: str, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    if start and table.named is None and _date(start) is None:
        yield [problem(2, "not_a_date", start)]  # once for a file that nothing says the day of
        return
    yield from batches(stream, table.writing, 1, partial(_quarter, table, zone))


def _read_minutes(table: Table, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    return batches(stream, table.writing, 1, partial(_row, table, zone))


def _counted(table: Table, number: int, cells: Sequence[str], *names: str) -> int | Problem | None:
    """The steps of a row that has all its cells; nothing when it is blank or has none, which is not zero."""
    steps = table.cell(cells, "steps")
    if not any(cells) or steps == "":
        return None
    if steps is None or not all(table.cell(cells, name) for name in names):
        return problem(number, "columns", ", ".join(each for each in cells if each))
    found = count(steps)
    return problem(number, "not_a_number", steps) if found is None else found


def _day(table: Table, number: int, cells: list[str]) -> Reading | None:
    steps = _counted(table, number, cells, "date")
    if not isinstance(steps, int):
        return steps
    text = table.cell(cells, "date") or ""
    on = _date(text) if _DATE.fullmatch(text) else None
    return problem(number, "not_a_date", text) if on is None else DayCount(FIT, on, steps)


def _quarter(table: Table, zone: tzinfo, number: int, cells: list[str]) -> Reading | None:
    """Both tables of Fit are one source: its own total of a day beats its quarter hours."""
    steps = _counted(table, number, cells, "start", "end")
    if not isinstance(steps, int):
        return steps
    begins, over = table.cell(cells, "start") or "", table.cell(cells, "end") or ""
    starts, ends = (_moment(each, table.named, zone) for each in (begins, over))
    if starts is None or ends is None:
        return problem(number, "not_a_time", begins if starts is None else over)
    if ends <= starts and _date(over) is None and starts.year < LAST.year:
        ends += timedelta(days=1)  # the last quarter ends at 00:00
    return Sample(FIT, starts, ends, steps)


def _row(table: Table, zone: tzinfo, number: int, cells: list[str]) -> Reading | None:
    steps = _counted(table, number, cells, "timestamp")
    if not isinstance(steps, int):
        return steps
    text = table.cell(cells, "timestamp") or ""
    source = table.cell(cells, "source")
    return _within_a_minute(
        number, f"{FITBIT} ({source})" if source else FITBIT, _moment(text, None, UTC), steps, zone, text
    )


def _moment(text: str, on: date | None, zone: tzinfo) -> datetime | None:
    """A moment with its own offset, or in `zone`; the date is in the text, or is `on`."""
    try:
        moment = datetime.fromisoformat(text if on is None or _date(text) else f"{on}T{text}")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _read_objects(
    stream: BinaryIO,
    zone: tzinfo,
    begins: re.Pattern[str],
    wanted: str,
    reading: Callable[[int, dict[str, Any], tzinfo], Reading],
) -> Iterator[Sequence[Reading]]:
    def understood(found: Found) -> Reading:
        return found if isinstance(found, Problem) else checked(found[0], reading(*found, zone))

    for batch in objects(stream, begins, wanted):
        yield [understood(found) for found in batch]


def _point(identity: str, line: int, point: Mapping[str, Any], zone: tzinfo) -> Reading:
    """A point of a stream, which is a source of its own, since several streams hold the same steps."""
    try:
        value = point["fitValue"][0]["value"]
        steps = _number(value.get("intVal", value.get("fpVal")))
    except (KeyError, IndexError, TypeError, AttributeError):
        steps = None
    if steps is None:
        return problem(line, "not_a_number", point.get("fitValue", ""))
    starts, ends = (_instant(point.get(name)) for name in ("startTimeNanos", "endTimeNanos"))
    local = _local(starts, zone)
    if local is None or ends is None:
        return problem(line, "not_a_time", point.get("startTimeNanos" if local is None else "endTimeNanos", ""))
    by_hand = any(str(each).endswith(TYPED_IN) for each in (identity, point.get("originDataSourceId", "")))
    return Sample(_stream_name(identity), local, ends, steps, by_hand)


def _stream_name(identity: str) -> str:
    """As "Google Fit (merge_step_deltas)"; raw streams say so, as they may share the rest with a derived one."""
    name = identity.replace(f"{STEPS}:", "", 1).replace("com.google.android.gms:", "").removeprefix("derived:")
    return shown(f"{FIT} ({name.strip(':')[-LONGEST_ID:]})" if name else FIT, SOURCE)


def _minute(line: int, entry: Mapping[str, Any], zone: tzinfo) -> Reading:
    """A minute of Fitbit's, whose times are UTC.

    So they are read by github.com/adamlporter/Fitbit_Analysis, StepDataToCSV.py, and so the newer tables of the same
    Takeout write them, with a Z; only Fitbit's sleep is told in local time.
    """
    steps = _number(entry.get("value"))
    if steps is None:
        return problem(line, "not_a_number", entry.get("value", ""))
    at = _fitbit_time(str(entry["dateTime"]))
    return _within_a_minute(line, FITBIT, at, steps, zone, entry["dateTime"])


def _fitbit_time(text: str) -> datetime | None:
    """The moment of 11/30/26 23:59:00."""
    found = _FITBIT_TIME.fullmatch(text)
    if not found:
        return None
    month, day, year, hour, minute, second = map(int, found.groups())
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _within_a_minute(line: int, source: str, at: datetime | None, steps: int, zone: tzinfo, seen: object) -> Reading:
    local, ends = _local(at, zone), _local(at, UTC, MINUTE)
    if local is None or ends is None:
        return problem(line, "not_a_time", seen)
    return Sample(shown(source, SOURCE), local, ends, steps)


def _local(moment: datetime | None, zone: tzinfo, later: timedelta = timedelta(0)) -> datetime | None:
    try:
        return (moment + later).astimezone(zone) if moment else None
    except OverflowError:
        return None


def _instant(nanoseconds: object) -> datetime | None:
    found = _number(nanoseconds)
    try:
        return None if found is None else _EPOCH + timedelta(microseconds=found // 1000)
    except OverflowError:
        return None


def _number(value: object) -> int | None:
    """A whole number as JSON holds it: a number, or one in quotes."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and value.isascii() and len(value) < 30 else count(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return round(value)
    except (OverflowError, ValueError):  # without end, or none
        return None
