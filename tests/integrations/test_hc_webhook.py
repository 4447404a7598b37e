"""HC Webhook: records of several devices in one list, of which no moment counts twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import Sample
from tests.integrations.bodies import bad, good, recognised
from tests.integrations.bodies import body as json_body
from tests.integrations.files import counted, days_of, outcome, readings, whys


def steps(starts: str, ends: str, count: object = 512, on: str = "2026-11-21") -> dict[str, Any]:
    """A record of Health Connect, times in UTC."""
    return {"count": count, "start_time": f"{on}T{starts}:00Z", "end_time": f"{on}T{ends}:00Z"}


def body(*records: object) -> dict[str, Any]:
    """What the app pushes."""
    return {"timestamp": "2026-11-21T10:00:00Z", "app_version": "2.4.1", "sleep": [5], "steps": list(records)}


def test_known_by_when_it_was_sent_and_by_what() -> None:
    assert recognised(body()) == ["hc_webhook"]
    assert recognised(b'{ "steps":[{"count":5}], "app_version" : "3", "timestamp" : "2026"}') == ["hc_webhook"]
    assert recognised([body()]) == []


def test_times_are_told_in_the_local_time_of_the_person() -> None:
    said = json_body(body(steps("16:30", "16:40")))
    assert counted(outcome(said)) == {("", "2026-11-22"): 512}
    assert days_of(outcome(said), "2026-11-22")[""].hours == (512, *[0] * 23)
    assert counted(outcome(said, ZoneInfo("America/New_York"))) == {("", "2026-11-21"): 512}


def test_a_record_while_clocks_are_put_back_lasts_as_long_as_it_did() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    (found,) = readings("hc_webhook", json_body(body(steps("00:50", "01:10", on="2026-10-25"))), berlin)
    assert isinstance(found, Sample)
    assert found.ends - found.starts == timedelta(minutes=20)
    assert found.starts == datetime(2026, 10, 25, 0, 50, tzinfo=UTC)


def test_a_wrong_record_is_a_problem_and_the_others_are_kept() -> None:
    wrong = [
        steps("08:00", "08:05", "5"), steps("08:00", "noon"), steps("08:00", "07:00"), steps("08:00", "08:05", -1),
        None, steps("08:00", "08:05", False), {"count": 5}, steps("00:00", "00:01", on="1970-01-01"),
        {"count": 5, "start_time": "9999-12-31T23:59:00Z", "end_time": "9999-12-31T23:59:00Z"},
    ]  # fmt: skip
    said = body(steps("07:00", "07:10"), *wrong, steps("09:00", "09:10"))
    assert [each[:2] for each in bad("hc_webhook", said)] == [
        (2, "not_a_number"), (3, "not_a_time"), (4, "ends_before"), (5, "negative"), (6, "damaged"),
        (7, "not_a_number"), (8, "not_a_time"), (9, "not_a_date"), (10, "not_a_time"),
    ]  # fmt: skip
    assert len(good("hc_webhook", said)) == 2


@pytest.mark.parametrize("said", [body(), {"timestamp": "", "app_version": ""}])
def test_a_push_without_steps_says_so(said: dict[str, Any]) -> None:
    assert whys(outcome(json_body(said), provider="hc_webhook")) == [(None, "no_steps")]


def test_phone_and_watch_of_the_same_walk_count_once() -> None:
    walk = [steps("08:00", "08:30", 3_000), steps("08:00", "08:30", 3_100), steps("08:10", "08:20", 900)]
    assert counted(outcome(json_body(body(*walk)))) == {("", "2026-11-21"): 3_100}


def test_a_watch_inside_the_phones_quarter_of_an_hour_adds_nothing_to_it() -> None:
    said = body(steps("08:00", "08:15", 200), steps("08:02", "08:03", 100), steps("08:09", "08:10", 90))
    assert counted(outcome(json_body(said))) == {("", "2026-11-21"): 200}
