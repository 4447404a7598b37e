"""Doors: a code to show and to scan, one's companions, and what a guardian decides about a child's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.services import services
from challenges_app.kit.words import Tri
from challenges_app.people.access.views import act, the_person, the_viewer
from challenges_app.people.companions.rules import CODE_LASTS
from challenges_app.people.meeting import actions
from challenges_app.people.meeting.rules import WaitsFor, meet_link
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions.rules import network

NO_COMPANION = "No such companion, nor one that waits"
NOT_THEIRS = "No such person, or not theirs to decide, or no such companion"

T = TypeVar("T")
blueprint = APIBlueprint("meeting", __name__, tag="Companions")


class CodeToShow(BaseModel):
    """A code that works once, with the link to the page that takes it, as a picture too.

    `lasts_s` is how many seconds from now it works, for phones whose clock is wrong.
    """

    code: str
    link: str
    qr: QrCode
    lasts_s: int


class ShownCode(BaseModel):
    """A code that somebody beside one shows."""

    code: str = Field(min_length=1, max_length=40)


class Companion(BaseModel):
    """Somebody whom the person met; `waits_for` is who has to agree, and null for companions.

    `name` and `avatar` are null while the reader may not see the face; `since` while somebody has to agree.
    """

    person_id: UUID
    name: Tri | None
    avatar: Species | None
    met_at: datetime
    since: datetime | None
    waits_for: WaitsFor | None


class Companions(BaseModel):
    """The reader's companions and those that wait, the last met at the top."""

    companions: list[Companion]


class ChildCompanions(Companions):
    """A child's face, its companions and those that wait."""

    name: Tri
    avatar: Species


@blueprint.post("/api/companions/code")
@blueprint.output(CodeToShow, status_code=201)
@blueprint.doc(responses={429: "Too many"})
def make_code() -> dict[str, Any]:
    """Make a code to show to somebody beside one, in place of the one before."""
    here, now, person_id = services(), services().now(), the_person()
    here.limits.take("meeting-codes", person_id.hex, "60 per hour")
    made = here.db.write(lambda tx: actions.make_code(tx, now, here.ring, person_id))
    link = meet_link(here.settings.address, made)
    return {"code": made, "link": link, "qr": qr(link), "lasts_s": int(CODE_LASTS.total_seconds())}


@blueprint.post("/api/companions/meet")
@blueprint.input(ShownCode)
@blueprint.output(Companion)
@blueprint.doc(
    responses={404: "No such code", 409: "Their own code, or too many companions", 429: "Too many wrong codes"}
)
def meet(json_data: ShownCode) -> dict[str, Any]:
    """Meet whoever shows a code; a child's side waits until a guardian agrees."""
    person_id, code = the_person(), json_data.code
    return _counted(
        person_id, lambda: act(lambda tx, here, now, me: actions.meet(tx, now, here.ring, me, person_id, code))
    )


@blueprint.get("/api/companions")
@blueprint.output(Companions)
def companions() -> dict[str, Any]:
    """The reader's companions, and those that wait."""
    here, person_id = services(), the_person()
    with here.db.reading() as conn:
        return actions.companions_of(conn, here.now(), here.ring, the_viewer(), person_id)


@blueprint.post("/api/companions/<uuid:companion_id>/agree")
@blueprint.output(Companion)
@blueprint.doc(responses={404: NO_COMPANION})
def agree(companion_id: UUID) -> dict[str, Any]:
    """Agree for oneself, from 16 on, with somebody met before that."""
    own = the_person()
    return act(lambda tx, here, now, me: actions.agree(tx, now, here.ring, me, own, companion_id))


@blueprint.delete("/api/companions/<uuid:companion_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NO_COMPANION})
def end(companion_id: UUID) -> tuple[str, int]:
    """End it for both at once, at any age; nobody is told who did."""
    own = the_person()
    act(lambda tx, here, now, me: actions.end(tx, own, companion_id))
    return "", 204


@blueprint.get("/api/family/children/<uuid:person_id>/companions")
@blueprint.output(ChildCompanions)
@blueprint.doc(responses={404: NOT_THEIRS})
def child_companions(person_id: UUID) -> dict[str, Any]:
    """A child's companions and those that wait, as its guardian sees them, who has to know to whom they agree."""
    here = services()
    with here.db.reading() as conn:
        return actions.companions_of(conn, here.now(), here.ring, the_viewer(), person_id)


@blueprint.post("/api/family/children/<uuid:person_id>/companions/<uuid:companion_id>/agree")
@blueprint.output(Companion)
@blueprint.doc(responses={404: NOT_THEIRS, 409: "The child has no consent to play"})
def agree_for_child(person_id: UUID, companion_id: UUID) -> dict[str, Any]:
    """Agree that a child and somebody whom it met are companions."""
    return act(lambda tx, here, now, me: actions.agree(tx, now, here.ring, me, person_id, companion_id))


@blueprint.delete("/api/family/children/<uuid:person_id>/companions/<uuid:companion_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NOT_THEIRS})
def end_for_child(person_id: UUID, companion_id: UUID) -> tuple[str, int]:
    """End it between a child and a companion, for both at once, or do not agree; nobody is told who did."""
    act(lambda tx, here, now, me: actions.end_for_child(tx, now, here.ring, me, person_id, companion_id))
    return "", 204


def _counted(person_id: UUID, work: Callable[[], T]) -> T:
    """Try a code; wrong ones count, for the person and for the place, so that nobody guesses one."""
    here = services()
    counted = [
        ("meeting-code", person_id.hex, "10 per hour"),
        ("meeting-code-from", network(request.remote_addr or ""), "100 per hour"),
    ]
    with here.limits.guess(counted, actions.CODE_WRONG):
        return work()
