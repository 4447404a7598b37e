"""HC Webhook: records of several devices in one list, of which no moment counts twice."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Sample
from integrations.providers.hc_webhook import Record, apart
from tests.integrations.bodies import bad, good, recognised
from tests.integrations.bodies import body as json_body
from tests.integrations.files import counted, days_of, outcome, readings, whys

RECORDS = st.lists(
    st.builds(
        lambda begin, lasts, steps: Record(begin, begin + lasts, steps),
        st.integers(0, 60),
        st.integers(0, 40),
        st.integers(0, 5_000),
    ),
    max_size=12,
)


def steps(starts: str, ends: str, count: object = 512, on: str = "2026-11-21") -> dict[str, Any]:
    """A record of Health Connect, times in UTC."""
    return {"count": count, "start_time": f"{on}T{starts}:00Z", "end_time": f"{on}T{ends}:00Z"}


def body(*records: object) -> dict[str, Any]:
    """What the app pushes."""
    return {"timestamp": "2026-11-21T10:00:00Z", "app_version": "2.4.1", "sleep": [5], "steps": list(records)}


def total(records: list[Record]) -> int:
    """All steps of some records."""
    return sum(each.steps for each in records)


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


def test_where_records_overlap_the_one_with_more_steps_per_minute_counts() -> None:
    phone, watch = Record(0, 30, 300), Record(20, 40, 400)
    assert apart([phone, watch]) == [Record(0, 20, 200), watch]


def test_a_short_record_takes_its_time_out_of_a_long_one() -> None:
    assert apart([Record(0, 30, 300), Record(10, 20, 500)]) == [
        Record(0, 10, 100),
        Record(10, 20, 500),
        Record(20, 30, 100),
    ]


def test_records_that_touch_and_moments_without_length_stay_as_they_are() -> None:
    records = [Record(0, 10, 7), Record(5, 5, 3), Record(10, 20, 9), Record(25, 26, 1)]
    assert apart(records) == records


@given(RECORDS)
def test_together_there_are_never_more_steps_than_in_all_nor_fewer_than_in_the_largest(records: list[Record]) -> None:
    assert max((each.steps for each in records), default=0) <= total(apart(records)) <= total(records)


@given(RECORDS, st.integers(0, 100))
def test_the_order_of_records_and_their_repetition_make_no_difference(records: list[Record], seed: int) -> None:
    again = records + records[: seed % 4]
    random.Random(seed).shuffle(again)
    assert apart(again) == apart(records)


@given(RECORDS)
def test_afterwards_no_two_overlap_and_no_moment_is_lost(records: list[Record]) -> None:
    found = [each for each in apart(records) if each.end > each.begin]
    assert all(one.end <= other.begin for one, other in pairwise(found))
    covered = {tick for each in records for tick in range(each.begin, each.end)}
    assert {tick for each in found for tick in range(each.begin, each.end)} == covered


@given(RECORDS)
def test_what_is_apart_already_stays_as_it_is(records: list[Record]) -> None:
    assert apart(apart(records)) == apart(records)


@given(RECORDS)
def test_no_stretch_has_more_steps_than_the_fastest_record_would(records: list[Record]) -> None:
    for found in apart(records):
        if found.end > found.begin:
            over = [each for each in records if each.begin <= found.begin and found.end <= each.end]
            most = max(each.steps * (found.end - found.begin) / (each.end - each.begin) for each in over)
            assert found.steps < most + 1


def test_a_large_body_of_records_that_all_overlap_is_told_apart() -> None:
    chance = random.Random(5)
    records = [Record(chance.randrange(10**9), 10**9 + chance.randrange(10**9), each) for each in range(20_000)]
    assert 20_000 - 1 <= total(apart(records)) <= total(records)
