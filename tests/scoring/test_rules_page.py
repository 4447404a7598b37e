"""The public page of rules tells the numbers that count, in each language."""

import json
from pathlib import Path

import pytest

from challenges_app.play.challenges.actions import SETTLES
from challenges_app.settings import read
from geo.fix import COARSEST_M
from geo.pace import EARNING_MPS
from geo.walk import REACH_M
from integrations.merge import MOST_IN_A_DAY, MOST_IN_A_MINUTE, MOST_IN_AN_HOUR
from scoring.kinds import park_collect, steps_goal
from scoring.measures import SHOWN_FROM
from scoring.places import ABOVE, BELOW
from tests.builders import KEYS, PEPPER

WORDS = Path(__file__).parents[2] / "webapp/src/words/public"
CAPTURE, STEPS = park_collect.Params(), steps_goal.Params()
CURFEW = read({"EPLUS_KEYS": KEYS, "EPLUS_PEPPER": PEPPER}).curfew or ()

# Every number of a rule, as the code has it.
TOLD: dict[str, list[float]] = {
    "rules.capture_1": [REACH_M],
    "rules.capture_2": [COARSEST_M],
    "rules.capture_3": [CAPTURE.daily_cap],
    "rules.points_1": [CAPTURE.points, CAPTURE.coins],
    "rules.points_2": [park_collect.JOURNEY.total_seconds() / 60, CAPTURE.journey_points],
    "rules.steps_1": [STEPS.counted_steps, 1000, STEPS.points_per_thousand],
    "rules.steps_2": [tier[part] for part in range(3) for tier in STEPS.tiers],
    "rules.not_2": [MOST_IN_A_MINUTE, MOST_IN_AN_HOUR, MOST_IN_A_DAY],
    "rules.ties_4": [SHOWN_FROM["school"], SHOWN_FROM["household"]],
    "rules.fair_1": [EARNING_MPS * 3.6],
}


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_the_page_tells_the_numbers_that_count(language: str) -> None:
    said = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    for key, numbers in TOLD.items():
        for number in numbers:
            assert f"{number:,.10g}" in said[key], (key, number)
    for edge in CURFEW:
        assert f"{edge:%H:%M}" in said["rules.child_1"]
    assert {f"{STEPS.tiers[0][0]:,}", str(STEPS.week_points), str(STEPS.week_coins)} <= set(
        _numbers(said["rules.steps_3"])
    )


def test_what_is_told_in_words_is_so() -> None:
    assert (ABOVE, BELOW) == (3, 2)  # three above and two below
    assert SETTLES.days == 7  # seven days after a challenge ends
    assert STEPS.rest_days == 1  # six days of a week


def _numbers(text: str) -> list[str]:
    return "".join(each if each.isdigit() or each == "," else " " for each in text).split()
