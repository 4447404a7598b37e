"""Doors: a teacher's classes with their codes and cards, and how a pupil joins."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import maybe_who
from challenges_app.kit.words import Language, Tri
from challenges_app.people.access.views import the_viewer, viewer_now
from challenges_app.people.classes import actions
from challenges_app.people.classes.rules import join_link
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions.rules import card_link, network

NO_BIRTH = refusal("school.needs_born_on", 422)
NO_CLASS = "No such class, or not one of the reader's school"
LARGEST = 60  # pupils named in one request

blueprint = APIBlueprint("classes", __name__, tag="Classes")


class OpenCode(BaseModel):
    """The code by which a class is joined, and when it ends."""

    code: str
    ends_at: datetime


class JoinCode(OpenCode):
    """A class's code with the link to the page that takes it, and that link as a picture."""

    link: str
    qr: QrCode


class Class(BaseModel):
    """A class: how many are in it, and for how many of them no guardian has agreed yet."""

    id: UUID
    name: str
    school_id: str
    school: Tri
    pupils: int
    waiting: int
    code: OpenCode | None


class TaughtSchool(BaseModel):
    """A school where the reader teaches."""

    id: str
    name: Tri


class Classes(BaseModel):
    """The schools where the reader teaches, and their classes."""

    schools: list[TaughtSchool]
    classes: list[Class]


class Pupil(BaseModel):
    """A pupil as the teacher's list shows them; `consent` is null for those who need none."""

    person_id: UUID
    name: Tri
    avatar: Species
    consent: bool | None
    card: bool


class ClassPage(Class):
    """A class with its pupils by nickname."""

    code: JoinCode | None
    roster: list[Pupil]


class NewClass(BaseModel):
    """A class's name as "4A", and its school for those who teach at several."""

    name: str = Field(
        pattern=r"^[0-9A-Za-z\u4e00-\u9fff]([0-9A-Za-z\u4e00-\u9fff .()-]{0,8}[0-9A-Za-z\u4e00-\u9fff)])?$"
    )
    school_id: str | None = Field(default=None, pattern=r"^[0-9]{6}$")


class CodeUntil(BaseModel):
    """The last day on which the code opens the class, at most 60 days from today."""

    until: date


class Wanted(BaseModel):
    """For whom to make cards: named pupils, whose old ones are then worthless, or all who have none."""

    person_ids: list[UUID] | None = Field(default=None, max_length=LARGEST)


class PupilCard(BaseModel):
    """What to print for a pupil; it is told once."""

    person_id: UUID
    name: Tri
    code: str
    qr: QrCode


class Cards(BaseModel):
    """Cards to print, by nickname."""

    cards: list[PupilCard]


class Join(BaseModel):
    """A class's code; a guardian names the child, and somebody without an account says when they were born."""

    code: str = Field(min_length=1, max_length=40)
    person_id: UUID | None = None
    born_on: date | None = None
    language: Language = "zh-Hant"


class Joined(BaseModel):
    """Who has joined; `card` signs in whoever had no account before, and is told once, with its picture `qr`."""

    person_id: UUID
    name: Tri
    avatar: Species
    school: Tri
    school_class: str
    card: str | None
    qr: QrCode | None
    waiting_for_consent: bool


@blueprint.get("/api/classes")
@blueprint.output(Classes)
def classes() -> dict[str, Any]:
    """The classes of the reader's schools; none for those who do not teach."""
    here, me = services(), the_viewer()
    with here.db.reading() as conn:
        found = actions.classes(conn, here.now(), here.ring, me)
        return {"schools": actions.schools_taught(conn, me), "classes": found}


@blueprint.post("/api/classes")
@blueprint.input(NewClass)
@blueprint.output(ClassPage, status_code=201)
@blueprint.doc(responses={403: "Not a teacher there", 409: "The school has a class of this name"})
def add_class(json_data: NewClass) -> dict[str, Any]:
    """Open a class."""
    here, now, me = services(), services().now(), the_viewer()
    name, school_id = json_data.name, json_data.school_id
    return _page(here, here.db.write(lambda tx: actions.add_class(tx, now, here.ring, me, name, school_id)))


@blueprint.get("/api/classes/<uuid:class_id>")
@blueprint.output(ClassPage)
@blueprint.doc(responses={404: NO_CLASS})
def one_class(class_id: UUID) -> dict[str, Any]:
    """A class with its pupils and its code, for the teacher's sheet."""
    here = services()
    with here.db.reading() as conn:
        return _page(here, actions.one_class(conn, here.now(), here.ring, the_viewer(), class_id))


@blueprint.post("/api/classes/<uuid:class_id>/code")
@blueprint.input(CodeUntil)
@blueprint.output(JoinCode, status_code=201)
@blueprint.doc(responses={404: NO_CLASS})
def make_code(class_id: UUID, json_data: CodeUntil) -> dict[str, Any]:
    """Make a code by which pupils join, in place of the one before."""
    here, now, me = services(), services().now(), the_viewer()
    until = json_data.until
    return _linked(here, here.db.write(lambda tx: actions.make_code(tx, now, here.ring, me, class_id, until)))


@blueprint.delete("/api/classes/<uuid:class_id>/code")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NO_CLASS})
def end_code(class_id: UUID) -> tuple[str, int]:
    """Let the code open the class no longer, as when it was seen by the wrong people."""
    here, me = services(), the_viewer()
    here.db.write(lambda tx: actions.end_code(tx, me, class_id))
    return "", 204


@blueprint.post("/api/classes/<uuid:class_id>/cards")
@blueprint.input(Wanted)
@blueprint.output(Cards, status_code=201)
@blueprint.doc(responses={404: NO_CLASS, 429: "Too many"})
def make_cards(class_id: UUID, json_data: Wanted) -> dict[str, Any]:
    """Make cards to print: anew for named pupils, or for all who have none."""
    here, now, me = services(), services().now(), the_viewer()
    here.limits.take("class cards", me.account_id.hex, "60 per hour")
    wanted = json_data.person_ids
    made = here.db.write(lambda tx: actions.make_cards(tx, now, here.ring, me, class_id, wanted))
    return {"cards": [{**card, "qr": qr(card_link(here.settings.address, card["code"]))} for card in made]}


@blueprint.delete("/api/classes/<uuid:class_id>/pupils/<uuid:person_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such class, or no such pupil in it"})
def end_pupil(class_id: UUID, person_id: UUID) -> tuple[str, int]:
    """Take a pupil out of a class from now on; points stay where they were earned."""
    here, now, me = services(), services().now(), the_viewer()
    here.db.write(lambda tx: actions.end_pupil(tx, now, here.ring, me, class_id, person_id))
    return "", 204


@blueprint.post("/api/classes/join")
@blueprint.input(Join)
@blueprint.output(Joined, status_code=201)
@blueprint.doc(
    responses={404: "No such code, or not the reader's child", 422: "Not of school age", 429: "Too many tries"}
)
def join(json_data: Join) -> dict[str, Any]:
    """Join a class by its code: oneself, one's child, or without an account by a date of birth under 16."""
    here, now, asking = services(), services().now(), maybe_who()
    class_id = _class_of(here, now, json_data.code)
    if asking:
        person_id = json_data.person_id
        joined = here.db.write(
            lambda tx: actions.join(tx, now, here.ring, viewer_now(here, tx.conn, asking), class_id, person_id)
        )
        return {**joined, "qr": None}
    born_on, language = json_data.born_on, json_data.language
    if born_on is None:
        raise NO_BIRTH()
    # More than a class holds: whoever has its code must not be able to fill it with children that there are not.
    here.limits.take("class-newcomers", class_id.hex, "100 per day")
    newcomer = here.db.write(lambda tx: actions.join_anew(tx, now, here.ring, class_id, born_on, language))
    return {**newcomer, "qr": qr(card_link(here.settings.address, newcomer["card"]))}


def _page(here: Services, found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "code": _linked(here, found["code"]) if found["code"] else None}


def _linked(here: Services, code: dict[str, Any]) -> dict[str, Any]:
    link = join_link(here.settings.address, code["code"])
    return {**code, "link": link, "qr": qr(link)}


def _class_of(here: Services, now: datetime, code: str) -> UUID:
    """The class of a code; wrong ones count for the place, behind which a whole school may stand."""
    counted = [("class-code-from", network(request.remote_addr or ""), "60 per 5 minutes")]
    with here.limits.guess(counted, actions.CODE_WRONG), here.db.reading() as conn:
        return actions.class_of_code(conn, now, here.ring, code)
