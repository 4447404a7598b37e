"""Suunto: statistics of days from its cloud, one total for each local day of each watch; for partners.

Facts: running integrations, as the vendor's own pages are for partners.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, BinaryIO

from integrations.bodies import DIGITS, bad, batches, begins, checked, day, moment, name, number, parsed, unreadable
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
    claims,
    granted,
    is_signed,
    told_object,
)
from integrations.contract import Capabilities, DayCount, Part, Reading

CAPABILITIES = Capabilities(
    name="suunto",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=False,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Suunto",
    consent="https://cloudapi-oauth.suunto.com/oauth/authorize",
    scope="",
    calls_per_minute=10,
    window=28,
    back=363,
    needs=("key", "hook"),  # the key of our subscription to its API, and what notices are signed with
)

ACCOUNTS, API = "https://cloudapi-oauth.suunto.com/oauth", "https://cloudapi.suunto.com"
PATHS = ("247/daily-activity-statistics", "247samples/daily-activity-statistics")  # it is called both
NOT_FOUND = 404
STEPS, ACTIVITY = "stepcount", "SUUNTO_247_ACTIVITY_CREATED"
MOST = 10_000  # samples of one notice, or of one source


def recognises(part: Part) -> bool:
    """A list of statistics, each with its sources and their samples."""
    head = begins(part)
    return head.startswith("[") and all(f'"{key}"' in head for key in ("Sources", "Samples", "TimeISO8601"))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are samples of steps, from 1."""
    statistics = parsed(stream)
    if not isinstance(statistics, list):
        yield [unreadable(statistics)]
        return
    found = (_reading(line, *each, zone) for line, each in enumerate(_samples(statistics), 1))
    yield from batches(each for each in found if each is not None)


def _samples(statistics: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """The samples of steps, each with its source; where one is no list or object, it stands for its samples."""
    for each in statistics:
        if not isinstance(each, dict):
            yield "", each
        elif each.get("Name") == STEPS:
            for source in _listed(each.get("Sources")):
                told = source if isinstance(source, dict) else {}
                for sample in _listed(told.get("Samples")) if told else [source]:
                    yield name(told.get("Name")) or CLOUD.brand, sample


def _listed(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def _reading(line: int, source: str, sample: object, zone: tzinfo) -> Reading | None:
    if not isinstance(sample, dict):
        return bad(line, "damaged", sample)
    if sample.get("Value") is None:
        return None
    on, steps = _day(sample.get("TimeISO8601"), zone), _whole(sample["Value"])
    if on is None:
        return bad(line, "not_a_date", sample.get("TimeISO8601"))
    if steps is None:
        return bad(line, "not_a_number", sample["Value"])
    return checked(line, DayCount(source, on, steps))


def _day(told: object, zone: tzinfo) -> date | None:
    """The day that a time names: as it is written, unless it is of UTC."""
    if not isinstance(told, str) or not told.endswith("Z"):
        return day(told[:10]) if isinstance(told, str) else None
    at = moment(told, zone)
    try:
        return at.astimezone(zone).date() if at else None
    except OverflowError:
        return None


def _whole(told: object) -> int | None:
    if isinstance(told, str):
        return int(told) if told.isascii() and told.isdecimal() and len(told) <= DIGITS else None
    return number(told)


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, which name the person as notices do."""
    told = yield _token(client, grant_type="authorization_code", code=back.code, redirect_uri=back.return_to)
    return _granted(told, None)


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Get a new access token."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return _granted(told, grant)


def _token(client: Client, **form: str) -> Call:
    return Call("POST", f"{ACCOUNTS}/token", basic(client), form=form)


def _granted(answer: Answer, before: Grant | None) -> Grant:
    told = told_object(answer.text)
    said = claims(told.get("access_token"))
    user = before.user if before else told.get("user") or said.get("user") or said.get("sub")
    return granted(told, user, before)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """The statistics of at most four weeks."""
    query = {"startdate": f"{first_on}T00:00:00+08:00", "enddate": f"{last_on}T23:59:59+08:00"}
    headers = {**bearer(grant), "Ocp-Apim-Subscription-Key": client.more.get("key", "")}
    for path in PATHS:
        accepts = (NOT_FOUND,) if path != PATHS[-1] else ()
        answer = yield Call("GET", f"{API}/{path}", headers, query=query, accepts=accepts)
        if answer.status != NOT_FOUND:
            break
    return [answer.text] if '"Samples"' in answer.text else []


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Nothing: the operator names one address for all persons."""
    yield from ()


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """Take back what was granted."""
    yield Call("GET", f"{ACCOUNTS}/deauthorize", bearer(grant), query={"client_id": client.id})


def outcome(answer: Answer) -> Outcome:
    """By status, unless it is our own subscription that is refused or used up."""
    try:
        said = str(told_object(answer.text).get("message", "")).lower()
    except Failed:
        return by_status(answer)
    if answer.status == 403 and "quota" in said:
        return "too_often"
    return "no_answer" if answer.status in (401, 403) and "subscription key" in said else by_status(answer)


def hear(client: Client, heard: Heard) -> Reply:
    """Notices are signed over their body, in hex or base64."""
    secret, signature = client.more.get("hook", "").encode(), heard.headers.get("x-hmac-sha256-signature", "")
    right = is_signed(secret, heard.body, signature.lower()) or is_signed(secret, heard.body, signature, _in_base64)
    return KEPT if secret and right else NO


def _in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def notices(body: bytes) -> Iterable[Notice]:
    """An object: `type`, `username`, and `samples` whose times tell the days; their steps are not those of days."""
    told = told_object(body)
    user = told.get("username")
    if not isinstance(user, str) or not user:
        raise Failed("no user")
    if told.get("type") == ACTIVITY:
        days = [on for each in _listed(told.get("samples"))[:MOST] if (on := _sampled_on(each)) is not None]
        yield Notice(user, min(days, default=None), max(days, default=None))


def _sampled_on(sample: Mapping[str, Any] | object) -> date | None:
    told = sample.get("timestamp") if isinstance(sample, dict) else None
    return day(told[:10]) if isinstance(told, str) else None
