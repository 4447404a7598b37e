"""The kind park_collect: what a capture is worth."""

from datetime import timedelta
from typing import Any

import pytest

from scoring.facts import CaptureFacts
from scoring.kinds import ParamsError, kinds
from scoring.kinds.park_collect import Params, on_capture, read
from tests.builders import MORNING


def facts(since_other_park: timedelta | None = None) -> CaptureFacts:
    """A capture in a park, so long after one in another park."""
    return CaptureFacts("walk", "drop-1", "player-1", "hong-kong-park", MORNING, since_other_park)


def test_the_kind_is_found_by_walking_the_folder() -> None:
    assert kinds()["park_collect"].VERSION == 1


def test_a_capture_has_a_key_that_says_what_it_is_for() -> None:
    (award,) = on_capture(Params(), facts())
    assert (award.key, award.points, award.coins) == ("cap:walk:drop-1:player-1", 10, 5)


@pytest.mark.parametrize(("minutes", "awards"), [(0, 2), (60, 2), (61, 1)])
def test_a_journey_ends_after_an_hour(minutes: int, awards: int) -> None:
    assert len(on_capture(Params(), facts(timedelta(minutes=minutes)))) == awards


@pytest.mark.parametrize(
    ("raw", "named"),
    [({"points": -1}, "points"), ({"points": 2.5}, "points"), ({"points": True}, "points"), ({"pionts": 5}, "pionts")],
)
def test_wrong_parameters_are_named(raw: dict[str, Any], named: str) -> None:
    with pytest.raises(ParamsError) as problem:
        read(raw)
    assert list(problem.value.problems) == [named]


def test_parameters_left_out_have_the_public_defaults() -> None:
    assert read({"points": 20}) == Params(points=20)
