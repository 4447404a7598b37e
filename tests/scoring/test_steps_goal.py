"""The kind steps_goal: what days and weeks of walking are worth."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.awards import MOST_KEY, Award
from scoring.facts import StepsFacts
from scoring.kinds import capture_kinds, kinds, steps_kinds
from scoring.kinds.steps_goal import Params, on_days, streak
from tests.scoring.steps import (
    BUSY_DAYS,
    KEPT,
    MONDAY,
    PARAMS,
    SHORT,
    SOME_DAYS,
    STEPS,
    SUNDAY,
    days,
    facts,
    of_weeks,
    totals,
)

DEFAULTS = Params()


def test_a_kind_answers_to_what_it_offers() -> None:
    assert set(kinds()) == {"park_collect", "steps_goal"}
    assert set(capture_kinds()) == {"park_collect"}
    assert set(steps_kinds()) == {"steps_goal"}


def test_a_day_has_a_key_that_says_what_it_is_for() -> None:
    (award,) = on_days(DEFAULTS, facts(days(8_200)))
    assert (award.on, award.award) == (MONDAY, Award("day:walk:player-1:2026-11-02", 8 + 8, 2, "steps_day"))


@pytest.mark.parametrize(
    ("steps", "points", "coins"),
    [
        (1_000, 1, 0),
        (4_999, 4, 0),
        (5_000, 5 + 5, 1),
        (7_499, 7 + 5, 1),
        (7_500, 7 + 8, 2),
        (9_999, 9 + 8, 2),
        (10_000, 10 + 10, 3),
        (30_000, 30 + 10, 3),
        (30_999, 30 + 10, 3),
        (90_000, 30 + 10, 3),
    ],
)
def test_a_day_is_worth_its_full_thousands_and_its_highest_tier(steps: int, points: int, coins: int) -> None:
    assert totals(on_days(DEFAULTS, facts(days(steps)))) == (points, coins)


@pytest.mark.parametrize("steps", [None, 0, 999])
def test_a_day_that_is_missing_or_worth_nothing_has_no_award(steps: int | None) -> None:
    assert on_days(DEFAULTS, facts(days(steps))) == []


def test_a_day_may_be_worth_coins_alone() -> None:
    only_coins = Params(points_per_thousand=0, tiers=((5_000, 0, 1),))
    assert totals(on_days(only_coins, facts(days(KEPT)))) == (0, 1)


def test_days_outside_the_challenge_are_ignored() -> None:
    outside = {MONDAY - timedelta(days=1): 9_000, SUNDAY + timedelta(days=1): 9_000}
    assert on_days(DEFAULTS, facts({**outside, MONDAY: 1_000, SUNDAY: 1_000})) == on_days(
        DEFAULTS, facts({MONDAY: 1_000, SUNDAY: 1_000})
    )


def test_a_kept_week_has_a_key_that_says_what_it_is_for() -> None:
    (week,) = of_weeks(on_days(DEFAULTS, facts(days(*[KEPT] * 7))))
    assert week.award == Award("week:walk:player-1:2026-W45", 20, 5, "steps_week")


@pytest.mark.parametrize("rest", [None, 0, SHORT])
@pytest.mark.parametrize("day", range(7))
def test_a_week_forgives_one_day_of_rest_whichever_it_is(day: int, rest: int | None) -> None:
    steps = [KEPT if each != day else rest for each in range(7)]
    assert len(of_weeks(on_days(DEFAULTS, facts(days(*steps))))) == 1


def test_a_second_day_of_rest_only_leaves_the_bonus_out() -> None:
    awards = on_days(DEFAULTS, facts(days(KEPT, KEPT, KEPT, KEPT, KEPT, SHORT, SHORT)))
    assert totals(awards) == (5 * 10 + 2 * 4, 5)


def test_the_bonus_comes_on_the_day_on_which_it_is_sure() -> None:
    week = [KEPT] * 7
    assert of_weeks(on_days(DEFAULTS, facts(days(*week[:5])))) == []
    (sure,) = of_weeks(on_days(DEFAULTS, facts(days(*week[:6]))))
    assert sure.on == MONDAY + timedelta(days=5)
    assert of_weeks(on_days(DEFAULTS, facts(days(*week)))) == [sure]


def test_late_data_completes_a_week() -> None:
    (late,) = of_weeks(on_days(DEFAULTS, facts(days(KEPT, None, KEPT, 0, KEPT, KEPT, KEPT) | days(None, KEPT))))
    assert late.on == MONDAY + timedelta(days=6)


@pytest.mark.parametrize(
    ("first_on", "last_on", "kept"),
    [
        (MONDAY, SUNDAY, 4),
        (MONDAY + timedelta(days=1), SUNDAY, 3),
        (MONDAY, SUNDAY - timedelta(days=1), 3),
        (MONDAY - timedelta(days=6), SUNDAY + timedelta(days=6), 4),
        (MONDAY + timedelta(days=1), MONDAY + timedelta(days=12), 0),
    ],
)
def test_only_weeks_that_are_whole_in_the_challenge_have_a_bonus(first_on: date, last_on: date, kept: int) -> None:
    walked = {MONDAY + timedelta(days=each): KEPT for each in range(-7, 35)}
    assert len(of_weeks(on_days(DEFAULTS, facts(walked, first_on, last_on)))) == kept


@pytest.mark.parametrize(
    ("monday", "week"),
    [
        (date(2027, 12, 27), "2027-W52"),
        (date(2026, 12, 28), "2026-W53"),  # ends on 3 January 2027
        (date(2024, 12, 30), "2025-W01"),  # begins in the year before its own
        (date(2028, 2, 28), "2028-W09"),  # with 29 February
    ],
)
def test_weeks_are_those_of_iso_over_leap_days_and_the_ends_of_years(monday: date, week: str) -> None:
    sunday = monday + timedelta(days=6)
    awards = on_days(DEFAULTS, facts(days(*[KEPT] * 7, start=monday), monday, sunday))
    assert [each.on for each in awards if each.award.why == "steps_day"] == sorted(days(*[KEPT] * 7, start=monday))
    assert [each.award.key for each in of_weeks(awards)] == [f"week:walk:player-1:{week}"]


def test_the_longest_ids_leave_room_for_a_thousand_corrections() -> None:
    player = "01234567-89ab-cdef-0123-456789abcdef"
    awards = on_days(DEFAULTS, StepsFacts("c" * 60, player, MONDAY, SUNDAY, days(*[KEPT] * 7)))
    assert max(len(each.award.key) for each in awards) + len(":r1000") <= MOST_KEY


def test_steps_below_zero_are_no_facts() -> None:
    with pytest.raises(ValueError, match="below zero on 2026-11-03"):
        facts(days(5, -1))


def test_a_challenge_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before its first day"):
        facts({}, SUNDAY, MONDAY)


@given(PARAMS, SOME_DAYS, st.dates(MONDAY, SUNDAY), STEPS)
def test_points_and_coins_never_fall_when_steps_rise(
    params: Params, steps: dict[date, int], on: date, more: int
) -> None:
    before = totals(on_days(params, facts(steps)))
    after = totals(on_days(params, facts({**steps, on: steps.get(on, 0) + more})))
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(PARAMS, STEPS)
def test_steps_over_the_cap_are_worth_no_more(params: Params, more: int) -> None:
    capped = on_days(params, facts(days(params.counted_steps)))
    assert on_days(params, facts(days(params.counted_steps + more))) == capped


@given(PARAMS, SOME_DAYS)
def test_a_zero_day_is_worth_what_a_missing_one_is(params: Params, steps: dict[date, int]) -> None:
    walked = {on: each for on, each in steps.items() if each}
    assert on_days(params, facts(steps)) == on_days(params, facts(walked))


@given(PARAMS, BUSY_DAYS)
def test_weeks_together_are_worth_what_they_are_worth_apart(params: Params, steps: dict[date, int]) -> None:
    apart = [
        award
        for week in range(4)
        for award in on_days(params, facts({on: each for on, each in steps.items() if (on - MONDAY).days // 7 == week}))
    ]
    assert on_days(params, facts(steps)) == apart


@given(PARAMS, SOME_DAYS)
def test_every_award_has_its_own_key_and_lies_inside_the_challenge(params: Params, steps: dict[date, int]) -> None:
    awards = on_days(params, facts(steps))
    assert len({each.award.key for each in awards}) == len(awards)
    assert all(MONDAY <= each.on <= SUNDAY for each in awards)
    assert all(each.award.points or each.award.coins for each in awards)
    assert [each.on for each in awards] == sorted(each.on for each in awards)


TYPED = Params(by_hand=True)


def test_typed_steps_count_for_nothing_unless_the_challenge_says_so() -> None:
    told = replace(facts({}), typed={MONDAY: 8_200})
    assert on_days(DEFAULTS, told) == []
    assert on_days(TYPED, told) == on_days(DEFAULTS, facts({MONDAY: 8_200}))


@given(STEPS, STEPS)
def test_typed_and_measured_steps_compete_and_are_never_added(measured: int, typed: int) -> None:
    told = replace(facts({MONDAY: measured}), typed={MONDAY: typed})
    assert on_days(TYPED, told) == on_days(TYPED, facts({MONDAY: max(measured, typed)}))
    assert streak(TYPED, told, SUNDAY) == streak(TYPED, facts({MONDAY: max(measured, typed)}), SUNDAY)


def test_typed_steps_below_zero_are_no_facts() -> None:
    with pytest.raises(ValueError, match="below zero"):
        replace(facts({}), typed={MONDAY: -1})
