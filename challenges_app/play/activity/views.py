"""Doors: a day of steps, and a month of steps."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel

from challenges_app.kit import words
from challenges_app.kit.http import NOT_FOUND
from challenges_app.kit.services import services
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import the_person
from challenges_app.play.activity import actions, rules
from integrations.days import FIRST, LAST
from integrations.merge import NotCountedWhy

BY_TEACHER = "class_readings"  # the provider of what a teacher read off a pedometer

blueprint = APIBlueprint("activity", __name__, tag="Steps")


class SourceNow(BaseModel):
    """A phone, watch or file that counts the reader's steps."""

    id: int
    name: str
    provider: str


class SourceSaid(SourceNow):
    """A source with what it counted by itself on a day."""

    steps: int


class HourNow(BaseModel):
    """What counted in an hour, and the source that it is from."""

    source: int
    steps: int


class NotCountedNow(BaseModel):
    """Steps that were seen and not counted, and why, in words; `provider` is null where a whole day is held.

    `counted_in` names the challenges in which typed-in steps count nevertheless.
    """

    on: date
    source: str
    source_id: int | None
    provider: str | None
    steps: int
    why: NotCountedWhy
    text: str
    counted_in: list[Tri]


class StepsDay(BaseModel):
    """A local day: `steps` is null where nothing is known; `hours` has 24, or is null where a daily total counted."""

    on: date
    steps: int | None
    hours: list[HourNow] | None
    whole: int | None
    sources: list[SourceSaid]
    not_counted: list[NotCountedNow]
    first_on: date | None
    last_on: date | None


class DaySteps(BaseModel):
    """The counted steps of a day."""

    on: date
    steps: int


class Tier(BaseModel):
    """What a day brings from so many steps on; only the highest that was reached counts."""

    steps: int
    points: int
    coins: int


class WalkingChallenge(BaseModel):
    """A challenge that counts steps, and how the reader stands in it; `settling`: over, but late steps still count."""

    id: str
    name: Tri
    first_on: date
    last_on: date
    settles_until: datetime
    settling: bool
    tiers: list[Tier]
    counted_steps: int
    points_per_thousand: int
    rest_days: int
    week_points: int
    goal: int
    points: int
    streak: int


class StepsMonth(BaseModel):
    """A month of days; those that are missing are not days of zero."""

    today: date
    month: str
    challenges: list[WalkingChallenge]
    days: list[DaySteps]
    not_counted: list[NotCountedNow]
    sources: list[SourceNow]
    first_on: date | None
    last_on: date | None


@blueprint.get("/api/steps/days/<on>")
@blueprint.output(StepsDay)
@blueprint.doc(responses={404: "No such day"})
def day(on: str) -> dict[str, Any]:
    """A day of the reader's steps, hour by hour."""
    here, person_id = services(), the_person()
    return _worded(actions.day(here, here.now(), person_id, _date(on)))


@blueprint.get("/api/steps/months/<month>")
@blueprint.output(StepsMonth)
@blueprint.doc(responses={404: "No such month"})
def month(month: str) -> dict[str, Any]:
    """A month of the reader's steps, written as 2026-11."""
    here, person_id = services(), the_person()
    return _worded(actions.month(here, here.now(), person_id, _date(f"{month}-01")))


def _date(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NOT_FOUND() from None
    if not FIRST <= on <= LAST or len(text) != len("2026-11-01"):
        raise NOT_FOUND()
    return on


def _worded(answer: dict[str, Any]) -> dict[str, Any]:
    language = words.choose(request.accept_languages)
    return {**answer, "not_counted": [{**each, "text": _why(each, language)} for each in answer["not_counted"]]}


def _why(line: dict[str, Any], language: words.Language) -> str:
    if line["why"] != "by_hand":
        return words.say(f"why.{line['why']}", language)
    counts = [each[language] for each in line["counted_in"]]
    said = rules.why_typed(by_teacher=line["provider"] == BY_TEACHER, counted=bool(counts))
    return words.say(f"why.{said}", language, challenges=(", " if language == "en" else "、").join(counts))
