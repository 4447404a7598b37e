"""Builders for steps: some days of a challenge in November 2026, in a few words."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from scoring.awards import DailyAward
from scoring.facts import StepsFacts
from scoring.kinds.steps_goal import Params, Tier

MONDAY = date(2026, 11, 2)
WEEKS = 4
SUNDAY = MONDAY + timedelta(days=7 * WEEKS - 1)
KEPT, SHORT = 5_000, 4_999


def days(*steps: int | None, start: date = MONDAY) -> dict[date, int]:
    """Steps of consecutive days from a Monday on; None for a day without data."""
    numbered = enumerate(steps)
    return {start + timedelta(days=number): each for number, each in numbered if each is not None}


def facts(steps: dict[date, int], first_on: date = MONDAY, last_on: date = SUNDAY) -> StepsFacts:
    """One player's facts; the challenge is four whole weeks unless it is said otherwise."""
    return StepsFacts("walk", "player-1", first_on, last_on, steps)


def totals(awards: Iterable[DailyAward]) -> tuple[int, int]:
    """All points and coins of some awards."""
    found = list(awards)
    return sum(each.award.points for each in found), sum(each.award.coins for each in found)


def of_weeks(awards: Iterable[DailyAward]) -> list[DailyAward]:
    """The awards for kept weeks."""
    return [each for each in awards if each.award.why == "steps_week"]


def _rising(steps: Sequence[int], points: Sequence[int], coins: Sequence[int]) -> tuple[Tier, ...]:
    return tuple(zip(sorted(steps), sorted(points), sorted(coins), strict=True))


STEPS = st.integers(0, 60_000)
# A player's steps on some days of the four weeks and of a few days around them.
SOME_DAYS = st.dictionaries(st.dates(MONDAY - timedelta(days=9), SUNDAY + timedelta(days=9)), STEPS, max_size=45)
# Where days are likely to be kept, so that whole weeks are.
BUSY_DAYS = st.lists(st.sampled_from([None, 0, SHORT, KEPT, 7_500, 12_000]), min_size=28, max_size=28).map(
    lambda steps: days(*steps)
)
PARAMS = st.integers(1, 4).flatmap(
    lambda number: st.builds(
        Params,
        counted_steps=st.integers(20_000, 40_000),
        points_per_thousand=st.integers(0, 5),
        tiers=st.builds(
            _rising,
            st.lists(st.integers(1, 20_000), min_size=number, max_size=number, unique=True),
            st.lists(st.integers(0, 50), min_size=number, max_size=number),
            st.lists(st.integers(0, 9), min_size=number, max_size=number),
        ),
        rest_days=st.integers(0, 6),
        week_points=st.integers(0, 50),
        week_coins=st.integers(0, 9),
    )
)
