"""Parameters of steps_goal: public defaults, and a reason for each that makes no sense."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.kinds import ParamsError
from scoring.kinds.steps_goal import BOUNDS, Params, read

ATOMS = st.sampled_from([None, True, -1, 0, 1, 2, 5_000, 10**9, 0.5, float("nan"), "", "7", {}, {"steps": 1}])
JSON = ATOMS | st.lists(ATOMS | st.lists(ATOMS, max_size=4), max_size=4)


def problems(raw: dict[str, Any]) -> dict[str, str]:
    """What is said of parameters that are refused."""
    with pytest.raises(ParamsError) as problem:
        read(raw)
    return problem.value.problems


def test_parameters_left_out_have_the_public_defaults() -> None:
    assert read({}) == Params()
    assert read({"rest_days": 2}) == Params(rest_days=2)


def test_tiers_come_as_lists() -> None:
    assert read({"tiers": [[6_000, 5, 0], [8_000, 5, 1]]}).tiers == ((6_000, 5, 0), (8_000, 5, 1))


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("wrong", [-1, 2.5, True, "7", None])
def test_each_number_is_refused_by_name(name: str, wrong: object) -> None:
    assert list(problems({name: wrong})) == [name]


@pytest.mark.parametrize("name", BOUNDS)
def test_each_number_has_a_least_and_a_most(name: str) -> None:
    least, most = BOUNDS[name]
    assert (
        problems({name: least - 1})
        == problems({name: most + 1})
        == {name: f"must be a whole number from {least} to {most}"}
    )


def test_all_problems_are_told_at_once() -> None:
    assert set(problems({"rest_days": 7, "stepps": 1, "tiers": []})) == {"rest_days", "stepps", "tiers"}


@pytest.mark.parametrize(
    ("tiers", "why"),
    [
        ([], "list of 1 to 10"),
        ("abc", "list of 1 to 10"),
        ([[each, 1, 1] for each in range(1, 12)], "list of 1 to 10"),
        ([[5_000, 5]], "steps, points and coins"),
        ([5_000], "steps, points and coins"),
        ([[0, 5, 1]], "steps must be whole numbers from 1"),
        ([[5_000, -5, 1]], "points and coins from 0"),
        ([[5_000, 5, 0.5]], "points and coins from 0"),
        ([[5_000, 5, 1], [5_000, 8, 2]], "steps must rise"),
        ([[7_500, 5, 1], [5_000, 8, 2]], "steps must rise"),
        ([[5_000, 5, 1], [7_500, 4, 1]], "must not fall"),
        ([[5_000, 5, 1], [7_500, 5, 0]], "must not fall"),
    ],
)
def test_tiers_that_make_no_sense_are_refused_with_the_reason(tiers: object, why: str) -> None:
    assert why in problems({"tiers": tiers})["tiers"]


def test_a_tier_that_cannot_be_reached_is_refused() -> None:
    assert read({"counted_steps": 10_000}).counted_steps == 10_000
    assert problems({"counted_steps": 9_999}) == {"counted_steps": "must not be below the highest tier, 10000 steps"}
    assert "counted_steps" in problems({"tiers": [[30_001, 5, 1]]})


@given(st.dictionaries(st.sampled_from([*BOUNDS, "tiers", "more"]), JSON))
def test_whatever_comes_is_read_or_refused(raw: dict[str, Any]) -> None:
    with suppress(ParamsError):
        params = read(raw)
        assert all(isinstance(tier, tuple) and len(tier) == 3 for tier in params.tiers)


@pytest.mark.parametrize("by_hand", [True, False])
def test_whether_typed_steps_count_is_read(*, by_hand: bool) -> None:
    assert read({"by_hand": by_hand}) == Params(by_hand=by_hand)


@pytest.mark.parametrize("value", [1, 0, "true", None, []])
def test_whether_typed_steps_count_is_yes_or_no(value: object) -> None:
    assert "true or false" in problems({"by_hand": value})["by_hand"]
