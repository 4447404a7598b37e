"""Doors: sign in with a password, a card or a passkey, take the second step, sign out, and who am I."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, Field, model_validator

from challenges_app.kit.db import Tx
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import Who, maybe_who, who
from challenges_app.kit.words import Language, Tri
from challenges_app.people.access.actions import introduce
from challenges_app.people.access.views import COOKIE, put_cookie, strengthen, viewer_now
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries
from challenges_app.people.accounts.rules import (
    device_of,
    digest,
    new_session_id,
    password_fits,
)
from challenges_app.people.devices.actions import recognise
from challenges_app.people.devices.views import mark, put_mark
from challenges_app.people.erasures.queries import erasures
from challenges_app.people.factors import actions as factors
from challenges_app.people.factors import rules as factor_rules
from challenges_app.people.factors.views import BrowserKey, FactorCode, PasskeyOptions, prove_passkey, the_party
from challenges_app.people.persons.rules import HONG_KONG, Species
from challenges_app.people.sessions import actions, rules

blueprint = APIBlueprint("sessions", __name__, tag="Session")


class SignIn(BaseModel):
    """A name and a password."""

    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=200)


class Card(BaseModel):
    """What the picture on a printed card says."""

    code: str = Field(min_length=1, max_length=100)


class Ticket(BaseModel):
    """What goes on with a sign-in that waits for its second step."""

    ticket: str = Field(min_length=1, max_length=100)


class SecondStep(FactorCode, Ticket):
    """A sign-in that waits, and a code of an app or a recovery code."""


class MaybeTicket(BaseModel):
    """A sign-in that waits; without one the passkey is all there is."""

    ticket: str | None = Field(default=None, min_length=1, max_length=100)


class SignInByKey(BrowserKey, MaybeTicket):
    """What a browser's passkey answers."""


class Proof(BaseModel):
    """A code, or what a browser's passkey answers: one of the two."""

    code: str | None = Field(default=None, min_length=1, max_length=40)
    credential: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.code is None) == (self.credential is None):
            raise ValueError("give a code or a credential")
        return self


class Me(BaseModel):
    """Whoever is signed in, as their own screen greets them."""

    tag: str  # the same for the same account, and says nothing else: what a browser keeps is kept under it
    roles: list[str]
    child: bool  # under 16 now
    language: Language
    name: Tri | None
    avatar: Species | None
    household: Tri | None
    school: Tri | None
    school_class: str | None
    waiting_for_consent: bool  # a child who cannot play until a guardian agrees
    erased_on: date | None  # the day on which they are forgotten, if they have asked
    needs_factor: bool  # has a role that does not count on this device until a second factor is proved
    factor: Literal["none", "missing", "due"]  # then: none is set up yet, or one has to be proved again


class Second(BaseModel):
    """A sign-in that was right so far and waits, for five minutes, for one of these."""

    ticket: str
    kinds: list[factor_rules.Kind]


class SessionState(BaseModel):
    """Who is signed in on this device, if anybody; `second` when a second step has to follow."""

    me: Me | None
    second: Second | None = None


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
    """Sign in with a name and a password; a wrong name and a wrong password cannot be told apart.

    Where a second factor is set up, it has to follow: the answer then says how, and nobody is signed in yet.
    """
    here = services()
    counted = rules.limits(place(), accounts.name_index(here.ring, json_data.name).hex())
    with here.limits.guess(counted, accounts.WRONG):
        with here.db.reading() as conn:
            found = accounts.find(conn, here.ring, json_data.name)
        password_hash = found.password_hash if found else None
        if not here.apart(password_fits, (password_hash, json_data.password)) or found is None:
            raise accounts.WRONG()
    return entered(here, found.id, lambda tx: actions.hold_password(tx, found.id, found.password_hash))


@blueprint.post("/api/session/second")
@blueprint.input(SecondStep)
@blueprint.output(SessionState)
@blueprint.doc(responses={401: "Not the code of now", 410: "The sign-in waited too long", 429: "Too many tries"})
def second_step(json_data: SecondStep) -> Response:
    """Finish signing in by a code of an app, or a recovery code; a wrong one may be followed by another."""
    here, now = services(), services().now()
    with here.db.reading() as conn:
        account_id = factors.waiting(conn, now, json_data.ticket)

    def step(tx: Tx) -> None:
        factors.prove_code(tx, now, here.ring, account_id, json_data.code)
        factors.take_ticket(tx, account_id, json_data.ticket)

    with here.limits.guess(factor_rules.limits(account_id.hex, place()), *factors.GUESSED):
        return signed_in(here, account_id, step, strong=True)


@blueprint.post("/api/session/passkey/options")
@blueprint.input(MaybeTicket)
@blueprint.output(PasskeyOptions)
@blueprint.doc(responses={409: "Not at this address", 410: "The sign-in waited too long", 429: "Too many tries"})
def ask_passkey(json_data: MaybeTicket) -> dict[str, Any]:
    """Begin to sign in with a passkey, alone or as a second step."""
    here, ticket = services(), json_data.ticket
    here.limits.take("passkey-from", place(), "300 per 5 minutes")
    return _asked(here, _waiting(here, ticket))


@blueprint.post("/api/session/passkey")
@blueprint.input(SignInByKey)
@blueprint.output(SessionState)
@blueprint.doc(
    responses={401: "Not proved", 409: "Not at this address", 410: "Waited too long", 429: "Too many tries"},
)
def sign_in_by_passkey(json_data: SignInByKey) -> Response:
    """Sign in with a passkey; it proves who somebody is and that they are there, so that nothing has to follow."""
    here, now, ticket = services(), services().now(), json_data.ticket
    with here.limits.guess([("passkey-wrong-from", place(), "60 per 5 minutes")], factors.PASSKEY_WRONG):
        proved = prove_passkey(here, json_data.credential, _waiting(here, ticket))

        def step(tx: Tx) -> None:
            factors.use_key(tx, now, proved)
            if ticket is not None:
                factors.take_ticket(tx, proved.account_id, ticket)

        return signed_in(here, proved.account_id, step, strong=True)


@blueprint.post("/api/session/strong/options")
@blueprint.output(PasskeyOptions)
@blueprint.doc(responses={409: "Not at this address"})
def ask_own_passkey() -> dict[str, Any]:
    """Begin to prove again, by a passkey, who is signed in."""
    return _asked(services(), who().account_id)


@blueprint.post("/api/session/strong")
@blueprint.input(Proof)
@blueprint.output(SessionState)
@blueprint.doc(responses={409: "Not at this address", 410: "Asked too long ago"})
def prove_again(json_data: Proof) -> Response:
    """Prove again, by a second factor, who is signed in; some roles count for twelve hours afterwards."""
    here, now, account_id = services(), services().now(), who().account_id
    credential = json_data.credential
    with here.limits.guess(factor_rules.limits(account_id.hex, place()), *factors.GUESSED, factors.PASSKEY_WRONG):
        proved = prove_passkey(here, credential, account_id) if credential is not None else None

        def step(tx: Tx) -> None:
            if proved is not None:
                factors.use_key(tx, now, proved)
            else:
                factors.prove_code(tx, now, here.ring, account_id, json_data.code or "")

        session_id, _ = strengthen(here, step)
    answer = jsonify({"me": _me(here, who())})
    put_cookie(answer, session_id)
    return answer


@blueprint.delete("/api/session")
@blueprint.output({}, status_code=204)
def sign_out() -> Response:
    """Sign this device out; nothing happens when nobody is signed in."""
    if who := maybe_who():
        services().db.write(lambda tx: accounts.close_session(tx, who.session))
    answer = Response(status=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/api/session/card")
@blueprint.input(Card)
@blueprint.output(SessionState)
@blueprint.doc(responses={401: "No such card, or an old one", 429: "Too many tries"})
def sign_in_by_card(json_data: Card) -> Response:
    """Sign in with a printed card."""
    here = services()
    counted = [("card-from", place(), "60 per 5 minutes")]
    with here.limits.guess(counted, accounts.CARD_WRONG), here.db.reading() as conn:
        account_id = accounts.account_of_card(conn, json_data.code)
    return entered(here, account_id, lambda tx: actions.hold_card(tx, account_id, json_data.code))


def place() -> str:
    """Where a request comes from, as limits count it."""
    return rules.network(request.remote_addr or "")


def _proved_now(tx: Tx) -> None:
    """Nothing to hold: what proved the account was used up a moment ago."""


def entered(here: Services, account_id: UUID, hold: Callable[[Tx], None] = _proved_now) -> Response:
    """The answer to whoever gave what signs an account in: signed in, or asked for the second step that it has."""
    now = here.now()
    with here.db.reading() as conn:
        kinds = factors.kinds(conn, account_id)
    if not kinds:
        return signed_in(here, account_id, hold)

    def wait(tx: Tx) -> str:
        hold(tx)
        return factors.ask_second(tx, now, here.ring, account_id)

    ticket = here.db.write(wait)
    return jsonify({"me": None, "second": {"ticket": ticket, "kinds": kinds}})


def _waiting(here: Services, ticket: str | None) -> UUID | None:
    """The account whose sign-in waits, if one is said to."""
    if ticket is None:
        return None
    with here.db.reading() as conn:
        return factors.waiting(conn, here.now(), ticket)


def _asked(here: Services, account_id: UUID | None) -> dict[str, Any]:
    """What a browser needs to prove a passkey."""
    now, party = here.now(), the_party(here)
    return {"options": here.db.write(lambda tx: factors.ask_for_proof(tx, now, here.ring, party, account_id))}


def signed_in(
    here: Services,
    account_id: UUID,
    hold: Callable[[Tx], None] = _proved_now,
    *,
    status: int = 200,
    strong: bool = False,
) -> Response:
    """Sign this device in; `hold` keeps what proved the account from being replaced while that is done."""
    here.limits.take("signed-in", account_id.hex, rules.SIGN_INS)
    # Always a fresh id: one that somebody else put into the browser before is worth nothing afterwards.
    session_id, now, before = new_session_id(), here.now(), maybe_who()
    old, device, kept = before.session if before else None, device_of(request.user_agent.string), mark()

    def work(tx: Tx) -> None:
        hold(tx)
        recognise(tx, now, here.ring, account_id, digest(kept), device)
        accounts.open_session(tx, now, account_id, session_id, old, device, strong=strong, mark=digest(kept))

    here.db.write(work)
    who = Who(account_id, digest(session_id), strong)
    answer = jsonify({"me": _me(here, who)})
    answer.status_code = status
    put_cookie(answer, session_id)
    put_mark(answer, kept)
    return answer


def _me(here: Services, who: Who) -> dict[str, Any]:
    now = here.now()
    with here.db.reading() as conn:
        seen = viewer_now(here, conn, who)
        shown = introduce(conn, now, seen)
        language = queries.language_of(conn, who.account_id)
        leaving = erasures(conn, [seen.person_id]).get(seen.person_id) if seen.person_id else None
        has_factor = seen.needs_factor and bool(factors.kinds(conn, who.account_id))
    return {
        "tag": here.ring.fingerprint(who.account_id.bytes, "sessions", "tag").hex()[:32],
        "roles": seen.roles, "child": seen.child, "language": language, "name": shown.name, "avatar": shown.avatar,
        "household": shown.household, "school": shown.school, "school_class": shown.school_class,
        "waiting_for_consent": seen.waiting_for_consent, "needs_factor": seen.needs_factor,
        "factor": "none" if not seen.needs_factor else "due" if has_factor else "missing",
        "erased_on": f"{leaving.astimezone(HONG_KONG):%Y-%m-%d}" if leaving else None,
    }  # fmt: skip
