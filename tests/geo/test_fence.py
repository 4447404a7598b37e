"""Presence, as a conversation: somebody walks, and the fence says what it makes of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.fence import OUTSIDE, Presence, step
from geo.fix import Fix
from geo.index import Grid
from geo.metric import moved
from tests.geo.places import HERE, garden, park, polygon, rectangle

GARDEN = Grid([garden()])  # 200 m square: its edge lies 100 m east
NEIGHBOURS = Grid(
    [
        park("west", polygon(rectangle(-200, -100, 0, 100))),
        park("east", polygon(rectangle(0, -100, 200, 100))),
    ]
)
TWO_O_CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)


class Mei:
    """A pupil who says where she is, and hears what the fence makes of it."""

    def __init__(self, index: Grid = GARDEN, salt: bytes = b"mei") -> None:
        self.index, self.salt = index, salt
        self.now = TWO_O_CLOCK
        self.presence: Presence = OUTSIDE

    def says(self, east: float, *, after: float = 5, accuracy: float | None = 8, north: float = 0) -> str:
        """She is so many metres east of the middle, so many seconds later."""
        self.now += timedelta(seconds=after)
        fix = Fix(self.now, *moved(*HERE, east, north), accuracy)
        self.presence = step(self.presence, fix, self.index, salt=self.salt)
        return self.presence.state

    @property
    def visit(self) -> str:
        assert self.presence.visit is not None
        return self.presence.visit.id

    @property
    def seconds(self) -> float:
        assert self.presence.open is not None
        return self.presence.open.seconds


def inside(index: Grid = GARDEN) -> Mei:
    mei = Mei(index)
    mei.says(-50)
    mei.says(-50)
    assert mei.presence.open is not None
    return mei


def test_she_comes_walks_about_and_goes() -> None:
    mei = Mei()
    assert mei.says(130) == "outside"
    assert mei.says(90) == "maybe"
    assert mei.says(80) == "inside"
    assert mei.says(60) == "inside"
    assert mei.says(105) == "inside"
    assert mei.says(115) == "inside"
    assert mei.says(125) == "left"
    assert mei.says(300, after=200) == "outside"


def test_one_fix_in_the_park_proves_nothing() -> None:
    mei = Mei()
    assert mei.says(90) == "maybe"
    assert mei.says(150) == "outside"


def test_two_fixes_within_a_second_prove_nothing_either() -> None:
    mei = Mei()
    assert [mei.says(50, after=1) for _ in range(5)] == ["maybe"] * 5
    assert mei.says(50, after=1) == "inside"


def test_her_visit_begins_with_the_first_fix_not_with_the_proof() -> None:
    mei = Mei()
    mei.says(90)
    began = mei.now
    mei.says(80)
    assert mei.presence.open is not None
    assert mei.presence.open.entered_at == began
    assert mei.seconds == 5


def test_a_vague_phone_has_to_say_it_more_often() -> None:
    mei = Mei()
    assert [mei.says(0, accuracy=60) for _ in range(4)] == ["maybe", "maybe", "maybe", "inside"]


def test_a_phone_without_accuracy_is_believed_like_others() -> None:
    mei = Mei()
    assert [mei.says(0, accuracy=None) for _ in range(2)] == ["maybe", "inside"]


@given(st.floats(-500, 500), st.sampled_from(["outside", "maybe", "inside"]))
def test_a_fix_worse_than_a_hundred_metres_changes_nothing(east: float, state: str) -> None:
    mei = Mei()
    for _ in range(("outside", "maybe", "inside").index(state)):
        mei.says(0)
    before = mei.presence
    assert before.state == state
    mei.says(east, accuracy=101)
    assert mei.presence == before


def test_at_the_edge_staying_is_easier_than_leaving() -> None:
    mei = inside()
    assert {mei.says(104 if turn % 2 else 97) for turn in range(40)} == {"inside"}


def test_at_the_edge_the_errors_of_the_phone_do_not_keep_her_out() -> None:
    mei = Mei()
    assert mei.says(96) == "maybe"
    assert mei.says(103) == "maybe"
    assert mei.says(97) == "inside"


def test_just_outside_for_a_while_is_outside() -> None:
    mei = inside()
    assert [mei.says(104) for _ in range(4)] == ["inside"] * 4
    assert mei.says(104) == "left"


def test_who_may_be_wrong_by_forty_metres_is_not_clearly_out_at_thirty() -> None:
    sharp, vague = inside(), inside()
    assert [sharp.says(130) for _ in range(2)] == ["inside", "left"]
    assert [vague.says(130, accuracy=40) for _ in range(4)] == ["inside"] * 4


def test_drifting_out_and_in_is_one_visit() -> None:
    mei = inside()
    visit = mei.visit
    assert [mei.says(east) for east in (130, 140, 135)][-1] == "left"
    assert mei.says(60) == "maybe"
    assert mei.says(60) == "inside"
    assert mei.visit == visit


def test_the_time_outside_is_not_counted() -> None:
    mei = inside()
    mei.says(0, after=55)
    assert mei.seconds == 60
    for east in (150, 150, 150, 150):
        mei.says(east, after=10)
    mei.says(0)
    mei.says(0)
    assert mei.seconds == 65


def test_coming_back_after_lunch_is_another_visit() -> None:
    mei = inside()
    visit = mei.visit
    mei.says(150)
    mei.says(150)
    mei.says(150, after=400)
    assert mei.says(50) == "maybe"
    assert mei.says(50) == "inside"
    assert mei.visit != visit


def test_nine_minutes_of_silence_are_a_pause_eleven_are_not() -> None:
    mei = inside()
    visit = mei.visit
    assert mei.says(0, after=540) == "inside"
    assert mei.visit == visit
    assert mei.says(0, after=660) == "maybe"
    assert mei.says(0) == "inside"
    assert mei.visit != visit


def test_a_fix_told_twice_or_too_late_changes_nothing() -> None:
    mei = inside()
    before = mei.presence
    mei.says(300, after=0)
    mei.says(300, after=-60)
    assert mei.presence == before


def test_from_one_park_to_the_next_it_takes_as_much_as_anywhere() -> None:
    mei = inside(NEIGHBOURS)
    west = mei.visit
    assert mei.says(30) == "inside"
    assert mei.says(30) == "maybe"
    assert mei.says(30) == "inside"
    assert mei.visit != west
    assert mei.presence.open is not None
    assert mei.presence.open.park_id == "east"
    assert mei.presence.open.entered_at == mei.now - timedelta(seconds=10)


def test_a_step_over_the_common_edge_is_no_change_of_park() -> None:
    mei = inside(NEIGHBOURS)
    visit = mei.visit
    assert {mei.says(4 if turn % 2 else -4) for turn in range(30)} == {"inside"}
    assert mei.visit == visit


def test_a_park_that_is_taken_off_the_map_is_left_at_once() -> None:
    mei = inside()
    mei.index = Grid([garden("another", 60)])
    assert mei.says(-50) == "outside"
    assert mei.says(0) == "maybe"
    assert mei.says(0) == "inside"


def test_the_id_of_a_visit_is_hers_and_always_the_same() -> None:
    def visit_of(salt: bytes) -> str:
        mei = Mei(salt=salt)
        mei.says(0)
        mei.says(0)
        return mei.visit

    assert visit_of(b"mei") == visit_of(b"mei")
    assert visit_of(b"mei") != visit_of(b"ming")
    assert len(visit_of(b"mei")) == 32


@pytest.mark.parametrize("every", [1, 3, 5, 10, 30])
def test_however_often_the_phone_reports_she_is_in_and_out_in_time(every: int) -> None:
    """She walks through the garden at 1.2 m/s: true entry after 100 m, true exit after 300 m."""
    mei = Mei()
    seen = []
    for second in range(0, 400, every):
        mei.says(-200 + 1.2 * second, after=every)
        seen.append(mei.presence)
    visits = {one.visit.id: one.visit for one in seen if one.visit}
    assert len(visits) == 1
    (visit,) = visits.values()
    entered = (visit.entered_at - TWO_O_CLOCK).total_seconds() - every
    last = (visit.last_at - TWO_O_CLOCK).total_seconds() - every
    assert 83.3 <= entered < 83.3 + every
    assert 250 - every <= last <= 250
    assert visit.seconds == last - entered


@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(0.5, 700), st.one_of(st.none(), st.floats(0, 150)))))
def test_whatever_she_says_the_fence_keeps_its_word(told: list[tuple[float, float, float | None]]) -> None:
    mei = Mei()
    history = [mei.presence]
    for east, after, accuracy in told:
        mei.says(east, after=after, accuracy=accuracy)
        history.append(mei.presence)
    for before, now in pairwise(history):
        assert (now.state in {"inside", "left"}) <= (now.visit is not None)
        if now.open:
            assert before.state in {"inside", "maybe"}
            assert now.open.entered_at <= now.open.last_at
            assert 0 <= now.open.seconds <= (now.open.last_at - now.open.entered_at).total_seconds() + 1e-6
        if before.open and now.open and before.open.id == now.open.id:
            assert now.open.seconds >= before.open.seconds
