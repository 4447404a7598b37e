"""Polar: daily activity of AccessLink version 3, one total for each day of the watch.

Facts: the vendor's OpenAPI description. Moments have no zone, so a day is the date that its activity begins with.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import BinaryIO
from urllib.parse import quote

from integrations.bodies import bad, batches, begins, checked, day, number, parsed, unreadable
from integrations.cloud import (
    KEPT,
    NO,
    Answer,
    Call,
    CameBack,
    Client,
    Cloud,
    Failed,
    Flow,
    Grant,
    Heard,
    Notice,
    Outcome,
    Reply,
    basic,
    bearer,
    by_status,
    granted,
    is_signed,
    told_object,
)
from integrations.contract import Capabilities, DayCount, Part, Reading

CAPABILITIES = Capabilities(
    name="polar",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=False,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Polar",
    consent="https://flow.polar.com/oauth2/authorization",
    scope="accesslink.read_all",
    calls_per_minute=30,
    window=28,
    back=364,
    needs=("hook",),  # the signature_secret_key that was told when the webhook was made
)

API = "https://www.polaraccesslink.com"
KNOWN_ALREADY, NOTHING_NEW = 409, 204
_FIRST = re.compile(r'\[\s*\{[^{}]*"start_time"\s*:[^{}]*"(?:active_duration|daily_activity)"', re.DOTALL)


def recognises(part: Part) -> bool:
    """A list whose first entry is a day's activity."""
    return bool(_FIRST.match(begins(part)))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are entries, from 1."""
    days = parsed(stream)
    if not isinstance(days, list):
        yield [unreadable(days)]
        return
    yield from batches(_reading(line, each) for line, each in enumerate(days, 1))


def _reading(line: int, said: object) -> Reading:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    starts, steps = said.get("start_time"), number(said.get("steps"))
    on = day(starts[:10]) if isinstance(starts, str) else None
    if on is None:
        return bad(line, "not_a_date", starts)
    if steps is None:
        return bad(line, "not_a_number", said.get("steps"))
    return checked(line, DayCount("Polar", on, steps))


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for a token, and have the person registered with us, without which nothing is answered."""
    form = {"grant_type": "authorization_code", "code": back.code, "redirect_uri": back.return_to}
    told = yield Call("POST", "https://polarremote.com/v2/oauth2/token", basic(client), form=form)
    found = granted(told_object(told.text), told_object(told.text).get("x_user_id"))
    yield Call("POST", f"{API}/v3/users", bearer(found), body={"member-id": back.member}, accepts=(KNOWN_ALREADY,))
    return found


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """By the standard, should there ever be a refresh token: today's tokens do not end."""
    form = {"grant_type": "refresh_token", "refresh_token": grant.refresh or ""}
    told = yield Call("POST", "https://polarremote.com/v2/oauth2/token", basic(client), form=form)
    return granted(told_object(told.text), grant.user, grant)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """The days of at most four weeks, none of them more than a year ago."""
    query = {"from": first_on.isoformat(), "to": last_on.isoformat()}
    headers = {**bearer(grant), "Accept": "application/json"}
    answer = yield Call("GET", f"{API}/v3/users/activities", headers, query=query)
    return [] if answer.status == NOTHING_NEW else [answer.text]


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Nothing: there is one webhook for all persons."""
    yield from ()


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """End the person's registration with us, and the token with it."""
    yield Call("DELETE", f"{API}/v3/users/{quote(grant.user, safe='')}", bearer(grant))


def outcome(answer: Answer) -> Outcome:
    """By status."""
    return by_status(answer)


def hear(client: Client, heard: Heard) -> Reply:
    """Notices are signed over their body; the first one comes before we know the secret, and only asks for a 200."""
    if _is_ping(heard.body):
        return Reply(200)
    secret, signature = client.more.get("hook", ""), heard.headers.get("polar-webhook-signature", "")
    return KEPT if secret and is_signed(secret.encode(), heard.body, signature) else NO


def notices(body: bytes) -> Iterable[Notice]:
    """An object: `event`, `user_id`, and the `date` of an activity; its `url` is not followed."""
    told = told_object(body)
    if not isinstance(told.get("user_id"), str | int):
        raise Failed("no user")
    if told.get("event") == "ACTIVITY_SUMMARY":
        on = day(told.get("date"))
        yield Notice(str(told["user_id"]), on, on)


def _is_ping(body: bytes) -> bool:
    try:
        return told_object(body).get("event") == "PING"
    except Failed:
        return False
