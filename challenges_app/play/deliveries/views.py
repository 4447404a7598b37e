"""Doors: give a file of steps, see how far it has come, stop it, and forget a source."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel

from challenges_app.kit import words
from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.people.access.views import the_person
from challenges_app.play.deliveries import actions, rules
from integrations.contract import Why

RATE = "30 per hour"  # for one account, also in somebody's place
PIECE = 256 * 1024

# The body is read as a stream, so the framework, which only describes what it reads itself, is told of it.
BYTES = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
SAME_ANSWER = {"application/json": {"schema": {"$ref": "#/components/schemas/DeliveryNow"}}}

blueprint = APIBlueprint("deliveries", __name__, tag="Steps")


class ProblemNow(BaseModel):
    """Something in the file that could not be used: the line or row (from 1), if any, and why, in words."""

    line: int | None
    why: Why
    seen: str
    text: str


class DeliveryNow(BaseModel):
    """A file that was given; `share` is how much of it has been read, from 0 to 1.

    `file_until` is until when the file itself is kept, sealed; null where it is gone, or not read yet.
    """

    id: UUID
    received_at: datetime
    size: int
    state: Literal["waiting", "reading", "done", "refused", "cancelled", "removed"]
    share: float
    provider: str | None
    days: int
    first_on: date | None
    last_on: date | None
    file_until: datetime | None
    problems: list[ProblemNow]
    more_problems: int


class Deliveries(BaseModel):
    """The last deliveries, the newest first."""

    deliveries: list[DeliveryNow]


@blueprint.post("/api/steps/files")
@blueprint.output(DeliveryNow, status_code=202)
@blueprint.doc(
    responses={  # type: ignore[arg-type]
        200: {"description": "The same file came before", "content": SAME_ANSWER},
        400: "The file was cut short",
        413: "Too large",
        422: "Empty",
        429: "Too many files",
        507: "No room on the disk",
    }
)
def give() -> tuple[dict[str, Any], int]:
    """Give a file of steps: its bytes are the body. It is kept sealed, read soon, and removed after 30 days."""
    here, person_id = services(), the_person()
    here.limits.take("step files", who().account_id.hex, RATE)
    request.max_content_length = rules.LARGEST
    received = actions.receive(here, here.now(), person_id, _pieces(), request.content_length)
    return _worded(received.delivery), 200 if received.repeated else 202


@blueprint.get("/api/steps/deliveries")
@blueprint.output(Deliveries)
def deliveries() -> dict[str, Any]:
    """The reader's last ten files, and what became of each."""
    here, person_id = services(), the_person()
    return {"deliveries": [_worded(each) for each in actions.latest(here, person_id)]}


@blueprint.get("/api/steps/deliveries/<uuid:delivery_id>")
@blueprint.output(DeliveryNow)
@blueprint.doc(responses={404: "No such delivery"})
def delivery(delivery_id: UUID) -> dict[str, Any]:
    """One of the reader's files."""
    here, person_id = services(), the_person()
    return _worded(actions.one(here, person_id, delivery_id))


@blueprint.delete("/api/steps/deliveries/<uuid:delivery_id>")
@blueprint.output(DeliveryNow)
@blueprint.doc(responses={404: "No such delivery", 409: "It is over"})
def cancel(delivery_id: UUID) -> dict[str, Any]:
    """Stop a file that waits or is being read; nothing of it will count."""
    here, person_id = services(), the_person()
    return _worded(actions.cancel(here, person_id, delivery_id))


@blueprint.delete("/api/steps/deliveries/<uuid:delivery_id>/file")
@blueprint.output(DeliveryNow)
@blueprint.doc(responses={404: "No such delivery", 409: "It is still being read"})
def forget_file(delivery_id: UUID) -> dict[str, Any]:
    """Remove a file that has been read before its thirty days are over; what it told stays."""
    here, person_id = services(), the_person()
    return _worded(actions.forget_file(here, person_id, delivery_id))


@blueprint.delete("/api/steps/sources/<int:source_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such source"})
def remove_source(source_id: int) -> tuple[str, int]:
    """Forget a source and all its days; challenges that still take steps count anew."""
    here, person_id = services(), the_person()
    now = here.now()
    here.db.write(lambda tx: actions.remove_source(tx, here.ring, now, person_id, source_id))
    return "", 204


def describe(spec: Any) -> Any:
    """Complete the description of the API: the body of a file."""
    spec["paths"]["/api/steps/files"]["post"]["requestBody"] = BYTES
    return spec


def _pieces() -> Iterator[bytes]:
    while piece := request.stream.read(PIECE):
        yield piece


def _worded(delivery: dict[str, Any]) -> dict[str, Any]:
    language = words.choose(request.accept_languages)
    problems = [{**each, "text": words.say(f"why.{each['why']}", language)} for each in delivery["problems"]]
    return {**delivery, "problems": problems}
