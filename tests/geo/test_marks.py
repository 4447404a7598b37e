"""A copy of a recording is recognised, two honest walks never meet, and a mark says nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.fix import Fix
from geo.marks import LONGEST, NO_TRAIL, OF_LAST, SEEN_MARKS, is_replay, marks, trailed
from tests.geo import honest, spoofs
from tests.geo.honest import Path, Phone, dice

KEY = b"a key of the installation"


def known_of_last(seen: set[bytes], found: Sequence[bytes]) -> bool:
    """Whether a recording counts as a copy at any time."""
    bits, copy = 0, False
    for mark in found:
        bits = bits << 1 | (mark in seen)
        copy = copy or is_replay(bits)
    return copy


def is_copy(fixes: Sequence[Fix], of: Sequence[Fix]) -> bool:
    return known_of_last(set(marks(of, KEY)), marks(fixes, KEY))


def recording(seed: int, seconds: int = 400) -> list[Fix]:
    chance = dice(("recording", seed))
    return honest.any_phone(chance).fixes(honest.strolled(chance, seconds, 1.2), chance)


WALK = Phone(every_s=2).fixes(honest.strolled(dice("walk"), 500, 1.2), dice("phone"))


@given(st.integers(0, 120), st.integers(60, 130), st.floats(-1e9, 1e9))
def test_a_piece_of_a_recording_at_another_time_is_a_copy(start: int, length: int, later_s: float) -> None:
    piece = [replace(fix, at=fix.at + timedelta(seconds=later_s)) for fix in WALK[start : start + length]]
    assert is_copy(piece, WALK)


@pytest.mark.parametrize("times", [0.5, 2, 3, 10])
def test_a_recording_played_at_another_speed_is_a_copy(times: float) -> None:
    assert is_copy(spoofs.hastened(WALK, times), WALK)


def test_a_recording_played_backwards_is_a_copy() -> None:
    turned = [replace(fix, at=other.at) for fix, other in zip(reversed(WALK), WALK, strict=True)]
    assert is_copy(turned, WALK)


@pytest.mark.parametrize(("north", "east"), [(0.0123457, -0.0456789), (-0.05, 0.02)])
def test_a_recording_laid_elsewhere_on_the_map_is_a_copy(north: float, east: float) -> None:
    away = [replace(fix, lat=round(fix.lat + north, 7), lon=round(fix.lon + east, 7)) for fix in WALK]
    assert is_copy(away, WALK)


def test_a_recording_moved_in_metres_to_the_next_park_is_a_copy() -> None:
    assert is_copy([spoofs.shifted(fix, 1500, -700) for fix in WALK], WALK)


def test_pauses_put_into_a_recording_do_not_hide_it() -> None:
    paused: list[Fix] = []
    for index, fix in enumerate(WALK):
        late = timedelta(seconds=30 * (index // 20))
        paused.append(replace(fix, at=fix.at + late))
        if index % 20 == 19:
            paused.append(replace(fix, at=fix.at + late + timedelta(seconds=10)))
    assert is_copy(paused, WALK)


def test_a_recording_with_an_honest_beginning_is_a_copy() -> None:
    assert is_copy(recording(1) + WALK, WALK)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_phones_on_the_same_way_never_share_a_mark(one: int, other: int) -> None:
    path: Path = honest.strolled(dice("the way to school"), 600, 1.2)
    first, second = (
        honest.any_phone(dice(("phone", seed))).fixes(path, dice(("error", seed))) for seed in (one, other)
    )
    shared = set(marks(first, KEY)) & set(marks(second, KEY))
    assert one == other or not shared


def test_two_hundred_walks_on_phones_that_round_to_a_metre_never_share_a_mark() -> None:
    path: Path = honest.strolled(dice("the way to school"), 300, 1.2)
    rough = Phone(drift_m=1, drift_s=40, scatter_m=0.4, digits=5)
    seen: set[bytes] = set()
    for turn in range(200):
        found = set(marks(rough.fixes(path, dice(("rough", turn))), KEY))
        assert not found & seen
        seen |= found


def test_a_walk_makes_a_mark_for_about_one_movement_in_four() -> None:
    assert (
        0.18
        < sum(len(marks(recording(seed), KEY)) for seed in range(40)) / sum(len(recording(seed)) for seed in range(40))
        < 0.30
    )


def test_neither_rest_nor_a_drawn_line_makes_marks() -> None:
    assert marks(spoofs.drawn([(0.0, 0.0)] * 300, 1, 5.0), KEY) == []
    assert len(marks(spoofs.drawn([(3.0 * turn, 0.0) for turn in range(300)], 1, 5.0), KEY)) < SEEN_MARKS


def test_marks_of_another_key_have_nothing_in_common() -> None:
    assert not set(marks(WALK, KEY)) & set(marks(WALK, b"another key"))


def test_marks_are_sixteen_bytes_and_the_trail_is_short() -> None:
    assert {len(mark) for mark in marks(WALK, KEY)} == {16}
    trail = NO_TRAIL
    for fix in WALK:
        trail, _ = trailed(trail, fix, KEY)
    assert len(trail.recent) == LONGEST


def test_one_fix_after_the_other_makes_the_same_marks() -> None:
    trail, found = NO_TRAIL, []
    for fix in WALK:
        trail, mark = trailed(trail, fix, KEY)
        found += [mark] if mark else []
    assert found == marks(WALK, KEY)


def test_three_known_marks_are_chance_four_are_a_copy() -> None:
    assert not is_replay(0b111)
    assert is_replay(0b1111)
    assert is_replay(0b1000_0001_0011)
    assert not is_replay(0b111 << OF_LAST | 0b111)
