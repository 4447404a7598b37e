"""From samples to days: no step is lost or invented, whatever the order, the repetition or the hour."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from integrations.contract import MOST_STEPS, DayCount, Problem, Reading, Sample, Why
from integrations.days import MOST_DAYS, MOST_INTERVALS, MOST_SOURCES, Days, SourceDay, collect

MILLISECOND = timedelta(milliseconds=1)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))
ZONES = [UTC, timezone(timedelta(hours=8)), KATHMANDU, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]

moments = st.builds(
    lambda at, zone: datetime(2026, 10, 31, tzinfo=zone) + at * MILLISECOND,
    st.integers(0, 4 * 24 * 3_600_000),
    st.sampled_from(ZONES),
)
lengths = st.one_of(st.integers(0, 25 * 3_600_000), st.sampled_from([0, 1, 3_600_000, 86_400_000, 90_000_000]))
samples = st.builds(
    lambda source, starts, lasts, steps, by_hand: Sample(source, starts, starts + lasts * MILLISECOND, steps, by_hand),
    st.sampled_from(["phone", "watch"]),
    moments,
    lengths,
    st.integers(0, 50_000),
    st.booleans(),
)
counts = st.builds(
    DayCount,
    st.sampled_from(["phone", "watch"]),
    st.dates(date(2026, 10, 31), date(2026, 11, 3)),
    st.integers(0, 50_000),
    st.booleans(),
    st.one_of(st.none(), moments),
)


def walked(starts: datetime, minutes: float, steps: int, source: str = "phone", *, by_hand: bool = False) -> Sample:
    """A sample of so many minutes."""
    return Sample(source, starts, starts + timedelta(minutes=minutes), steps, by_hand)


def day(*readings: Reading, on: int = 1, source: str = "phone") -> SourceDay:
    """What a source says of a day of November 2026."""
    return collect(readings)[0][source, date(2026, 11, on)]


def all_steps(readings: Sequence[Reading]) -> int:
    """The steps of all hours of all days, typed-in ones too."""
    days, problems = collect(readings)
    assert problems == []
    return sum(sum(each.hours or ()) + each.by_hand for each in days.values())


@given(st.lists(st.one_of(samples, counts), max_size=20), st.randoms(use_true_random=False), st.integers(1, 3))
def test_order_and_repetition_never_change_a_day(readings: list[Reading], chance: object, times: int) -> None:
    again = readings * times
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert collect(again)[0] == collect(readings)[0]


@given(samples)
def test_hours_and_days_of_a_sample_add_up_to_its_steps(sample: Sample) -> None:
    assert all_steps([sample]) == sample.steps


@given(samples, st.lists(st.floats(0, 1), max_size=5))
def test_splitting_a_record_loses_and_invents_nothing(sample: Sample, places: list[float]) -> None:
    whole = (sample.ends - sample.starts) // MILLISECOND
    cuts = sorted({0, whole, *(round(place * whole) for place in places)})
    assume(len(cuts) > 1)
    passed = [sample.steps * cut // whole for cut in cuts]
    pieces = [
        sample._replace(starts=sample.starts + cuts[at] * MILLISECOND, ends=sample.starts + cuts[at + 1] * MILLISECOND)
        ._replace(steps=passed[at + 1] - passed[at])
        for at in range(len(cuts) - 1)
    ]  # fmt: skip
    assert all_steps(pieces) == sample.steps


@given(samples)
def test_the_local_day_is_that_of_the_samples_own_offset(sample: Sample) -> None:
    short = sample._replace(ends=sample.starts)
    assert list(collect([short])[0]) == [(sample.source, sample.starts.date())]


def test_a_record_over_midnight_gives_each_day_its_minutes() -> None:
    over = walked(datetime(2026, 11, 1, 23, 50, tzinfo=KATHMANDU), 20, 1001)
    assert day(over, on=1).hours == (0,) * 23 + (500,)
    assert day(over, on=2).hours == (501,) + (0,) * 23


def test_two_records_that_end_alike_after_midnight_are_both_kept() -> None:
    # Cut at midnight before they were compared, their second halves looked like one record said twice.
    ends = datetime(2026, 11, 2, 0, 10, tzinfo=UTC)
    long, short = (Sample("phone", ends - timedelta(minutes=lasts), ends, lasts) for lasts in (40, 20))
    assert all_steps([long, short, long]) == 60
    assert day(long, short, on=2).hours == (20, *(0,) * 23)
    assert all_steps([walked(ends - timedelta(hours=1), 120, 7), walked(ends - timedelta(hours=1), 120, 9)]) == 9


def test_the_long_day_in_autumn_is_one_day_of_25_hours() -> None:
    london = ZoneInfo("Europe/London")
    starts, ends = datetime(2026, 10, 25, tzinfo=london), datetime(2026, 10, 26, tzinfo=london)
    utc = Sample("phone", starts.astimezone(UTC), ends.astimezone(UTC), 2500)
    assert utc.ends - utc.starts == timedelta(hours=25)
    assert all_steps([utc]) == 2500
    assert all_steps([Sample("phone", starts, ends, 2500)]) == 2500


def test_an_hour_gets_its_share() -> None:
    assert day(walked(datetime(2026, 11, 1, 7, 45, tzinfo=UTC), 60, 100)).hours == (*(0,) * 7, 25, 75, *(0,) * 15)


def test_the_same_interval_twice_is_once_and_the_larger_wins() -> None:
    seven = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert day(walked(seven, 10, 400), walked(seven, 10, 700), walked(seven, 10, 500)).steps == 700


def test_intervals_that_only_overlap_are_both_the_sources_word() -> None:
    seven = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert day(walked(seven, 10, 400), walked(seven, 11, 500)).steps == 900


def test_what_was_typed_in_stands_apart_even_over_the_same_minutes() -> None:
    seven = datetime(2026, 11, 1, 7, tzinfo=UTC)
    said = day(
        walked(seven, 10, 400), walked(seven, 10, 9_000, by_hand=True), DayCount("phone", seven.date(), 50, True)
    )
    assert (said.steps, said.by_hand) == (400, 9_000)
    assert day(DayCount("phone", seven.date(), 50, True)).steps is None


def test_missing_is_not_zero() -> None:
    at = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert day(walked(at, 10, 0)).steps == 0
    assert day(DayCount("phone", at.date(), 0)).steps == 0
    assert ("phone", date(2026, 11, 2)) not in collect([walked(at, 10, 0)])[0]


def test_a_sources_own_total_beats_its_samples() -> None:
    at = datetime(2026, 11, 1, 7, tzinfo=UTC)
    said = day(walked(at, 10, 900), DayCount("phone", at.date(), 700))
    assert (said.steps, sum(said.hours or ())) == (700, 900)


def test_the_later_revision_of_a_total_counts_even_when_it_is_smaller() -> None:
    on, noon = date(2026, 11, 1), datetime(2026, 11, 1, 12, tzinfo=UTC)
    early, late = (
        DayCount("phone", on, 900, revised_at=noon),
        DayCount("phone", on, 700, revised_at=noon + timedelta(1)),
    )
    unsaid = DayCount("phone", on, 9_999)
    for order in ([early, late, unsaid], [unsaid, late, early], [late, unsaid, early]):
        assert day(*order).steps == 700


def test_the_fastest_minute_is_known_and_a_short_sample_is_no_faster_than_its_steps() -> None:
    at = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert day(walked(at, 10, 1_000)).fastest == 100
    assert day(walked(at, 0, 30), walked(at, 0.1, 20)).fastest == 30


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (walked(datetime(2026, 11, 1, tzinfo=UTC), 1, -1), "negative"),
        (walked(datetime(2026, 11, 1, tzinfo=UTC), 1, MOST_STEPS + 1), "too_large"),
        (walked(datetime(2026, 11, 1, tzinfo=UTC), -1, 1), "ends_before"),
        (walked(datetime(2026, 11, 1, tzinfo=UTC), 25 * 60 + 1, 1), "too_long"),
        (walked(datetime(1999, 12, 31, tzinfo=UTC), 1, 1), "not_a_date"),
        (walked(datetime(2099, 12, 31, tzinfo=UTC), 1, 1), "not_a_date"),
        (walked(datetime(1, 1, 1, tzinfo=KATHMANDU), 1, 1), "not_a_date"),
        (DayCount("phone", date(2100, 1, 1), 1), "not_a_date"),
        (DayCount("phone", date(2026, 11, 1), -1), "negative"),
    ],
)
def test_what_cannot_be_is_refused_and_said(reading: Sample | DayCount, why: Why) -> None:
    assert collect([reading]) == ({}, [Problem(None, why, str(reading.steps))])


def test_hundreds_of_sources_and_days_are_too_much() -> None:
    days = Days()
    said = [days.add(DayCount(f"source {at}", date(2026, 11, 1), 5)) for at in range(MOST_SOURCES + 1)]
    assert said == [None] * MOST_SOURCES + ["too_much"]


@pytest.mark.parametrize("by_hand", [False, True])
def test_days_of_all_sources_are_bounded_also_those_typed_in(by_hand: bool) -> None:
    days = Days()
    first = date(2000, 1, 1)
    said = [
        days.add(DayCount(source, first + timedelta(days=at), 5, by_hand))
        for source in ("a", "b")
        for at in range(30_000)
    ]
    assert said.count(None) == MOST_DAYS + 1
    assert set(said[MOST_DAYS + 1 :]) == {"too_much"}


def test_days_that_take_turns_are_as_good_as_days_in_order() -> None:
    # Unpacking a day for each of its rows cost 90 seconds for as many rows as this.
    at = datetime(2026, 11, 1, tzinfo=UTC)
    turns = [walked(at + timedelta(days=n % 2, milliseconds=n), 0, 1) for n in range(40_000)]
    assert [each.steps for each in collect(turns)[0].values()] == [20_000, 20_000]


def test_a_day_has_no_more_intervals_than_seconds() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    days = Days()
    every_second = [walked(at + timedelta(seconds=n), 0, 1) for n in range(MOST_INTERVALS)]
    assert {days.add(each) for each in every_second * 3} == {None}
    more = [days.add(walked(at + timedelta(milliseconds=n), 0, 1)) for n in range(2 * MOST_INTERVALS)]
    assert more[-1] == "too_much"
    ((_, _, said),) = days.finish()
    assert MOST_INTERVALS <= (said.steps or 0) <= 2 * MOST_INTERVALS


def test_a_file_has_no_more_intervals_than_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.days.MOST_OF_ALL", 5_000)
    at, days = datetime(2026, 11, 1, tzinfo=UTC), Days()
    said = [days.add(walked(at + timedelta(days=n % 28, seconds=n), 0, 1)) for n in range(6_000)]
    assert said == [None] * 5_000 + ["too_much"] * 1_000
    assert sum(day.steps or 0 for _, _, day in days.finish()) == 5_000


def test_what_is_said_again_and_again_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.days.MOST_OF_ALL", 10_000)
    at, days = datetime(2026, 11, 1, tzinfo=UTC), Days()
    assert {days.add(walked(at + timedelta(seconds=n % 1_000), 0, 1)) for n in range(50_000)} == {None}


@settings(max_examples=20)
@given(st.lists(samples, max_size=10))
def test_a_day_says_all_or_none_of_its_hours(readings: list[Reading]) -> None:
    for said in collect(readings)[0].values():
        assert said.hours is None or len(said.hours) == 24
        assert (said.steps is None) == (said.hours is None)
