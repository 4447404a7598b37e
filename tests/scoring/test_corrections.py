"""Corrections: a ledger that only grows says at any time what is due now."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.awards import Award, DailyAward
from scoring.corrections import corrections
from scoring.corrections import given as given_in
from scoring.kinds.steps_goal import Params, on_days
from scoring.seasons import week_of_day
from tests.scoring.steps import BUSY_DAYS, KEPT, MONDAY, PARAMS, SOME_DAYS, days, facts

WEEK = week_of_day(MONDAY)
ALL_WEEKS = {f"2026-W{number}" for number in range(43, 51)}


def due(points: int, coins: int = 0, *, on: date = MONDAY, key: str = "day:a") -> DailyAward:
    """An award that is due."""
    return DailyAward(on, Award(key, points, coins, "steps_day"))


def corrected(ledger: list[DailyAward], *desired: DailyAward) -> list[tuple[str, int, int]]:
    """What is appended to a ledger for one week: keys, points and coins; the ledger then holds it."""
    rows = corrections(desired, given_in(ledger), {WEEK})
    ledger += rows
    return [(each.award.key, each.award.points, each.award.coins) for each in rows]


def sums(awards: list[DailyAward]) -> Counter[tuple[str, str]]:
    """Points and coins by week, those of zero left out: what the boards and the purse see."""
    found: Counter[tuple[str, str]] = Counter()
    for each in awards:
        found[week_of_day(each.on), "points"] += each.award.points
        found[week_of_day(each.on), "coins"] += each.award.coins
    return Counter({what: total for what, total in found.items() if total})


def test_the_first_award_is_revision_nought() -> None:
    assert corrected([], due(10, 2)) == [("day:a:r0", 10, 2)]


def test_a_change_appends_the_difference_under_the_next_revision() -> None:
    ledger: list[DailyAward] = []
    corrected(ledger, due(10, 2))
    assert corrected(ledger, due(16, 3)) == [("day:a:r1", 6, 1)]
    assert corrected(ledger, due(4, 0)) == [("day:a:r2", -12, -3)]


def test_what_is_as_it_should_be_gets_nothing() -> None:
    ledger = [due(10, 2, key="day:a:r0")]
    assert corrected(ledger, due(10, 2)) == []


def test_coins_alone_are_a_difference_too() -> None:
    assert corrected([due(10, 2, key="day:a:r0")], due(10, 3)) == [("day:a:r1", 0, 1)]


def test_what_is_no_longer_desired_goes_to_zero_on_its_own_day() -> None:
    ledger = [due(10, 2, key="day:a:r0")]
    assert corrected(ledger) == [("day:a:r1", -10, -2)]
    assert (ledger[-1].on, ledger[-1].award.why) == (MONDAY, "steps_day")
    assert corrected(ledger) == []
    assert corrected(ledger, due(7)) == [("day:a:r2", 7, 0)]


def test_weeks_that_were_not_evaluated_are_left_alone() -> None:
    elsewhere = date(2026, 11, 9)
    assert corrected([due(10, on=elsewhere, key="day:b:r0")], due(5, on=elsewhere, key="day:c")) == []


def test_a_week_that_was_sure_on_another_day_is_no_difference() -> None:
    tuesday = date(2026, 11, 3)
    assert corrected([due(20, 5, key="week:a:r0")], due(20, 5, on=tuesday, key="week:a")) == []


def test_rows_that_no_correction_wrote_are_left_out() -> None:
    assert given_in([due(10, key="cap:walk:drop:player")]) == {}


def test_ten_revisions_are_read_in_the_order_of_their_numbers() -> None:
    ledger: list[DailyAward] = []
    for points in range(1, 12):
        corrected(ledger, due(points))
    assert given_in(reversed(ledger))["day:a"] == given_in(ledger)["day:a"]
    assert corrected(list(reversed(ledger)), due(0)) == [("day:a:r11", -11, 0)]


def test_a_key_cannot_be_desired_twice() -> None:
    with pytest.raises(ValueError, match="desired twice: day:a"):
        corrections([due(1), due(2)], {}, {WEEK})


def test_a_revised_key_that_does_not_fit_the_ledger_is_refused() -> None:
    with pytest.raises(ValueError, match="too long for the ledger"):
        corrections([due(1, key="k" * 199)], {}, {WEEK})


def test_a_smaller_day_takes_back_its_week_and_late_data_gives_it_again() -> None:
    week, short = days(*[KEPT] * 6), days(*[KEPT] * 5, 0)
    ledger: list[DailyAward] = []
    for steps in (week, short, week):
        ledger += corrections(on_days(Params(), facts(steps)), given_in(ledger), {WEEK})
    of_week = [(each.award.key[-2:], each.award.points) for each in ledger if each.award.why == "steps_week"]
    assert of_week == [("r0", 20), ("r1", -20), ("r2", 20)]


STATES = st.lists(BUSY_DAYS | SOME_DAYS, min_size=1, max_size=5)


def played(params: Params, states: list[dict[date, int]]) -> list[DailyAward]:
    """The ledger after a sequence of changes of steps, each evaluated whole."""
    ledger: list[DailyAward] = []
    for steps in states:
        ledger += corrections(on_days(params, facts(steps)), given_in(ledger), ALL_WEEKS)
    return ledger


@given(PARAMS, STATES)
def test_after_any_changes_the_sums_are_those_of_the_last_state_alone(
    params: Params, states: list[dict[date, int]]
) -> None:
    ledger, once = played(params, states), on_days(params, facts(states[-1]))
    assert sums(ledger) == sums(once)
    held = {key: (each.points, each.coins) for key, each in given_in(ledger).items() if each.points or each.coins}
    assert held == {each.award.key: (each.award.points, each.award.coins) for each in once}


@given(PARAMS, STATES)
def test_a_key_never_stands_in_the_ledger_twice(params: Params, states: list[dict[date, int]]) -> None:
    keys = [each.award.key for each in played(params, states)]
    assert len(set(keys)) == len(keys)


@given(PARAMS, STATES)
def test_the_same_state_again_changes_nothing(params: Params, states: list[dict[date, int]]) -> None:
    assert played(params, [*states, states[-1]]) == played(params, states)


@given(PARAMS, STATES, BUSY_DAYS, st.data())
def test_the_order_of_what_is_desired_and_of_the_ledger_does_not_matter(
    params: Params, states: list[dict[date, int]], now: dict[date, int], data: st.DataObject
) -> None:
    ledger, desired = played(params, states), on_days(params, facts(now))
    mixed = data.draw(st.permutations(ledger)), data.draw(st.permutations(desired))
    assert corrections(mixed[1], given_in(mixed[0]), ALL_WEEKS) == corrections(desired, given_in(ledger), ALL_WEEKS)


@given(PARAMS, STATES, BUSY_DAYS, st.data())
def test_weeks_may_be_corrected_one_after_another(
    params: Params, states: list[dict[date, int]], now: dict[date, int], data: st.DataObject
) -> None:
    ledger = played(params, states)
    for week in data.draw(st.permutations(sorted(ALL_WEEKS))):
        of_week = {on: steps for on, steps in now.items() if week_of_day(on) == week}
        ledger += corrections(on_days(params, facts(of_week)), given_in(ledger), {week})
    assert sums(ledger) == sums(on_days(params, facts(now)))
