"""A source's day as it is kept: what is packed comes out the same, in few bytes where hours are what people walk."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from challenges_app.play.activity.rules import packed, unpacked
from integrations.days import SourceDay

HOURS = st.none() | st.lists(st.integers(0, 2**32 - 1), min_size=24, max_size=24).map(tuple)


def kept(day: SourceDay) -> SourceDay:
    """A day after it was kept and read."""
    return unpacked(SimpleNamespace(**packed(day), twin=day.twin))


@given(HOURS, st.none() | st.integers(0, 10**6))
def test_a_day_comes_out_as_it_went_in(hours: tuple[int, ...] | None, total: int | None) -> None:
    day = SourceDay(hours, total, 0, 0, None)
    assert kept(day) == day


def test_an_hour_that_nobody_walks_costs_its_day_twice_the_bytes_and_loses_nothing() -> None:
    most, more = ((0,) * 23 + (steps,) for steps in (65_535, 65_536))
    assert [len(packed(SourceDay(hours, None, 0, 0, None))["hours"]) for hours in (most, more)] == [48, 96]
    assert kept(SourceDay(more, None, 0, 0, None)).hours == more
