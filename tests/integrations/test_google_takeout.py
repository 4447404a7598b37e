"""Google Takeout: Fit's tables and streams, Fitbit's minutes, and the zip in which they come together."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from integrations.contract import DayCount, Problem, Reading, Sample
from integrations.merge import merge
from integrations.providers import google_takeout
from integrations.upload import HEAD
from tests.fuzz.step_files import read_in_child
from tests.integrations.files import HONG_KONG, counted, days_of, outcome, part, readings, shared, table, whys, zipped

FIRST = date(2026, 11, 1)
LATER = date(2026, 11, 22)
DAYS = "Date,Move Minutes count,Calories (kcal),Distance (m),Heart Points,Step count"
QUARTERS = "Start time,End time,Move Minutes count,Step count"
QUARTER = "07:00:00.000+08:00,07:15:00.000+08:00,5,400"
MERGED = "derived:com.google.step_count.delta:com.google.android.gms:merge_step_deltas"
ESTIMATED = "derived:com.google.step_count.delta:com.google.android.gms:estimated_steps"
SEVEN = datetime(2026, 11, 1, 7, tzinfo=HONG_KONG)


def point(steps: object, starts: datetime = SEVEN, minutes: int = 10, **more: object) -> dict[str, Any]:
    """A point of a stream."""
    begin = int(starts.timestamp()) * 10**9
    value = {"fitValue": [{"value": {"intVal": steps}}], "startTimeNanos": begin, "dataTypeName": "x"}
    return {**value, "endTimeNanos": begin + minutes * 60 * 10**9, **more}


def stream(*points: dict[str, Any], identity: str = MERGED) -> bytes:
    """A file of All Data."""
    return json.dumps({"Data Source": identity, "Data Points": points}, indent=1).encode()


def minutes(*entries: tuple[str, object]) -> bytes:
    """A file of Fitbit's."""
    return json.dumps([{"dateTime": at, "value": value} for at, value in entries], indent=1).encode()


def only(content: bytes) -> Reading:
    """The one thing that a file says."""
    (reading,) = readings("google_takeout", content)
    return reading


@pytest.mark.parametrize(
    "header",
    [
        DAYS,
        "日期,移動分鐘數,卡路里 (大卡),距離 (公尺),平均速度 (公尺/秒),步數",
        "日期,活动分钟数,卡路里（千卡）,距离（米）,平均速度（米/秒）,步数",
    ],
)
def test_days_in_three_languages(header: str) -> None:
    assert only(table(header, "2026-11-01,40,1800.5,5000.25,7,8123")) == DayCount("Google Fit", FIRST, 8123)


def test_days_without_steps_are_missing_and_zero_is_zero() -> None:
    rows = ("2026-11-01,,1650.5,,,", "2026-11-02,,1650.5,,,0", "", "2026-11-03,40")
    found = outcome(table(DAYS, *rows))
    assert counted(found) == {("Google Fit", "2026-11-02"): 0}
    assert whys(found) == [(5, "columns")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("soon,,,,,5", "not_a_date"), ("2026-02-30,,,,,5", "not_a_date"), ("1999-11-01,,,,,5", "not_a_date"),
        ("2026-11-01 07:00,,,,,5", "not_a_date"), ("2026-11-01,,,,,many", "not_a_number"),
        ("2026-11-01,,,,,-5", "negative"), ('2026-11-01,,,,"5', "damaged"), (",,,,,5", "columns"),
    ],
)  # fmt: skip
def test_a_day_that_is_no_good_costs_only_itself(row: str, why: str) -> None:
    found = outcome(table(DAYS, "2026-11-02,1,1,1,1,7", row, "2026-11-03,1,1,1,1,8"))
    assert whys(found) == [(3, why)]
    assert found.readings == 2


@pytest.mark.parametrize(
    "header",
    [
        "date,steps", "Date,Step count", "日期,步數,距離,卡路里", "Date,Calories (kcal),Distance (m)",
        "Start time,End time,Step count", "start,end,steps",
    ],
)  # fmt: skip
def test_tables_of_anybodys_are_not_googles(header: str) -> None:
    assert not google_takeout.recognises(part(table(header, "2026-11-01 07:00,2026-11-01 07:15,400")))


def test_quarter_hours_take_their_date_from_the_name_of_the_file() -> None:
    last = "23:45:00.000+08:00,00:00:00.000+08:00,5,30"
    name = "Takeout/Fit/Daily activity metrics/2026-11-01.csv"
    content = table(QUARTERS, "00:00:00.000+08:00,00:15:00.000+08:00,,", QUARTER, last)
    found = outcome(zipped({name: content}))
    (day,) = days_of(found, "2026-11-01").values()
    assert day.hours is not None
    assert (day.hours[7], day.hours[23], sum(day.hours), found.problems) == (400, 30, 430, [])


def test_quarter_hours_of_no_known_day_are_one_problem() -> None:
    assert whys(outcome(table(QUARTERS, QUARTER, QUARTER))) == [(2, "not_a_date")]
    assert whys(outcome(zipped({"Takeout/2026-02-30.csv": table(QUARTERS, QUARTER)}))) == [(2, "not_a_date")]


def test_quarter_hours_keep_their_own_offset() -> None:
    row = "2026-11-01T23:45:00.000-05:00,2026-11-02T00:00:00.000-05:00,5,30"
    starts = datetime(2026, 11, 1, 23, 45, tzinfo=timezone(timedelta(hours=-5)))
    assert only(table(QUARTERS + ",Distance (m)", row)) == Sample(
        "Google Fit", starts, starts + timedelta(minutes=15), 30
    )


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01"])
def test_a_name_with_an_absurd_date_raises_nothing(on: str) -> None:
    row = "23:45:00.000+08:00,00:00:00.000+08:00,5,30"
    assert [why for _, why in whys(outcome(zipped({f"{on}.csv": table(QUARTERS, row)})))] == ["not_a_date"]


def test_the_total_of_a_day_beats_its_quarter_hours() -> None:
    files = {"a/Daily activity metrics.csv": table(DAYS, "2026-11-01,,,,,390")}
    found = outcome(zipped({**files, "a/2026-11-01.csv": table(QUARTERS, QUARTER)}))
    assert counted(found) == {("Google Fit", "2026-11-01"): 390}
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 390


def test_streams_that_hold_the_same_steps_are_never_added() -> None:
    files = {
        f"Takeout/Fit/All Data/{at}.json": stream(point(500), identity=each)
        for at, each in enumerate((MERGED, ESTIMATED))
    }
    found = outcome(zipped({**files, "copy (1).json": stream(point(500))}))
    assert counted(found) == {
        ("Google Fit (estimated_steps)", "2026-11-01"): 500,
        ("Google Fit (merge_step_deltas)", "2026-11-01"): 500,
    }
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 500


def test_a_raw_stream_and_the_one_derived_from_it_are_two_sources() -> None:
    raw, derived = (f"{kind}:com.google.step_count.delta:com.example.band:A:B:1:" for kind in ("raw", "derived"))
    found = outcome(zipped({"a": stream(point(5), identity=raw), "b": stream(point(5), identity=derived)}))
    assert [source for source, _, _ in found.days] == [
        "Google Fit (com.example.band:A:B:1)",
        "Google Fit (raw:com.example.band:A:B:1)",
    ]


@pytest.mark.parametrize(
    "identity",
    [
        "derived:com.google.distance.delta:x:y",
        "raw:com.google.step_count.cumulative:x:y",
        "com.google.step_count.delta",
    ],
)
def test_streams_of_other_things_are_none(identity: str) -> None:
    assert not google_takeout.recognises(part(stream(point(5), identity=identity)))


def test_what_was_typed_in_is_marked() -> None:
    typed = "raw:com.google.step_count.delta:com.google.android.apps.fitness:user_input"
    by_origin = only(stream(point(5, originDataSourceId=typed)))
    by_stream = only(stream(point(5), identity=typed))
    measured = only(stream(point(5, originDataSourceId="raw:com.google.step_count.delta:x")))
    assert [isinstance(each, Sample) and each.by_hand for each in (by_origin, by_stream, measured)] == [
        True,
        True,
        False,
    ]


def test_the_local_day_of_a_point_is_that_of_the_asked_zone() -> None:
    late = datetime(2026, 10, 31, 23, 50, tzinfo=HONG_KONG)
    for zone, days in ((HONG_KONG, {"2026-10-31": 70, "2026-11-01": 70}), (UTC, {"2026-10-31": 140})):
        found = counted(outcome(stream(point(140, late, 20)), zone))
        assert found == {("Google Fit (merge_step_deltas)", on): steps for on, steps in days.items()}


@pytest.mark.parametrize("value", [{"intVal": "12"}, {"intVal": 12}, {"fpVal": 12.2}, {"fpVal": "12"}])
def test_numbers_in_quotes_and_with_fractions(value: dict[str, Any]) -> None:
    reading = only(
        stream({**point(0), "fitValue": [{"value": value}], "startTimeNanos": str(point(0)["startTimeNanos"])})
    )
    assert isinstance(reading, Sample)
    assert (reading.steps, reading.starts) == (12, SEVEN)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"fitValue": []}, "not_a_number"), ({"fitValue": None}, "not_a_number"),
        ({"fitValue": [{"value": {}}]}, "not_a_number"), ({"fitValue": [{"value": []}]}, "not_a_number"),
        ({"fitValue": [{"value": {"fpVal": float("nan")}}]}, "not_a_number"),
        ({"fitValue": [{"value": {"fpVal": float("inf")}}]}, "not_a_number"),
        ({"fitValue": [{"value": {"intVal": True}}]}, "not_a_number"),
        ({"fitValue": [{"value": {"intVal": -1}}]}, "negative"),
        ({"fitValue": [{"value": {"intVal": 10**30}}]}, "too_large"),
        ({"startTimeNanos": "soon"}, "not_a_time"), ({"endTimeNanos": None}, "not_a_time"),
        ({"startTimeNanos": 10**40}, "not_a_time"), ({"startTimeNanos": 0}, "not_a_date"),
        ({"endTimeNanos": 0}, "ends_before"),
    ],
)  # fmt: skip
def test_a_point_that_is_no_good_costs_only_itself(change: dict[str, Any], why: str) -> None:
    found = outcome(stream(point(5), {**point(7), **change}, point(9, SEVEN + timedelta(hours=1))))
    assert [each.why for each in found.problems] == [why]
    assert counted(found) == {("Google Fit (merge_step_deltas)", "2026-11-01"): 14}


def test_fitbits_minutes_are_utc() -> None:
    content = minutes(("10/31/26 16:00:00", "57"), ("11/01/26 15:59:00", 12))
    assert readings("google_takeout", content)[0] == Sample(
        "Fitbit", FIRST_MIDNIGHT, FIRST_MIDNIGHT + timedelta(minutes=1), 57
    )
    assert counted(outcome(content)) == {("Fitbit", "2026-11-01"): 69}


FIRST_MIDNIGHT = datetime(2026, 11, 1, tzinfo=HONG_KONG)
DISTANCE = minutes(*((f"11/01/26 00:{at:02}:00", str(at * 777)) for at in range(20)))
ALTITUDE = minutes(*((f"11/01/26 00:{at:02}:00", str(at * 10)) for at in range(20)))
CALORIES = minutes(*((f"11/01/26 00:{at:02}:00", f"1.{at:02}") for at in range(20)))
ACTIVE = minutes(*((f"11/{at:02}/26 00:00:00", str(at * 7)) for at in range(1, 20)))


@pytest.mark.parametrize("content", [DISTANCE, ALTITUDE, CALORIES, ACTIVE])
def test_what_fitbit_writes_in_the_same_words_and_is_no_steps(content: bytes) -> None:
    assert not google_takeout.recognises(part(content))


def test_a_name_of_fitbits_tells_apart_what_the_content_does_not() -> None:
    content = minutes(("11/01/26 00:01:00", "57"))
    for name, is_ours in (("distance-2026-11-01.json", False), ("steps-2026-11-01.json", True), ("x.json", True)):
        assert google_takeout.recognises(part(content, f"Takeout/Fitbit/Global Export Data/{name}")) is is_ours
    assert google_takeout.recognises(part(minutes(("11/01/26 00:01:00", "0")), "steps-2026-11-01.json"))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (("13/01/26 00:00:00", "5"), "not_a_time"), (("11/01/26", "5"), "not_a_time"), ((None, "5"), "not_a_time"),
        (("11/01/26 00:02:00", "x"), "not_a_number"), (("11/01/26 00:02:00", {"bpm": 5}), "not_a_number"),
    ],
)  # fmt: skip
def test_a_minute_that_is_no_good_costs_only_itself(entry: tuple[str, object], why: str) -> None:
    found = outcome(minutes(("11/01/26 00:01:00", "57"), entry, ("11/01/26 00:03:00", "57")))
    assert [(each.line, each.why) for each in found.problems] == [(6, why)]
    assert counted(found) == {("Fitbit", "2026-11-01"): 114}


def test_fitbits_newer_tables_name_the_device() -> None:
    rows = (
        "2026-10-31T16:00:09Z,57,Example Band",
        "2026-10-31T16:00:09Z,50,Phone",
        "soon,5,Phone",
        "2026-11-01T00:00:00Z,,",
    )
    found = outcome(table("timestamp,steps,data source", *rows))
    assert counted(found) == {("Fitbit (Example Band)", "2026-11-01"): 57, ("Fitbit (Phone)", "2026-11-01"): 50}
    assert found.problems == [Problem(4, "not_a_time", "soon")]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_moments_at_the_ends_of_time_raise_nothing(at: str) -> None:
    for zone in (UTC, HONG_KONG, timezone(timedelta(hours=-12))):
        found = outcome(table("timestamp,steps,data source", f"{at},5,x"), zone)
        assert found.problems
        assert found.days == []


def test_a_whole_takeout_in_one_zip() -> None:
    found = outcome(
        zipped(
            {
                "Takeout/archive_browser.html": b"<html></html>",
                "Takeout/Fit/Daily activity metrics/2026-11-01.csv": table(QUARTERS, QUARTER),
                "Takeout/Fit/All Data/derived_com.google.distance.delta.json": stream(point(5), identity="a:b:c"),
                "Takeout/Fit/All Data/derived_com.google.step_count.delta.json": stream(point(500)),
                "Takeout/Fitbit/Global Export Data/steps-2026-11-01.json": minutes(("10/31/26 23:00:00", "57")),
                "Takeout/Fitbit/Global Export Data/distance-2026-11-01.json": DISTANCE,
            }
        )
    )
    assert (found.provider, found.problems) == ("google_takeout", [])
    assert counted(found) == {
        ("Fitbit", "2026-11-01"): 57,
        ("Google Fit", "2026-11-01"): 400,
        ("Google Fit (merge_step_deltas)", "2026-11-01"): 500,
    }
    assert merge(days_of(found, "2026-11-01"), FIRST, LATER).steps == 500


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_and_two_bytes_for_each_letter(encoding: str) -> None:
    assert only(stream(point(5)).decode().encode(encoding)) == only(stream(point(5)))
    days = table(DAYS, "2026-11-01,,,,,5", encoding=encoding)
    assert only(days) == DayCount("Google Fit", FIRST, 5)


def test_a_stream_of_many_megabytes_takes_little_memory(tmp_path: Path) -> None:
    head, one = f'{{"Data Source": "{MERGED}", "Data Points": ['.encode(), json.dumps(point(5)).encode()
    pieces = [head + one, *[(b",\n" + one) * 1_000] * 100, b"]}"]
    assert read_in_child(tmp_path, pieces) == (1, [])


def test_answers_of_the_old_interfaces_are_not_taken_for_takeouts() -> None:
    folder = shared("wearables", "examples")
    for path in sorted(folder.glob("openmhealth_*it*")) if folder else []:
        assert not google_takeout.recognises(part(path.read_bytes()[:HEAD])), path.name
