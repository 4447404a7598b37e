"""Doors: who looks after whom, offers of care and their codes, ending it, and the safety switch."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import act, the_person, viewer_now
from challenges_app.people.care_links.rules import Kind, OfferedScope, Scope
from challenges_app.people.carers import actions
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions.rules import network

NOT_MINE = "No such person or carer, or not theirs to decide"

blueprint = APIBlueprint("carers", __name__, tag="Carers")


class CareLinkNow(BaseModel):
    """What somebody may do for a person; one that rests (`paused`) opens nothing until the person renews it."""

    id: UUID
    kind: Kind
    scopes: list[Scope]
    state: Literal["active", "paused"]
    since: datetime
    until: datetime | None
    used_at: datetime | None = Field(description="To the hour")


class CarePerson(BaseModel):
    """Somebody by their face."""

    person_id: UUID
    name: Tri
    avatar: Species


class CarerNow(CarePerson):
    """Somebody who looks after a person; `hidden` by the safety switch, null where it is not the reader's to know."""

    link: CareLinkNow | None
    guardian: bool
    hidden: bool | None
    may: list[Literal["renew", "end", "hide", "show"]]


class OpenOffer(BaseModel):
    """An offer that nobody has taken up yet; its code was told when it was made."""

    id: str
    kind: Kind
    scopes: list[Scope]
    until: datetime | None
    ends_at: datetime


class LookedAfter(CarePerson):
    """The reader or a child of theirs, with everybody who looks after them."""

    me: bool
    may_offer: bool
    carers: list[CarerNow]
    offers: list[OpenOffer]


class CaredFor(CarePerson):
    """Somebody for whom the reader cares: as a guardian, by a link, or both; `may`: what they may do in their place."""

    link: CareLinkNow | None
    guardian: bool
    waiting_for_consent: bool
    may: list[Literal["view", "manage"]]


class Care(BaseModel):
    """Who looks after the reader and their children, and for whom the reader cares."""

    looked_after: list[LookedAfter]
    caring: list[CaredFor]
    may_accept: bool


class NewOffer(BaseModel):
    """Whose care is offered (without `person_id` the reader's own), and how far and until which day it goes."""

    kind: Kind
    scopes: list[OfferedScope] = Field(min_length=1, max_length=10)
    until: date | None = Field(default=None, description="The last day on which it holds, in Hong Kong")
    person_id: UUID | None = None


class Offer(OpenOffer):
    """An offer with its code, which is told once."""

    code: str


class OfferCode(BaseModel):
    """A code that somebody was told."""

    code: str = Field(min_length=1, max_length=40)


@blueprint.get("/api/carers")
@blueprint.output(Care)
def care() -> dict[str, Any]:
    """Who looks after the reader and their children, and for whom the reader cares."""
    return _state()


@blueprint.post("/api/carers/offers")
@blueprint.input(NewOffer)
@blueprint.output(Offer, status_code=201)
@blueprint.doc(responses={403: "A child", 404: "Not theirs to decide for", 422: "No such day", 429: "Too many"})
def offer(json_data: NewOffer) -> dict[str, Any]:
    """Make a code with which one person takes the care on, within seven days."""
    services().limits.take("care offers", who().account_id.hex, "20 per day")
    asked = (json_data.person_id, json_data.kind, json_data.scopes, json_data.until)
    return act(lambda tx, here, now, me: actions.offer(tx, now, here.ring, me, *asked))


@blueprint.delete("/api/carers/offers/<offer_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such offer"})
def take_back(offer_id: str) -> tuple[str, int]:
    """Take an offer back."""
    act(lambda tx, here, now, me: actions.take_back(tx, now, here.ring, me, offer_id))
    return "", 204


@blueprint.post("/api/carers/accept")
@blueprint.input(OfferCode)
@blueprint.output(Care)
@blueprint.doc(responses={403: "A child", 404: "No such code", 409: "One's own offer", 429: "Too many tries"})
def accept(json_data: OfferCode) -> dict[str, Any]:
    """Take on the care that a code offers; what held between the two before is replaced."""
    here = services()
    counted = [
        ("care-code", the_person().hex, "10 per hour"),
        ("care-code-from", network(request.remote_addr or ""), "100 per hour"),
    ]
    with here.limits.guess(counted, actions.CODE_WRONG):
        act(lambda tx, here, now, me: actions.accept(tx, now, here.ring, me, json_data.code))
    return _state()


@blueprint.post("/api/carers/<uuid:link_id>/renew")
@blueprint.output(Care)
@blueprint.doc(responses={404: "No such link that rests"})
def renew(link_id: UUID) -> dict[str, Any]:
    """Go on, from 16 on, with what a guardian had agreed with a carer."""
    act(lambda tx, here, now, me: actions.renew(tx, now, here.ring, me, link_id))
    return _state()


@blueprint.delete("/api/carers/<uuid:link_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such link"})
def end(link_id: UUID) -> tuple[str, int]:
    """End a link at once, from either side."""
    act(lambda tx, here, now, me: actions.end(tx, now, here.ring, me, link_id))
    return "", 204


@blueprint.put("/api/carers/safety/<uuid:person_id>/<uuid:carer_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NOT_MINE})
def hide(person_id: UUID, carer_id: UUID) -> tuple[str, int]:
    """Hide a person's school and class, address and future bookings from a carer or guardian, who is not told."""
    act(lambda tx, here, now, me: actions.hide(tx, now, here.ring, me, person_id, carer_id))
    return "", 204


@blueprint.delete("/api/carers/safety/<uuid:person_id>/<uuid:carer_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NOT_MINE})
def show(person_id: UUID, carer_id: UUID) -> tuple[str, int]:
    """Show them again; only the person, or who turned the switch, can."""
    act(lambda tx, here, now, me: actions.show(tx, now, here.ring, me, person_id, carer_id))
    return "", 204


def _state() -> dict[str, Any]:
    here, now = services(), services().now()
    with here.db.reading() as conn:
        return actions.care_of(conn, now, here.ring, viewer_now(here, conn, who()))
