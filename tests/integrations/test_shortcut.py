"""Apple Shortcuts: a day, or a list of them, with numbers as a shortcut happens to write them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import DayCount
from tests.integrations.bodies import bad, body, good, recognised
from tests.integrations.files import counted, outcome, readings, whys

TODAY = date(2026, 11, 21)


def day(steps: object = 8_123, when: object = "2026-11-21", **more: object) -> dict[str, object]:
    """What a shortcut sends of one day."""
    return {"date": when, "steps": steps, **more}


def counts(said: object) -> list[int]:
    """The steps that are read of a list of days, or of one."""
    return [each.steps for each in good("shortcut", said if isinstance(said, list) else [said])]  # type: ignore[union-attr]


@pytest.mark.parametrize("said", [day(), [day()], day(tz="Asia/Hong_Kong"), [day(tz=None), day(tz="?")]])
def test_a_day_alone_or_in_a_list_is_known_in_any_order_of_its_keys(said: dict[str, object]) -> None:
    assert recognised(said) == ["shortcut"]
    assert set(good("shortcut", said)) == {DayCount("", TODAY, 8_123)}


def test_the_order_of_keys_and_blanks_make_no_difference() -> None:
    content = b'\xef\xbb\xbf [ { "tz":"UTC", "steps" : "5" ,"date":"2026-11-21"} ]'
    assert recognised(content) == ["shortcut"]
    assert good("shortcut", content) == [DayCount("", TODAY, 5)]


@pytest.mark.parametrize(
    "said", [day(calories=5), {"date": "2026-11-21"}, {"steps": 5}, {"day": day()}, [5, day()], [[day()]]]
)
def test_other_objects_are_not_a_shortcuts(said: dict[str, object]) -> None:
    assert recognised(said) == []


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        (8123.4, 8_123),
        ("8,123", 8_123),
        ("8123.0", 8_123),
        (" 1,008,123.6 ", 1_008_124),
        ("0", 0),
        ("12.", 12),
        ("8\u202f123", 8_123),
    ],
)
def test_steps_may_be_a_number_or_text(said: object, steps: int) -> None:
    assert counts(day(said)) == [steps]


@pytest.mark.parametrize("said", ["8.123", "8 km", "1,23", "12,3456", "1e3", "NaN", True, [5], {}, "512\n300"])
def test_other_steps_are_a_problem_of_that_day(said: object) -> None:
    found = bad("shortcut", [day(), day(said), day(3)])
    assert [each[:2] for each in found] == [(2, "not_a_number")]
    assert counts([day(), day(said), day(3)]) == [8_123, 3]


@pytest.mark.parametrize("said", [None, "", "  "])
def test_a_day_of_which_nothing_is_known_is_neither_zero_nor_wrong(said: object) -> None:
    assert (counts([day(said), day(0)]), bad("shortcut", [day(said)])) == ([0], [])
    assert whys(outcome(body(day(said)))) == [(None, "no_steps")]


@pytest.mark.parametrize(
    "when",
    ["2026-11-21T23:50:00-05:00", "2026-11-21T00:10:00+08:00", "2026-11-21 07:00:00 +0800", "2026-11-21T16:00Z"],
)
def test_of_a_moment_the_date_is_taken_as_it_is_written(when: str) -> None:
    for zone in (ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York")):
        assert readings("shortcut", body(day(when=when)), zone) == [DayCount("", TODAY, 8_123)]


@pytest.mark.parametrize("when", [None, "", "21/11/2026", "2026-02-30", 20261121, "1970-01-01"])
def test_what_is_no_date_is_a_problem_of_that_day(when: object) -> None:
    assert [each[:2] for each in bad("shortcut", [day(), day(when=when)])] == [(2, "not_a_date")]


@pytest.mark.parametrize(("steps", "why"), [(-5, "negative"), ("-5", "negative"), (10**15, "too_large")])
def test_steps_that_nobody_walks_are_problems(steps: object, why: str) -> None:
    assert bad("shortcut", day(steps)) == [(1, why, str(steps))]


def test_something_else_in_the_list_is_damage_of_its_place() -> None:
    assert bad("shortcut", [day(), 5, None, day(1)]) == [(2, "damaged", "5"), (3, "damaged", "")]


def test_of_a_day_said_twice_the_fuller_counts() -> None:
    found = outcome(body([day(100), day(300), day(200)]))
    assert counted(found) == {("", "2026-11-21"): 300}


def test_a_key_said_twice_is_the_last() -> None:
    assert good("shortcut", b'{"date":"2026-11-20","date":"2026-11-21","steps":1,"steps":2}') == [
        DayCount("", TODAY, 2)
    ]
