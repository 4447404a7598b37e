"""Speeds in a park: what is only fast, and what is no longer a person or a vehicle."""

import math
from collections.abc import Callable

import pytest

from geo.pace import EARNING_MPS, NEW, Pace, charges, extended
from geo.reach import Point
from tests.geo.honest import dice

Way = Callable[[float], tuple[float, float]]


def moved_along(way: Way, seconds: float, every: float, *, jitter_m: float = 0.0, inside: bool = True) -> set[str]:
    """The reasons that come up on a way, given as a place for each second."""
    chance, pace, found = dice(("pace", every, jitter_m)), NEW, set[str]()
    tail: tuple[Point, ...] = ()
    for turn in range(int(seconds / every)):
        x, y = way(every * turn)
        point: Point = (every * turn, x + chance.gauss(0, jitter_m), y + chance.gauss(0, jitter_m), 8.0)
        tail = (*tail[-39:], point)
        pace = extended(pace, tail, inside)
        found.update(charges(pace, tail))
    return found


def eastwards(mps: float) -> Way:
    return lambda t: (mps * t, 0.0)


def pace_of(way: Way) -> Pace:
    tail: tuple[Point, ...] = ()
    pace = NEW
    for t in range(60):
        tail = (*tail[-39:], (float(t), *way(t), 8.0))
        pace = extended(pace, tail, True)
    return pace


@pytest.mark.parametrize(("mps", "earns"), [(1.3, True), (2.8, True), (3.0, False), (12.0, False)])
def test_only_feet_earn(mps: float, earns: bool) -> None:
    assert (pace_of(eastwards(mps)).mps <= EARNING_MPS) is earns


@pytest.mark.parametrize("mps", [1.3, 2.5, 3.4, 5.0, 8.0])
@pytest.mark.parametrize("every", [1, 3, 10])
def test_to_walk_run_or_ride_a_bicycle_is_no_offence(mps: float, every: float) -> None:
    assert moved_along(eastwards(mps), 300, every, jitter_m=0.3) == set()


def test_twenty_seconds_at_forty_kilometres_an_hour_is_a_bus_at_the_edge() -> None:
    assert moved_along(eastwards(11), 20, 1) == set()


@pytest.mark.parametrize("every", [1, 2, 5])
def test_a_minute_at_forty_kilometres_an_hour_is_too_fast_for_a_park(every: float) -> None:
    assert moved_along(eastwards(11), 60, every) == {"too_fast"}


def test_jumps_there_and_back_that_are_seen_every_ten_seconds_are_no_drive() -> None:
    jumps = {60: 95.0, 90: 95.0, 120: -95.0}
    assert moved_along(lambda t: (1.2 * t + jumps.get(round(t), 0.0), 0.0), 300, 10) == set()


def test_outside_of_parks_people_may_drive() -> None:
    assert moved_along(eastwards(25), 300, 1, inside=False) == set()


def test_three_fixes_a_second_come_from_a_recording() -> None:
    assert moved_along(eastwards(4), 60, 0.3) == {"time_compressed"}


def test_a_phone_at_rest_may_report_as_often_as_it_likes() -> None:
    assert moved_along(eastwards(0), 60, 0.3, jitter_m=0.2) == set()


def test_a_walk_played_three_times_faster_jolts() -> None:
    assert moved_along(eastwards(3.9), 120, 1, jitter_m=1.5) == {"time_compressed"}


def test_the_same_jolts_on_foot_are_a_poor_phone() -> None:
    assert moved_along(eastwards(1.3), 600, 1, jitter_m=4) == set()


def test_a_bus_goes_around_the_block() -> None:
    assert moved_along(lambda t: (60 * math.cos(t / 8), 60 * math.sin(t / 8)), 120, 1) == set()
