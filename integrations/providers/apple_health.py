"""Apple Health: export.zip, or the export.xml inside it; every step record of iPhone, Watch and other sources."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import BinaryIO
from xml.parsers import expat

from integrations.contract import Capabilities, Part, Problem, Reading, Sample, Why, problem, shown
from integrations.upload import Unreadable

CAPABILITIES = Capabilities(
    name="apple_health", roads=("file",), grains=("samples",), local_day="offset", by_hand=True, corrects=False
)

STEPS = "HKQuantityTypeIdentifierStepCount"
TYPED_IN = {"HKWasUserEntered", "HKMetadataKeyWasUserEntered"}
PIECE = 256 * 1024
LONGEST_TAG = 1024 * 1024  # bytes; a real one has some hundreds
MOST_DAMAGES = 2_000  # after which a file is given up
SOURCE = 100  # characters of a source's name
ROOT = b"<HealthData>"
CARRIED = len(b"<Record") - 1
# The root, or what stands in its place before it: Apple's document type is longer than the first 4,096 bytes.
MARKS = (b"<HealthData", b"<!DOCTYPE HealthData")
# The document type is cut away unread: it can only hold entities, which are refused, and iOS 16 wrote it broken.
DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL)


def recognises(part: Part) -> bool:
    """An XML file whose root is HealthData, in whichever language the file is named."""
    head = part.head.replace(b"\0", b"")  # also in two bytes for each letter
    return any(mark in head for mark in MARKS)


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the step records; where the XML is broken, go on at the next record."""
    reader = _Reader(zone)
    yield reader.take(_without_document_type(stream.read(PIECE)))
    while piece := stream.read(PIECE):
        yield reader.take(piece)
    yield reader.take(b"", last=True)


def _without_document_type(first: bytes) -> bytes:
    found = DOCUMENT_TYPE.match(first, max(0, first.find(b"<!DOCTYPE")))
    if not found:
        return first
    lines = b"\n" * found.group().count(b"\n")  # so that line numbers stay those of the file
    return first[: found.start()] + lines + first[found.end() :]


class _Reader:
    """A parser that survives: after each damage a new one begins at the next record."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._found: list[Reading] = []
        self._record: dict[str, str] | None = None
        self._by_hand = False
        self._lines = 0  # of the file before this parser's first
        self._fed = 0  # bytes given to this parser
        self._damages = 0
        self._seeking = False  # the next record, after damage
        self._just_here = False  # whether the next record was where the damage was
        self._carry = b""  # the end of the last piece, where a record may begin
        self._parser = self._begin()

    def take(self, piece: bytes, *, last: bool = False) -> list[Reading]:
        """Read one piece of the file, and answer what was in it."""
        rest = piece
        while self._damages <= MOST_DAMAGES:
            if self._seeking:
                rest = self._seek(rest)
                if not rest:
                    break
            damage = self._parse(rest, last)
            if damage is None:
                break
            rest = rest[damage:]
        found, self._found = self._found, []
        return found

    def _begin(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._starts
        parser.EntityDeclHandler = _refuse
        return parser

    def _parse(self, rest: bytes, last: bool) -> int | None:
        """Give bytes to the parser; answers None, or after how many of them it met damage."""
        begins, self._fed = self._fed, self._fed + len(rest)
        try:
            self._parser.Parse(rest, last)
        except (expat.ExpatError, LookupError, ValueError):  # the last two for encodings that nobody knows
            line, at = self._parser.ErrorLineNumber, self._parser.ErrorByteIndex - begins
            # The damage may be that a tag has no end, and then the next record begins just here.
            if at > 0 or begins > len(ROOT):
                return self._damaged("ends_early" if last else "damaged", line, min(max(at, 0), len(rest)))
            return self._damaged("damaged", line, 1, told=self._just_here)
        # A tag without an end would be kept in memory until there is none left.
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TAG:
            return self._damaged("damaged", self._parser.CurrentLineNumber, len(rest))
        return None

    def _damaged(self, why: Why, line: int, at: int, *, told: bool = False) -> int:
        if not told:
            self._found.append(problem(self._lines + line, why))
        self._lines += line - 1
        self._damages += 1
        self._seeking = True
        self._record = None
        return at

    def _seek(self, rest: bytes) -> bytes:
        """What comes from the next record on, for a new parser; nothing where no record begins."""
        rest = self._carry + rest
        at = rest.find(b"<Record")
        passed = rest[:at] if at >= 0 else rest[:-CARRIED]
        self._lines += passed.count(b"\n")
        self._carry = b"" if at >= 0 else rest[-CARRIED:]
        self._just_here = at == 0
        if at < 0:
            return b""
        self._seeking = False
        self._parser = self._begin()
        self._parser.Parse(ROOT, False)
        self._fed = len(ROOT)
        return rest[at:]

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Record":
            if attributes.get("type") == STEPS:
                self._record, self._by_hand = attributes, False
                self._parser.EndElementHandler = self._ends
        elif self._record is not None and name == "MetadataEntry" and attributes.get("key") in TYPED_IN:
            self._by_hand = attributes.get("value") == "1"

    def _ends(self, name: str) -> None:
        if name != "Record" or self._record is None:
            return
        self._parser.EndElementHandler = None
        self._found.append(self._reading(self._record))
        self._record = None

    def _reading(self, record: dict[str, str]) -> Reading:
        steps = _number(record.get("value", ""))
        if steps is None:
            return self._problem("not_a_number", record.get("value", ""))
        try:
            starts, ends = self._moment(record["startDate"]), self._moment(record["endDate"])
        except (KeyError, ValueError, OverflowError):
            return self._problem("not_a_time", record.get("startDate", ""))
        return Sample(shown(record.get("sourceName", ""), SOURCE), starts, ends, steps, self._by_hand)

    def _moment(self, text: str) -> datetime:
        """Apple's 2021-12-11 18:04:48 -0700; without the space before the offset Python reads it at once."""
        moment = datetime.fromisoformat(text[:19] + text[20:] if text[19:20] == " " else text)
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _problem(self, why: Why, seen: str) -> Problem:
        return problem(self._lines + self._parser.CurrentLineNumber, why, seen)


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return round(float(text))
    except (ValueError, OverflowError):  # no number, or one without end
        return None


def _refuse(*_: object) -> None:
    """An entity is declared; exports have none, and they can grow a small file without bound."""
    raise Unreadable("bomb")
