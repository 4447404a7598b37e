"""Walk every day: points and coins for a day's steps, and more for a week that was kept but for a day of rest."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from scoring.awards import Award, DailyAward
from scoring.facts import StepsFacts
from scoring.kinds import ParamsError
from scoring.seasons import week_of_day

NAME = "steps_goal"
VERSION = 1

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LATE = timedelta(days=7)  # the rule sheet's time for data that comes late
MOST_TIERS = 10

Tier = tuple[int, int, int]  # steps, points, coins


@dataclass(frozen=True, slots=True)
class Params:
    """Every number a whole one; the defaults are those of the public rules page.

    `by_hand`: steps that were typed in count on days on which nothing that was measured counts more.
    """

    counted_steps: int = 30_000  # the most steps of one day that count
    points_per_thousand: int = 1  # for each full thousand counted
    tiers: tuple[Tier, ...] = ((5_000, 5, 1), (7_500, 8, 2), (10_000, 10, 3))  # only the highest reached counts
    rest_days: int = 1  # days of a week that may miss the first tier
    week_points: int = 20  # for a kept week
    week_coins: int = 5
    goal: int = 400  # twenty days of 10,000 steps, or fewer with kept weeks
    week_goal: int = 100  # five days of 10,000 steps
    by_hand: bool = False


# With seven days of rest, or a first tier of no steps, a week would be kept by nothing at all.
BOUNDS = {
    "counted_steps": (1, 100_000),
    "points_per_thousand": (0, 1_000),
    "rest_days": (0, 6),
    "week_points": (0, 10_000),
    "week_coins": (0, 10_000),
    "goal": (0, 100_000),
    "week_goal": (0, 100_000),
}


def read(raw: Mapping[str, Any]) -> Params:
    """Parameters from JSON, tiers as lists; raises `ParamsError` naming each that is unknown or makes no sense."""
    known = {each.name for each in fields(Params)}
    problems = {name: "is not a parameter of this kind" for name in raw if name not in known}
    for name, (least, most) in BOUNDS.items():
        if name in raw and not _whole(raw[name], least, most):
            problems[name] = f"must be a whole number from {least} to {most}"
    if "by_hand" in raw and type(raw["by_hand"]) is not bool:
        problems["by_hand"] = "must be true or false: whether steps that were typed in count"
    if "tiers" in raw and (why := _wrong_tiers(raw["tiers"])):
        problems["tiers"] = why
    if problems:
        raise ParamsError(problems)
    params = Params(**raw)
    if "tiers" in raw:
        params = replace(params, tiers=tuple((steps, points, coins) for steps, points, coins in raw["tiers"]))
    if params.tiers[-1][0] > params.counted_steps:
        raise ParamsError({"counted_steps": f"must not be below the highest tier, {params.tiers[-1][0]} steps"})
    return params


def on_days(params: Params, facts: StepsFacts) -> list[DailyAward]:
    """What each day is worth, and each whole week inside the challenge that was kept, in the order of their days.

    A week's award belongs to the day on which it was sure. Nothing is ever taken away for a day that was missed.
    """
    facts = _with_typed(params, facts)
    inside = sorted(on for on in facts.steps if facts.first_on <= on <= facts.last_on)
    mondays = sorted({_monday(on) for on in inside})
    days = [_day(params, facts, on) for on in inside]
    weeks = [_week(params, facts, monday) for monday in mondays if _is_whole(facts, monday)]
    return sorted((each for each in (*days, *weeks) if each), key=lambda each: each.on)


def streak(params: Params, facts: StepsFacts, today: date) -> int:
    """How many weeks in a row were kept, from the facts of the whole challenge.

    A week counts as soon as it is sure, as its points do. One that is not over, or for which data may still come,
    does not break the row; neither do the cut weeks at the challenge's ends.
    """
    facts = _with_typed(params, facts)
    kept = 0
    monday = _monday(facts.last_on)
    while monday >= facts.first_on:
        if _is_whole(facts, monday):
            if len(_kept_days(params, facts, monday)) >= _needed(params):
                kept += 1
            elif not _may_be_kept(params, facts, monday, today):
                break
        monday -= WEEK
    return kept


def _with_typed(params: Params, facts: StepsFacts) -> StepsFacts:
    """The facts with what was typed in, where it counts: the larger of both on each day, never their sum."""
    if not params.by_hand or not facts.typed:
        return facts
    days = facts.steps.keys() | facts.typed.keys()
    return replace(facts, steps={on: max(facts.steps.get(on, 0), facts.typed.get(on, 0)) for on in days}, typed={})


def _day(params: Params, facts: StepsFacts, on: date) -> DailyAward | None:
    counted = min(facts.steps[on], params.counted_steps)
    reached = [tier for tier in params.tiers if counted >= tier[0]]
    _, tier_points, coins = reached[-1] if reached else (0, 0, 0)
    points = counted // 1_000 * params.points_per_thousand + tier_points
    if not points and not coins:
        return None
    return DailyAward(on, Award(f"day:{facts.challenge_id}:{facts.player_id}:{on}", points, coins, "steps_day"))


def _week(params: Params, facts: StepsFacts, monday: date) -> DailyAward | None:
    kept, needed = _kept_days(params, facts, monday), _needed(params)
    if len(kept) < needed or not (params.week_points or params.week_coins):
        return None
    key = f"week:{facts.challenge_id}:{facts.player_id}:{week_of_day(monday)}"
    return DailyAward(kept[needed - 1], Award(key, params.week_points, params.week_coins, "steps_week"))


def _kept_days(params: Params, facts: StepsFacts, monday: date) -> list[date]:
    """The days of a week that reach the first tier, in order."""
    first_tier = params.tiers[0][0]
    return [on for on in _week_days(monday) if facts.steps.get(on, 0) >= first_tier]


def _may_be_kept(params: Params, facts: StepsFacts, monday: date, today: date) -> bool:
    """Whether a week is not over, or just over with so few days missing that late data may still complete it."""
    sunday = monday + 6 * DAY
    if today <= sunday:
        return True
    missing = [on for on in _week_days(monday) if on not in facts.steps]
    kept = _kept_days(params, facts, monday)
    return today <= sunday + LATE and len(kept) + len(missing) >= _needed(params)


def _needed(params: Params) -> int:
    return 7 - params.rest_days


def _monday(on: date) -> date:
    return on - on.weekday() * DAY


def _week_days(monday: date) -> list[date]:
    return [monday + number * DAY for number in range(7)]


def _is_whole(facts: StepsFacts, monday: date) -> bool:
    return facts.first_on <= monday and monday + 6 * DAY <= facts.last_on


def _whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _wrong_tiers(tiers: object) -> str | None:
    """Why these are no tiers, in a few words for staff, or None."""
    if not isinstance(tiers, list | tuple) or not 1 <= len(tiers) <= MOST_TIERS:
        return f"must be a list of 1 to {MOST_TIERS} tiers"
    for tier in tiers:
        if not isinstance(tier, list | tuple) or len(tier) != 3:
            return "each must be a list of steps, points and coins"
        if not _whole(tier[0], 1, 100_000) or not all(_whole(each, 0, 10_000) for each in tier[1:]):
            return "steps must be whole numbers from 1 to 100000, points and coins from 0 to 10000"
    for lower, higher in pairwise(tiers):
        if higher[0] <= lower[0]:
            return "steps must rise from each tier to the next"
        if higher[1] < lower[1] or higher[2] < lower[2]:
            return "points and coins must not fall from one tier to the next"
    return None
