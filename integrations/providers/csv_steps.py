"""Steps in a table of text, as a spreadsheet saves it: a row for each day, or for each stretch of time.

pandas cuts the rows into cells; as one broken row would cost it the good ones beside it, it is given none.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from csv import Error as NotCut
from csv import reader as cut
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import BinaryIO
from unicodedata import normalize

from integrations.contract import Capabilities, DayCount, Part, Problem, Reading, Sample, problem, shown
from integrations.days import wrong
from integrations.upload import Unreadable

CAPABILITIES = Capabilities(
    name="csv_steps",
    roads=("file",),
    grains=("days", "samples"),
    local_day="asked",
    by_hand=True,
    corrects=False,
    generic=True,
)

ROWS = 2_000  # in a batch
PIECE = 256 * 1024
LONGEST = 4_096  # characters of a row; in a batch all of them may be commas
MOST_COLUMNS = 200
MOST_LINES = 20  # of one row, when a quoted cell has breaks in it
SOURCE = 100  # characters of a source's name
# What Excel saves in Hong Kong is Big5; on the mainland GB18030, in which nearly all bytes are something.
ENCODINGS = ("utf-8", "big5hkscs", "gb18030")
WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}  # how "Unicode text" begins
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
_NUMBER = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}([, ])[0-9]{3}(\2[0-9]{3}){0,3})(\.[0-9]*)?")
_DOUBTFUL = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")  # 8.123 is eight to some people, and eight thousand to others


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written.

    `mark`: the bytes before the text. `wide`: the name of a two-byte encoding, if it is in one. `encodings`: else, the
    likeliest first. `apart`: what parts cells. `header`: its row, from 1. `width`: its cells. `columns`: which is what.
    """

    mark: bytes
    wide: str | None
    encodings: tuple[str, ...]
    apart: str
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

    rows, reader = _Rows(stream, layout), _Reader(layout, zone)
    chunks = read_csv(
        rows, sep=layout.apart, engine="python", header=None, index_col=False, names=range(layout.width + 1),
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
    head = part.head
    mark = next((each for each in (codecs.BOM_UTF8, *WIDE) if head.startswith(each)), b"")
    wide = WIDE.get(mark)
    text = head[len(mark) :]
    if wide:
        text = codecs.getincrementaldecoder(wide)("replace").decode(text).encode()
    encodings = ("utf-8",) if mark else ENCODINGS
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if not line.strip(b' \t,;"\r\n'):
            continue
        if not line.endswith((b"\r", b"\n")) and part.size > len(head):
            return None  # a first row that goes on and on is no header
        for encoding in encodings:
            if named := _named(line, encoding):
                others = (each for each in ENCODINGS if each != encoding)
                return Layout(mark, wide, (encoding, *others), named[0], number, len(named[1]), _columns(named[1]))
        return None
    return None


def _named(line: bytes, encoding: str) -> tuple[str, list[str]] | None:
    """What parts the cells of a header, and the cells, when they name what is needed."""
    try:
        text = line.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    for apart in ",;\t":
        try:
            cells = next(cut([text], delimiter=apart, skipinitialspace=True), [])
        except NotCut:
            continue
        columns = _columns(cells) if len(cells) <= MOST_COLUMNS else {}
        if "steps" in columns and ("date" in columns or {"start", "end"} <= columns.keys()):
            return apart, cells
    return None


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = " ".join(re.sub(r"[_-]|\(.*\)", " ", _folded(cell).lower()).split())
        for what, names in NAMES.items():
            if name in names:
                found.setdefault(what, at)
    return found


class _Rows:
    """A table's rows as text, none too long, and the quotes of each in order; pandas takes it for a file."""

    def __init__(self, stream: BinaryIO, layout: Layout) -> None:
        self._stream = stream
        self._layout = layout
        self._lines = self._read()
        self._ahead = deque[str]()
        self._damaged: list[Reading] = []
        self.broken_off: Unreadable | None = None
        quoted, apart = r' *+"[^"]*+(?:""[^"]*+)*+', layout.apart
        cell = rf'(?:{quoted}"|(?! *+")[^{apart}]*+)'
        self._in_order = re.compile(rf"{cell}(?:{apart}{cell})*+")
        self._open = re.compile(rf"(?:{cell}{apart})*+{quoted}")
        self._after_quote = re.compile(rf'" +(?={apart}|$)')

    def __iter__(self) -> Iterator[str]:
        yield ""  # so that pandas counts from 1, and sees a row even where the file breaks off at once
        number = 0
        while (line := self._next()) is not None:
            number += 1
            row = self._whole(line) if '"' in line else line
            if row is None or len(row) > LONGEST:
                self._damaged.append(problem(number, "damaged", line))
                row = ""
            yield row

    def read(self, _size: int = -1) -> str:
        """pandas looks whether there is one, and iterates."""
        raise NotImplementedError

    readline = read

    def take_damaged(self) -> list[Reading]:
        """The rows that could not be cut, since this was last asked."""
        damaged, self._damaged = self._damaged, []
        return damaged

    def _next(self) -> str | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _whole(self, line: str) -> str | None:
        """A row with its quotes in order; it takes the next lines with it if a quoted cell goes on there."""
        row = self._after_quote.sub('"', line)
        taken = 0
        while not self._in_order.fullmatch(row):
            if not self._open.fullmatch(row):
                return None
            closing = self._closing(taken, len(row))
            if closing is None:
                return None
            row = self._after_quote.sub('"', "\n".join([row, *list(self._ahead)[taken:closing]]))
            taken = closing
        for _ in range(taken):
            self._ahead.popleft()
        return row

    def _closing(self, taken: int, size: int) -> int | None:
        """How many lines ahead the next one with a quote is, if it is near enough."""
        for at in range(taken, MOST_LINES):
            if at == len(self._ahead):
                following = next(self._lines, None)
                if following is None:
                    return None
                self._ahead.append(following)
            size += len(self._ahead[at])
            if size > LONGEST:
                return None
            if '"' in self._ahead[at]:
                return at + 1
        return None

    def _read(self) -> Iterator[str]:
        rest, first = b"", True
        decoder = codecs.getincrementaldecoder(self._layout.wide)("replace") if self._layout.wide else None
        while piece := self._piece():
            if first:
                piece, first = piece[len(self._layout.mark) :], False
            lines = (rest + (decoder.decode(piece).encode() if decoder else piece)).splitlines(keepends=True)
            # The last may go on in the next piece, as may the end of a line of two characters.
            rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
            if len(rest) > 4 * LONGEST:
                rest = rest[: 4 * LONGEST + 4] + rest[-1:]  # enough to see that it is too long
            for line in lines:
                yield self._text(line)
        if rest:
            yield self._text(rest)

    def _piece(self) -> bytes:
        try:
            return self._stream.read(PIECE)
        except Unreadable as trouble:
            self.broken_off = trouble  # told when the rows before it are out
            return b""

    def _text(self, line: bytes) -> str:
        for encoding in self._layout.encodings:
            try:
                return line.decode(encoding).rstrip("\r\n")
            except UnicodeDecodeError:
                pass
        return line.decode(self._layout.encodings[0], "replace").rstrip("\r\n")


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
        count = _count(steps)
        if count is None:
            return problem(number, "not_a_number", steps)
        reading = self._reading(number, count, [each or "" for each in when], cells)
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
        on_text, *rest = _APART.split(_folded(text), maxsplit=1)
        on, found = self._date(on_text), _TIME.fullmatch(rest[0].strip()) if rest else None
        try:
            return datetime.combine(on, _clock(found), _offset(found) or self._zone) if on and found else None
        except ValueError:
            return None


def _folded(text: str) -> str:
    """Full-width signs as plain ones, capitals only, no spaces around."""
    return (text if text.isascii() else normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")).strip().upper()


def _count(text: str) -> int | None:
    if text.isdecimal() and text.isascii() and len(text) < 16:
        return int(text)
    text = _folded(text)
    if not _NUMBER.fullmatch(text) or _DOUBTFUL.fullmatch(text):
        return None
    return round(float(text.replace(",", "").replace(" ", "")))


def _date(text: str) -> date | None:
    text = _MIDNIGHT.sub("", _folded(text))
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
