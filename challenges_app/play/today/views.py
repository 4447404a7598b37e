"""Doors: today, and one park with its drops."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel

from challenges_app.kit.services import services
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import the_viewer
from challenges_app.people.persons.rules import Species
from challenges_app.play.standings.rules import Subject
from challenges_app.play.today import actions
from scoring.measures import Measure

blueprint = APIBlueprint("today", __name__, tag="Today")


class ChallengeNow(BaseModel):
    """The running challenge."""

    id: str
    name: Tri
    opens_at: str
    closes_at: str
    goal: int
    week_goal: int
    daily_cap: int


class Hours(BaseModel):
    """Opening hours in Hong Kong time; the same time twice means all day."""

    opens: str
    closes: str
    assumed: bool


class ParkToday(BaseModel):
    """A designated park in today's list."""

    id: str
    name: Tri
    district: Tri
    approximate: bool
    open_now: bool
    hours: Hours
    lat: float
    lon: float
    drops: int
    drops_mine: int


class BoardLink(BaseModel):
    """A board that the reader may open."""

    id: str
    challenge: str
    subject: Subject
    scope: Literal["city", "school"]
    season: str
    measures: list[Measure]


class ChallengeName(BaseModel):
    """A challenge that has boards."""

    id: str
    name: Tri


class DayOfWeek(BaseModel):
    """A day's counted steps, or null where nothing is known of it."""

    on: date
    steps: int | None


class StepsNow(BaseModel):
    """Today's steps and those of its week, from Monday to Sunday; `goal` is the most that a day is rewarded for."""

    steps: int | None
    goal: int
    week: list[DayOfWeek]


class Today(BaseModel):
    """What there is to do today; the first park is today's."""

    on: str
    challenge: ChallengeNow | None
    coins: int
    points: int
    captured_today: int
    parks: list[ParkToday]
    steps: StepsNow | None
    challenges: list[ChallengeName]
    boards: list[BoardLink]


class DropNow(BaseModel):
    """A collectible in a park today; `left` is None where the stock has no end."""

    id: UUID
    species: Species
    lat: float
    lon: float
    points: int
    coins: int
    mine: bool
    left: int | None


class ParkPage(BaseModel):
    """A park with its fence (GeoJSON) and today's drops."""

    id: str
    name: Tri
    district: Tri
    address: Tri
    category: str
    hours: Hours
    open_now: bool
    facilities: list[str]
    approximate: bool
    radius_m: float | None
    lat: float
    lon: float
    fence: dict[str, Any]
    attribution: str
    reach_m: int
    drops: list[DropNow]


class DistrictName(BaseModel):
    """A district that has parks."""

    code: str
    name: Tri


class ParkInShort(BaseModel):
    """A park on the map of all parks; `district` is its code, `drops` how many there are today."""

    id: str
    name: Tri
    district: str
    open_now: bool
    hours: Hours
    lat: float
    lon: float
    drops: int


class AllParks(BaseModel):
    """Every park whose place is sure, by district."""

    districts: list[DistrictName]
    parks: list[ParkInShort]


@blueprint.get("/api/today")
@blueprint.output(Today)
def today() -> dict[str, Any]:
    """The running challenge, the reader's coins and points, its parks, and the boards that they may open."""
    here = services()
    return actions.today(here, here.now(), the_viewer())


@blueprint.get("/api/parks")
@blueprint.output(AllParks)
@blueprint.doc(responses={304: "As before"})
def parks() -> Response:
    """All parks in short, for the map and the list beside it; nothing in it is anybody's own."""
    here = services()
    answer = jsonify(actions.all_parks(here, here.now()))
    answer.add_etag(weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.get("/api/parks/<park_id>")
@blueprint.output(ParkPage)
@blueprint.doc(responses={404: "No such park"})
def park(park_id: str) -> dict[str, Any]:
    """A park, its fence and today's drops."""
    here = services()
    return actions.park_page(here, here.now(), the_viewer(), park_id)
