"""Doors: give a phone a key, see one's phones, take a key away, and push steps with one."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit import words
from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.services import services
from challenges_app.people.access.views import the_person
from challenges_app.play.deliveries.views import ProblemNow
from challenges_app.play.phones import actions, rules

KEYS_RATE = "30 per hour"  # keys that one person may have made
PATH = "/api/device/steps"

# The body is kept as it comes, so the framework, which only describes what it reads itself, is told of it.
BODY = {"required": True, "content": {"application/json": {"schema": {"type": ["object", "array"]}}}}

State = Literal["waiting", "done", "refused", "cancelled"]

blueprint = APIBlueprint("phones", __name__, tag="Steps")


class NewPhone(BaseModel):
    """A phone that is to push steps, by the name that its owner gives it."""

    name: str = Field(min_length=1, max_length=60, pattern=r"\S", examples=["Pixel 8"])


class PhoneNow(BaseModel):
    """A phone that may push steps: when it last did, in whose form, and what became of it."""

    id: UUID
    name: str
    made_at: datetime
    last_seen_at: datetime | None
    provider: str | None
    state: State | None
    problems: list[ProblemNow]


class PhoneMade(BaseModel):
    """A new phone and its key, which is told this once: as text, as a link for our own app, and as a picture of it.

    `address` is where the phone pushes to, with the header `Authorization: Bearer` and the key.
    """

    phone: PhoneNow
    key: str
    address: str
    link: str
    qr: QrCode


class Phones(BaseModel):
    """The reader's phones, the newest first."""

    phones: list[PhoneNow]
    most: int


class PushNow(BaseModel):
    """What became of a pushed body: it is kept, and waits to be read or was read already."""

    provider: str
    state: State


@blueprint.get("/api/steps/phones")
@blueprint.output(Phones)
def phones() -> dict[str, Any]:
    """The phones that push the reader's steps."""
    here, person_id = services(), the_person()
    with here.db.reading() as conn:
        told = actions.phones(conn, here.ring, person_id)
    return {"phones": [_worded(each) for each in told], "most": rules.MOST}


@blueprint.post("/api/steps/phones")
@blueprint.input(NewPhone)
@blueprint.output(PhoneMade, status_code=201)
@blueprint.doc(responses={409: "Too many phones", 429: "Too many keys"})
def add_phone(json_data: NewPhone) -> dict[str, Any]:
    """Give a phone a key, which is shown this once."""
    here, now, person_id = services(), services().now(), the_person()
    here.limits.take("phone keys", person_id.hex, KEYS_RATE)
    made = here.db.write(lambda tx: actions.add(tx, now, here.ring, person_id, json_data.name.strip()))
    link = rules.key_link(here.settings.address, made.key)
    address = f"{here.settings.address}{PATH}"
    return {"phone": made.phone, "key": made.key, "address": address, "link": link, "qr": qr(link)}


@blueprint.delete("/api/steps/phones/<uuid:phone_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such phone"})
def remove_phone(phone_id: UUID) -> tuple[str, int]:
    """Take a phone's key away: it can push no longer. What it told stays until its source is removed."""
    here, person_id = services(), the_person()
    here.db.write(lambda tx: actions.remove(tx, person_id, phone_id))
    return "", 204


@blueprint.post(PATH)
@blueprint.output(PushNow, status_code=202)
@blueprint.doc(
    responses={
        200: "The same body came before",
        400: "No text",
        401: "No such key, or one that was taken away",
        413: "Too large",
        422: "Nobody knows such a body yet; it is kept",
        429: "Too often",
    }
)
def push() -> tuple[dict[str, Any], int]:
    """Push steps from a phone, with its key as bearer token, in any of the forms of docs/phones.md.

    The body is kept sealed before it is read; the same again changes nothing.
    """
    here = services()
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    request.max_content_length = rules.LARGEST
    pushed = actions.receive(here, here.now(), key.strip() if scheme.lower() == "bearer" else "", request.get_data())
    return {"provider": pushed.provider, "state": pushed.state}, 200 if pushed.repeated else 202


def describe(spec: Any) -> Any:
    """Complete the description of the API: a pushed body is JSON in any of several forms."""
    spec["paths"][PATH]["post"]["requestBody"] = BODY
    return spec


def _worded(phone: dict[str, Any]) -> dict[str, Any]:
    language = words.choose(request.accept_languages)
    problems = [{**each, "text": words.say(f"why.{each['why']}", language)} for each in phone["problems"]]
    return {**phone, "problems": problems}
