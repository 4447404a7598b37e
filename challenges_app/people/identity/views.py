"""Doors: how well one is known, a code for the counter, the counter itself, and the way to iAM Smart and back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import Response, current_app
from pydantic import BaseModel, Field

from challenges_app.kit.qr import QrCode, qr
from challenges_app.kit.refusals import Refused, refusal
from challenges_app.kit.services import services
from challenges_app.kit.who import Who, maybe_who, who
from challenges_app.kit.words import Tri
from challenges_app.people.access.rules import Context
from challenges_app.people.access.views import act, the_person, the_viewer, viewer_now
from challenges_app.people.identity import actions
from challenges_app.people.identity.calls import Provider
from challenges_app.people.identity.rules import Level, Method, counter_link
from challenges_app.people.persons.rules import Species

OFF = refusal("identity.iam_smart_off", 404)
DECLINED = "declined"  # what OpenID Connect calls access_denied
PROVIDER = "eplus-identity-provider"  # among the application's extensions

T = TypeVar("T")
blueprint = APIBlueprint("identity", __name__, tag="Identity")


class Checked(BaseModel):
    """How and when an identity was checked; the number is told to nobody."""

    method: Method
    at: datetime


class Identity(BaseModel):
    """The reader's level: 0 a nickname, 1 a verified e-mail address, 2 a checked identity.

    `may_check` when the identity can be checked now: it was not, and the reader is 16.
    """

    level: Level
    email: bool
    checked: Checked | None
    may_check: bool
    iam_smart: bool  # whether this installation offers it


class CounterCode(BaseModel):
    """A code to show at a counter, with its picture; it is told once, and works for so many seconds."""

    code: str
    lasts_s: int  # a phone's own clock may be wrong
    qr: QrCode


class CounterLook(BaseModel):
    """The code that somebody shows at a counter."""

    code: str = Field(min_length=1, max_length=40)


class SeenCard(CounterLook):
    """A code with the number of the identity card that was looked at; `seen` says that it was."""

    number: str = Field(min_length=1, max_length=40)
    seen: bool


class CounterPerson(BaseModel):
    """Whose code it is, as their own screen shows them."""

    name: Tri
    avatar: Species


class Way(BaseModel):
    """Where the reader's browser goes now."""

    address: str


class CameBack(BaseModel):
    """What a provider sends a browser back with: a state and a code, or a state and an error."""

    state: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=4000)
    error: str = Field(default="", max_length=200)


@blueprint.get("/api/identity")
@blueprint.output(Identity)
def identity() -> dict[str, Any]:
    """How well the reader is known."""
    here, now = services(), services().now()
    with here.db.reading() as conn:
        told = actions.identity_of(conn, now, here.ring, the_viewer())
    return {**told, "iam_smart": _provider() is not None}


@blueprint.post("/api/identity/code")
@blueprint.output(CounterCode, status_code=201)
@blueprint.doc(responses={403: "Under 16", 409: "The identity was checked", 429: "Too many"})
def make_code() -> dict[str, Any]:
    """Make a code to show at a counter within 15 minutes, in place of the one before."""
    services().limits.take("counter-codes", the_person().hex, "30 per hour")
    told = act(lambda tx, here, now, me: actions.make_code(tx, now, here.ring, me))
    return {**told, "qr": qr(counter_link(services().settings.address, told["code"]))}


@blueprint.post("/api/counter/look")
@blueprint.input(CounterLook)
@blueprint.output(CounterPerson)
@blueprint.doc(responses={403: "Not at a counter, or without a second factor", 404: "No such code", 429: "Too many"})
def look(json_data: CounterLook) -> dict[str, Any]:
    """Whose code somebody shows, to compare with their own screen."""

    def work() -> dict[str, Any]:
        here, now = services(), services().now()
        with here.db.reading() as conn:
            me = viewer_now(here, conn, who())
            return actions.look(conn, now, here.ring, me, json_data.code, _context())

    return _guarded(work)


@blueprint.post("/api/counter/check")
@blueprint.input(SeenCard)
@blueprint.output(CounterPerson)
@blueprint.doc(
    responses={
        403: "Not at a counter, or without a second factor",
        404: "No such code",
        409: "Another person has the number, or this one was checked",
        422: "No such number, or the card was not looked at",
        429: "Too many",
    }
)
def check(json_data: SeenCard) -> dict[str, Any]:
    """Note the number of an identity card that was looked at; it is sealed, and no door tells it again."""
    code, number, seen, context = json_data.code, json_data.number, json_data.seen, _context()
    return _guarded(
        lambda: act(
            lambda tx, here, now, me: actions.check_card(
                tx, now, here.ring, me, code, number, seen=seen, context=context
            )
        )
    )


@blueprint.post("/api/identity/iam-smart")
@blueprint.output(Way, status_code=201)
@blueprint.doc(
    responses={
        403: "Under 16",
        404: "Not offered here",
        409: "The identity was checked",
        424: "iAM Smart does not answer",
        429: "Too many",
    }
)
def go_to_iam_smart() -> dict[str, Any]:
    """Begin the way to iAM Smart; the browser goes to the address, and is sent back within ten minutes."""
    provider = _provider()
    if provider is None:
        raise OFF()
    services().limits.take("iam-smart", the_person().hex, "20 per hour")
    session = who().session
    asked = act(lambda tx, here, now, me: actions.ask_provider(tx, now, here.ring, me, session))
    return {"address": provider.address(asked)}


@blueprint.get("/api/identity/iam-smart/return")
@blueprint.input(CameBack, location="query")
@blueprint.doc(
    responses={303: {"description": "To the page of identity, which says how it went"}}  # type: ignore[arg-type]
)
def come_back(query_data: CameBack) -> Response:
    """Where iAM Smart sends the browser back to; the identity is kept if all is right."""
    asking, provider = maybe_who(), _provider()
    outcome = _outcome(asking, provider, query_data) if asking and provider else "over"
    answer = Response(status=303, headers={"Location": f"/#/identity/{outcome}"})
    del answer.headers["Content-Type"]  # there is nothing to read
    return answer


def _outcome(asking: Who, provider: Provider, told: CameBack) -> str:
    """What came of it, as the page's address says it: `done`, `declined`, or the last part of a refusal's code."""
    here, now = services(), services().now()
    try:
        awaited = here.db.write(
            lambda tx: actions.come_back(tx, now, here.ring, asking.account_id, asking.session, told.state)
        )
        if told.error or not told.code:
            return DECLINED if told.error == "access_denied" else "not_believed"
        profile = provider.profile(told.code, awaited, now)
        act(lambda tx, here, now, me: actions.keep_profile(tx, now, here.ring, me, profile))
    except Refused as problem:
        return problem.refusal.code.partition(".")[2]
    return "done"


def _provider() -> Provider | None:
    found: Provider | None = current_app.extensions.get(PROVIDER)
    return found


def _context() -> Context:
    return Context(strong=who().strong)


def _guarded(work: Callable[[], T]) -> T:
    """Try a code and a number; wrong ones count, so that nobody guesses one, nor finds out whose number is known."""
    here = services()
    counted = [("counter", who().account_id.hex, "30 per hour")]
    with here.limits.guess(counted, actions.CODE_WRONG, actions.NUMBER_TAKEN):
        return work()
