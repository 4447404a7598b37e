"""Doors: ask that steps be looked at, take that back, and for staff: what waits, and deciding."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit import words
from challenges_app.kit.services import services
from challenges_app.people.access.views import act, the_person, the_viewer
from challenges_app.play.appeals import actions
from challenges_app.play.appeals.actions import Asked, Decision
from integrations.merge import NotCountedWhy

RATE = "30 per day"  # appeals of one person
AT_ONCE = 20  # that staff are shown
LONGEST = 500  # letters of a word about it

blueprint = APIBlueprint("appeals", __name__, tag="Steps")


class NewAppeal(BaseModel):
    """What is to be looked at: a source's day (`source_id` null: the whole day), and what there is to say."""

    on: date
    source_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    text: str = Field(min_length=1, max_length=LONGEST, pattern=r"\S", examples=["I walked the Trailwalker that day."])


class AppealNow(BaseModel):
    """An appeal, how it stands, and what was answered."""

    id: UUID
    on: date
    source_id: int | None
    why: NotCountedWhy
    because: str
    steps: int
    text: str
    state: Literal["open", "granted", "declined"]
    asked_at: datetime
    decided_at: datetime | None
    answer: str | None


class Appeals(BaseModel):
    """The reader's appeals, the newest first."""

    appeals: list[AppealNow]


class SourceSeen(BaseModel):
    """What a source says of the day, by whose form it came, without its name."""

    source_id: int
    provider: str
    hours: list[int] | None
    total: int | None
    by_hand: int
    fastest: int


class AppealSeen(AppealNow):
    """An appeal with its day; `own` is the reader's own, which somebody else has to decide."""

    sources: list[SourceSeen]
    own: bool


class AppealsWaiting(BaseModel):
    """The appeals that wait longest, and how many wait altogether."""

    appeals: list[AppealSeen]
    waiting: int


class DecisionNow(BaseModel):
    """Whether the steps count after all, and a word to whoever asked."""

    granted: bool
    answer: str = Field(default="", max_length=LONGEST)


@blueprint.get("/api/steps/appeals")
@blueprint.output(Appeals)
def appeals() -> dict[str, Any]:
    """What the reader has asked to be looked at, and what became of it."""
    here, person_id = services(), the_person()
    with here.db.reading() as conn:
        return {"appeals": [_worded(each) for each in actions.own(conn, here.ring, person_id)]}


@blueprint.post("/api/steps/appeals")
@blueprint.input(NewAppeal)
@blueprint.output(AppealNow, status_code=201)
@blueprint.doc(responses={409: "All of it counts, or it was asked before", 429: "Too many"})
def ask(json_data: NewAppeal) -> dict[str, Any]:
    """Ask that steps which were not counted be looked at by a person."""
    here, person_id = services(), the_person()
    here.limits.take("appeals", person_id.hex, RATE)
    asked = Asked(json_data.on, json_data.source_id, json_data.text.strip())
    now = here.now()
    return _worded(here.db.write(lambda tx: actions.ask(tx, here.ring, now, person_id, asked)))


@blueprint.delete("/api/steps/appeals/<uuid:appeal_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such appeal that is still open"})
def take_back(appeal_id: UUID) -> tuple[str, int]:
    """Take an appeal back that nobody has decided yet."""
    here, person_id = services(), the_person()
    here.db.write(lambda tx: actions.take_back(tx, person_id, appeal_id))
    return "", 204


@blueprint.get("/api/staff/appeals")
@blueprint.output(AppealsWaiting)
@blueprint.doc(responses={403: "For staff"})
def waiting() -> dict[str, Any]:
    """For staff: what waits to be looked at, the oldest first; nothing says whose it is."""
    here, me = services(), the_viewer()
    with here.db.reading() as conn:
        told = actions.waiting(conn, here.ring, me, AT_ONCE)
    return {**told, "appeals": [_worded(each) for each in told["appeals"]]}


@blueprint.post("/api/staff/appeals/<uuid:appeal_id>")
@blueprint.input(DecisionNow)
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={403: "For staff, and not about one's own", 404: "No such appeal", 409: "It was decided"})
def decide(appeal_id: UUID, json_data: DecisionNow) -> tuple[str, int]:
    """For staff: let the steps count after all, or not; whoever asked is told."""
    decision = Decision(json_data.granted, json_data.answer.strip())
    act(lambda tx, here, now, me: actions.decide(tx, here.ring, now, me, appeal_id, decision))
    return "", 204


def _worded(appeal: dict[str, Any]) -> dict[str, Any]:
    return {**appeal, "because": words.say(f"why.{appeal['why']}", words.choose(request.accept_languages))}
