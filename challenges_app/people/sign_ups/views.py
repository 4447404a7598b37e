"""Doors: open an account of one's own, and choose a new password when it was forgotten; both may go by mail."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response
from pydantic import BaseModel, Field

from challenges_app.kit.services import Services, services
from challenges_app.kit.words import Language
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import LETTERS, hash_password, password_fits
from challenges_app.people.sessions import actions
from challenges_app.people.sessions.actions import Newcomer
from challenges_app.people.sessions.views import SessionState, entered, place, signed_in

blueprint = APIBlueprint("sign_ups", __name__, tag="Sign-up")


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


class Link(BaseModel):
    """What stands behind the # of a mailed link."""

    token: str = Field(min_length=1, max_length=100)


class SignUpLink(Link):
    """A mailed link, and the password that was chosen when it was asked for."""

    password: str = Field(min_length=1, max_length=200)


class NewPassword(Link):
    """A mailed link, and the password that is chosen with it."""

    password: str = Field(min_length=1, max_length=200)


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
    here.limits.take("sign-up-from", place(), "30 per hour")
    by_mail = "@" in json_data.name
    (accounts.check_email if by_mail else accounts.check_name)(json_data.name)
    accounts.check_password(json_data.password, json_data.name)
    actions.check_age(now, json_data.born_on)
    if by_mail:
        here.limits.take("sign-up-name", accounts.name_index(here.ring, json_data.name).hex(), LETTERS)
    hashed = here.apart(hash_password, (json_data.password,))
    who = Newcomer(json_data.name, hashed, json_data.language, json_data.born_on)
    if by_mail:
        here.db.write(lambda tx: actions.ask_to_sign_up(tx, now, here.ring, who))
        return make_response(jsonify({"me": None}), 202)
    return signed_in(here, here.db.write(lambda tx: actions.sign_up(tx, now, here.ring, who)), status=201)


@blueprint.post("/api/links/sign-up")
@blueprint.input(SignUpLink)
@blueprint.output(SessionState)
@blueprint.doc(
    responses={
        401: "Not the password of the sign-up",
        409: "The address has an account by now",
        410: "The link was used, or is too old",
        429: "Too many tries",
    }
)
def finish_sign_up(json_data: SignUpLink) -> Response:
    """Follow the link that finishes a sign-up, with the password that was chosen then.

    Whoever enters somebody else's address would else know the password of the account that its owner opens by the link.
    """
    here, now = services(), services().now()
    with _following(here):
        with here.db.reading() as conn:
            chosen = actions.password_of_sign_up(conn, now, here.ring, json_data.token)
        if not here.apart(password_fits, (chosen, json_data.password)):
            raise actions.OTHER_PASSWORD()
        account_id = here.db.write(lambda tx: actions.finish_sign_up(tx, now, here.ring, json_data.token))
    return signed_in(here, account_id)


@blueprint.post("/api/password/forgotten")
@blueprint.input(Forgotten)
@blueprint.output({}, status_code=202)
@blueprint.doc(responses={429: "Too many tries"})
def forgot_password(json_data: Forgotten) -> tuple[dict[str, Any], int]:
    """Have a link mailed to choose a new password; the answer is the same whether there is such an account or not."""
    here, now = services(), services().now()
    index = accounts.name_index(here.ring, json_data.name).hex()
    here.limits.take("forgotten-from", place(), "30 per hour")
    here.limits.take("forgotten-name", index, LETTERS)
    here.db.write(lambda tx: actions.ask_for_password(tx, now, here.ring, json_data.name, json_data.language))
    return {}, 202


@blueprint.post("/api/password/reset")
@blueprint.input(NewPassword)
@blueprint.output(SessionState)
@blueprint.doc(responses={410: "The link was used, or is too old", 422: "A weak password", 429: "Too many tries"})
def reset_password(json_data: NewPassword) -> Response:
    """Choose a new password by a mailed link; every device that was signed in is signed out.

    A second factor still has to follow: whoever reads somebody's mail does not have it.
    """
    here, now = services(), services().now()
    accounts.check_password(json_data.password, "")
    with _following(here):
        hashed = here.apart(hash_password, (json_data.password,))
        account_id = here.db.write(lambda tx: actions.reset_password(tx, now, here.ring, json_data.token, hashed))
    return entered(here, account_id)


def _following(here: Services) -> AbstractContextManager[None]:
    """While a mailed link is followed: made-up ones and wrong passwords cost us a hash each, and so are counted."""
    return here.limits.guess([("link-from", place(), "60 per 5 minutes")], accounts.LINK_OVER, actions.OTHER_PASSWORD)
