"""Doors: one's organisations, their members and invitations, joining by a code, and leaving."""

from datetime import datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import act, the_viewer, viewer_now
from challenges_app.people.memberships import actions
from challenges_app.people.organisations.rules import Kind, Role
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions.rules import network

NO_ORGANISATION = "No such organisation, or none of the reader's"

blueprint = APIBlueprint("memberships", __name__, tag="Organisations")


class HeldRole(BaseModel):
    """A role and since when it is held."""

    role: Role
    since: datetime


class OwnRole(HeldRole):
    """A role of the reader's; `counts` is false until a second factor is proved on the device."""

    counts: bool


class Organisation(BaseModel):
    """An organisation of the reader's: their roles in it, and those that they may give to others."""

    id: UUID
    kind: Kind
    name: Tri
    district_code: str | None
    roles: list[OwnRole]
    gives: list[Role]


class Organisations(BaseModel):
    """The organisations in which the reader holds roles."""

    organisations: list[Organisation]


class OrganisationMember(BaseModel):
    """Somebody who holds roles; the nickname is null for those who do not play, the code is the organisation's own."""

    member: str
    name: Tri | None
    avatar: Species | None
    me: bool
    roles: list[HeldRole]


class OpenRoleInvite(BaseModel):
    """An invitation that nobody has used yet; its code was told when it was made."""

    id: str
    role: Role
    ends_at: datetime


class OrganisationPage(Organisation):
    """An organisation; members and invitations are null for those who are not its admins."""

    members: list[OrganisationMember] | None
    invites: list[OpenRoleInvite] | None


class NewRoleInvite(BaseModel):
    """Which role the code gives."""

    role: Role


class RoleInvite(OpenRoleInvite):
    """An invitation with its code, which is told once."""

    code: str


class RoleCode(BaseModel):
    """A code that somebody was told; clinicians give the number of their registration too, which is kept sealed."""

    code: str = Field(min_length=1, max_length=40)
    registration: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9 ./()-]{2,29})?$")


@blueprint.get("/api/organisations")
@blueprint.output(Organisations)
def organisations() -> dict[str, Any]:
    """The organisations in which the reader holds roles."""
    now = services().now()
    with services().db.reading() as conn:
        return {"organisations": actions.organisations_of(conn, now, the_viewer())}


@blueprint.get("/api/organisations/<uuid:organisation_id>")
@blueprint.output(OrganisationPage)
@blueprint.doc(responses={404: NO_ORGANISATION})
def organisation(organisation_id: UUID) -> dict[str, Any]:
    """An organisation; its admins see who is in it, by nickname and code."""
    return _page(organisation_id)


@blueprint.post("/api/organisations/<uuid:organisation_id>/invites")
@blueprint.input(NewRoleInvite)
@blueprint.output(RoleInvite, status_code=201)
@blueprint.doc(responses={403: "Not an admin", 404: NO_ORGANISATION, 422: "No role of such organisations", 429: "Many"})
def invite(organisation_id: UUID, json_data: NewRoleInvite) -> dict[str, Any]:
    """Make a code that gives one account a role within seven days."""
    services().limits.take("role-invites", who().account_id.hex, "60 per day")
    role, strong = json_data.role, who().strong
    return act(lambda tx, here, now, me: actions.invite(tx, now, here.ring, me, organisation_id, role, strong=strong))


@blueprint.delete("/api/organisations/<uuid:organisation_id>/invites/<invite_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={403: "Not an admin", 404: "No such organisation or invitation"})
def end_invite(organisation_id: UUID, invite_id: str) -> tuple[str, int]:
    """Take an invitation back."""
    act(lambda tx, here, now, me: actions.end_invite(tx, now, me, organisation_id, invite_id))
    return "", 204


@blueprint.post("/api/organisations/join")
@blueprint.input(RoleCode)
@blueprint.output(OrganisationPage)
@blueprint.doc(
    responses={
        403: "Under 16",
        404: "No such code",
        409: "The reader holds the role",
        422: "A clinician without a registration number",
        429: "Too many tries",
    }
)
def join(json_data: RoleCode) -> dict[str, Any]:
    """Take the role that a code gives."""
    here = services()
    counted = [
        ("role-code", who().account_id.hex, "10 per hour"),
        ("role-code-from", network(request.remote_addr or ""), "100 per hour"),
    ]
    code, registration = json_data.code, json_data.registration
    with here.limits.guess(counted, actions.CODE_WRONG):
        found = act(lambda tx, here, now, me: actions.join(tx, now, here.ring, me, code, registration))
    return _page(found)


@blueprint.delete("/api/organisations/<uuid:organisation_id>/members/<member>/<role>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={403: "Not an admin", 404: "No such organisation, member or role", 409: "The last admin"})
def end_member(organisation_id: UUID, member: str, role: str) -> tuple[str, int]:
    """Let a member's role end, from now on."""
    act(lambda tx, here, now, me: actions.end_member(tx, now, here.ring, me, organisation_id, member, role))
    return "", 204


@blueprint.delete("/api/organisations/<uuid:organisation_id>/membership")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NO_ORGANISATION, 409: "The last admin"})
def leave(organisation_id: UUID) -> tuple[str, int]:
    """Give up all one's roles in an organisation."""
    act(lambda tx, here, now, me: actions.leave(tx, now, me, organisation_id))
    return "", 204


def _page(organisation_id: UUID) -> dict[str, Any]:
    here, now = services(), services().now()
    with here.db.reading() as conn:
        return actions.one_organisation(conn, now, here.ring, viewer_now(here, conn, who()), organisation_id)
