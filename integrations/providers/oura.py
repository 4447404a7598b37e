"""Oura: daily activity of version 2 of its API, one total for each local day of the ring.

Facts: the vendor's API reference. Each refresh token works once.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import BinaryIO

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
    bearer,
    by_status,
    granted,
    is_signed,
    told_object,
)
from integrations.contract import Capabilities, DayCount, Part, Reading

CAPABILITIES = Capabilities(
    name="oura",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=False,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Oura",
    consent="https://cloud.ouraring.com/oauth/authorize",
    scope="daily",
    calls_per_minute=800,  # of 5,000 in five minutes
    window=400,
    back=365,
    needs=("verification",),  # the token that we gave when we asked to be told
)

API = "https://api.ouraring.com"
PAGES = 50
_FIRST = re.compile(r'\{\s*"data"\s*:\s*\[\s*\{[^{}]*"(?:steps|class_5_min|active_calories)"', re.DOTALL)


def recognises(part: Part) -> bool:
    """A list under `data` whose first entry speaks of activity."""
    return bool(_FIRST.match(begins(part)))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are entries, from 1."""
    body = parsed(stream)
    days = body.get("data") if isinstance(body, dict) else None
    if not isinstance(days, list):
        yield [unreadable(body)]
        return
    yield from batches(_reading(line, each) for line, each in enumerate(days, 1))


def _reading(line: int, said: object) -> Reading:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    on, steps = day(said.get("day")), number(said.get("steps"))
    if on is None:
        return bad(line, "not_a_date", said.get("day"))
    if steps is None:
        return bad(line, "not_a_number", said.get("steps"))
    return checked(line, DayCount("Oura", on, steps))


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, and ask whose they are."""
    told = yield _token(client, grant_type="authorization_code", code=back.code, redirect_uri=back.return_to)
    first = granted(told_object(told.text), back.member)
    person = yield Call("GET", f"{API}/v2/usercollection/personal_info", bearer(first))
    return granted(told_object(told.text), told_object(person.text).get("id"))


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Change the refresh token for new tokens."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return granted(told_object(told.text), grant.user, grant)


def _token(client: Client, **more: str) -> Call:
    form = {"client_id": client.id, "client_secret": client.secret, **more}
    return Call("POST", f"{API}/oauth/token", form=form)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """All pages of some days."""
    # Whether the last day is among those told is said in two ways; one day more does no harm.
    query = {"start_date": first_on.isoformat(), "end_date": (last_on + timedelta(days=1)).isoformat()}
    texts: list[str] = []
    for _ in range(PAGES):
        answer = yield Call("GET", f"{API}/v2/usercollection/daily_activity", bearer(grant), query=query)
        texts.append(answer.text)
        following = told_object(answer.text).get("next_token")
        if not isinstance(following, str):
            break
        query = {**query, "next_token": following}
    return texts


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Nothing: subscriptions are made once for all persons."""
    yield from ()


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """Take back what was granted."""
    yield Call("POST", f"{API}/oauth/revoke", query={"access_token": grant.access})


def outcome(answer: Answer) -> Outcome:
    """By status."""
    return by_status(answer)


def hear(client: Client, heard: Heard) -> Reply:
    """A challenge is answered for whom knows our token; a notice is signed over its time and body."""
    if heard.method == "GET":
        right = heard.query.get("verification_token", "") == client.more.get("verification")
        return Reply(200, json.dumps({"challenge": heard.query.get("challenge", "")})) if right else NO
    signature, at = heard.headers.get("x-oura-signature", ""), heard.headers.get("x-oura-timestamp", "")
    right = is_signed(client.secret.encode(), at.encode() + heard.body, signature, _upper_hex)
    return KEPT if right else NO


def _upper_hex(digest: bytes) -> str:
    return digest.hex().upper()


def notices(body: bytes) -> Iterable[Notice]:
    """An object: `user_id`, `data_type`, `event_type`; which days changed is not told."""
    told = told_object(body)
    if not isinstance(told.get("user_id"), str):
        raise Failed("no user")
    if told.get("data_type") == "daily_activity":
        yield Notice(told["user_id"])
