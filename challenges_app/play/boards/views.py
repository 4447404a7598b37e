"""Doors: a board as everybody sees it, and the reader's own place on it."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel

from challenges_app.kit.services import services
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import the_viewer
from challenges_app.people.persons.rules import Species
from challenges_app.play.boards import actions
from challenges_app.play.boards.rules import State
from challenges_app.play.standings.rules import Subject
from scoring.measures import Measure

blueprint = APIBlueprint("boards", __name__, tag="Boards")


class Asked(BaseModel):
    """By which measure to rank."""

    measure: Measure = "total"


class BoardNow(BaseModel):
    """Which board, at which revision, by which measure."""

    id: str
    subject: Subject
    scope: Literal["city", "school"]
    season: str
    rev: int
    measure: Measure
    goal: int
    state: State
    settles_until: datetime


class Line(BaseModel):
    """One subject with its place; equal values share a place and are `tied`."""

    subject: str
    place: int
    tied: bool
    name: Tri
    avatar: Species | None
    value: float
    points: int
    me: bool


class BoardPage(BaseModel):
    """A board as everybody who may see it sees it: the first ten."""

    board: BoardNow
    top: list[Line]


class Above(BaseModel):
    """What is missing to the next better place."""

    place: int
    value: float


class MyPlace(BaseModel):
    """The reader's own place with its neighbours; `members` is left out where it would say that nobody is behind."""

    board: BoardNow
    mine: Line | None
    reached_at: datetime | None  # the reader's own points; nobody else's time is told
    around: list[Line]
    to_next: Above | None
    members: int | None


@blueprint.get("/api/boards/<board_id>")
@blueprint.input(Asked, location="query")
@blueprint.output(BoardPage)
@blueprint.doc(responses={404: "No such board, or not for the reader"})
def board(board_id: str, query_data: Asked) -> dict[str, Any]:
    """The first ten of a board; the same for every reader."""
    return actions.page(services(), the_viewer(), board_id, query_data.measure)


@blueprint.get("/api/boards/<board_id>/me")
@blueprint.input(Asked, location="query")
@blueprint.output(MyPlace)
@blueprint.doc(responses={404: "No such board, or not for the reader"})
def my_place(board_id: str, query_data: Asked) -> dict[str, Any]:
    """The reader's own place on a board, three above and two below."""
    return actions.my_place(services(), the_viewer(), board_id, query_data.measure)
