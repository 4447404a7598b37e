"""The streak of steps_goal: weeks in a row, with rest days, and nothing that is lost too early."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.kinds.steps_goal import Params, on_days, streak
from tests.scoring.steps import BUSY_DAYS, KEPT, MONDAY, PARAMS, SUNDAY, days, facts, of_weeks

GOOD = [KEPT, KEPT, KEPT, 0, KEPT, KEPT, KEPT]
LAZY = [KEPT, 0, KEPT, 0, KEPT, KEPT, KEPT]


def weeks(*each: list[int] | list[int | None] | list[None]) -> dict[date, int]:
    """Steps of whole weeks, one after another."""
    return days(*(steps for week in each for steps in week))


def day(week: int, number: int) -> date:
    """A day of a week of the challenge: both from 0."""
    return MONDAY + timedelta(days=7 * week + number)


def row(steps: dict[date, int], today: date) -> int:
    """The streak on a day, with the defaults."""
    return streak(Params(), facts(steps), today)


def test_kept_weeks_in_a_row_are_counted() -> None:
    assert row(weeks(GOOD, GOOD, GOOD, GOOD), SUNDAY) == 4


def test_a_week_without_enough_days_begins_the_row_anew() -> None:
    assert row(weeks(GOOD, LAZY, GOOD, GOOD), SUNDAY) == 2


def test_a_week_that_is_not_over_does_not_break_the_row() -> None:
    assert row(weeks(GOOD, GOOD, [0, 0, 0]), day(2, 2)) == 2


def test_a_week_counts_as_soon_as_its_bonus_is_sure() -> None:
    assert row(weeks(GOOD, [KEPT] * 5), day(1, 4)) == 1
    assert row(weeks(GOOD, [KEPT] * 6), day(1, 5)) == 2


def test_a_week_that_is_over_without_enough_days_breaks_the_row() -> None:
    assert row(weeks(GOOD, LAZY), day(1, 6)) == 1
    assert row(weeks(GOOD, LAZY), day(2, 0)) == 0


@pytest.mark.parametrize(("today", "kept"), [(day(2, 0), 1), (day(2, 6), 1), (day(3, 0), 0)])
def test_missing_days_of_the_week_just_over_may_still_come_for_seven_days(today: date, kept: int) -> None:
    late = [KEPT, KEPT, 0, KEPT, KEPT, None, None]
    assert row(weeks(GOOD, late), today) == kept


def test_missing_days_that_could_not_complete_a_week_do_not_save_it() -> None:
    assert row(weeks(GOOD, [KEPT, 0, 0, KEPT, KEPT, KEPT, None]), day(2, 0)) == 0


def test_the_cut_weeks_at_the_ends_neither_count_nor_break() -> None:
    cut = facts(weeks([0] * 7, GOOD, GOOD, [0] * 7), day(0, 1), day(3, 3))
    assert streak(Params(), cut, day(3, 3)) == 2


def test_the_row_stays_when_the_challenge_is_over() -> None:
    assert row(weeks(LAZY, GOOD, GOOD, GOOD), SUNDAY + timedelta(days=90)) == 3


def test_there_is_no_row_before_the_challenge() -> None:
    assert row({}, MONDAY - timedelta(days=1)) == 0


@given(PARAMS, BUSY_DAYS, st.integers(0, 40))
def test_the_row_is_never_longer_than_the_kept_weeks(params: Params, steps: dict[date, int], later: int) -> None:
    assume(params.week_points or params.week_coins)
    awarded = len(of_weeks(on_days(params, facts(steps))))
    assert streak(params, facts(steps), MONDAY + timedelta(days=later)) <= awarded


@given(PARAMS, BUSY_DAYS, st.dates(MONDAY, SUNDAY), st.integers(0, 40))
def test_walking_more_never_shortens_the_row(params: Params, steps: dict[date, int], on: date, later: int) -> None:
    today = MONDAY + timedelta(days=later)
    assume(on in steps)  # a day without data leaves hope, which a day that comes in too short takes away
    more = {**steps, on: steps[on] + 5_000}
    assert streak(params, facts(more), today) >= streak(params, facts(steps), today)
