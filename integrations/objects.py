"""The objects of an array in a JSON file of any size, one by one; what lies broken between them costs no other."""

import codecs
import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO

from integrations.contract import Problem, problem
from integrations.tables import PIECE, WIDE
from integrations.upload import Unreadable

LONGEST = 16 * 1024  # characters of one object; real ones have some hundreds
MOST_WASTED = 30_000_000  # characters that are read in vain, after which a file is given up
Found = tuple[int, dict[str, Any]] | Problem
_DECODER = JSONDecoder()
ATTEMPT = 1_000  # characters that trying in vain to read an object costs at least, in time
_COMMA = re.compile(r"\s*,?\s*")
_END = re.compile(r"\]\s*\}?\s*\Z")


def objects(stream: BinaryIO, begins: re.Pattern[str], wanted: str) -> Iterator[list[Found]]:
    """The objects with the key `wanted` after what `begins` finds, with their lines (from 1), a piece of the file each.

    One that is malformed, too long or without the key is a problem, told once with those beside it, as is an array that
    is never closed. Raises what the stream raises, after what came before.
    """
    text = _Text(stream)
    text.fill()
    found = begins.search(text.ahead)
    if found:
        text.at = found.end()
        yield from _Array(text, wanted).read()
    if text.broken_off:
        raise text.broken_off


class _Text:
    """A stream's text, some of it at a time: `ahead` from `at` on is what has not been read yet."""

    def __init__(self, stream: BinaryIO) -> None:
        self.ahead = ""
        self.at = 0
        self.whole = False  # whether the stream is at its end
        self.broken_off: Unreadable | None = None
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._line = 1
        self._counted = 0

    def fill(self) -> None:
        """Drop what is read, and have two objects' length ahead, or all that is left."""
        self.line()
        self.ahead, self.at, self._counted = self.ahead[self.at :], 0, 0
        while len(self.ahead) < 2 * LONGEST and not self.whole:
            piece = self._piece()
            self.whole = not piece
            if self._decoder is None:
                is_wide = any(piece.startswith(mark) for mark in WIDE)
                self._decoder = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8-sig")("replace")
            self.ahead += self._decoder.decode(piece, final=self.whole)

    def line(self) -> int:
        """The line of the file in which `at` is; each line break is counted once."""
        if self.at > self._counted:
            self._line += self.ahead.count("\n", self._counted, self.at)
            self._counted = self.at
        return self._line

    def _piece(self) -> bytes:
        try:
            return self._stream.read(PIECE)
        except Unreadable as trouble:
            self.broken_off = trouble
            return b""


class _Array:
    """Steps from object to object; after damage, to the next that is whole and wanted."""

    def __init__(self, text: _Text, wanted: str) -> None:
        self._text = text
        self._wanted = wanted
        self._damage: Problem | None = None  # not told yet: at the end of a file it may be the end that is missing
        self._closed = False
        self._wasted = 0

    def read(self) -> Iterator[list[Found]]:
        """All objects and problems."""
        text = self._text
        while True:
            yield list(self._within(len(text.ahead) if text.whole else len(text.ahead) - LONGEST))
            if self._wasted > MOST_WASTED or (text.whole and text.at >= len(text.ahead)):
                break
            text.fill()
        if self._wasted > MOST_WASTED:
            yield [problem(text.line(), "damaged")]
        elif self._closed:
            yield self._told()
        elif not text.broken_off:
            yield [problem(text.line(), "ends_early")]

    def _within(self, until: int) -> Iterator[Found]:
        """What begins before a place in the text, which `at` has passed afterwards."""
        text = self._text
        while text.at < until and self._wasted <= MOST_WASTED:
            begin = text.ahead.find("{", text.at)
            self._pass(text.ahead[text.at : begin if begin >= 0 else None])
            text.at = begin if begin >= 0 else len(text.ahead)
            if begin >= 0 and (found := self._object()) is not None:
                yield from self._told()
                yield found

    def _pass(self, between: str) -> None:
        """Look at what stands between two objects; the rest of a broken one is nothing new."""
        if between.lstrip().startswith("]") or (self._damage and _END.search(between)):
            self._closed = True
        elif not self._closed and not _COMMA.fullmatch(between):
            self._damaged()

    def _object(self) -> tuple[int, dict[str, Any]] | None:
        """The object that begins at `at`, and go on behind it; None, and one on, if it is none."""
        text = self._text
        try:
            found, end = _DECODER.raw_decode(text.ahead, text.at)
        except (ValueError, RecursionError) as error:  # the latter of thousands of brackets
            # A string without end is told where it begins, and was looked through to the end of the text.
            is_told = isinstance(error, JSONDecodeError) and not error.msg.startswith("Unterminated")
            self._wasted += ATTEMPT + (
                error.pos - text.at if is_told and isinstance(error, JSONDecodeError) else LONGEST
            )
            self._damaged()
            text.at += 1
            return None
        if self._wanted not in found:
            self._damaged()
            text.at = end
            return None
        if self._closed:  # by a stray bracket, since here is one more
            self._closed = False
            self._damaged()
        line = text.line()
        text.at = end
        return line, found

    def _damaged(self) -> None:
        if self._damage is None and not self._closed:
            begin = self._text.at
            self._damage = problem(self._text.line(), "damaged", self._text.ahead[begin : begin + 40])

    def _told(self) -> list[Found]:
        told, self._damage = self._damage, None
        return [told] if told else []
