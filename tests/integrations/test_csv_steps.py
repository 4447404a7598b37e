"""Tables of steps, as people and their spreadsheets write them: what is understood, what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from integrations.contract import MOST_STEPS, DayCount, Problem, Reading, Sample
from integrations.providers import csv_steps
from tests.integrations.files import HONG_KONG, counted, outcome, part, readings, table, whys

FIRST = date(2026, 11, 1)
SEVEN = datetime(2026, 11, 1, 7, tzinfo=HONG_KONG)


def only(*rows: str) -> Reading:
    """The one thing that a table says."""
    (reading,) = readings("csv_steps", table(*rows))
    return reading


def dated(text: str) -> date | str:
    """What is made of a date: the date, or why not."""
    reading = only("date;steps", f"{text};5")
    return reading.why if isinstance(reading, Problem) else reading.on if isinstance(reading, DayCount) else "?"


def timed(text: str) -> datetime | str:
    """What is made of a moment: the moment, or why not."""
    reading = only("start;end;steps", f"{text};2026-11-01 23:59;5")
    return reading.why if isinstance(reading, Problem) else reading.starts if isinstance(reading, Sample) else "?"


def number(text: str) -> int | str:
    """What is made of a count: the steps, or why not."""
    reading = only("date;steps", f"2026-11-01;{text}")
    return reading.why if isinstance(reading, Problem) else reading.steps


def test_a_row_for_each_day() -> None:
    rows = ("date,steps,source", "2026-11-01,8123,Watch", "2026-11-02,0,Watch")
    assert readings("csv_steps", table(*rows)) == [
        DayCount("Watch", FIRST, 8123),
        DayCount("Watch", date(2026, 11, 2), 0),
    ]


def test_a_row_for_each_stretch_of_time() -> None:
    reading = only("start,end,steps", "2026-11-01T07:00+08:00,2026-11-01T07:10+08:00,812")
    assert reading == Sample("", SEVEN, SEVEN + timedelta(minutes=10), 812)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01", "2026/11/1", "2026.11.01", "20261101", "1/11/2026", "01-11-2026", "1.11.2026", "2026年11月1日",
        " 2026-11-01 ", "２０２６/１１/１", "2026-11-01 00:00:00", "2026/11/1 0:00", "2026-11-01T00:00:00.000",
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text: str) -> None:
    assert dated(text) == FIRST


@pytest.mark.parametrize(
    "text",
    [
        "11/21/2026", "1/11/26", "26-11-01", "2026-02-30", "2026-13-01", "2026-11/01", "2026-11-01 07:00", "", "x",
        "2026-11-01T00:00:00Z", "1 November 2026", "202611", "1999-12-31", "2100-01-01", "44501",
    ],
)  # fmt: skip
def test_dates_that_are_none_or_could_be_two_are_never_guessed(text: str) -> None:
    assert dated(text) == "not_a_date"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01T07:00", "2026-11-01 07:00:00", "2026-11-01 7:00", "2026/11/1 7:00:00", "1/11/2026 7:00",
        "1/11/2026 07:00:00.000", "2026-11-01T07:00:00+08:00", "2026-11-01 07:00:00 +0800", "2026-10-31T23:00:00Z",
        "1/11/2026 7:00 am", "1/11/2026 7:00:00 AM", "2026/11/1 上午 7:00:00", "2026年11月1日 上午7:00",
        "2026年11月1日上午7:00", "2026/11/1 上午07:00", "２０２６-１１-０１　０７：００", "20261101 07:00",
    ],
)  # fmt: skip
def test_moments_as_people_write_them(text: str) -> None:
    assert timed(text) == SEVEN


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:05 AM", 0), ("12:05 PM", 12), ("11:05 pm", 23), ("上午12:05", 0), ("下午12:05", 12), ("下午3:05", 15)],
)
def test_halves_of_the_day(text: str, hour: int) -> None:
    assert timed(f"1/11/2026 {text}") == datetime(2026, 11, 1, hour, 5, tzinfo=HONG_KONG)


@pytest.mark.parametrize(
    "text",
    [
        "07:00", "2026-11-01", "2026-11-01 25:00", "2026-11-01 07:61", "11/21/2026 07:00", "1/11/26 07:00", "",
        "1/11/2026 13:00 PM", "1/11/2026 上午 7:00 PM", "2026-11-01 07:00 +25:00", "1793487600", "soon",
    ],
)  # fmt: skip
def test_moments_that_are_none(text: str) -> None:
    assert timed(text) == "not_a_time"


def test_an_end_that_is_only_a_time_is_not_guessed() -> None:
    assert only("start,end,steps", "2026-11-01 23:50,00:10,100") == Problem(2, "not_a_time", "00:10")


def test_the_offset_in_the_text_decides_the_local_day_and_not_the_asked_zone() -> None:
    row = "2026-11-01T23:30:00-05:00,2026-11-01T23:40:00-05:00,70"
    found = outcome(table("start,end,steps", row), HONG_KONG)
    assert counted(found) == {("", "2026-11-01"): 70}


def test_without_an_offset_the_asked_zone_is_meant() -> None:
    reading = readings("csv_steps", table("from,to,steps", "2026-11-01 07:00,2026-11-01 07:10,70"), UTC)[0]
    assert isinstance(reading, Sample)
    assert reading.starts == datetime(2026, 11, 1, 7, tzinfo=UTC)
    odd = only("from,to,steps", "2026-11-01T07:00+0545,1/11/2026 7:10 +05:45,70")
    assert isinstance(odd, Sample)
    assert odd.starts.utcoffset() == odd.ends.utcoffset() == timedelta(hours=5, minutes=45)
    assert odd.ends == datetime(2026, 11, 1, 7, 10, tzinfo=timezone(timedelta(hours=5, minutes=45)))


@pytest.mark.parametrize(
    "text", ["8123", '"8,123"', "8123.0", "８１２３", " 8123 ", "8 123", "８，１２３", "+8123", "8,123.00", "8122.7"]
)
def test_counts_as_people_write_them(text: str) -> None:
    assert number(text) == 8123


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-5", "negative"), ("−5", "negative"), ("nan", "not_a_number"), ("inf", "not_a_number"),
        ("1e3", "not_a_number"),
        ("many", "not_a_number"), ("1,23", "not_a_number"), ("8.123", "not_a_number"), ("1_000", "not_a_number"),
        ("9" * 3000, "not_a_number"), (str(MOST_STEPS + 1), "too_large"), ("--", "not_a_number"),
    ],
)  # fmt: skip
def test_counts_that_are_none_or_could_be_two(text: str, why: str) -> None:
    assert number(text) == why


def test_an_empty_count_is_missing_and_zero_is_zero() -> None:
    found = outcome(table("date,steps", "2026-11-01,", "2026-11-02,  ", "2026-11-03,0"))
    assert counted(found) == {("", "2026-11-03"): 0}
    assert found.problems == []


def test_two_rows_of_a_day_are_one_day_and_the_larger_counts() -> None:
    found = outcome(table("date,steps", "2026-11-01,500", "2026-11-01,900", "2026-11-01,700"))
    assert counted(found) == {("", "2026-11-01"): 900}


@pytest.mark.parametrize("word", ["yes", "TRUE", "1", "是", " Yes "])
def test_what_was_typed_in_is_marked(word: str) -> None:
    assert only("日期,步數,人手輸入", f"2026-11-01,9000,{word}") == DayCount("", FIRST, 9000, by_hand=True)
    assert only("date,steps,manual", "2026-11-01,9000,no") == DayCount("", FIRST, 9000)


@pytest.mark.parametrize(
    "header",
    [
        "date,steps,source", "Date,Step Count,Device", "DAY,STEPS,SOURCE", "日期,步數,來源", "日子,步數,裝置",
        "日期,步数,来源", "日期,步数,设备", "Ｄａｔｅ,ｓｔｅｐｓ,source",
        " date , step_count ,source name", "date,Steps (count),source",
    ],
)  # fmt: skip
@pytest.mark.parametrize("apart", [",", ";", "\t"])
def test_headers_and_separators(header: str, apart: str) -> None:
    rows = [row.replace(",", apart) for row in (header, "2026-11-01,8123,Watch")]
    assert only(*rows) == DayCount("Watch", FIRST, 8123)


@pytest.mark.parametrize(
    "header", ["開始時間,結束時間,步數", "开始时间,结束时间,步数", "start time,end time,Step Count", "From,To,步數"]
)
def test_headers_of_stretches(header: str) -> None:
    assert isinstance(only(header, "2026-11-01 07:00,2026-11-01 07:10,70"), Sample)


def test_other_columns_and_another_order_do_no_harm() -> None:
    assert only("note,steps,weather,date", '"a, b",50,rain,2026-11-01') == DayCount("", FIRST, 50)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "big5", "big5hkscs", "gb18030"],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(encoding: str, ends: str) -> None:
    rows = ("日期,步數,來源", "2026-11-01,8123,小明的手錶", "", "2026-11-02,5,小明的手錶")
    found = readings("csv_steps", table(*rows, ends=ends, encoding=encoding).removesuffix(ends.encode("ascii")))
    assert found == [DayCount("小明的手錶", FIRST, 8123), DayCount("小明的手錶", date(2026, 11, 2), 5)]


def test_big_endian_unicode_text_of_a_spreadsheet() -> None:
    content = b"\xfe\xff" + table("日期\t步數\t來源", "2026-11-01\t8123\t錶", encoding="utf-16-be")
    assert readings("csv_steps", content) == [DayCount("錶", FIRST, 8123)]


def test_an_english_header_says_nothing_of_the_encoding_and_a_row_does() -> None:
    content = table("date,steps,source", "2026-11-01,1,Watch", "2026-11-02,2,小明", encoding="big5hkscs")
    assert [each.source for each in readings("csv_steps", content) if isinstance(each, DayCount)] == ["Watch", "小明"]


def test_a_broken_letter_costs_nothing_but_itself() -> None:
    content = table("日期,步數,來源", "2026-11-01,1,錶", "2026-11-02,2,錶").replace("錶".encode(), b"\xff\xff", 1)
    first, second = readings("csv_steps", content)
    assert isinstance(first, DayCount)
    assert first.steps == 1
    assert second == DayCount("錶", date(2026, 11, 2), 2)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"date,weight\n2026-11-01,60\n", b"steps\n5\n", b"start,steps\n", "姓名,步數\n".encode(),
        b"\xff\xfe",
        b"Name,Mei\nDate of Birth,2015-01-01\nClassification,Sinus Rhythm\n\n-12.5\n-11.9\n", b"PK\3\4date,steps\n",
        b"\0\1\2\3date,steps", b"{}", b"<x/>", b"com.samsung.shealth.step_daily_trend,6,1\ndate,steps\n",
        b"date,steps" + b"," * 300 + b"\n", b'date,steps,"' + b"x" * 10_000 + b'"\n',
    ],
)  # fmt: skip
def test_what_is_no_table_of_steps(content: bytes) -> None:
    assert not csv_steps.recognises(part(content))


def test_nothing_that_is_shown_commands_a_terminal() -> None:
    found = outcome(table("date,steps,source", "2026-11-01,5,\x1b[2JWatch\0", "2026-11-02,\x1b]0;x\x07,Watch"))
    assert [source for source, _, _ in found.days] == [" [2JWatch "]
    assert [each.seen for each in found.problems] == [" ]0;x "]


def test_a_header_alone_holds_no_steps() -> None:
    assert whys(outcome(b"date,steps")) == [(None, "no_steps")]
