"""Seasons: weeks begin at Hong Kong midnight on Monday."""

from datetime import UTC, datetime

import pytest

from scoring.measures import value
from scoring.seasons import seasons_of


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), "2026-W47"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026-W48"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2026-W53"),
    ],
)
def test_a_week_turns_at_midnight_in_hong_kong(at: datetime, week: str) -> None:
    assert seasons_of(at) == ("all", week)


def test_a_small_school_can_win_by_share() -> None:
    small, large = value("share", 900, 9, 10), value("share", 9000, 90, 400)
    assert small > large


def test_a_school_without_enrolments_divides_by_nothing_less_than_one() -> None:
    assert value("mean", 50, 0, 0) == 50
    assert value("share", 50, 2, 1) == 1
