"""Challenges of several kinds beside each other: the parks' screen shows the one that has captures."""

from datetime import timedelta

import pytest

from challenges_app.people.access.rules import Viewer
from challenges_app.play.challenges import actions as challenges
from challenges_app.play.today.actions import today
from scoring.kinds import ParamsError
from tests.builders import CHALLENGE, MORNING, World

NAMES = {"zh-Hant": "日行萬步", "zh-Hans": "日行万步", "en": "10,000 Steps a Day"}
SOON = (MORNING - timedelta(days=1), MORNING + timedelta(days=1))


def open_steps(world: World, *parks: str) -> None:
    """Open a challenge of steps that closes before the one in the parks."""
    world.write(lambda tx: challenges.open_challenge(tx, "steps", "steps_goal", {}, NAMES, SOON, parks))


def test_a_challenge_of_steps_that_closes_first_leaves_the_parks_as_they_are(world: World) -> None:
    somebody = Viewer(world.account("staff"), None, False, None, None, None, frozenset(), True, False, False)
    world.drop()
    before = today(world.here, MORNING, somebody)
    open_steps(world)
    after = today(world.here, MORNING, somebody)
    assert (after["challenge"]["id"], len(after["parks"])) == (CHALLENGE, 1)
    assert (after["challenge"], after["parks"]) == (before["challenge"], before["parks"])


def test_a_challenge_of_steps_has_no_parks(world: World) -> None:
    with pytest.raises(ParamsError, match="designated"):
        open_steps(world, "hong-kong-park")
