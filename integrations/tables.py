"""Rows and cells of a table of text, as trackers and spreadsheets write it; a damaged row costs no other."""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from csv import Error as NotCut
from csv import reader
from dataclasses import dataclass
from typing import BinaryIO
from unicodedata import normalize

from integrations.contract import DayCount, Part, Problem, Reading, Sample, problem
from integrations.days import wrong
from integrations.upload import Unreadable

ROWS = 2_000  # in a batch
PIECE = 256 * 1024
LONGEST = 4_096  # characters of a row; in a batch all of them may be commas
MOST_LINES = 20  # of one row, when a quoted cell has breaks in it
SOURCE = 100  # characters of a source's name
# What Excel saves in Hong Kong is Big5; on the mainland GB18030, in which nearly all bytes are something.
ENCODINGS = ("utf-8", "big5hkscs", "gb18030")
WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}  # how "Unicode text" begins
_NUMBER = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,3}([, ])[0-9]{3}(\2[0-9]{3}){0,3})(\.[0-9]*)?")
_DOUBTFUL = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")  # 8.123 is eight to some people, and eight thousand to others


@dataclass(frozen=True, slots=True)
class Writing:
    """How the text of a table is written.

    `mark`: the bytes before the text. `wide`: the name of a two-byte encoding, if it is in one. `encodings`: else, the
    likeliest first. `apart`: what parts cells.
    """

    mark: bytes
    wide: str | None
    encodings: tuple[str, ...]
    apart: str


def first_lines(part: Part) -> tuple[Writing, list[bytes]]:
    """How a file's bytes begin, and the lines of its head with their ends, in one byte for each plain letter."""
    mark = next((each for each in (codecs.BOM_UTF8, *WIDE) if part.head.startswith(each)), b"")
    wide = WIDE.get(mark)
    text = part.head[len(mark) :]
    if wide:
        text = codecs.getincrementaldecoder(wide)("replace").decode(text).encode()
    return Writing(mark, wide, ("utf-8",) if mark else ENCODINGS, ","), text.splitlines(keepends=True)


def cut(row: str, apart: str = ",") -> list[str]:
    """The cells of a row; none where it cannot be cut."""
    try:
        return next(reader([row], delimiter=apart, skipinitialspace=True), [])
    except NotCut:
        return []


def columns(cells: Sequence[str], names: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Where each wanted column stands in a header; case, full width, underscores and brackets make no difference."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = " ".join(re.sub(r"[_-]|\(.*\)", " ", folded(cell).lower()).split())
        for what, known in names.items():
            if name in known:
                found.setdefault(what, at)
    return found


def batches(
    stream: BinaryIO, writing: Writing, header: int, read: Callable[[int, list[str]], Reading | None]
) -> Iterator[list[Reading]]:
    """What `read` makes of the number (from 1) and cells of each row below the header, 2,000 rows at a time.

    A reading that is no good by itself becomes a problem of its row; raises what the stream raises, after the rows.
    """
    rows, found = Rows(stream, writing), list[Reading]()
    for number, row in enumerate(rows, 1):
        if number > header and (reading := read(number, cut(row, writing.apart))):
            found.append(checked(number, reading))
        if number % ROWS == 0:
            yield rows.take_damaged() + found
            found = []
    yield rows.take_damaged() + found
    if rows.broken_off:
        raise rows.broken_off


def checked(number: int, reading: Reading) -> Reading:
    """A reading, or the problem of its row if it is no good by itself."""
    why = None if isinstance(reading, Problem) else wrong(reading)
    return problem(number, why, _seen(reading)) if why and not isinstance(reading, Problem) else reading


def _seen(reading: Sample | DayCount) -> object:
    if wrong(reading) in ("negative", "too_large"):
        return reading.steps
    return reading.on if isinstance(reading, DayCount) else reading.ends


class Rows:
    """A table's rows as text, none too long, and the quotes of each in order; a row that is damaged comes out empty."""

    def __init__(self, stream: BinaryIO, writing: Writing) -> None:
        self._stream = stream
        self._writing = writing
        self._lines = self._read()
        self._ahead = deque[str]()
        self._damaged: list[Reading] = []
        self.broken_off: Unreadable | None = None
        quoted, apart = r' *+"[^"]*+(?:""[^"]*+)*+', writing.apart
        cell = rf'(?:{quoted}"|(?! *+")[^{apart}]*+)'
        self._in_order = re.compile(rf"{cell}(?:{apart}{cell})*+")
        self._open = re.compile(rf"(?:{cell}{apart})*+{quoted}")
        self._after_quote = re.compile(rf'" +(?={apart}|$)')

    def __iter__(self) -> Iterator[str]:
        number = 0
        while (line := self._next()) is not None:
            number += 1
            row = self._whole(line) if '"' in line else line
            if row is None or len(row) > LONGEST:
                self._damaged.append(problem(number, "damaged", line))
                row = ""
            yield row

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
        decoder = codecs.getincrementaldecoder(self._writing.wide)("replace") if self._writing.wide else None
        while piece := self._piece():
            if first:
                piece, first = piece[len(self._writing.mark) :], False
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
        for encoding in self._writing.encodings:
            try:
                return line.decode(encoding).rstrip("\r\n")
            except UnicodeDecodeError:
                pass
        return line.decode(self._writing.encodings[0], "replace").rstrip("\r\n")


def folded(text: str) -> str:
    """Full-width signs as plain ones, capitals only, no spaces around."""
    return (text if text.isascii() else normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")).strip().upper()


def count(text: str) -> int | None:
    """A number of steps as people write it; None for what is none, or could be two."""
    if text.isdecimal() and text.isascii() and len(text) < 16:
        return int(text)
    text = folded(text)
    if not _NUMBER.fullmatch(text) or _DOUBTFUL.fullmatch(text):
        return None
    return round(float(text.replace(",", "").replace(" ", "")))
