"""Doors: sign up, sign in with a password, a card or a mailed link, sign out, and who am I."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response, request
from pydantic import BaseModel, Field

from challenges_app.kit.db import Tx
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import Who, maybe_who
from challenges_app.kit.words import Language, Tri
from challenges_app.people.access.actions import introduce
from challenges_app.people.access.views import COOKIE, put_cookie, viewer_now
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries
from challenges_app.people.accounts.rules import (
    device_of,
    digest,
    hash_password,
    new_session_id,
    password_fits,
)
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions import actions, rules
from challenges_app.people.sessions.actions import Newcomer

blueprint = APIBlueprint("sessions", __name__, tag="Session")


class SignIn(BaseModel):
    """A name and a password."""

    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)


class SignUp(BaseModel):
    """A user name or an e-mail address, a password, and a date of birth, which is kept sealed."""

    name: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=200)
    born_on: date
    language: Language = "zh-Hant"


class Forgotten(BaseModel):
    """The user name or e-mail address of the account."""

    name: str = Field(min_length=1, max_length=254)
    language: Language = "zh-Hant"


class Card(BaseModel):
    """What the picture on a printed card says."""

    code: str = Field(min_length=1, max_length=100)


class Link(BaseModel):
    """What stands behind the # of a mailed link."""

    token: str = Field(min_length=1, max_length=100)


class NewPassword(Link):
    """A mailed link, and the password that is chosen with it."""

    password: str = Field(min_length=1, max_length=200)


class Me(BaseModel):
    """Whoever is signed in, as their own screen greets them."""

    roles: list[str]
    language: Language
    name: Tri | None
    avatar: Species | None
    household: Tri | None
    school: Tri | None
    school_class: str | None
    waiting_for_consent: bool  # a child who cannot play until a guardian agrees


class SessionState(BaseModel):
    """Who is signed in on this device, if anybody."""

    me: Me | None


@blueprint.get("/api/session")
@blueprint.output(SessionState)
def read_session() -> dict[str, Any]:
    """Who is signed in on this device."""
    who = maybe_who()
    return {"me": _me(services(), who) if who else None}


@blueprint.post("/api/session")
@blueprint.input(SignIn)
@blueprint.output(SessionState)
@blueprint.doc(responses={401: "Wrong name or password", 429: "Too many tries"})
def sign_in(json_data: SignIn) -> Response:
    """Sign in with a name and a password; a wrong name and a wrong password cannot be told apart."""
    here = services()
    counted = rules.limits(_place(), accounts.name_index(here.ring, json_data.name).hex())
    with here.limits.guess(counted, accounts.WRONG):
        with here.db.reading() as conn:
            found = accounts.find(conn, here.ring, json_data.name)
        password_hash = found.password_hash if found else None
        if not here.apart(password_fits, (password_hash, json_data.password)) or found is None:
            raise accounts.WRONG()
    return _signed_in(here, found.id, lambda tx: actions.hold_password(tx, found.id, found.password_hash))


@blueprint.delete("/api/session")
@blueprint.output({}, status_code=204)
def sign_out() -> Response:
    """Sign this device out; nothing happens when nobody is signed in."""
    if who := maybe_who():
        services().db.write(lambda tx: accounts.close_session(tx, who.session))
    answer = Response(status=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/api/accounts")
@blueprint.input(SignUp)
@blueprint.output(SessionState, status_code=201)
@blueprint.doc(
    responses={  # type: ignore[arg-type]
        202: {"description": "A letter with a link is on its way; the same whether the address is known or not"},
        409: "The user name is taken",
        422: "No such name, a weak password, or too young",
        429: "Too many tries",
    }
)
def sign_up(json_data: SignUp) -> Response:
    """Open an account of one's own, from 16 years on; with an e-mail address, after following the mailed link."""
    here, now = services(), services().now()
    here.limits.take("sign-up-from", _place(), "30 per hour")
    by_mail = "@" in json_data.name
    (accounts.check_email if by_mail else accounts.check_name)(json_data.name)
    accounts.check_password(json_data.password, json_data.name)
    actions.check_age(now, json_data.born_on)
    if by_mail:
        here.limits.take("sign-up-name", accounts.name_index(here.ring, json_data.name).hex(), rules.LETTERS)
    hashed = here.apart(hash_password, (json_data.password,))
    who = Newcomer(json_data.name, hashed, json_data.language, json_data.born_on)
    if by_mail:
        here.db.write(lambda tx: actions.ask_to_sign_up(tx, now, here.ring, who))
        return make_response(jsonify({"me": None}), 202)
    return _signed_in(here, here.db.write(lambda tx: actions.sign_up(tx, now, here.ring, who)), status=201)


@blueprint.post("/api/links/sign-up")
@blueprint.input(Link)
@blueprint.output(SessionState)
@blueprint.doc(
    responses={409: "The address has an account by now", 410: "The link was used, or is too old", 429: "Too many tries"}
)
def finish_sign_up(json_data: Link) -> Response:
    """Follow the link that finishes a sign-up."""
    here, now = services(), services().now()
    with _following(here):
        account_id = here.db.write(lambda tx: actions.finish_sign_up(tx, now, here.ring, json_data.token))
    return _signed_in(here, account_id)


@blueprint.post("/api/password/forgotten")
@blueprint.input(Forgotten)
@blueprint.output({}, status_code=202)
@blueprint.doc(responses={429: "Too many tries"})
def forgot_password(json_data: Forgotten) -> tuple[dict[str, Any], int]:
    """Have a link mailed to choose a new password; the answer is the same whether there is such an account or not."""
    here, now = services(), services().now()
    index = accounts.name_index(here.ring, json_data.name).hex()
    here.limits.take("forgotten-from", _place(), "30 per hour")
    here.limits.take("forgotten-name", index, rules.LETTERS)
    here.db.write(lambda tx: actions.ask_for_password(tx, now, here.ring, json_data.name, json_data.language))
    return {}, 202


@blueprint.post("/api/password/reset")
@blueprint.input(NewPassword)
@blueprint.output(SessionState)
@blueprint.doc(responses={410: "The link was used, or is too old", 422: "A weak password", 429: "Too many tries"})
def reset_password(json_data: NewPassword) -> Response:
    """Choose a new password by a mailed link; every device that was signed in is signed out."""
    here, now = services(), services().now()
    accounts.check_password(json_data.password, "")
    with _following(here):
        hashed = here.apart(hash_password, (json_data.password,))
        account_id = here.db.write(lambda tx: actions.reset_password(tx, now, here.ring, json_data.token, hashed))
    return _signed_in(here, account_id)


@blueprint.post("/api/session/card")
@blueprint.input(Card)
@blueprint.output(SessionState)
@blueprint.doc(responses={401: "No such card, or an old one", 429: "Too many tries"})
def sign_in_by_card(json_data: Card) -> Response:
    """Sign in with a printed card."""
    here = services()
    counted = [("card-from", _place(), "60 per 5 minutes")]
    with here.limits.guess(counted, accounts.CARD_WRONG), here.db.reading() as conn:
        account_id = accounts.account_of_card(conn, json_data.code)
    return _signed_in(here, account_id, lambda tx: actions.hold_card(tx, account_id, json_data.code))


def _following(here: Services) -> AbstractContextManager[None]:
    """While a mailed link is followed: made-up ones cost us a hash each, and so are counted."""
    return here.limits.guess([("link-from", _place(), "60 per 5 minutes")], accounts.LINK_OVER)


def _place() -> str:
    return rules.network(request.remote_addr or "")


def _proved_now(tx: Tx) -> None:
    """Nothing to hold: what proved the account was used up a moment ago."""


def _signed_in(
    here: Services,
    account_id: UUID,
    hold: Callable[[Tx], None] = _proved_now,
    *,
    status: int = 200,
    strong: bool = False,
) -> Response:
    """Sign this device in; `hold` keeps what proved the account from being replaced while that is done."""
    # Always a fresh id: one that somebody else put into the browser before is worth nothing afterwards.
    session_id, now, before = new_session_id(), here.now(), maybe_who()
    old, device = before.session if before else None, device_of(request.user_agent.string)

    def work(tx: Tx) -> None:
        hold(tx)
        accounts.open_session(tx, now, account_id, session_id, old, device, strong=strong)

    here.db.write(work)
    who = Who(account_id, digest(session_id), strong)
    answer = jsonify({"me": _me(here, who)})
    answer.status_code = status
    put_cookie(answer, session_id)
    return answer


def _me(here: Services, who: Who) -> dict[str, Any]:
    now = here.now()
    with here.db.reading() as conn:
        seen = viewer_now(here, conn, who)
        shown = introduce(conn, now, seen)
        language = queries.language_of(conn, who.account_id)
    return {
        "roles": seen.roles, "language": language, "name": shown.name, "avatar": shown.avatar,
        "household": shown.household, "school": shown.school, "school_class": shown.school_class,
        "waiting_for_consent": seen.waiting_for_consent,
    }  # fmt: skip
