"""Places: a total order, shared places for ties, neighbours that do not shame."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.places import Entry, around, may_count, may_show, next_above, rank, top

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

ENTRIES = st.lists(
    st.builds(
        Entry,
        subject=st.uuids().map(str),
        value=st.integers(0, 8).map(float),
        reached_at=st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    unique_by=lambda entry: entry.subject,
    max_size=30,
)


def entry(subject: str, value: float, minutes: int = 0) -> Entry:
    """An entry that got there so many minutes after noon."""
    return Entry(subject, value, NOON + timedelta(minutes=minutes))


def places(*entries: Entry) -> list[tuple[str, int, bool]]:
    """Subject, place and tie of each."""
    return [(each.entry.subject, each.place, each.tied) for each in rank(entries)]


def test_equal_values_share_a_place_and_the_next_one_is_skipped() -> None:
    ranked = places(entry("c", 5), entry("a", 9, 2), entry("b", 9, 1))
    assert ranked == [("b", 1, True), ("a", 1, True), ("c", 3, False)]


def test_three_alike_are_all_tied() -> None:
    assert places(entry("a", 1), entry("b", 1), entry("c", 1)) == [("a", 1, True), ("b", 1, True), ("c", 1, True)]


def test_neighbours_are_three_above_and_two_below() -> None:
    ranked = rank(entry(str(number), -number) for number in range(10))
    assert [each.place for each in around(ranked, 5)] == [3, 4, 5, 6, 7, 8]


def test_the_next_place_skips_those_who_share_mine() -> None:
    ranked = rank([entry("a", 9), entry("b", 5, 1), entry("c", 5, 2)])
    assert next_above(ranked, 2) == ranked[0]
    assert next_above(ranked, 0) is None


def test_nobody_is_told_a_number_that_says_they_are_last() -> None:
    ranked = rank(entry(str(number), -number) for number in range(5))
    assert [may_count(ranked, at) for at in range(5)] == [True, True, True, False, False]


@given(ENTRIES)
def test_a_place_is_one_more_than_the_number_who_have_more(entries: list[Entry]) -> None:
    for each in rank(entries):
        assert each.place == 1 + sum(other.value > each.entry.value for other in entries)


@given(ENTRIES.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_never_depends_on_how_rows_arrive(both: tuple[list[Entry], list[Entry]]) -> None:
    assert rank(both[0]) == rank(both[1])


def test_the_last_three_see_nobody_below_and_so_cannot_tell_which_they_are() -> None:
    ranked = rank(entry(str(number), -number) for number in range(8))
    below = [len([each for each in around(ranked, at) if each.place > at + 1]) for at in range(8)]
    assert below == [2, 2, 2, 2, 1, 0, 0, 0]


def test_the_top_ends_before_the_last_two_save_for_first_places() -> None:
    assert len(top(rank(entry(str(number), -number) for number in range(8)), 10)) == 6
    assert len(top(rank([entry("a", 1)]), 10)) == 1


@given(ENTRIES.filter(bool), st.data())
def test_nobody_but_me_is_shown_with_fewer_than_two_behind(entries: list[Entry], data: st.DataObject) -> None:
    ranked = rank(entries)
    at = data.draw(st.integers(0, len(ranked) - 1))
    near = around(ranked, at)
    assert ranked[at] in near
    assert len(near) <= 6
    below = [each for each in near if ranked.index(each) > at]
    assert all(may_show(ranked, ranked.index(each)) for each in [*below, *top(ranked, 10)])
