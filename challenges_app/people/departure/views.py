"""Doors: everything about a person as a file, being forgotten and a change of mind, and how long what is kept."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from challenges_app.kit import archive
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import who
from challenges_app.kit.words import Tri, say_all
from challenges_app.people.access.views import act, prove, viewer_now
from challenges_app.people.accounts import queries as accounts
from challenges_app.people.departure import actions, rules
from challenges_app.people.exports import actions as exports
from challenges_app.people.factors import actions as factors
from challenges_app.people.persons.rules import Species

NOT_MINE = "No such person, or not theirs to decide"
WRONG = "Not the password"
ALONE = "Others would be left alone"
ZIP = {"description": "A zip", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}

blueprint = APIBlueprint("departure", __name__, tag="Data")


class Proof(BaseModel):
    """The reader's own password, once more: a device that was left lying about must not be enough."""

    password: str = Field(min_length=1, max_length=200)


class PersonWithData(BaseModel):
    """Somebody whose data the reader may have: when they are forgotten, or why they cannot be."""

    person_id: UUID
    name: Tri
    avatar: Species
    me: bool
    erased_on: date | None
    obstacle: Literal["last_guardian", "last_admin"] | None


class PeopleWithData(BaseModel):
    """Everybody whose data the reader may have, themselves first; children are not among them for themselves."""

    people: list[PersonWithData]


class ErasureDay(BaseModel):
    """The day on which somebody is forgotten, in Hong Kong."""

    erased_on: date


class KeptThing(BaseModel):
    """One thing about people that is kept, and how long."""

    key: str
    what: Tri
    how_long: Tri


class Retention(BaseModel):
    """Everything about people that is kept."""

    kept: list[KeptThing]


@blueprint.get("/api/retention")
@blueprint.output(Retention)
def retention() -> dict[str, Any]:
    """What is kept about people, and how long; for everybody to read."""
    return {
        "kept": [
            {
                "key": each.key,
                "what": say_all(f"retention.{each.key}.what"),
                "how_long": say_all(f"retention.{each.key}.how_long", **rules.spans(each.lasts)),
            }
            for each in rules.KEPT
        ]
    }


@blueprint.get("/api/data")
@blueprint.output(PeopleWithData)
def people() -> dict[str, Any]:
    """Everybody whose data the reader may have: themselves, and children whose guardian they are."""
    here = services()
    with here.db.reading() as conn:
        return {"people": actions.people(conn, here.now(), here.ring, viewer_now(here, conn, who()))}


@blueprint.post("/api/profile/export")
@blueprint.input(Proof)
@blueprint.doc(responses={200: ZIP, 401: WRONG, 403: "A child", 429: "Too many"})  # type: ignore[arg-type]
def export(json_data: Proof) -> Response:
    """Everything about the reader as a zip of JSON and CSV."""
    return _export(json_data.password, None)


@blueprint.post("/api/family/children/<uuid:person_id>/export")
@blueprint.input(Proof)
@blueprint.doc(responses={200: ZIP, 401: WRONG, 404: NOT_MINE, 429: "Too many"})  # type: ignore[arg-type]
def export_child(person_id: UUID, json_data: Proof) -> Response:
    """Everything about a child as a zip of JSON and CSV; with the guardian's password."""
    return _export(json_data.password, person_id)


@blueprint.post("/api/profile/erasure")
@blueprint.input(Proof)
@blueprint.output(ErasureDay, status_code=202)
@blueprint.doc(responses={401: WRONG, 403: "A child", 409: ALONE, 429: "Too many"})
def ask(json_data: Proof) -> dict[str, Any]:
    """Ask to be forgotten in seven days; until then everything works, and the reader may change their mind."""
    return _ask(json_data.password, None)


@blueprint.delete("/api/profile/erasure")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={403: "A child", 409: "Nothing was asked, or it is done"})
def keep() -> tuple[str, int]:
    """Change one's mind and stay."""
    act(lambda tx, here, now, me: actions.keep(tx, now, here.ring, me, None))
    return "", 204


@blueprint.post("/api/family/children/<uuid:person_id>/erasure")
@blueprint.input(Proof)
@blueprint.output(ErasureDay, status_code=202)
@blueprint.doc(responses={401: WRONG, 404: NOT_MINE, 409: ALONE, 429: "Too many"})
def ask_for_child(person_id: UUID, json_data: Proof) -> dict[str, Any]:
    """Ask that a child be forgotten in seven days; with the guardian's password."""
    return _ask(json_data.password, person_id)


@blueprint.delete("/api/family/children/<uuid:person_id>/erasure")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: NOT_MINE, 409: "Nothing was asked, or it is done"})
def keep_child(person_id: UUID) -> tuple[str, int]:
    """Change one's mind, and let a child stay."""
    act(lambda tx, here, now, me: actions.keep(tx, now, here.ring, me, person_id))
    return "", 204


def _ask(password: str, person_id: UUID | None) -> dict[str, Any]:
    services().limits.take("erasures", who().account_id.hex, "20 per day")
    _prove(services(), password)
    return {"erased_on": act(lambda tx, here, now, me: actions.ask(tx, now, here.ring, me, person_id))}


def _export(password: str, person_id: UUID | None) -> Response:
    here, me = services(), who()
    now = here.now()
    here.limits.take("exports", me.account_id.hex, "10 per hour")
    _prove(here, password)
    with here.db.reading() as conn:
        kind, key = actions.whose(conn, now, here.ring, viewer_now(here, conn, me), person_id, "read")
        language = accounts.language_of(conn, me.account_id)
        found = exports.gather(conn, now, here.ring, kind, key, language)
    file = here.apart(exports.pack, (found,))
    size = file.seek(0, 2)
    file.seek(0)
    answer = Response(archive.pieces(file), mimetype="application/zip")
    answer.call_on_close(file.close)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{exports.file_name(now)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _prove(here: Services, password: str) -> None:
    """Raise `factor.prove_first` where a second factor was not proved on the device, and `session.wrong`."""
    me = who()
    with here.db.reading() as conn:
        factors.check_may_change(conn, me.account_id, strong=me.strong)
    prove(me.account_id, password)
