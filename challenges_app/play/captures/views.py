"""Door: capture a drop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from challenges_app.kit.services import services
from challenges_app.people.access.views import the_viewer
from challenges_app.people.persons.rules import Species
from challenges_app.play.captures import actions
from challenges_app.play.walks.views import FixIn

RATE = "30 per minute"  # for one account

# The same attempt again is answered like the first time.
SAME_ANSWER = {"application/json": {"schema": {"$ref": "#/components/schemas/CaptureAnswer"}}}

blueprint = APIBlueprint("captures", __name__, tag="Captures")


class CaptureIn(BaseModel):
    """Which drop, from where; `client_id` is the browser's own id for the attempt and makes repeats harmless."""

    client_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    drop_id: UUID
    fix: FixIn
    trail: list[FixIn] = Field(default=[], max_length=60, description="Fixes not sent before, oldest first")


class CaptureNow(BaseModel):
    """A capture that stands."""

    id: UUID
    drop_id: UUID
    park_id: str
    species: Species
    captured_at: datetime


class AwardNow(BaseModel):
    """What the capture brought."""

    points: int
    coins: int
    why: str


class CaptureAnswer(BaseModel):
    """The capture and the player's figures after it; `repeated` when this attempt had been made before."""

    capture: CaptureNow
    awards: list[AwardNow]
    points: int
    coins: int
    captured_today: int
    repeated: bool


@blueprint.post("/api/captures")
@blueprint.input(CaptureIn)
@blueprint.output(CaptureAnswer, status_code=201)
@blueprint.doc(
    responses={  # type: ignore[arg-type]
        200: {"description": "This attempt was made before", "content": SAME_ANSWER},
        404: "No such drop",
        409: "Not here, not now, or not again",
        410: "None left",
        429: "Too many tries",
    }
)
def capture(json_data: CaptureIn) -> tuple[dict[str, Any], int]:
    """Capture a drop; the same attempt again gets the same answer with 200."""
    here, viewer = services(), the_viewer()
    here.limits.take("captures", str(viewer.account_id), RATE)
    fixes = [each.fix() for each in (*json_data.trail, json_data.fix)]
    answer = actions.capture(here, here.now(), viewer, json_data.client_id, json_data.drop_id, fixes)
    return answer, 200 if answer["repeated"] else 201
