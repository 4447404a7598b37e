"""What counts of a day: no source is added to another, none is lost, and what cannot be is held and never clipped."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.days import SourceDay
from integrations.merge import (
    MOST_IN_A_DAY,
    MOST_IN_A_MINUTE,
    MOST_IN_AN_HOUR,
    Day,
    NotCounted,
    join,
    merge,
    typed_in,
    why_held,
)

ON = date(2026, 11, 1)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

hours_of_a_day = st.one_of(st.none(), st.tuples(*[st.integers(0, 300)] * 24))
source_days = st.builds(
    SourceDay,
    hours=hours_of_a_day,
    total=st.one_of(st.none(), st.integers(0, 9_000)),
    by_hand=st.sampled_from([0, 0, 500]),
    fastest=st.integers(0, 200),
    revised_at=st.sampled_from([None, NOON, NOON + timedelta(hours=1)]),
)
# One source says one thing at one moment: two revisions of the same moment are two readings of the same word.
unordered = source_days.map(lambda day: SourceDay(day.hours, day.total, day.by_hand, day.fastest))
sources = st.dictionaries(st.sampled_from(["phone", "watch", "ring", "app"]), unordered, max_size=4)


def hours(**said: int) -> tuple[int, ...]:
    """Steps by hour: `hours(h7=500)`."""
    return tuple(said.get(f"h{hour}", 0) for hour in range(24))


def merged(**said: SourceDay) -> Day:
    """What counts of a day that has begun."""
    return merge(said, ON, ON)


@given(source_days, source_days)
def test_joining_does_not_care_which_came_first(one: SourceDay, other: SourceDay) -> None:
    assert join(one, other) == join(other, one)


@given(source_days, source_days, source_days)
def test_joining_does_not_care_how_it_is_grouped(one: SourceDay, two: SourceDay, three: SourceDay) -> None:
    assert join(join(one, two), three) == join(one, join(two, three))


@given(source_days, source_days)
def test_joining_again_changes_nothing(one: SourceDay, other: SourceDay) -> None:
    assert join(one, one) == one
    assert join(join(one, other), other) == join(one, other)


@given(unordered, unordered)
def test_a_smaller_late_reading_never_lowers_a_fuller_one(old: SourceDay, late: SourceDay) -> None:
    now = join(old, late)
    assert all(after >= before for before, after in zip(old.hours or (), now.hours or (), strict=bool(old.hours)))
    assert (now.total or 0) >= (old.total or 0)
    assert now.by_hand >= old.by_hand


@given(source_days, source_days, st.integers(1, 100_000))
def test_a_source_that_corrects_itself_is_believed(old: SourceDay, new: SourceDay, seconds: int) -> None:
    before = SourceDay(old.hours, old.total, old.by_hand, old.fastest, NOON)
    after = SourceDay(new.hours, new.total, new.by_hand, new.fastest, NOON + timedelta(seconds=seconds))
    assert join(before, after) == join(after, before) == after
    assert join(old if old.revised_at is None else before, after) == after


def trusted(said: dict[Any, SourceDay]) -> dict[Any, SourceDay]:
    """Those that have something to say and are not held."""
    return {key: day for key, day in said.items() if day.steps is not None and not why_held(day, ON, ON)}


@given(sources)
def test_never_more_than_the_largest_hours_or_the_largest_total(said: dict[Any, SourceDay]) -> None:
    believed = trusted(said)
    largest = sum(max((day.hours[hour] for day in believed.values() if day.hours), default=0) for hour in range(24))
    total = max((day.total for day in believed.values() if day.total is not None), default=0)
    assert (merge(said, ON, ON).steps or 0) <= max(largest, total)


@given(sources)
def test_never_less_than_any_trusted_source_says_by_itself(said: dict[Any, SourceDay]) -> None:
    counted = merge(said, ON, ON).steps
    for day in trusted(said).values():
        assert counted is not None
        assert day.steps is not None
        assert counted >= day.steps


@given(sources, unordered)
def test_another_source_never_lowers_the_day(said: dict[Any, SourceDay], other: SourceDay) -> None:
    before, after = merge(said, ON, ON).steps, merge({**said, "zz": other}, ON, ON).steps
    assert before is None or (after is not None and after >= before)


@given(sources, st.randoms(use_true_random=False))
def test_the_order_of_sources_does_not_matter(said: dict[Any, SourceDay], chance: random.Random) -> None:
    keys = list(said)
    chance.shuffle(keys)
    assert merge({key: said[key] for key in keys}, ON, ON) == merge(said, ON, ON)


@given(sources)
def test_the_hours_that_count_are_somebodys_own_and_add_up(said: dict[Any, SourceDay]) -> None:
    day = merge(said, ON, ON)
    if day.hours is None:
        assert day.steps == (None if day.whole is None else said[day.whole].total)
        return
    assert sum(steps for _, steps in day.hours) == day.steps
    for hour, (source, steps) in enumerate(day.hours):
        own = said[source].hours
        assert own is not None
        assert own[hour] == steps


def test_two_sources_of_the_same_walk_are_one_walk() -> None:
    day = merged(phone=SourceDay(hours(h7=1_000, h8=200)), watch=SourceDay(hours(h7=1_100, h9=50)))
    assert day.steps == 1_100 + 200 + 50
    assert dict(day.said) == {"phone": 1_200, "watch": 1_150}
    assert day.hours is not None
    assert [day.hours[hour] for hour in (7, 8, 9)] == [("watch", 1_100), ("phone", 200), ("watch", 50)]


def test_a_total_competes_as_a_whole_day_with_the_sum_of_hours() -> None:
    phone = SourceDay(hours(h7=1_000, h8=200))
    larger = merged(phone=phone, ring=SourceDay(total=1_201))
    assert (larger.steps, larger.whole, larger.hours) == (1_201, "ring", None)
    for total in (1_200, 100):
        smaller = merged(phone=phone, ring=SourceDay(total=total))
        assert (smaller.steps, smaller.whole) == (1_200, None)


def test_a_source_with_a_total_is_not_asked_for_its_hours() -> None:
    day = merged(phone=SourceDay(hours(h7=900), total=700), watch=SourceDay(hours(h7=100)))
    assert (day.steps, day.whole) == (700, "phone")


def test_what_was_typed_in_is_shown_and_not_counted() -> None:
    day = merged(phone=SourceDay(hours(h7=900), by_hand=5_000), app=SourceDay(by_hand=7))
    assert day.steps == 900
    assert day.not_counted == (NotCounted("app", 7, "by_hand"), NotCounted("phone", 5_000, "by_hand"))
    assert merged(app=SourceDay(by_hand=7)).steps is None


def test_the_most_that_was_typed_in_is_never_a_sum() -> None:
    typed = {"phone": SourceDay(total=4_000, by_hand=500), "teacher": SourceDay(by_hand=8_200), "watch": SourceDay()}
    assert typed_in(typed, ON, ON) == 8_200
    assert typed_in({"watch": SourceDay(total=4_000)}, ON, ON) is None


def test_what_was_typed_in_is_held_like_what_was_measured() -> None:
    assert typed_in({"teacher": SourceDay(by_hand=MOST_IN_A_DAY)}, ON, ON) == MOST_IN_A_DAY
    assert typed_in({"teacher": SourceDay(by_hand=MOST_IN_A_DAY + 1)}, ON, ON) is None
    assert typed_in({"teacher": SourceDay(by_hand=8_200)}, ON + timedelta(days=1), ON) is None


def test_missing_is_not_zero() -> None:
    assert merged().steps is None
    assert merged(phone=SourceDay(hours())).steps == 0
    assert merged(ring=SourceDay(total=0)).steps == 0
    assert merged(ring=SourceDay(total=0)).whole == "ring"


@pytest.mark.parametrize(
    ("believed", "held", "why"),
    [
        (SourceDay(total=MOST_IN_A_DAY), SourceDay(total=MOST_IN_A_DAY + 1), "over_day"),
        (SourceDay(hours(h7=MOST_IN_AN_HOUR)), SourceDay(hours(h7=MOST_IN_AN_HOUR + 1)), "over_hour"),
        (
            SourceDay(hours(h7=600), fastest=MOST_IN_A_MINUTE),
            SourceDay(hours(h7=600), fastest=MOST_IN_A_MINUTE + 1),
            "over_minute",
        ),
    ],
)
def test_held_at_the_border_and_never_clipped(believed: SourceDay, held: SourceDay, why: str) -> None:
    assert merged(phone=believed).steps == believed.steps
    day = merged(phone=held)
    assert day.steps is None
    assert [tuple(each) for each in day.not_counted] == [("phone", held.steps, why)]
    assert day.said == {"phone": held.steps}


def test_a_day_that_has_begun_nowhere_is_held() -> None:
    phone = SourceDay(hours(h7=900))
    assert merge({"phone": phone}, ON, ON).steps == 900
    assert merge({"phone": phone}, ON + timedelta(days=1), ON).not_counted == (NotCounted("phone", 900, "future"),)


def test_a_held_source_does_not_keep_another_from_counting() -> None:
    day = merged(phone=SourceDay(hours(h7=900)), ring=SourceDay(total=500_000))
    assert day.steps == 900
    assert day.not_counted == (NotCounted("ring", 500_000, "over_day"),)


def test_hours_of_several_sources_that_make_an_impossible_day_are_held_together() -> None:
    morning = SourceDay(tuple([10_000] * 6 + [0] * 18))
    evening = SourceDay(tuple([0] * 18 + [10_000] * 6))
    day = merged(phone=morning, watch=evening)
    assert day.steps is None
    assert day.not_counted == (NotCounted(None, 120_000, "over_day"),)


def test_equal_hours_are_always_the_fuller_sources_and_then_the_first_by_name() -> None:
    phone, watch = SourceDay(hours(h7=500)), SourceDay(hours(h7=500, h8=1))
    for said in ({"a": phone, "b": watch}, {"b": watch, "a": phone}):
        counted = merge(said, ON, ON).hours
        assert counted is not None
        assert counted[7] == ("b", 500)
    equal = merge({"b": phone, "a": phone}, ON, ON).hours
    assert equal is not None
    assert {source for source, _ in equal} == {"a"}
    assert merge({"b": SourceDay(total=5), "a": SourceDay(total=5)}, ON, ON).whole == "a"
