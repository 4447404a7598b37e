"""A walk from fix to fix: visits, verdicts, copies, and what may be captured."""

import time as clock
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.fix import Fix
from geo.index import Grid
from geo.marks import marks
from geo.metric import moved
from geo.walk import Advanced, Entered, Known, Left, Walk, advance, capture_refusal, in_reach, upcoming_marks
from tests.geo import honest, spoofs
from tests.geo.honest import MORNING, Phone, dice
from tests.geo.places import HERE, garden, real_grid

GARDEN = Grid([garden(side_m=400)])
KEY, SALT = b"key", b"mei"


def nothing_known(_mark: bytes, _at: datetime) -> bool:
    return False


def follow(fixes: Iterable[Fix], walk: Walk | None = None, known: Known = nothing_known) -> list[Advanced]:
    """Each step of a walk in a garden of 400 m."""
    now, found = walk or Walk(), []
    for fix in fixes:
        found.append(advance(now, fix, index=GARDEN, known=known, key=KEY, salt=SALT))
        now = found[-1].walk
    return found


def strolling(seconds: int = 300, start: datetime = MORNING, east: float = 0, seed: int = 0) -> list[Fix]:
    chance = dice(("strolling", seed))
    phone = Phone(every_s=3, drift_m=2, drift_s=20)
    return phone.fixes(honest.strolled(chance, seconds, 1.2), chance, start, moved(*HERE, east, 0))


def crossing(pace: float = 1.3) -> list[Fix]:
    """From 100 m west of the garden to 100 m east of it."""
    chance = dice("crossing")
    path = [(-300 + pace * second, 0.0) for second in range(int(600 / pace))]
    return Phone(every_s=5, drift_m=2, drift_s=20).fixes(path, chance, at=HERE)


def events(steps: Sequence[Advanced]) -> list[Entered | Left]:
    return [event for one in steps for event in one.events]


def test_a_walk_through_a_park_is_one_visit() -> None:
    entered, left = events(follow(crossing()))
    assert isinstance(entered, Entered)
    assert isinstance(left, Left)
    assert not entered.resumed
    assert entered.visit.id == left.visit.id
    assert left.visit.seconds == pytest.approx(400 / 1.3, abs=15)


def test_a_detour_of_a_minute_resumes_the_visit() -> None:
    inside, outside = strolling(60), strolling(45, MORNING + timedelta(seconds=60), east=400, seed=1)
    back = strolling(60, MORNING + timedelta(seconds=105), seed=2)
    kinds = [(type(event), getattr(event, "resumed", None)) for event in events(follow(inside + outside + back))]
    assert kinds == [(Entered, False), (Left, None), (Entered, True)]


def test_a_glitch_into_the_park_is_no_visit() -> None:
    outside = strolling(120, east=600)
    for index in (10, 11):
        outside[index] = replace(outside[index], lat=HERE[0], lon=HERE[1], accuracy_m=6.0)
    steps = follow(outside)
    assert events(steps) == []
    assert {one.verdict.level for one in steps} == {"ok"}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(honest.KINDS)), st.integers(0, 1000))
def test_a_walk_that_is_stored_between_two_fixes_goes_on_as_if_it_were_not(kind: str, seed: int) -> None:
    fixes = honest.KINDS[kind](dice((kind, seed)))[:150]
    kept = stored = Walk()
    for fix in fixes:
        kept = advance(kept, fix, index=real_grid(), known=nothing_known, key=KEY, salt=SALT).walk
        again = Walk.from_bytes(stored.to_bytes())
        stored = advance(again, fix, index=real_grid(), known=nothing_known, key=KEY, salt=SALT).walk
    assert stored == kept


def test_a_stored_walk_is_small_whatever_happened() -> None:
    for builder, _ in spoofs.KINDS.values():
        walk = follow(builder(dice("small")))[-1].walk
        assert len(walk.to_bytes()) < 6000


@pytest.mark.parametrize("stored", [None, b"", b"\xc1", b"\x92\x00\x90", b"\x92\x01\x91\xa1x"])
def test_what_cannot_be_read_is_a_new_walk(stored: bytes | None) -> None:
    assert Walk.from_bytes(stored) == Walk()


def test_a_copy_is_impossible_from_its_fourth_known_mark_on() -> None:
    fixes = strolling()
    seen = marks(fixes, KEY)
    steps = follow(fixes, known=lambda mark, _at: mark in seen)
    made = [one.mark for one in steps if one.mark]
    at_fourth = next(index for index, one in enumerate(steps) if one.mark == made[3])
    assert {one.verdict.level for one in steps[:at_fourth]} == {"ok"}
    assert {one.verdict.level for one in steps[at_fourth:]} == {"impossible"}
    assert steps[-1].verdict.reasons == ("replayed",)


def test_the_same_fixes_sent_twice_are_no_copy() -> None:
    fixes = strolling()
    first: dict[bytes, datetime] = {
        one.mark: one.walk.trail.at for one in follow(fixes) if one.mark and one.walk.trail.at
    }
    lost_and_sent_again = follow(fixes, known=lambda mark, at: mark in first and first[mark] != at)
    assert {one.verdict.level for one in lost_and_sent_again} == {"ok"}


def test_fixes_sent_twice_in_a_row_change_nothing() -> None:
    fixes = strolling()
    steps = follow(fixes + fixes)
    assert steps[-1].walk == steps[len(fixes) - 1].walk


def test_a_caller_can_ask_for_all_marks_beforehand() -> None:
    fixes = strolling()
    halfway = follow(fixes[:40])[-1].walk
    made = [one.mark for one in follow(fixes[40:], halfway) if one.mark]
    assert upcoming_marks(halfway, fixes[40:], KEY) == made


def test_a_clock_set_back_ends_the_visit_and_begins_anew() -> None:
    before, again = strolling(120), strolling(300, MORNING - timedelta(hours=2), seed=3)
    steps = follow(before + again)
    assert [type(event) for event in events(steps)] == [Entered, Left, Entered]
    assert "clock_backwards" in {reason for one in steps for reason in one.verdict.reasons}
    assert steps[-1].verdict.level == "ok"


@pytest.mark.parametrize(
    ("metres", "accuracy", "reached"),
    [
        (79, 8, True),
        (81, 8, False),
        (79, None, True),
        (81, None, False),
        (95, 99, True),
        (99.9, 100, True),
        (5, 101, False),
    ],
)
def test_reach_is_eighty_metres_or_what_the_phone_may_be_wrong(
    metres: float, accuracy: float | None, reached: bool
) -> None:
    assert in_reach(*moved(*HERE, metres, 0), Fix(MORNING, *HERE, accuracy)) is reached


class Chance:
    """A walk in the garden, and a drop that lies beside its last fix."""

    def __init__(self, fixes: list[Fix]) -> None:
        self.last = fixes[-1]
        self.walk = follow(fixes)[-1].walk
        self.drop = moved(self.last.lat, self.last.lon, 20, 20)

    def refused(self, fix: Fix | None = None, park_id: str = "garden") -> str | None:
        return capture_refusal(self.walk, fix or self.last, park_id, *self.drop)


def test_who_walks_in_the_park_may_capture_what_is_near() -> None:
    assert Chance(strolling()).refused() is None


def test_who_walks_in_the_park_may_not_capture_what_is_far() -> None:
    chance = Chance(strolling())
    chance.drop = moved(*chance.drop, 100, 0)
    assert chance.refused() == "capture.too_far"


def test_outside_or_in_another_park_nothing_is_captured() -> None:
    assert Chance(strolling(east=600)).refused() == "park.not_inside"
    assert Chance(strolling()).refused(park_id="elsewhere") == "park.not_inside"


def test_neither_before_the_visit_nor_from_across_the_fence_anything_is_captured() -> None:
    chance = Chance(crossing()[:40])
    assert chance.refused() is None
    street = replace(chance.last, at=chance.last.at + timedelta(seconds=100), lon=moved(*HERE, 215, 0)[1])
    chance.walk = follow([street], chance.walk)[-1].walk
    assert chance.walk.presence.open is not None
    assert chance.refused(street) == "park.not_inside"
    assert chance.refused(crossing()[14]) == "park.not_inside"


def test_a_coarse_fix_captures_nothing() -> None:
    chance = Chance(strolling())
    assert chance.refused(replace(chance.last, accuracy_m=150.0)) == "fix.too_coarse"


def test_a_runner_captures_nothing_and_a_spoofer_neither() -> None:
    running = [(3.2 * second - 180, 0.0) for second in range(100)]
    assert Chance(Phone().fixes(running, dice("phone"), at=HERE)).refused() == "movement.too_fast"
    still = [Fix(MORNING + timedelta(seconds=turn), *HERE, 8.0) for turn in range(90)]
    assert Chance(still).refused() == "movement.doubtful"
    jump = strolling(120, east=3000) + strolling(120, MORNING + timedelta(seconds=120), seed=1)
    assert Chance(jump).refused() == "movement.impossible"


def test_neither_a_glitch_nor_an_invented_fix_captures_anything() -> None:
    chance = Chance(strolling())
    near = moved(chance.last.lat, chance.last.lon, 150, 0)
    chance.drop = near
    invented = replace(chance.last, lat=near[0], lon=near[1])
    assert chance.refused(invented) == "fix.unknown"
    glitch = replace(invented, at=chance.last.at + timedelta(seconds=1))
    chance.walk = follow([glitch], chance.walk)[-1].walk
    assert chance.refused(glitch) == "fix.unknown"


def test_a_capture_may_come_some_fixes_late() -> None:
    fixes = strolling()
    chance = Chance(fixes)
    assert chance.refused(fixes[-5]) is None


def test_a_fix_takes_microseconds() -> None:
    fixes = strolling(900)
    started = clock.process_time()
    follow(fixes)
    assert (clock.process_time() - started) / len(fixes) < 200e-6
