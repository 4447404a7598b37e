"""Rows of a table of steps: each has its number, and a broken one costs no other."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import DayCount, Problem, Reading
from integrations.providers import csv_steps
from integrations.tables import LONGEST, ROWS
from integrations.upload import Unreadable
from tests.integrations.files import HONG_KONG, counted, outcome, part, readings, table, whys

FIRST = date(2026, 11, 1)


def test_quotes_spaces_and_breaks_inside_quotes() -> None:
    rows = (
        "date,steps,source,note",
        '"2026-11-01" , "8,123" , "Mei ""the fast"" Watch" ,',
        '2026-11-02,5,Watch,"two\r\nlines, and ""more"""',
        '2026-11-03,6,4" phone,',
    )
    assert readings("csv_steps", table(*rows)) == [
        DayCount('Mei "the fast" Watch', FIRST, 8123),
        DayCount("Watch", date(2026, 11, 2), 5),
        DayCount('4" phone', date(2026, 11, 3), 6),
    ]


def test_problems_name_the_row_with_header_and_blank_ones_counted() -> None:
    rows = ("", " , ", "date,steps", "2026-11-01,5", "", "soon,5", "2026-11-03,x", ",", "2026-11-04,-1", "2026-11-05,7")
    found = outcome(table(*rows))
    assert found.problems == [
        Problem(6, "not_a_date", "soon"),
        Problem(7, "not_a_number", "x"),
        Problem(9, "negative", "-1"),
    ]
    assert counted(found) == {("", "2026-11-01"): 5, ("", "2026-11-05"): 7}


def test_rows_count_across_batches() -> None:
    rows = [f"{FIRST + timedelta(days=at)},{at}" for at in range(2 * ROWS)]
    for at in (0, ROWS - 2, ROWS - 1, ROWS, 2 * ROWS - 1):
        rows[at] = "2026-11-01,x"
    found = outcome(table("date,steps", *rows))
    assert [each.line for each in found.problems] == [2, ROWS, ROWS + 1, ROWS + 2, 2 * ROWS + 1]
    assert found.readings == 2 * ROWS - 5


def test_rows_too_short_or_too_long_are_named_and_empty_cells_at_the_end_forgiven() -> None:
    rows = ("date,steps,source", "2026-11-01", "2026-11-02,8,123,Watch", "2026-11-03,5", "2026-11-04,6,Watch,,,")
    found = outcome(table(*rows))
    assert found.problems == [Problem(2, "columns", "2026-11-01"), Problem(3, "columns", "Watch")]
    assert counted(found) == {("", "2026-11-03"): 5, ("Watch", "2026-11-04"): 6}


def test_stretches_that_cannot_be_are_named_with_their_row() -> None:
    rows = (
        "start,end,steps",
        "2026-11-01 07:00,2026-11-01 06:59,5",
        "2026-11-01 07:00,2026-11-09 07:00,5",
        "1999-11-01 07:00,1999-11-01 07:10,5",
    )
    assert whys(outcome(table(*rows))) == [(2, "ends_before"), (3, "too_long"), (4, "not_a_date")]


@pytest.mark.parametrize(
    "row",
    [
        '2026-11-02,5,"no end', '2026-11-02,"5"0,Watch', '"2026-11-02,5,"x"y"', f"2026-11-02,5,{'x' * 200_000}",
        f'2026-11-02,5,"{"x" * 200_000}"', "," * 100_000, '"' * 9_999, "\0" * 50_000,
    ],
)  # fmt: skip
def test_a_broken_row_loses_no_row_beside_it(row: str) -> None:
    rows = ("date,steps,source", "2026-11-01,4,A", row, "2026-11-03,6,A", "2026-11-04,7,A")
    found = outcome(table(*rows))
    assert counted(found) == {("A", "2026-11-01"): 4, ("A", "2026-11-03"): 6, ("A", "2026-11-04"): 7}
    assert [(each.line, each.why) for each in found.problems] == [(3, "damaged")]


def test_every_row_broken_is_told_of_every_row() -> None:
    found = outcome(table("date,steps", *['2026-11-01,"5'] * 5_000))
    assert len(found.problems) + found.more_problems == 5_000
    assert found.problems[0] == Problem(2, "damaged", '2026-11-01,"5')


def test_a_giant_line_and_a_binary_file_end() -> None:
    giant = b"date,steps\n2026-11-01,4\n" + b"7" * 50_000_000 + b"\n2026-11-02,5\n"
    assert counted(outcome(giant)) == {("", "2026-11-01"): 4, ("", "2026-11-02"): 5}
    assert whys(outcome(giant)) == [(3, "damaged")]
    assert outcome(b"7" * 5_000_000).provider is None
    binary = b"date,steps\n" + bytes(range(256)) * 20_000
    assert outcome(binary).provider == "csv_steps"


class Cut(io.BytesIO):
    """A stream that breaks off, as a damaged zip does."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise Unreadable("ends_early")
        return piece


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1])
def test_rows_before_the_stream_breaks_off_are_kept(rows: int) -> None:
    content = table("date,steps", *["2026-11-01,5"] * rows)
    kept: list[Reading] = []
    batches = csv_steps.read(part(content), Cut(content), HONG_KONG)
    with pytest.raises(Unreadable):
        kept.extend(reading for batch in batches for reading in batch)
    assert kept == [DayCount("", FIRST, 5)] * rows


CELLS = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(st.integers(0, 99), CELLS, CELLS), min_size=1, max_size=20))
def test_whatever_a_spreadsheet_quotes_is_read_as_it_was_meant(rows: list[tuple[int, str, str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([("note", "date", "steps", "other"), *((a, "2026-11-01", n, b) for n, a, b in rows)])
    found = readings("csv_steps", file.getvalue().encode())
    assert found == [DayCount("", FIRST, n) for n, _, _ in rows]


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(rows: bytes) -> None:
    content = b"date,steps,source\n" + rows
    found = readings("csv_steps", content)
    assert len(found) <= rows.count(b"\n") + rows.count(b"\r") + 1


@given(st.text(alphabet='date,;\t" \n2026-11015x', max_size=200))
def test_no_text_loses_the_row_after_it(text: str) -> None:
    content = table("date,steps,source", text, *[""] * 20, "2026-11-30,77,Last", ends="\n")
    assert readings("csv_steps", content)[-1] == DayCount("Last", date(2026, 11, 30), 77)


def test_no_row_may_be_longer_than_a_page() -> None:
    fits, over = ("x" * (LONGEST - len("2026-11-01,5,") + more) for more in (0, 1))
    found = outcome(table("date,steps,source", f"2026-11-01,5,{fits}", f"2026-11-02,5,{over}"))
    assert whys(found) == [(3, "damaged")]
    assert found.readings == 1
