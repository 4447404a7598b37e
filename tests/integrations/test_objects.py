"""Objects of a JSON file as long as one likes: each whole one comes out, whatever stands beside it."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Problem
from integrations.objects import LONGEST, Found, objects
from integrations.upload import Unreadable
from tests.integrations.test_csv_rows import Cut

ARRAY = re.compile(r"\[")
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
WANTED = st.dictionaries(st.text(max_size=5), VALUES, max_size=3).map(lambda each: {"n": 1, **each})


def every(content: bytes | str | io.BytesIO) -> list[Found]:
    """All that is found."""
    if isinstance(content, str):
        content = content.encode()
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    return [found for batch in objects(stream, ARRAY, "n") for found in batch]


def values(found: list[Found]) -> list[Any]:
    """The number of each object, and why something was none."""
    return [each.why if isinstance(each, Problem) else each[1]["n"] for each in found]


def numbered(count: int) -> Iterator[str]:
    """So many objects."""
    return (f'{{"n": {at}, "x": "}}{{]["}}' for at in range(count))


@given(st.lists(WANTED, max_size=20), st.sampled_from([None, 0, 1, 8]))
def test_whatever_json_writes_is_read(wanted: list[dict[str, Any]], indent: int | None) -> None:
    found = every(json.dumps({"before": "x", "all": wanted}, indent=indent))
    assert [each[1] for each in found if not isinstance(each, Problem)] == wanted
    assert len(found) == len(wanted)


def test_an_array_of_many_pieces() -> None:
    count = 40_000  # more than a megabyte
    found = every("[" + ",\n".join(numbered(count)) + "]")
    assert values(found) == list(range(count))
    assert [each[0] for each in found if not isinstance(each, Problem)] == list(range(1, count + 1))


@pytest.mark.parametrize(
    "broken",
    [
        '{"n": 1', '{"n": }', '{"n": 1, "x": "no end}', '{"n" 1}', "{", "}", "x", '{"other": 1}', '{"n": {"n": 1}',
        '{"x": [{"y": 1}, {"y": 2}, "n": 1}', '{"n":' * 900, "[" * 9_000, '{"n": ' + "9" * 5_000 + "}", "{" * 3_000,
        '{"n": "' + "x" * 3 * LONGEST, "\0\1\2", '{"n": 1}}', "] , [",
    ],
)  # fmt: skip
@pytest.mark.parametrize("beside", [1, 3_000])
def test_a_broken_object_costs_only_itself_and_is_told_once(broken: str, beside: int) -> None:
    around = list(numbered(beside))
    found = every("[" + ",\n".join([*around, broken, *around]) + "]")
    good = [each for each in values(found) if isinstance(each, int)]
    assert [each for each in good if good.count(each) == 2 or each < beside]
    assert len(good) - 2 * beside in (0, 1)  # what is whole in the broken one may be an object of its own
    assert [each.why for each in found if isinstance(each, Problem)] == ["damaged"]


def test_the_line_of_damage_is_told() -> None:
    found = every('[\n{"n": 1},\n{"n": 2,\n{"n": 3},\n{"n": 4}]')
    assert [each.line for each in found if isinstance(each, Problem)] == [3]
    assert values(found) == [1, "damaged", 3, 4]


@pytest.mark.parametrize("text", ['[{"n": 1}, {"n": 2', '[{"n": 1},', '[{"n": 1}', '[{"n": 1}, {'])
def test_a_file_that_ends_early_says_so_once(text: str) -> None:
    assert values(every(text)) == [1, "ends_early"]


def test_damage_in_the_last_object_is_told_when_the_array_is_closed() -> None:
    assert values(every('[{"n": 1}, {"n": }]')) == [1, "damaged"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_two_bytes_for_each_letter(encoding: str) -> None:
    assert every('[{"n": "步"}]'.encode(encoding)) == [(1, {"n": "步"})]


def test_a_letter_that_is_none_costs_nothing_but_itself() -> None:
    assert values(every(b'[{"n": 1, "x": "\xff"}, {"n": 2}]')) == [1, 2]


def test_objects_before_the_stream_breaks_off_are_kept() -> None:
    kept: list[Found] = []
    with pytest.raises(Unreadable):
        kept.extend(found for batch in objects(Cut(b'[{"n": 1}, {"n": 2'), ARRAY, "n") for found in batch)
    assert values(kept) == [1]


@pytest.mark.parametrize(
    "made", [b"[" + b'{"n":' * 2_000_000, b"[" + b'{"n":"' * 2_000_000, b"[" + b"{" * 20_000_000, b"[" * 9_000_000]
)
def test_files_that_are_made_to_take_long_are_given_up(made: bytes) -> None:
    assert {each.why for each in every(made) if isinstance(each, Problem)} <= {"damaged", "ends_early"}


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(content: bytes) -> None:
    every(b"[" + content)


@given(st.text(alphabet='{}[]":,n1 \\', max_size=60))
def test_no_text_loses_the_object_after_it(text: str) -> None:
    assert [each for each in every(f'[{text}\n"}},{{"n": 77}}]') if each[1] == {"n": 77}]
