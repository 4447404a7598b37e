"""Good files made bad: bytes flipped, cut and doubled, numbers made absurd, encodings and marks that do not fit."""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

# In a number's place: none at all, one too large for a float, for 64 bits, for Python's own limit on digits.
ABSURD = (
    b"NaN", b"-Infinity", b"Infinity", b"1e999", b"-1e999", b"1e308", b"5e-324", b"-0.0", b"1e400000", b"0x10",
    b"9223372036854775808", b"1" + b"0" * 400, b"9" * 5000, b"null", b"true", b'"x"', b'""', b"[]", b"{}", b"[[]]",
    b'"\\u0000"', b'"\\ud800"', b"\xff", b"\x00", b"1,1", b"",
)  # fmt: skip
MARKS = (
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00\x00\xfe\xff",
    b"\xef\xbb\xbf\xef\xbb\xbf",
    b" \n\t",
    b"\x1f\x8b",
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "big5hkscs", "gb18030", "cp037")
TEXTS = (
    b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"9999-12-31T23:59:59Z", b"0000-00-00T00:00:00Z",
    b"2026-02-30T00:00:00Z", b"2024-11-02T10:00:00", b"2024-11-02", b"10:00:00Z", b"2024-11-02T10:00:60Z",
    b"2024-11-02T10:00:00+99:99", b"2024-W44-6T10:00:00Z", b"20241102T100000,5Z", b"", b"x" * 3000, b"\xe5\x85",
)  # fmt: skip

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_QUOTED = re.compile(rb'"[^"\\]*"')

Mutation = Callable[[bytes], bytes]


@st.composite
def _flipped(draw: st.DrawFn) -> Mutation:
    share, bit, run = draw(st.floats(0, 1)), draw(st.integers(1, 255)), draw(st.integers(1, 4))

    def change(content: bytes) -> bytes:
        at = round(share * max(0, len(content) - 1))
        return content[:at] + bytes(each ^ bit for each in content[at : at + run]) + content[at + run :]

    return change


@st.composite
def _cut(draw: st.DrawFn) -> Mutation:
    one, other = draw(st.floats(0, 1)), draw(st.floats(0, 1))

    def change(content: bytes) -> bytes:
        start, end = sorted(round(share * len(content)) for share in (one, other))
        return content[:start] + content[end:]

    return change


@st.composite
def _doubled(draw: st.DrawFn) -> Mutation:
    one, other, times = draw(st.floats(0, 1)), draw(st.floats(0, 1)), draw(st.integers(2, 5))

    def change(content: bytes) -> bytes:
        start, end = sorted(round(share * len(content)) for share in (one, other))
        return content[:start] + content[start:end] * times + content[end:]

    return change


def _replaced(pattern: re.Pattern[bytes], instead: st.SearchStrategy[bytes], quote: bytes = b"") -> Any:
    @st.composite
    def made(draw: st.DrawFn) -> Mutation:
        share, new = draw(st.floats(0, 1)), quote + draw(instead) + quote

        def change(content: bytes) -> bytes:
            found = list(pattern.finditer(content))
            if not found:
                return content
            one = found[round(share * (len(found) - 1))]
            return content[: one.start()] + new + content[one.end() :]

        return change

    return made()


@st.composite
def _inserted(draw: st.DrawFn) -> Mutation:
    share, new = draw(st.floats(0, 1)), draw(st.binary(min_size=1, max_size=12) | st.sampled_from(MARKS))

    def change(content: bytes) -> bytes:
        at = round(share * len(content))
        return content[:at] + new + content[at:]

    return change


@st.composite
def _nested(draw: st.DrawFn) -> Mutation:
    depth, kind = draw(st.sampled_from((10, 900, 1100, 20_000))), draw(st.sampled_from((b"[]", b"{}", b"<>")))

    def deep(inside: bytes) -> bytes:
        if kind == b"<>":
            return b"<a>" * depth + inside + b"</a>" * depth
        opening = b"[" if kind == b"[]" else b'{"a":'
        return opening * depth + inside + kind[1:] * depth

    return lambda content: _at_a_number(content, deep)


def _at_a_number(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    one = _NUMBER.search(content)
    if one is None:
        return change(content)
    return content[: one.start()] + change(one.group()) + content[one.end() :]


@st.composite
def _encoded(draw: st.DrawFn) -> Mutation:
    encoding = draw(st.sampled_from(ENCODINGS))
    return lambda content: content.decode("utf-8", "replace").encode(encoding, "replace")


@st.composite
def _marked(draw: st.DrawFn) -> Mutation:
    mark = draw(st.sampled_from(MARKS))
    return lambda content: mark + content


_ANY = st.one_of(
    _flipped(),
    _cut(),
    _doubled(),
    _inserted(),
    _replaced(_NUMBER, st.sampled_from(ABSURD)),
    _replaced(_NUMBER, st.floats().map(lambda value: repr(value).encode())),
    _replaced(_NUMBER, st.integers().map(lambda value: str(value).encode())),
    _replaced(_QUOTED, st.sampled_from(TEXTS), b'"'),
    _replaced(_QUOTED, st.sampled_from(ABSURD)),
    _nested(),
    _encoded(),
    _marked(),
)


def mutated(*good: bytes, most: int = 4) -> st.SearchStrategy[bytes]:
    """One of some good files after up to `most` mutations."""

    def apply(content: bytes, changes: list[Mutation]) -> bytes:
        for change in changes:
            content = change(content)
        return content

    return st.builds(apply, st.sampled_from(good), st.lists(_ANY, min_size=1, max_size=most))
