"""Stretches that overlap: no walk counts twice, and none is lost."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from integrations.overlaps import Stretch, apart

MINUTE = 60_000
STRETCHES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 5_000)).map(
        lambda each: (each[0] * 10_000, (each[0] + each[1]) * 10_000, each[2])
    ),
    max_size=12,
)


def minutes(first: int, last: int, steps: int) -> Stretch:
    """A stretch between two minutes of the day."""
    return first * MINUTE, last * MINUTE, steps


def total(stretches: list[Stretch]) -> int:
    """All steps of some stretches."""
    return sum(steps for _, _, steps in stretches)


def test_a_long_stretch_adds_what_the_short_ones_in_it_lack() -> None:
    watch = [minutes(2, 3, 100), minutes(9, 10, 90)]
    assert apart([minutes(0, 15, 200), *watch]) == [minutes(0, 15, 10), *watch]


def test_a_day_over_the_minutes_of_a_watch_is_the_day() -> None:
    watch = [minutes(60 + at, 61 + at, 100) for at in range(80)]
    assert total(apart([minutes(0, 1_440, 8_000), *watch])) == 8_000
    assert total(apart([minutes(0, 1_440, 5_000), *watch])) == 8_000


def test_of_two_that_overlap_in_part_the_longer_adds_what_the_shared_time_lacks() -> None:
    assert total(apart([minutes(0, 30, 300), minutes(20, 40, 400)])) == 400 + (300 - 200)


def test_short_stretches_that_follow_each_other_stay_whole_beside_others_that_overlap() -> None:
    short = [(at * 10_000, (at + 1) * 10_000, 10) for at in range(6)]
    assert total(apart([*short, minutes(5, 15, 100), minutes(10, 20, 100)])) == 60 + 150


def test_touching_stretches_and_moments_without_length_stay_as_they_are() -> None:
    told = [minutes(0, 10, 7), minutes(5, 5, 3), minutes(10, 20, 9), minutes(25, 26, 1)]
    assert apart(told) == told


@given(STRETCHES)
def test_there_are_never_more_steps_than_in_all_nor_fewer_than_in_the_largest(told: list[Stretch]) -> None:
    assert max((steps for _, _, steps in told), default=0) <= total(apart(told)) <= total(told)


@given(STRETCHES, st.integers(0, 100))
def test_the_order_makes_no_difference(told: list[Stretch], seed: int) -> None:
    again = list(told)
    random.Random(seed).shuffle(again)
    assert apart(again) == apart(told)


@given(STRETCHES)
def test_every_stretch_keeps_its_time_and_gains_nothing(told: list[Stretch]) -> None:
    found = apart(told)
    assert sorted(each[:2] for each in found) == sorted(each[:2] for each in told)
    if all(one[1] <= other[0] for one, other in pairwise(sorted(told))):
        assert found == sorted(told)


def test_ten_thousand_that_all_overlap_are_told_apart() -> None:
    chance = random.Random(5)
    told = [(chance.randrange(10**6), 10**6 + chance.randrange(10**6), each) for each in range(10_000)]
    assert 10_000 - 1 <= total(apart(told)) <= total(told)
