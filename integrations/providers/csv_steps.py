"""Steps in a table of text, as a spreadsheet saves it: a row for each day, or for each stretch of time.

pandas cuts the rows into cells; as one broken row would cost it the good ones beside it, it is given none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import BinaryIO

from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample, problem, shown
from integrations.days import wrong
from integrations.tables import ENCODINGS, ROWS, SOURCE, Rows, Writing, columns, count, cut, first_lines, folded

CAPABILITIES = Capabilities(
    name="csv_steps",
    roads=("file",),
    grains=("days", "samples"),
    local_day="asked",
    by_hand=True,
    corrects=False,
    generic=True,
)

MOST_COLUMNS = 200
NAMES: Mapping[str, frozenset[str]] = {
    "date": frozenset({"date", "day", "local date", "日期", "日子"}),
    "start": frozenset(
        {"start", "starts", "from", "start time", "starttime", "start date", "startdate", "begin"}
        | {"開始", "開始時間", "開始日期", "起始時間", "开始", "开始时间", "开始日期", "起始时间"}
    ),
    "end": frozenset(
        {"end", "ends", "to", "until", "end time", "endtime", "end date", "enddate"}
        | {"結束", "結束時間", "結束日期", "结束", "结束时间", "结束日期", "終止時間", "终止时间"}
    ),
    "steps": frozenset(
        {"steps", "step", "step count", "stepcount", "steps count", "total steps", "number of steps"}
        | {"步數", "步数", "總步數", "总步数", "步行數", "步行数"}
    ),
    "source": frozenset(
        {"source", "sources", "source name", "sourcename", "device", "device name"}
        | {"來源", "来源", "裝置", "装置", "設備", "设备", "數據來源", "数据来源"}
    ),
    "by_hand": frozenset(
        {"by hand", "manual", "manually entered", "manual entry", "人手輸入", "人手输入"}
        | {"手動輸入", "手动输入", "手動", "手动", "手工輸入", "手工输入"}
    ),
}
YES = {"yes", "y", "true", "1", "是"}

_DATES = (
    re.compile(r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})"),
    re.compile(r"(?P<d>[0-9]{1,2})([-/.])(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4})"),  # in Hong Kong days come first
    re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日號号]"),
)
_TIME = re.compile(
    r"(?P<before>上午|下午|[AP]M)? ?(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(:(?P<s>[0-9]{2})([.,](?P<part>[0-9]{1,9}))?)?"
    r" ?(?P<after>上午|下午|[AP]M)? ?(?P<zone>Z|(?P<sign>[+-])(?P<zh>[0-9]{2})(:?(?P<zm>[0-5][0-9]))?)?"
)
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00([.,]0+)?)?$")  # what a spreadsheet adds to a date
_APART = re.compile(r"[T ]+|(?<=[日號号])|(?=[上下]午)")  # between a date and its time


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table holds: how it is written, its header's row from 1, the cells of that, and which column is what."""

    writing: Writing
    header: int
    width: int
    columns: Mapping[str, int]


def recognises(part: Part) -> bool:
    """A table whose first row names steps, and a date or a start and an end, in English or Chinese."""
    return _layout(part) is not None


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the rows, 2,000 at a time; lines of problems are rows, counted from 1 with the header and the blank ones."""
    layout = _layout(part)
    if layout is None:
        return
    from pandas import read_csv  # slow to import, and only tables pay for it

    rows, reader = _File(stream, layout.writing), _Reader(layout, zone)
    chunks = read_csv(
        rows, sep=layout.writing.apart, engine="python", header=None, index_col=False, names=range(layout.width + 1),
        dtype=object, na_filter=False, skip_blank_lines=False, skipinitialspace=True, chunksize=ROWS,
        on_bad_lines=lambda cells: [*cells[: layout.width], " ".join(cells[layout.width :])],
    )  # fmt: skip
    for chunk in chunks:
        numbered = enumerate(chunk.itertuples(index=False, name=None), chunk.index.start)
        found = [reader.row(number, cells) for number, cells in numbered if number > layout.header]
        yield [*rows.take_damaged(), *(each for each in found if each)]
    if rows.broken_off:
        raise rows.broken_off


def _layout(part: Part) -> Layout | None:
    writing, lines = first_lines(part)
    for number, line in enumerate(lines, 1):
        if not line.strip(b' \t,;"\r\n'):
            continue
        if not line.endswith((b"\r", b"\n")) and part.size > len(part.head):
            return None  # a first row that goes on and on is no header
        for encoding in writing.encodings:
            if named := _named(line, encoding):
                others = (each for each in ENCODINGS if each != encoding)
                writing = replace(writing, encodings=(encoding, *others), apart=named[0])
                return Layout(writing, number, len(named[1]), columns(named[1], NAMES))
        return None
    return None


def _named(line: bytes, encoding: str) -> tuple[str, list[str]] | None:
    """What parts the cells of a header, and the cells, when they name what is needed."""
    try:
        text = line.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    for apart in ",;\t":
        cells = cut(text, apart)
        found = columns(cells, NAMES) if len(cells) <= MOST_COLUMNS else {}
        if "steps" in found and ("date" in found or {"start", "end"} <= found.keys()):
            return apart, cells
    return None


class _File(Rows):
    """Rows that pandas takes for a file."""

    def __iter__(self) -> Iterator[str]:
        yield ""  # so that pandas counts from 1, and sees a row even where the file breaks off at once
        yield from super().__iter__()

    def read(self, _size: int = -1) -> str:
        """pandas looks whether there is one, and iterates."""
        raise NotImplementedError

    readline = read


class _Reader:
    """Understands the cells of a row."""

    def __init__(self, layout: Layout, zone: tzinfo) -> None:
        self._zone = zone
        self._date = lru_cache(1_000)(_date)  # the rows of a day come one after another
        self._steps = layout.columns["steps"]
        both = {"start", "end"} <= layout.columns.keys()
        self._when = [layout.columns[each] for each in (("start", "end") if both else ("date",))]
        self._source = layout.columns.get("source")
        self._by_hand = layout.columns.get("by_hand")

    def row(self, number: int, cells: Sequence[str | None]) -> Reading | None:
        """What a row says; nothing when it is blank or has no steps in it, which is not zero."""
        if not any(cells):
            return None
        when = [cells[at] for at in self._when]
        steps, beyond = cells[self._steps], cells[-1]
        # A cell too many moves others to wrong columns, as in 2026-11-01,8,123 without quotes.
        if steps is None or None in when or (beyond and beyond.strip()):
            return problem(number, "columns", beyond or ", ".join(each for each in cells if each))
        if not steps.strip():
            return None
        counted = count(steps)
        if counted is None:
            return problem(number, "not_a_number", steps)
        reading = self._reading(number, counted, [each or "" for each in when], cells)
        why = None if isinstance(reading, Problem) else wrong(reading)
        return problem(number, why, steps if why in ("negative", "too_large") else when[-1]) if why else reading

    def _reading(self, number: int, steps: int, when: Sequence[str], cells: Sequence[str | None]) -> Reading:
        source = "" if self._source is None else shown(" ".join((cells[self._source] or "").split()), SOURCE)
        by_hand = self._by_hand is not None and (cells[self._by_hand] or "").strip().lower() in YES
        if len(when) == 1:
            on = self._date(when[0])
            return problem(number, "not_a_date", when[0]) if on is None else DayCount(source, on, steps, by_hand)
        starts, ends = (self._moment(each) for each in when)
        if starts is None or ends is None:
            return problem(number, "not_a_time", when[0] if starts is None else when[1])
        return Sample(source, starts, ends, steps, by_hand)

    def _moment(self, text: str) -> datetime | None:
        text = text.strip()
        if text[4:5] == text[7:8] == "-" and text[10:11] in ("T", " "):
            try:
                moment = datetime.fromisoformat(text)
                return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
            except ValueError:
                pass
        on_text, *rest = _APART.split(folded(text), maxsplit=1)
        on, found = self._date(on_text), _TIME.fullmatch(rest[0].strip()) if rest else None
        try:
            return datetime.combine(on, _clock(found), _offset(found) or self._zone) if on and found else None
        except ValueError:
            return None


def _date(text: str) -> date | None:
    text = _MIDNIGHT.sub("", folded(text))
    found = next((found for each in _DATES if (found := each.fullmatch(text))), None)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time:
    """The time of day; raises ValueError for one that no clock shows."""
    hour, half = int(found["h"]), found["before"] or found["after"]
    if half:
        if hour > 12 or (found["before"] and found["after"]):
            raise ValueError(found.group())
        hour = hour % 12 + (12 if half in ("下午", "PM") else 0)
    return time(hour, int(found["m"]), int(found["s"] or 0), int((found["part"] or "").ljust(6, "0")[:6]))


def _offset(found: re.Match[str]) -> tzinfo | None:
    if not found["sign"]:
        return UTC if found["zone"] else None
    ahead = timedelta(hours=int(found["zh"]), minutes=int(found["zm"] or 0))
    return timezone(-ahead if found["sign"] == "-" else ahead)
