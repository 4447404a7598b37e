"""Health Auto Export: lists of entries without an end, whose length all of them tell together."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from integrations.contract import DayCount, Sample
from tests.integrations.bodies import bad, good, recognised
from tests.integrations.bodies import body as json_body
from tests.integrations.files import HONG_KONG, counted, outcome, readings, whys

HK = timezone(timedelta(hours=8))


def entry(time: object, qty: object = 512.0, source: object = "iPhone", on: str = "2026-11-21") -> dict[str, Any]:
    """An entry of steps; `time` like 08:00 is written as the app does."""
    return {"qty": qty, "date": f"{on} {time}:00 +0800" if isinstance(time, str) else time, "source": source}


def body(*entries: object, name: str = "step_count") -> dict[str, Any]:
    """What the app pushes."""
    metrics = [{"name": "heart_rate", "data": "?"}, {"name": name, "units": "count", "data": list(entries)}, None]
    return {"data": {"metrics": metrics, "workouts": []}}


def at(hour: int, minute: int = 0, day: int = 21) -> datetime:
    """A moment in Hong Kong."""
    return datetime(2026, 11, day, hour, minute, tzinfo=HK)


@pytest.mark.parametrize(
    "content",
    [
        b'{"data":{"metrics":[],"workouts":[]}}',
        b'\xef\xbb\xbf{ "data" : { "workouts" : [',
        b'{"data":{"ecg":[],"metrics":[{"name":"step_count"',
    ],
)
def test_known_by_its_lists_whichever_comes_first(content: bytes) -> None:
    assert recognised(content) == ["health_auto_export"]


def test_entries_all_at_midnight_are_days() -> None:
    found = good("health_auto_export", body(entry("00:00"), entry("00:00", 3.6, on="2026-11-22")))
    assert found == [DayCount("iPhone", date(2026, 11, 21), 512), DayCount("iPhone", date(2026, 11, 22), 4)]


def test_entries_all_on_the_hour_are_hours() -> None:
    found = good("health_auto_export", body(entry("00:00"), entry("23:00", 7)))
    assert found == [Sample("iPhone", at(0), at(1), 512), Sample("iPhone", at(23), at(0, day=22), 7)]


def test_other_entries_are_minutes() -> None:
    found = good("health_auto_export", body(entry("00:00"), entry("08:59", 7)))
    assert found == [Sample("iPhone", at(0), at(0, 1), 512), Sample("iPhone", at(8, 59), at(9), 7)]


def test_a_source_that_is_named_at_midnight_only_has_no_day_of_its_own() -> None:
    found = good("health_auto_export", body(entry("00:00", 40), entry("01:00", 9, "iPhone|Watch")))
    assert found == [Sample("iPhone", at(0), at(1), 40), Sample("iPhone|Watch", at(1), at(2), 9)]


def test_the_day_is_that_of_the_offset_in_the_entry() -> None:
    abroad = entry({}) | {"date": "2026-11-21 00:00:00 -0500"}
    assert good("health_auto_export", body(abroad)) == [DayCount("iPhone", date(2026, 11, 21), 512)]


def test_an_entry_without_source_is_of_a_source_without_name() -> None:
    nameless = entry("08:00")
    del nameless["source"]
    assert [each.source for each in good("health_auto_export", body(nameless, entry("09:00", source=5)))] == ["", ""]  # type: ignore[union-attr]


def test_a_wrong_entry_is_a_problem_and_the_others_are_kept() -> None:
    wrong = [entry("08:00", "512"), entry(5), entry("09:00", True), entry("10:00", -1), "entry", entry("11:00", 1e300)]
    said = body(entry("07:00"), *wrong, entry("12:00"))
    assert [each[:2] for each in bad("health_auto_export", said)] == [
        (2, "not_a_number"), (3, "not_a_time"), (4, "not_a_number"), (5, "negative"), (6, "damaged"), (7, "too_large"),
    ]  # fmt: skip
    assert len(good("health_auto_export", said)) == 2


def test_the_last_hour_of_the_calendar_is_a_problem() -> None:
    said = body(entry("23:00", on="9999-12-31"), entry("08:00"))
    assert [each[:2] for each in bad("health_auto_export", said)] == [(1, "not_a_time")]


@pytest.mark.parametrize(
    "said", [body(entry("08:00"), name="distance"), {"data": {"metrics": []}}, {"data": {"workouts": [], "metrics": 5}}]
)
def test_an_export_of_other_things_says_so(said: dict[str, Any]) -> None:
    assert whys(outcome(json_body(said), provider="health_auto_export")) == [(None, "no_steps")]


def test_the_same_body_with_more_of_the_day_is_the_fuller_day() -> None:
    later = outcome(json_body(body(entry("00:00", 100), entry("00:00", 250))))
    assert counted(later) == {("iPhone", "2026-11-21"): 250}


def test_times_without_an_offset_are_of_the_asked_zone() -> None:
    said = json_body(body(entry({}) | {"date": "2026-11-21 08:00:00"}))
    (found,) = readings("health_auto_export", said, HONG_KONG)
    assert isinstance(found, Sample)
    assert found.starts == at(8)
