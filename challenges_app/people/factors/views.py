"""Doors: one's own second factors, and what other doors need to prove one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, Field

from challenges_app.kit.db import Tx
from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import who
from challenges_app.people.access.views import prove, put_cookie, strengthen
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import device_of
from challenges_app.people.factors import actions, rules

blueprint = APIBlueprint("factors", __name__, tag="Second factors")


class Password(BaseModel):
    """The account's password."""

    password: str = Field(min_length=1, max_length=200)


class FactorCode(BaseModel):
    """A code that an app shows."""

    code: str = Field(min_length=1, max_length=40)


class BrowserKey(BaseModel):
    """What a browser answers to the options: `PublicKeyCredential.toJSON()`."""

    credential: dict[str, Any]


class PasskeyNow(BaseModel):
    """A passkey, by the device on which it was made."""

    id: UUID
    device: str
    made_at: datetime
    used_at: datetime | None


class Factors(BaseModel):
    """What an account has set up besides its password; `strong` when it was proved on this device not long ago."""

    has_password: bool
    app: datetime | None
    passkeys: list[PasskeyNow]
    recovery_left: int
    strong: bool


class NewApp(BaseModel):
    """What an app is given once: as a picture, a link, and a key in groups of four. A first code must follow."""

    qr: QrCode
    link: str
    key: str


class RecoveryCodes(BaseModel):
    """Codes that are told once; none when there were some already."""

    codes: list[str]


class PasskeyOptions(BaseModel):
    """What `navigator.credentials` is to be asked, in the JSON of WebAuthn."""

    options: dict[str, Any]


@blueprint.get("/api/factors")
@blueprint.output(Factors)
def factors() -> dict[str, Any]:
    """The reader's own second factors."""
    me = who()
    with services().db.reading() as conn:
        return {**actions.shown(conn, me.account_id), "strong": me.strong}


@blueprint.post("/api/factors/app")
@blueprint.input(Password)
@blueprint.output(NewApp, status_code=201)
@blueprint.doc(responses={401: "Not the password", 403: "Prove a factor first", 409: "There is one", 429: "Too many"})
def make_app(json_data: Password) -> tuple[dict[str, Any], int]:
    """Begin to set up an app that shows codes; it counts once its first code was given."""
    here, now, account_id = services(), services().now(), _proved(json_data)
    secret = here.db.write(lambda tx: actions.make_app(tx, now, here.ring, account_id))
    with here.db.reading() as conn:
        link = rules.app_link(secret, accounts.name_of(conn, here.ring, account_id))
    return {"qr": qr(link), "link": link, "key": rules.in_groups(secret)}, 201


@blueprint.post("/api/factors/app/confirm")
@blueprint.input(FactorCode)
@blueprint.output(RecoveryCodes)
@blueprint.doc(responses={401: "Not the code of now", 409: "No app waits for a code", 429: "Too many tries"})
def confirm_app(json_data: FactorCode) -> Response:
    """Finish setting up an app by its first code, which proves this device as well."""
    here, now, account_id = services(), services().now(), who().account_id
    with here.limits.guess([("confirm-app", account_id.hex, "20 per 15 minutes")], actions.WRONG):
        return _with_codes(here, lambda tx: actions.confirm_app(tx, now, here.ring, account_id, json_data.code))


@blueprint.post("/api/factors/app/remove")
@blueprint.input(Password)
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={401: "Not the password", 403: "Prove a factor first", 404: "None there", 429: "Too many"})
def remove_app(json_data: Password) -> tuple[str, int]:
    """Take the app away."""
    here, now, account_id = services(), services().now(), _proved(json_data)
    here.db.write(lambda tx: actions.remove_app(tx, now, here.ring, account_id))
    return "", 204


@blueprint.post("/api/factors/passkeys/options")
@blueprint.input(Password)
@blueprint.output(PasskeyOptions)
@blueprint.doc(
    responses={401: "Not the password", 403: "Prove a factor first", 409: "Not at this address", 429: "Too many tries"}
)
def ask_for_passkey(json_data: Password) -> dict[str, Any]:
    """Begin to add a passkey."""
    here, now, account_id, party = services(), services().now(), _proved(json_data), the_party(services())
    return {"options": here.db.write(lambda tx: actions.ask_for_key(tx, now, here.ring, party, account_id))}


@blueprint.post("/api/factors/passkeys")
@blueprint.input(BrowserKey)
@blueprint.output(RecoveryCodes, status_code=201)
@blueprint.doc(responses={401: "Not proved", 409: "This key is known already", 410: "Asked too long ago"})
def add_passkey(json_data: BrowserKey) -> Response:
    """Finish adding a passkey, which proves this device as well."""
    here, now, account_id, party = services(), services().now(), who().account_id, the_party(services())
    try:
        challenge = rules.challenge_in(json_data.credential)
        if not here.db.write(lambda tx: actions.take_challenge(tx, now, "key-add", challenge, account_id)):
            raise actions.PASSKEY_OVER()
        key = rules.read_new(json_data.credential, party, challenge)
    except rules.NotProved:
        raise actions.PASSKEY_WRONG() from None
    device = device_of(request.user_agent.string)
    return _with_codes(here, lambda tx: actions.add_key(tx, now, here.ring, account_id, key, device), 201)


@blueprint.post("/api/factors/passkeys/<uuid:passkey_id>/remove")
@blueprint.input(Password)
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={401: "Not the password", 403: "Prove a factor first", 404: "None there", 429: "Too many"})
def remove_passkey(passkey_id: UUID, json_data: Password) -> tuple[str, int]:
    """Take a passkey away."""
    here, now, account_id = services(), services().now(), _proved(json_data)
    here.db.write(lambda tx: actions.remove_key(tx, now, here.ring, account_id, passkey_id))
    return "", 204


@blueprint.post("/api/factors/recovery")
@blueprint.input(Password)
@blueprint.output(RecoveryCodes, status_code=201)
@blueprint.doc(responses={401: "Not the password", 403: "Prove a factor first", 409: "No factor yet", 429: "Too many"})
def make_recovery_codes(json_data: Password) -> tuple[dict[str, Any], int]:
    """Make recovery codes in place of all before."""
    here, now, account_id = services(), services().now(), _proved(json_data)
    return {"codes": here.db.write(lambda tx: actions.new_codes(tx, now, here.ring, account_id))}, 201


def the_party(here: Services) -> rules.Party:
    """For which site passkeys are made here; raises `passkey.not_here`."""
    if (found := rules.party(here.settings.address)) is None:
        raise actions.PASSKEY_NOT_HERE()
    return found


def prove_passkey(here: Services, credential: dict[str, Any], account_id: UUID | None) -> actions.Proved:
    """Whose passkey has signed our challenge; without an account whoever the passkey says. To be noted by `use_key`.

    The challenge is used up before anything is believed. Raises `passkey.over`, `passkey.wrong` or `passkey.not_here`.
    """
    now, party = here.now(), the_party(here)
    try:
        challenge = rules.challenge_in(credential)
    except rules.NotProved:
        raise actions.PASSKEY_WRONG() from None
    if not here.db.write(lambda tx: actions.take_challenge(tx, now, "key-prove", challenge, account_id)):
        raise actions.PASSKEY_OVER()
    with here.db.reading() as conn:
        return actions.proved_key(conn, party, credential, challenge, account_id)


def _proved(given: Password) -> UUID:
    """The account that asks, if the password is its own, and a factor that it has was proved on this device."""
    me = who()
    with services().db.reading() as conn:
        actions.check_may_change(conn, me.account_id, strong=me.strong)
    prove(me.account_id, given.password)
    return me.account_id


def _with_codes(here: Services, add: Callable[[Tx], list[str]], status: int = 200) -> Response:
    session_id, codes = strengthen(here, add)
    answer = jsonify({"codes": codes})
    answer.status_code = status
    put_cookie(answer, session_id)
    return answer
