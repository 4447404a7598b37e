"""Lines and curves that nobody walks, and walks that are nearly as even."""

import math
from collections.abc import Iterable

import pytest

from geo.even import NEW, Even, extended, strays
from tests.geo.honest import dice


def seen(places: Iterable[tuple[float, float, float]]) -> bool:
    """Whether a movement is ever found too even."""
    even: Even = NEW
    found = False
    for t, x, y in places:
        even = extended(even, (t, x, y, 8.0))
        found = found or even.is_too_even
    return found


def line(seconds: int, every: float, noise_m: float = 0.0, pace: float = 1.3) -> list[tuple[float, float, float]]:
    chance = dice(("line", seconds, every, noise_m))
    times = [every * turn for turn in range(int(seconds / every))]
    return [(t, pace * t + chance.gauss(0, noise_m), chance.gauss(0, noise_m)) for t in times]


@pytest.mark.parametrize("every", [1, 2, 3, 5, 10, 30])
def test_a_line_at_constant_speed_is_found(every: float) -> None:
    assert seen(line(max(90, 12 * int(every)), every))


@pytest.mark.parametrize(("every", "noise_m", "seconds"), [(1, 0.3, 150), (1, 1.0, 500), (3, 0.5, 300), (5, 0.5, 500)])
def test_noise_on_a_line_averages_out(every: float, noise_m: float, seconds: int) -> None:
    assert seen(line(seconds, every, noise_m))


def test_noise_as_large_as_a_phones_says_nothing() -> None:
    assert not seen(line(600, 1, 2.0))


def test_a_line_at_changing_speed_is_still_a_line() -> None:
    along = {t: 1.3 * t + 8 * math.sin(t / 9) for t in range(120)}
    assert seen((t, 0.8 * far, 0.6 * far) for t, far in along.items())


def test_a_phone_that_rounds_to_metres_may_keep_to_its_grid() -> None:
    assert not seen((t, round(1.3 * t + 8 * math.sin(t / 9)), 0.0) for t in range(120))


def test_a_circle_at_constant_speed_is_found() -> None:
    assert seen((t, 40 * math.cos(t / 31), 40 * math.sin(t / 31)) for t in range(120))


def test_a_square_at_constant_speed_is_found() -> None:
    def corner(t: float) -> tuple[float, float, float]:
        side, along = divmod(1.3 * t % 200, 50)
        x, y = [(along, 0.0), (50.0, along), (50 - along, 50.0), (0.0, 50 - along)][int(side)]
        return t, x, y

    assert seen(corner(t) for t in range(200))


def test_an_error_that_drifts_by_a_metre_is_enough_to_be_honest() -> None:
    chance, places, x, y = dice("drift"), [], 0.0, 0.0
    for t in range(600):
        x, y = 0.97 * x + chance.gauss(0, 0.25), 0.97 * y + chance.gauss(0, 0.25)
        places.append((float(t), 1.3 * t + x, y))
    assert not seen(places)


def test_a_pace_that_varies_by_a_tenth_is_enough_to_be_honest() -> None:
    chance, places, east, aside, ease = dice("pace"), [], 0.0, 0.0, 0.0
    for t in range(600):
        ease = 0.93 * ease + chance.gauss(0, 0.035)
        aside = 0.9 * aside + chance.gauss(0, 0.12)
        east += 1.3 * (1 + ease)
        places.append((float(t), east, aside))
    assert not seen(places)


def test_a_phone_that_repeats_one_fix_and_walks_on_is_not_drawing_a_line() -> None:
    walk = [(float(t), 0.0, 0.0) for t in range(50)] + [(float(t), 5.0 * (t - 49), 0.0) for t in range(50, 57)]
    assert not seen(walk)


def test_strays_of_a_perfect_line_are_none() -> None:
    blocks = tuple((7.0 * turn, 9.1 * turn, -3.0 * turn, 7) for turn in range(8))
    astray_m, sideways_m, mps, seconds = strays(blocks)
    assert (astray_m, sideways_m) == pytest.approx((0, 0), abs=1e-6)
    assert mps == pytest.approx(math.hypot(1.3, 3 / 7))
    assert seconds == 49


def test_strays_are_measured_per_axis() -> None:
    blocks = tuple((7.0 * turn, 9.1 * turn, 1.0 if turn in {0, 3, 4, 7} else -1.0, 7) for turn in range(8))
    astray_m, sideways_m, _, _ = strays(blocks)
    assert astray_m == pytest.approx(math.sqrt(8 / 12), rel=0.05)
    assert sideways_m == pytest.approx(math.sqrt(8 / 6), rel=0.05)
