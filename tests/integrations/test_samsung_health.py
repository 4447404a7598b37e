"""Samsung Health's export, file by file and as the zip that people make of it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from integrations.contract import DayCount, Problem, Reading, Sample
from integrations.merge import merge
from integrations.providers import samsung_health
from tests.integrations.files import DATA, HONG_KONG, counted, days_of, outcome, part, readings, table, whys, zipped

FIRST = date(2026, 11, 1)
LATER = date(2026, 11, 22)
MIDNIGHT = "1793491200000"  # 2026-11-01 00:00 UTC
TREND = "com.samsung.shealth.step_daily_trend,6320001,6"
SUMMARY = "com.samsung.shealth.activity.day_summary,6320001,6"
SAMPLES = "com.samsung.shealth.tracker.pedometer_step_count,6320001,2"
TREND_HEADER = "source_type,count,deviceuuid,day_time"
SAMPLES_HEADER = "start_time,end_time,time_offset,count,deviceuuid"


def trend(*rows: str) -> bytes:
    """A file of day totals; its first row is in line 3."""
    return table(TREND, TREND_HEADER, *rows)


def samples(*rows: str, header: str = SAMPLES_HEADER) -> bytes:
    """A file of samples; its first row is in line 3."""
    return table(SAMPLES, header, *rows)


def only(content: bytes) -> Reading:
    """The one thing that a file says."""
    (reading,) = readings("samsung_health", content)
    return reading


def test_the_merged_total_is_samsungs_own_and_devices_are_sources_beside_it() -> None:
    rows = (f"-2,9000,phone-of-mei,{MIDNIGHT},", f"0,6000,phone-of-mei,{MIDNIGHT},", f"10031,5000,watch,{MIDNIGHT},")
    found = outcome(trend(*rows))
    assert counted(found) == {
        ("Samsung Health", "2026-11-01"): 9000,
        ("Samsung Health (0 phone-of)", "2026-11-01"): 6000,
        ("Samsung Health (10031 watch)", "2026-11-01"): 5000,
    }
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 9000


def test_without_a_merged_total_the_larger_device_counts() -> None:
    found = outcome(trend(f"0,6000,a,{MIDNIGHT},", f"0,5000,b,{MIDNIGHT},"))
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 6000


def test_two_merged_totals_of_a_day_are_one() -> None:
    found = outcome(trend(f"-2,9000,a,{MIDNIGHT},", f"-2,8000,b,{MIDNIGHT},"))
    assert counted(found) == {("Samsung Health", "2026-11-01"): 9000}


def test_a_whole_export_is_counted_once() -> None:
    row = "2026-10-31 23:00:00.000,2026-10-31 23:10:00.000,UTC+0800,900,watch,"
    found = outcome(
        zipped(
            {
                "samsunghealth_mei_20261122/a.csv": trend(f"-2,1000,phone,{MIDNIGHT},"),
                "samsunghealth_mei_20261122/b.csv": table(SUMMARY, "step_count,day_time", f"1000,{MIDNIGHT},"),
                "samsunghealth_mei_20261122/c.csv": samples(row),
                "samsunghealth_mei_20261122/d.csv": table("com.samsung.shealth.sleep,1,1", "count,day_time", "7,7,"),
                "samsunghealth_mei_20261122/jsons/x.json": b"[]",
            }
        )
    )
    assert (found.provider, found.problems) == ("samsung_health", [])
    assert counted(found) == {("Samsung Health", "2026-11-01"): 1000, ("Samsung Health (watch)", "2026-11-01"): 900}
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 1000


@pytest.mark.parametrize("text", [MIDNIGHT, "2026-11-01 00:00:00.000", "2026-11-01 00:00:00", "2026-11-01"])
def test_days_as_the_app_writes_them(text: str) -> None:
    assert only(trend(f"-2,5,x,{text},")) == DayCount("Samsung Health", FIRST, 5)


@pytest.mark.parametrize(
    "text", ["1793491200001", "2026-11-01 16:00:00.000", "2026-02-30 00:00:00.000", "soon", "17934912", "9" * 4000]
)
def test_days_that_are_none_or_could_be_two_are_never_guessed(text: str) -> None:
    assert only(trend(f"-2,5,x,{text},")) == Problem(3, "not_a_date", text[:40])


def test_the_local_day_is_that_of_the_offset_and_not_of_the_utc_time() -> None:
    row = "2026-10-31 16:10:00.000,2026-10-31 16:20:00.000,UTC+0800,70,watch,"
    starts = datetime(2026, 11, 1, 0, 10, tzinfo=timezone(timedelta(hours=8)))
    expected = Sample("Samsung Health (watch)", starts, datetime(2026, 10, 31, 16, 20, tzinfo=UTC), 70)
    assert only(samples(row)) == expected
    assert counted(outcome(samples(row), UTC)) == {("Samsung Health (watch)", "2026-11-01"): 70}


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [("UTC+0800", 480), ("UTC+08:00", 480), ("UTC-0330", -210), ("UTC+0000", 0), ("UTC", 0), ("", 480)],
)
def test_offsets_and_the_asked_zone_where_none_is_told(offset: str, minutes: int) -> None:
    reading = only(samples(f"2026-11-01 02:00:00.000,2026-11-01 02:01:00.000,{offset},7,x,"))
    assert isinstance(reading, Sample)
    assert reading.starts.utcoffset() == timedelta(minutes=minutes)
    assert reading.starts == datetime(2026, 11, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("offset", ["+8", "Asia/Hong_Kong", "UTC+2500", "UTC+0860"])
def test_an_offset_that_is_none_is_not_guessed(offset: str) -> None:
    row = f"2026-11-01 02:00:00.000,2026-11-01 02:01:00.000,{offset},7,x,"
    assert only(samples(row)) == Problem(3, "not_a_time", offset)


def test_times_may_be_milliseconds_and_columns_may_carry_their_prefix() -> None:
    header = ",".join(f"com.samsung.health.step_count.{name}" for name in SAMPLES_HEADER.split(","))
    row = "1793498400000,1793498460000,UTC+0800,7,x,"
    plain = "2026-11-01 02:00:00.000,2026-11-01 02:01:00.000,UTC+0800,7,x,"
    assert only(samples(row, header=header)) == only(samples(plain))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("soon,2026-11-01 02:01:00.000,UTC+0800,7,x,", "not_a_time"),
        ("2026-11-01 02:00:00.000,2026-13-01 02:01:00.000,UTC+0800,7,x,", "not_a_time"),
        ("2026-11-01 02:00:00.000,2026-11-01 01:00:00.000,UTC+0800,7,x,", "ends_before"),
        ("2026-11-01 02:00:00.000,2026-11-09 02:00:00.000,UTC+0800,7,x,", "too_long"),
        ("1999-11-01 02:00:00.000,1999-11-01 02:10:00.000,UTC+0800,7,x,", "not_a_date"),
        ("0001-01-01 00:00:00.000,0001-01-01 00:01:00.000,UTC-0800,7,x,", "not_a_date"),
        ("2026-11-01 02:00:00.000,2026-11-01 02:10:00.000,UTC+0800,-7,x,", "negative"),
        ("2026-11-01 02:00:00.000,2026-11-01 02:10:00.000,UTC+0800,many,x,", "not_a_number"),
        ("2026-11-01 02:00:00.000,,UTC+0800,7,x,", "columns"),
        ("2026-11-01 02:00:00.000", "columns"),
        ('2026-11-01 02:00:00.000,"2026-11-01', "damaged"),
    ],
)
def test_a_row_that_is_no_good_costs_only_itself(row: str, why: str) -> None:
    good = "2026-11-01 03:00:00.000,2026-11-01 03:10:00.000,UTC+0800,70,x,"
    found = outcome(samples(good, row, good.replace("03:", "04:")))
    assert whys(found) == [(4, why)]
    assert counted(found) == {("Samsung Health (x)", "2026-11-01"): 140}


def test_a_row_without_steps_is_missing_and_zero_is_zero() -> None:
    found = outcome(trend(f"-2,,x,{MIDNIGHT},", "-2,0,x,2026-11-02,", "", ",,,,"))
    assert counted(found) == {("Samsung Health", "2026-11-02"): 0}
    assert found.problems == []


def test_steps_that_cannot_be_are_named_with_their_line() -> None:
    found = outcome(trend(f"-2,-5,x,{MIDNIGHT},", f"-2,10000001,x,{MIDNIGHT},", "-2,5,x,1999-11-01,"))
    assert found.problems == [
        Problem(3, "negative", "-5"),
        Problem(4, "too_large", "10000001"),
        Problem(5, "not_a_date", "1999-11-01"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_two_bytes_for_each_letter(encoding: str) -> None:
    content = table(TREND, TREND_HEADER, f"-2,5,x,{MIDNIGHT},", encoding=encoding)
    assert only(content) == DayCount("Samsung Health", FIRST, 5)


def test_columns_that_are_needed_and_absent_are_told() -> None:
    assert whys(outcome(table(TREND, "source_type,day_time", f"-2,{MIDNIGHT},"))) == [(2, "columns")]
    assert whys(outcome(table(TREND))) == [(2, "columns")]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"com.samsung.shealth.sleep,1,1\r\ncount,day_time\r\n", b"count,day_time\r\n5,1793491200000\r\n",
        b"x\r\ncom.samsung.shealth.step_daily_trend,6,6\r\n", b"com.samsung.shealth.step_daily_trendy,6\r\n",
    ],
)  # fmt: skip
def test_what_is_not_samsungs(content: bytes) -> None:
    assert not samsung_health.recognises(part(content))


def test_the_name_of_a_file_says_nothing() -> None:
    name = "com.samsung.shealth.step_daily_trend.20261122.csv"
    assert not samsung_health.recognises(part(b"date,steps\r\n2026-11-01,5\r\n", name))
    assert samsung_health.recognises(part(trend(), "x.bin"))


def test_the_zone_of_whoever_asks_changes_no_example() -> None:
    for path in sorted((DATA / "steps" / "samsung_health").glob("*.csv")):
        assert outcome(path.read_bytes(), UTC).days == outcome(path.read_bytes(), HONG_KONG).days
