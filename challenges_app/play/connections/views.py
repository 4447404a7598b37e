"""Doors: connect a vendor's account, come back from the vendor, ask it now, end it; and where vendors tell of news."""

import hmac
from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field

from challenges_app.kit.http import NOT_FOUND
from challenges_app.kit.refusals import Refused, refusal
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import Who, maybe_who, who
from challenges_app.people.access.views import the_person, the_viewer
from challenges_app.play.connections import actions
from challenges_app.play.connections.calls import Ended, Vendors, cloud, vendors
from integrations.cloud import CameBack, Client, Heard, consent_address

OFF = refusal("connection.off", 404)
TOO_YOUNG = refusal("connection.too_young", 403)

RATE = "20 per hour"
HOOKS_RATE = "6000 per minute"  # of one vendor
LARGEST_NOTICE = 10 * 1024 * 1024  # bytes; some send the data of many persons at once
DECLINED = "declined"

blueprint = APIBlueprint("connections", __name__, tag="Steps")


class ConnectionNow(BaseModel):
    """A connected account: `busy` while days are still to come, `failures` in a row since the vendor last answered."""

    provider: str
    state: Literal["on", "refused", "gone"]
    made_at: datetime
    synced_at: datetime | None
    heard_at: datetime | None
    failures: int
    busy: bool


class Connections(BaseModel):
    """The reader's connections, and the vendors that this installation offers."""

    connections: list[ConnectionNow]
    offered: list[str]


class ToVendor(BaseModel):
    """Where the reader's browser goes now."""

    address: str


class FromVendor(BaseModel):
    """What a vendor sends a browser back with: a state and a code, or a state and an error."""

    state: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=4000)
    error: str = Field(default="", max_length=200)


class Ending(BaseModel):
    """Whether the days that came by a connection are forgotten with it."""

    forget: bool = False


@blueprint.get("/api/steps/connections")
@blueprint.output(Connections)
def connections() -> dict[str, Any]:
    """The reader's accounts at trackers' vendors."""
    here, person_id = services(), the_person()
    with here.db.reading() as conn:
        told = actions.connections(conn, person_id)
    return {"connections": told, "offered": [] if the_viewer().child else sorted(vendors(here.settings).clients)}


@blueprint.post("/api/steps/connections/<provider>")
@blueprint.output(ToVendor, status_code=201)
@blueprint.doc(responses={403: "Under 16", 404: "Not offered here", 429: "Too many"})
def go(provider: str) -> dict[str, Any]:
    """Begin to connect an account; the browser goes to the address, and is sent back within ten minutes."""
    here, told = services(), vendors(services().settings)
    client = _client(told, provider)
    if the_viewer().child:
        raise TOO_YOUNG()
    here.limits.take("connections", the_person().hex, RATE)
    now, asking = here.now(), who()
    state, verifier = here.db.write(
        lambda tx: actions.ask(tx, now, here.ring, asking.account_id, asking.session, provider)
    )
    address = consent_address(cloud(provider).CLOUD, client, _return_to(here, provider), state, verifier)
    return {"address": told.at(address)}


@blueprint.get("/api/steps/connections/<provider>/return")
@blueprint.input(FromVendor, location="query")
@blueprint.doc(
    responses={303: {"description": "To the page of connections, which says how it went"}}  # type: ignore[arg-type]
)
def come_back(provider: str, query_data: FromVendor) -> Response:
    """Where a vendor sends the browser back to; the account is connected if all is right."""
    asking = maybe_who()
    outcome = _outcome(asking, provider, query_data) if asking else "over"
    answer = Response(status=303, headers={"Location": f"/#/steps/connections/{outcome}"})
    del answer.headers["Content-Type"]  # there is nothing to read
    return answer


def _outcome(asking: Who, provider: str, told: FromVendor) -> str:
    """What came of it, as the page's address says: `done`, `declined`, `refused`, `away`, or a refusal's last part."""
    here, now = services(), services().now()
    try:
        client = _client(vendors(here.settings), provider)
        awaited = here.db.write(
            lambda tx: actions.come_back(tx, now, here.ring, asking.account_id, asking.session, provider, told.state)
        )
        if told.error or not told.code:
            return DECLINED
        back = CameBack(told.code, awaited.verifier, _return_to(here, provider), awaited.member)
        _connect(here, provider, client, back)
    except Refused as problem:
        return problem.refusal.code.partition(".")[2]
    except Ended as ended:
        # Whoever agreed and is refused all the same has something to do at the vendor first, as to open an account.
        return "refused" if ended.outcome == "refused" else "away"
    return "done"


def _connect(here: Services, provider: str, client: Client, back: CameBack) -> None:
    """Change the code for a grant and keep it; what is asked for besides may fail, as days come by asking too."""
    vendor, told, person_id = cloud(provider), vendors(here.settings), the_person()
    grant = told.dance(provider, vendor.grant(client, back))
    here.db.write(lambda tx: actions.connect(tx, here.now(), here.ring, person_id, provider, vendor.CLOUD, grant))
    try:
        told.dance(
            provider, vendor.subscribe(client, grant, actions.hook_address(here.settings.address, here.ring, provider))
        )
    except Ended:
        return


@blueprint.post("/api/steps/connections/<provider>/sync")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "Not connected", 429: "Too many"})
def sync(provider: str) -> tuple[str, int]:
    """Have the last days asked for now."""
    here, person_id = services(), the_person()
    here.limits.take("connections", person_id.hex, RATE)
    here.db.write(lambda tx: actions.sync_now(tx, here.now(), person_id, provider))
    return "", 204


@blueprint.delete("/api/steps/connections/<provider>")
@blueprint.input(Ending, location="query")
@blueprint.output({}, status_code=204)
@blueprint.doc(responses={404: "Not connected"})
def end(provider: str, query_data: Ending) -> tuple[str, int]:
    """Disconnect an account: what was granted is given back, and its days are forgotten if that is asked for."""
    here, person_id, forget = services(), the_person(), query_data.forget
    here.db.write(lambda tx: actions.disconnect(tx, here.ring, here.now(), person_id, provider, forget=forget))
    return "", 204


@blueprint.route("/api/vendors/<provider>/<secret>", methods=["GET", "HEAD", "POST"])
@blueprint.doc(hide=True)
def hear(provider: str, secret: str) -> Response:
    """Where a vendor tells of what is new: kept if it is to be believed, and understood later."""
    here = services()
    client = vendors(here.settings).clients.get(provider)
    if client is None or not hmac.compare_digest(secret.encode(), actions.hook_secret(here.ring, provider).encode()):
        raise NOT_FOUND()
    here.limits.take("vendor notices", provider, HOOKS_RATE)
    request.max_content_length = LARGEST_NOTICE
    headers = {name.lower(): value for name, value in request.headers}
    heard = Heard(request.method, headers, request.args.to_dict(), request.get_data())
    vendor = cloud(provider)
    if vendor.CLOUD.keys:
        with here.db.reading() as conn:
            client = actions.with_keys(conn, here.now(), provider, vendor.CLOUD, client)
    reply = vendor.hear(client, heard)
    if reply.keep:
        here.db.write(lambda tx: actions.heard(tx, here.ring, here.now(), provider, heard.body))
    kind = "application/json" if reply.text else "text/plain"
    return Response(reply.text, reply.status, content_type=kind)


def _client(told: Vendors, provider: str) -> Client:
    client = told.clients.get(provider)
    if client is None:
        raise OFF()
    return client


def _return_to(here: Services, provider: str) -> str:
    return f"{here.settings.address}/api/steps/connections/{provider}/return"
