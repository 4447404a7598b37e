"""Doors: one's own address, password, language, devices, face and notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.kit.words import Language, Tri
from challenges_app.people.access.views import prove, the_viewer
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries
from challenges_app.people.accounts.rules import LETTERS, hash_password
from challenges_app.people.notices import actions as notices
from challenges_app.people.notices import queries as notice_rows
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons.rules import Species, nickname
from challenges_app.people.profile import actions

LETTERS_BY_ONE = "10 per hour"  # that an account may have sent to addresses that it says are its own

blueprint = APIBlueprint("profile", __name__, tag="Profile")


class Profile(BaseModel):
    """An account's own settings."""

    email: str | None
    language: Language
    has_password: bool  # or signs in by a card only
    password_due: bool  # by a card only, though 16 or older


class NewLanguage(BaseModel):
    """The language to read from now on."""

    language: Language


class NewEmail(BaseModel):
    """A new address; it holds once the mailed link was followed."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200)


class Token(BaseModel):
    """What stands behind the # of a mailed link."""

    token: str = Field(min_length=1, max_length=100)


class ChangedPassword(BaseModel):
    """The present password and the one to have instead."""

    password: str = Field(min_length=1, max_length=200)
    instead: str = Field(min_length=1, max_length=200)


class Credentials(BaseModel):
    """A name and a password of one's own."""

    name: str = Field(min_length=1, max_length=30)
    password: str = Field(min_length=1, max_length=200)


class Device(BaseModel):
    """A device on which the account is signed in."""

    id: UUID
    device: str
    since: datetime
    seen_at: datetime
    this: bool


class Devices(BaseModel):
    """All devices, this one first."""

    devices: list[Device]


class NoticeNow(BaseModel):
    """Something that the account was told."""

    id: UUID
    kind: str
    language: Language
    subject: str
    text: str
    made_at: datetime
    read: bool


class Notices(BaseModel):
    """The last notices, the newest first."""

    notices: list[NoticeNow]


class Face(BaseModel):
    """A nickname made of words, and its picture."""

    name: Tri
    avatar: Species


@blueprint.get("/api/profile")
@blueprint.output(Profile)
def profile() -> dict[str, Any]:
    """The reader's own settings."""
    return _profile(who().account_id)


@blueprint.put("/api/profile/language")
@blueprint.input(NewLanguage)
@blueprint.output({}, status_code=204)
def choose_language(json_data: NewLanguage) -> tuple[str, int]:
    """Choose the language in which notices are written, and in which every new device begins."""
    account_id = who().account_id
    services().db.write(lambda tx: queries.set_language(tx, account_id, json_data.language))
    return "", 204


@blueprint.put("/api/profile/email")
@blueprint.input(NewEmail)
@blueprint.output({}, status_code=202)
@blueprint.doc(responses={401: "Not the password", 422: "No address", 429: "Too many tries"})
def change_email(json_data: NewEmail) -> tuple[dict[str, Any], int]:
    """Have a link mailed to a new address; the old one holds until it is followed."""
    here, now, account_id = services(), services().now(), who().account_id
    accounts.check_email(json_data.email)
    prove(account_id, json_data.password)
    index = accounts.email_index(here.ring, json_data.email).hex()
    here.limits.take("email-letters-to", index, LETTERS)
    here.limits.take("email-letters-by", account_id.hex, LETTERS_BY_ONE)
    with here.db.reading() as conn:
        language = queries.language_of(conn, account_id)
    to = notices.To(language, account_id, json_data.email)
    holds = {"email": json_data.email}
    address = here.settings.address
    here.db.write(lambda tx: accounts.mail_link(tx, now, here.ring, "email", to, address, holds))
    return {}, 202


@blueprint.post("/api/links/email")
@blueprint.input(Token)
@blueprint.output(Profile)
@blueprint.doc(responses={409: "Another account has the address", 410: "The link was used, or is too old"})
def verify_email(json_data: Token) -> dict[str, Any]:
    """Follow the link that proves a new address; the account must be signed in."""
    here, now, account_id = services(), services().now(), who().account_id
    here.db.write(lambda tx: accounts.follow_email_link(tx, now, here.ring, account_id, json_data.token))
    return _profile(account_id)


@blueprint.put("/api/profile/password")
@blueprint.input(ChangedPassword)
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={401: "Not the present password", 422: "A weak password", 429: "Too many tries"})
def change_password(json_data: ChangedPassword) -> tuple[str, int]:
    """Have another password; every other device is signed out."""
    here, me = services(), who()
    accounts.check_password(json_data.instead, "")
    prove(me.account_id, json_data.password)
    hashed = here.apart(hash_password, (json_data.instead,))
    now = here.now()
    here.db.write(lambda tx: actions.change_password(tx, now, here.ring, me.account_id, me.session, hashed))
    return "", 204


@blueprint.post("/api/profile/credentials")
@blueprint.input(Credentials)
@blueprint.output(Profile)
@blueprint.doc(responses={403: "Under 16", 409: "Has a password, or the name is taken", 422: "A weak one", 429: "Many"})
def choose_credentials(json_data: Credentials) -> dict[str, Any]:
    """Give an account that signs in by a card a name and a password, from 16 years on; the card is then worthless."""
    here, me, now = services(), who(), services().now()
    accounts.check_name(json_data.name)
    accounts.check_password(json_data.password, json_data.name)
    here.limits.take("credentials", me.account_id.hex, "10 per hour")
    hashed = here.apart(hash_password, (json_data.password,))
    here.db.write(
        lambda tx: actions.choose_credentials(tx, now, here.ring, me.account_id, me.session, json_data.name, hashed)
    )
    return _profile(me.account_id)


@blueprint.get("/api/profile/devices")
@blueprint.output(Devices)
def devices() -> dict[str, Any]:
    """The devices on which the reader is signed in."""
    here, me = services(), who()
    with here.db.reading() as conn:
        return {"devices": accounts.devices(conn, here.now(), me.account_id, me.session)}


@blueprint.delete("/api/profile/devices/<uuid:device_id>")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "No such device"})
def sign_out_device(device_id: UUID) -> tuple[str, int]:
    """Sign one device out."""
    account_id = who().account_id
    services().db.write(lambda tx: accounts.close_device(tx, account_id, device_id))
    return "", 204


@blueprint.delete("/api/profile/devices")
@blueprint.output({}, status_code=204)
def sign_out_others() -> tuple[str, int]:
    """Sign every other device out."""
    me = who()
    services().db.write(lambda tx: queries.end_sessions(tx, me.account_id, me.session))
    return "", 204


@blueprint.get("/api/profile/notices")
@blueprint.output(Notices)
def told() -> dict[str, Any]:
    """What the reader was told."""
    here, account_id = services(), who().account_id
    with here.db.reading() as conn:
        return {"notices": notices.latest(conn, here.ring, account_id, queries.language_of(conn, account_id))}


@blueprint.put("/api/profile/notices/read")
@blueprint.output({}, status_code=204)
def read_all() -> tuple[str, int]:
    """Note that the reader has read all that they were told."""
    here, account_id = services(), who().account_id
    now = here.now()
    here.db.write(lambda tx: notice_rows.read(tx, account_id, now))
    return "", 204


@blueprint.put("/api/profile/face")
@blueprint.output(Face)
@blueprint.doc(responses={429: "Too many tries"})
def new_face() -> dict[str, Any]:
    """Have another nickname and picture, by chance; nobody types one."""
    here, viewer = services(), the_viewer()
    person_id = viewer.person_id
    assert person_id is not None  # noqa: S101 - the gate lets only people through who can play
    here.limits.take("faces", person_id.hex, "20 per day")
    face = persons.new_face()
    here.db.write(lambda tx: persons.change_face(tx, person_id, face))
    return {"name": nickname(*face), "avatar": face[1]}


def _profile(account_id: UUID) -> dict[str, Any]:
    here = services()
    with here.db.reading() as conn:
        return {
            "email": accounts.email_of(conn, here.ring, account_id),
            "language": queries.language_of(conn, account_id),
            "has_password": bool(queries.password_hash(conn, account_id)),
            "password_due": actions.waits_for_credentials(conn, here.now(), here.ring, account_id),
        }
