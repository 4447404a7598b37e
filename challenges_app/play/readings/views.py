"""Doors: what was entered for a class on a day, and entering it."""

from datetime import date
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit import words
from challenges_app.kit.services import services
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import act, the_viewer
from challenges_app.people.persons.rules import Species
from challenges_app.play.readings import actions
from challenges_app.play.readings.actions import Row
from challenges_app.play.readings.rules import Why

RATE = "240 per hour"  # of one teacher: every row of a class by itself, and corrections
LARGEST = 200  # rows in one request
NO_CLASS = "No such class, or not one of the reader's school"

blueprint = APIBlueprint("readings", __name__, tag="Classes")


class ReadingRow(BaseModel):
    """A pupil and what was entered, null where nothing was; `closed`: why nothing can be entered, if so."""

    person_id: UUID
    name: Tri
    avatar: Species
    steps: int | None
    closed: Why | None


class Readings(BaseModel):
    """What a class's pedometers showed on `on`; readings are taken from `first_on` to `today`."""

    id: UUID
    name: str
    on: date
    first_on: date
    today: date
    rows: list[ReadingRow]


class NotKept(BaseModel):
    """A number that was not kept, and why, in words."""

    person_id: UUID
    steps: int | None
    why: Why
    text: str


class ReadingsKept(Readings):
    """The table as it stands after saving, and what was not kept of it."""

    refused: list[NotKept]


class NewReading(BaseModel):
    """A pupil's number, null for not told, and `before`: the one that the reader saw there."""

    person_id: UUID
    steps: int | None = Field(ge=-(2**31), lt=2**31)
    before: int | None = Field(ge=0, lt=2**31)


class NewReadings(BaseModel):
    """The rows that the reader changed."""

    rows: list[NewReading] = Field(max_length=LARGEST)


class OfDay(BaseModel):
    """The local day that is asked for."""

    on: date


@blueprint.get("/api/classes/<uuid:class_id>/readings")
@blueprint.input(OfDay, location="query")
@blueprint.output(Readings)
@blueprint.doc(responses={404: NO_CLASS, 422: "A day for which no readings are taken"})
def readings(class_id: UUID, query_data: OfDay) -> dict[str, Any]:
    """What a class's pedometers showed on a day, as its teachers entered it."""
    here = services()
    with here.db.reading() as conn:
        return actions.readings(conn, here.now(), here.ring, the_viewer(), class_id, query_data.on)


@blueprint.put("/api/classes/<uuid:class_id>/readings")
@blueprint.input(OfDay, location="query")
@blueprint.input(NewReadings)
@blueprint.output(ReadingsKept)
@blueprint.doc(responses={404: NO_CLASS, 422: "A day for which no readings are taken", 429: "Too often"})
def enter(class_id: UUID, query_data: OfDay, json_data: NewReadings) -> dict[str, Any]:
    """Enter what a class's pedometers showed on a day: good rows are kept, and the others come back with a reason."""
    services().limits.take("class readings", the_viewer().account_id.hex, RATE)
    rows = [Row(each.person_id, each.steps, each.before) for each in json_data.rows]
    kept = act(lambda tx, here, now, me: actions.enter(tx, now, here.ring, me, class_id, query_data.on, rows))
    language = words.choose(request.accept_languages)
    refused = [{**each, "text": words.say(f"why.{each['why']}", language)} for each in kept["refused"]]
    return {**kept, "refused": refused}
