"""The FIT container: messages out of a stream of bytes, as far as it can be followed, and what was wrong with it."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from integrations.contract import Why

TIMESTAMP = 253  # the number of that field in every kind of message
EPOCH = 631_065_600  # seconds from 1970 to FIT's own zero, 1989-12-31T00:00:00Z
MARK = b".FIT"
PIECE = 64 * 1024
OFTEN = 2_000  # messages between two signs of life
STRING = 7
# By base type: bytes, whether signed, and the number that stands for "no value".
WHOLE: Mapping[int, tuple[int, bool, int]] = {
    0x00: (1, False, 0xFF), 0x01: (1, True, 0x7F), 0x02: (1, False, 0xFF), 0x0A: (1, False, 0), 0x0D: (1, False, 0xFF),
    0x83: (2, True, 0x7FFF), 0x84: (2, False, 0xFFFF), 0x8B: (2, False, 0),
    0x85: (4, True, 0x7FFFFFFF), 0x86: (4, False, 0xFFFFFFFF), 0x8C: (4, False, 0),
}  # fmt: skip


class Message(NamedTuple):
    """One message: the number of its kind, and the fields that it gives a value; those asked for, and the time."""

    kind: int
    fields: Mapping[int, int | str]


class _Layout(NamedTuple):
    """What the next data messages of a local number hold: (field, start, end, base type) of those asked for."""

    kind: int
    size: int
    big: bool
    fields: tuple[tuple[int, int, int, int], ...]


class _Ended(Exception):
    """There are fewer bytes than were asked for."""


class _Broken(Exception):
    """What comes cannot be followed."""


def messages(stream: BinaryIO, wanted: Mapping[int, frozenset[int]]) -> Iterator[Message | Why | None]:
    """Every message of the kinds in `wanted` with its fields named there, reasons why not all, None as a sign of life.

    Sizes that a file claims are believed only as far as there are bytes. Files may follow each other in one stream.
    Raises what the stream raises.
    """
    source = _Source(stream)
    while True:
        try:
            until = source.header()
        except _Ended:
            yield "ends_early"
            return
        except _Broken:
            yield "damaged"
            return
        if until is None:
            return
        yield from _file(source, until, wanted)


def _file(source: "_Source", until: int, wanted: Mapping[int, frozenset[int]]) -> Iterator[Message | Why | None]:
    reader, count, broken = _Reader(source, wanted), 0, False
    try:
        while source.passed < until:
            count += 1
            if message := reader.next():
                yield message
            if count % OFTEN == 0:
                yield None
        if not source.is_true():
            yield "damaged"
    except _Broken:
        broken = True
        yield "damaged"
    except _Ended:
        yield "ends_early"
    if broken:
        yield from _skip(source, until)


def _skip(source: "_Source", until: int) -> Iterator[None]:
    """After damage the next file may still stand where this one says that it ends."""
    try:
        while source.passed < until:
            source.take(min(PIECE, until - source.passed))
            yield None
        source.is_true()
    except _Ended:  # which is no more damage than was told
        pass


class _Source:
    """Bytes in order, with the checksum of what was taken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._piece = b""
        self._at = 0
        self._sum = 0
        self.passed = 0

    def take(self, size: int) -> bytes:
        """The next bytes; raises _Ended."""
        end = self._at + size
        if end > len(self._piece):
            self._more(size)
            end = size
        taken = self._piece[self._at : end]
        self._at = end
        self.passed += size
        return taken

    def header(self) -> int | None:
        """Begin a file; answers where its messages end, None after the last file; raises _Ended and _Broken."""
        if not self._any():
            return None
        self._summed()
        self._sum, self.passed = 0, 0
        size = self.take(1)[0]
        if size < 12:
            raise _Broken
        rest = self.take(size - 1)
        if rest[7:11] != MARK:
            raise _Broken
        return size + int.from_bytes(rest[3:7], "little")

    def is_true(self) -> bool:
        """Whether the checksum after the messages is theirs: over a file and its own sum it comes to nothing."""
        self.take(2)
        self._summed()
        return self._sum == 0

    def _any(self) -> bool:
        if self._at == len(self._piece):
            self._summed()
            self._piece, self._at = self._stream.read(PIECE), 0
        return bool(self._piece)

    def _more(self, size: int) -> None:
        self._summed()
        rest = self._piece
        while len(rest) < size:
            piece = self._stream.read(PIECE)
            if not piece:
                self._piece = b""  # half of something, which nobody can read
                raise _Ended
            rest += piece
        self._piece = rest

    def _summed(self) -> None:
        """Sum what was taken of this piece, and forget it."""
        table, summed = SUMS, self._sum
        for each in self._piece[: self._at]:
            summed = summed >> 8 ^ table[(summed ^ each) & 0xFF]
        self._sum = summed
        self._piece, self._at = self._piece[self._at :], 0


def _sum_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


SUMS = tuple(map(_sum_of, range(256)))  # CRC-16 with the polynomial 0x8005, reflected: FIT's checksum


class _Reader:
    """Follows definitions and the data after them."""

    def __init__(self, source: _Source, wanted: Mapping[int, frozenset[int]]) -> None:
        self._source = source
        self._wanted = wanted
        self._layouts: dict[int, _Layout] = {}
        self._time: int | None = None

    def next(self) -> Message | None:
        """The next message if it is data of a wanted kind; raises _Ended and _Broken."""
        head = self._source.take(1)[0]
        if head & 0x80:  # a time of five bits stands in the head
            return self._data(head >> 5 & 3, head & 0x1F)
        if head & 0x40:
            self._define(head & 0x0F, developer=bool(head & 0x20))
            return None
        return self._data(head & 0x0F, None)

    def _define(self, local: int, *, developer: bool) -> None:
        _, order, *rest = self._source.take(5)
        if order > 1:
            raise _Broken
        kind = int.from_bytes(bytes(rest[:2]), "big" if order else "little")
        described = self._source.take(3 * rest[2])
        asked = self._wanted.get(kind, frozenset()) | {TIMESTAMP}
        fields, size = [], 0
        for number, length, base in zip(described[::3], described[1::3], described[2::3], strict=True):
            if number in asked:
                fields.append((number, size, size + length, base))
            size += length
        if developer:  # of others' apps: only their sizes matter
            size += sum(self._source.take(3 * self._source.take(1)[0])[1::3])
        self._layouts[local] = _Layout(kind, size, bool(order), tuple(fields))

    def _data(self, local: int, five_bits: int | None) -> Message | None:
        layout = self._layouts.get(local)
        if layout is None:
            raise _Broken
        content = self._source.take(layout.size)
        found: dict[int, int | str] = {}
        for number, begin, end, base in layout.fields:
            value = _value(content[begin:end], base, big=layout.big)
            if value is not None:
                found[number] = value
        self._tell_time(found, five_bits)
        return Message(layout.kind, found) if layout.kind in self._wanted else None

    def _tell_time(self, found: dict[int, int | str], five_bits: int | None) -> None:
        if five_bits is not None and self._time is not None:
            found[TIMESTAMP] = self._time + ((five_bits - self._time) & 0x1F)
        told = found.get(TIMESTAMP)
        if isinstance(told, int):
            self._time = told


def _value(content: bytes, base: int, *, big: bool) -> int | str | None:
    """A whole number or a text; None for what says that it is none, and for lists and fractions."""
    if base == STRING:
        return content.partition(b"\0")[0].decode("utf-8", "replace") or None
    size, signed, none = WHOLE.get(base, (0, False, 0))
    if len(content) != size or not size:
        return None
    value = int.from_bytes(content, "big" if big else "little", signed=signed)
    return None if value == none else value
