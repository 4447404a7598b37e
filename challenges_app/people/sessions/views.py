"""Doors: sign in, sign out, and who am I."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, Field

from challenges_app.kit.services import Services, services
from challenges_app.kit.who import Who, maybe_who
from challenges_app.kit.words import Language, Tri
from challenges_app.people.access.actions import introduce, viewer
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts import actions, queries
from challenges_app.people.accounts.rules import SESSION_LASTS, digest, new_session_id, password_fits
from challenges_app.people.persons.rules import Species
from challenges_app.people.sessions import rules

blueprint = APIBlueprint("sessions", __name__, tag="Session")


class SignIn(BaseModel):
    """A name and a password."""

    name: str = Field(min_length=1, max_length=200)
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
    index = actions.name_index(here.ring, json_data.name)
    counted = rules.limits(request.remote_addr or "", index.hex())
    for limit in counted:
        here.limits.take(*limit)
    with here.db.reading() as conn:
        found = queries.credentials(conn, index)
    password_hash = found.password_hash if found else None
    if not here.apart(password_fits, (password_hash, json_data.password)) or found is None:
        raise actions.WRONG()
    for limit in counted:
        here.limits.give_back(*limit)
    return _signed_in(here, found.id)


@blueprint.delete("/api/session")
@blueprint.output({}, status_code=204)
def sign_out() -> Response:
    """Sign this device out; nothing happens when nobody is signed in."""
    if who := maybe_who():
        services().db.write(lambda tx: actions.close_session(tx, who.session))
    answer = Response(status=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


def _signed_in(here: Services, account_id: Any) -> Response:
    session_id, now, before = new_session_id(), here.now(), maybe_who()
    here.db.write(lambda tx: actions.open_session(tx, now, account_id, session_id, before.session if before else None))
    who = Who(account_id, digest(session_id))
    answer = jsonify({"me": _me(here, who)})
    answer.set_cookie(COOKIE, session_id, max_age=SESSION_LASTS, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


def _me(here: Services, who: Who) -> dict[str, Any]:
    now = here.now()
    with here.db.reading() as conn:
        seen = viewer(conn, now, here.ring, who.account_id)
        shown = introduce(conn, now, seen)
        language = queries.language_of(conn, who.account_id)
    return {
        "roles": seen.roles, "language": language, "name": shown.name, "avatar": shown.avatar,
        "household": shown.household, "school": shown.school, "school_class": shown.school_class,
    }  # fmt: skip
