"""The words of a source about opening hours, and what the gates then do."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.parks.hours import ASSUMED, read_chinese, read_english, read_hours
from geo.parks.park import Hours

ALL_DAY = (time(0), time(0))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24 hours daily", ALL_DAY),
        ("24 Hours", ALL_DAY),
        ("24 hr", ALL_DAY),
        ("6:00 am - 11:00 pm", (time(6), time(23))),
        ("7 am to 11 pm daily", (time(7), time(23))),
        ("7am-11pm daily", (time(7), time(23))),
        ("7 A.M. to 11 P.M. daily", (time(7), time(23))),
        ("6:30 am to 11 pm daily", (time(6, 30), time(23))),
        ("7 am to 12 midnight daily", (time(7), time(0))),
        ("Mondays to Sundays and Public Holidays: from 7:00am to 12:00mn", (time(7), time(0))),
        ("7 am to 11 pm daily (Free of charge)", (time(7), time(23))),
        ("12 pm to 12 am", (time(12), time(0))),
    ],
)
def test_plain_english_hours_are_understood(text: str, hours: tuple[time, time]) -> None:
    assert read_english(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7 am to 11 pm (1 hour per session)",  # a pitch that is booked, not the gates
        ":00 am to 12:30 pm and 1:30 pm to 6:00 pm (1.5 hours per session)",
        "Bicycle Practising Area - 7am - 11pm daily",  # a part of the place
        "7 am to 11 pm (Soccer) 24 hours daily (Jogging Tracks)",
        "2 pm to 6 pm Turf maintenance on every Thursday",
        "13 am to 11 pm",
        "7 am to 7 am",
    ],
)
def test_hours_that_are_not_plainly_those_of_the_gates_are_assumed(text: str) -> None:
    assert read_hours(text) == ASSUMED == Hours(time(7), time(19), assumed=True)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("每日上午7時至晚上11時", (time(7), time(23))),
        ("每日早上九時至晚上十一時", (time(9), time(23))),
        ("每日上午6時30分至晚上11時", (time(6, 30), time(23))),
        ("每日上午7時至凌晨12時", (time(7), time(0))),
        ("每日上午7時至晚上12時", (time(7), time(0))),
        ("每日24 小時開放", ALL_DAY),
        ("下午2時至6時 逢星期四草地保養", None),
    ],
)
def test_chinese_hours_are_understood(text: str, hours: tuple[time, time] | None) -> None:
    assert read_chinese(text) == hours


def test_hours_that_the_two_languages_tell_differently_are_assumed() -> None:
    assert read_hours("7:00am - 11:00am", "上午7時至晚上11時") == ASSUMED
    assert read_hours("7:00am - 11:00pm", "上午7時至晚上11時") == Hours(time(7), time(23), assumed=False)


def test_an_exception_leaves_assumed_hours_no_wider_than_stated() -> None:
    assert read_hours("8 am to 6 pm daily (except Monday)") == Hours(time(8), time(18), assumed=True)
    assert read_hours("24 hours (except maintenance day)") == ASSUMED
    assert read_hours("6 pm to 11 pm (except Monday)") == Hours(time(18), time(19), assumed=True)


def test_a_park_that_closes_at_midnight_is_open_at_a_quarter_to() -> None:
    hours = read_hours("7 am to 12 midnight daily")
    at = datetime(2026, 11, 22, 23, 45, tzinfo=ZoneInfo("Asia/Hong_Kong"))
    assert hours.is_open(at)
    assert not hours.is_open(at.replace(hour=3))


@given(opens=st.integers(1, 11), closes=st.integers(1, 11), gap=st.sampled_from([" to ", " - ", "-", " – "]))
def test_morning_to_evening_in_any_spelling(opens: int, closes: int, gap: str) -> None:
    assert read_english(f"{opens}:00 am{gap}{closes} PM daily") == (time(opens), time(closes + 12))


@given(st.text(max_size=60), st.text(alphabet="每日上午下晚7十二時至24小全()", max_size=20))
def test_no_text_is_too_strange(english: str, chinese: str) -> None:
    hours = read_hours(english, chinese)
    assert hours.assumed or (hours.opens, hours.closes) == ALL_DAY or hours.opens != hours.closes
