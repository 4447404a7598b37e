"""Doors: one's family, its children and their cards, invitations to it, and leaving it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import act, the_person, viewer_now
from challenges_app.people.family import actions
from challenges_app.people.households.rules import Role
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions.rules import card_link, network

NOT_MINE = "No such person, or not theirs to decide"

T = TypeVar("T")
blueprint = APIBlueprint("family", __name__, tag="Family")


class Member(BaseModel):
    """Somebody of the family; `consent` is null for those who need none, `may` is what the reader may do for them."""

    person_id: UUID
    name: Tri
    avatar: Species
    role: Role
    group: Literal["child", "adult"]
    me: bool
    consent: bool | None
    card: bool
    may: list[Literal["consent", "card", "face", "remove"]]


class OpenInvite(BaseModel):
    """An invitation that nobody has used yet; its code was told when it was made."""

    id: str
    role: Role
    ends_at: datetime


class Family(BaseModel):
    """A family; `role` is the reader's own, `invites` is null for those who are not its guardians."""

    name: Tri
    avatar: Species
    role: Role
    members: list[Member]
    invites: list[OpenInvite] | None


class FamilyState(BaseModel):
    """The reader's family, if they have one."""

    family: Family | None


class NewChild(BaseModel):
    """A child under 16; with `consent` the guardian agrees in the same act that it plays."""

    born_on: date
    consent: bool = False


class ClaimedChild(BaseModel):
    """The code of a child's card."""

    code: str = Field(min_length=1, max_length=100)
    consent: bool = False


class ChildCard(BaseModel):
    """What to print as a picture; it is told once."""

    code: str
    qr: QrCode


class NewInvite(BaseModel):
    """As what somebody is invited."""

    role: Role


class Invite(OpenInvite):
    """An invitation with its code, which is told once."""

    code: str


class Code(BaseModel):
    """A code that somebody was told."""

    code: str = Field(min_length=1, max_length=40)


@blueprint.get("/api/family")
@blueprint.output(FamilyState)
def family() -> dict[str, Any]:
    """The reader's family."""
    return _state()


@blueprint.post("/api/family")
@blueprint.output(FamilyState, status_code=201)
@blueprint.doc(responses={403: "A child", 409: "Already in a family", 429: "Too many"})
def make_family() -> dict[str, Any]:
    """Make a family with a generated name, and be its guardian."""
    services().limits.take("families", the_person().hex, "10 per day")
    act(lambda tx, here, now, me: actions.make_family(tx, now, me))
    return _state()


@blueprint.post("/api/family/children")
@blueprint.input(NewChild)
@blueprint.output(Member, status_code=201)
@blueprint.doc(responses={403: "Not a guardian", 409: "No family yet", 422: "No such date, or 16 already", 429: "Many"})
def add_child(json_data: NewChild) -> dict[str, Any]:
    """Add a child with a generated nickname and an account without a password; without consent it cannot play."""
    services().limits.take("children", the_person().hex, "20 per day")
    born_on, consent = json_data.born_on, json_data.consent
    return act(lambda tx, here, now, me: actions.add_child(tx, now, here.ring, me, born_on, consent=consent))


@blueprint.post("/api/family/children/claim")
@blueprint.input(ClaimedChild)
@blueprint.output(Member)
@blueprint.doc(responses={403: "Not a guardian", 404: "No such card", 409: "No family, or another has it", 429: "Many"})
def claim_child(json_data: ClaimedChild) -> dict[str, Any]:
    """Take a child into the family by its card, as one that joined by its class's code."""
    code, consent = json_data.code, json_data.consent
    return _guarded(
        lambda: act(lambda tx, here, now, me: actions.claim_child(tx, now, here.ring, me, code, consent=consent))
    )


@blueprint.post("/api/family/children/<uuid:person_id>/consent")
@blueprint.output(Member)
@blueprint.doc(responses={404: NOT_MINE})
def give_consent(person_id: UUID) -> dict[str, Any]:
    """Agree that a child plays."""
    return act(lambda tx, here, now, me: actions.give_consent(tx, now, here.ring, me, person_id))


@blueprint.delete("/api/family/children/<uuid:person_id>/consent")
@blueprint.output(Member)
@blueprint.doc(responses={404: NOT_MINE})
def withdraw_consent(person_id: UUID) -> dict[str, Any]:
    """Agree no longer; the child stops playing and leaves the boards at once, its groups keep their sums."""
    return act(lambda tx, here, now, me: actions.withdraw_consent(tx, now, here.ring, me, person_id))


@blueprint.post("/api/family/children/<uuid:person_id>/card")
@blueprint.output(ChildCard, status_code=201)
@blueprint.doc(responses={404: NOT_MINE, 429: "Too many"})
def make_card(person_id: UUID) -> dict[str, Any]:
    """Make a card to sign in with; the one before is worthless from now on, and its devices are signed out."""
    services().limits.take("cards", the_person().hex, "60 per day")
    code = act(lambda tx, here, now, me: actions.make_card(tx, now, here.ring, me, person_id))
    return {"code": code, "qr": qr(card_link(services().settings.address, code))}


@blueprint.put("/api/family/children/<uuid:person_id>/face")
@blueprint.output(Member)
@blueprint.doc(responses={404: NOT_MINE, 429: "Too many"})
def change_face(person_id: UUID) -> dict[str, Any]:
    """Have another nickname and picture drawn for a child."""
    services().limits.take("faces", the_person().hex, "20 per day")
    return act(lambda tx, here, now, me: actions.change_face(tx, now, here.ring, me, person_id))


@blueprint.post("/api/family/invites")
@blueprint.input(NewInvite)
@blueprint.output(Invite, status_code=201)
@blueprint.doc(responses={403: "Not a guardian", 409: "No family yet", 429: "Too many"})
def invite(json_data: NewInvite) -> dict[str, Any]:
    """Make a code that brings one person into the family within seven days."""
    services().limits.take("invites", the_person().hex, "20 per day")
    return act(lambda tx, here, now, me: actions.invite(tx, now, here.ring, me, json_data.role))


@blueprint.delete("/api/family/invites/<invite_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={403: "Not a guardian", 404: "No such invitation", 409: "No family"})
def end_invite(invite_id: str) -> tuple[str, int]:
    """Take an invitation back."""
    act(lambda tx, here, now, me: actions.end_invite(tx, me, invite_id))
    return "", 204


@blueprint.post("/api/family/join")
@blueprint.input(Code)
@blueprint.output(FamilyState)
@blueprint.doc(responses={403: "A child", 404: "No such code", 409: "Already in a family", 429: "Too many tries"})
def join(json_data: Code) -> dict[str, Any]:
    """Join a family by a code; whoever is in another one leaves that first."""
    _guarded(lambda: act(lambda tx, here, now, me: actions.join(tx, now, here.ring, me, json_data.code)))
    return _state()


@blueprint.delete("/api/family/members/<uuid:person_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NOT_MINE, 409: "No family, or the last guardian of children"})
def leave(person_id: UUID) -> tuple[str, int]:
    """Leave the family, or take a member out of it; a child who leaves cannot play until a guardian agrees again."""
    act(lambda tx, here, now, me: actions.leave(tx, now, here.ring, me, person_id))
    return "", 204


def _guarded(work: Callable[[], T]) -> T:
    """Try a code; wrong ones count, for the person and for the place, so that nobody guesses one."""
    here = services()
    counted = [
        ("family-code", the_person().hex, "10 per hour"),
        ("family-code-from", network(request.remote_addr or ""), "100 per hour"),
    ]
    with here.limits.guess(counted, actions.CODE_WRONG, actions.CARD_WRONG):
        return work()


def _state() -> dict[str, Any]:
    here, now = services(), services().now()
    with here.db.reading() as conn:
        me = viewer_now(here, conn, who())
        return {"family": actions.family_of(conn, now, here.ring, me)}
