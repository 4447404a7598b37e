"""Walk to parks and collect: points for each capture, and more for going on to another park within the hour."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from scoring.awards import Award
from scoring.facts import CaptureFacts
from scoring.kinds import ParamsError

NAME = "park_collect"
VERSION = 1

JOURNEY = timedelta(minutes=60)  # the rule sheet's bonus for two different parks within the hour


@dataclass(frozen=True, slots=True)
class Params:
    """Every number a whole one; the defaults are those of the public rules page."""

    points: int = 10
    coins: int = 5
    journey_points: int = 10
    journey_coins: int = 0
    daily_cap: int = 20
    goal: int = 600
    week_goal: int = 150


def read(raw: Mapping[str, Any]) -> Params:
    """Parameters from JSON; raises `ParamsError` naming each that is unknown or out of bounds."""
    known = {each.name for each in fields(Params)}
    problems = {name: "is not a parameter of this kind" for name in raw if name not in known}
    for name in known & raw.keys():
        if type(raw[name]) is not int or not 0 <= raw[name] <= 10_000:
            problems[name] = "must be a whole number from 0 to 10000"
    if problems:
        raise ParamsError(problems)
    return Params(**raw)


def on_capture(params: Params, facts: CaptureFacts) -> list[Award]:
    """The capture itself, and the journey when the last capture was in another park at most an hour ago."""
    about = f"{facts.challenge_id}:{facts.drop_id}:{facts.player_id}"
    awards = [Award(f"cap:{about}", params.points, params.coins, "capture")]
    if facts.since_other_park is not None and facts.since_other_park <= JOURNEY:
        awards.append(Award(f"jou:{about}", params.journey_points, params.journey_coins, "journey"))
    return awards
