"""Google Health: daily roll-ups of its API, version 4, one total for each civil day; Fitbit and Pixel Watch are in it.

Facts: the vendor's API reference. Counts are numbers written as text; a day that is not told is not one of zero steps.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from json import loads
from typing import Any, BinaryIO

from integrations.bodies import DIGITS, bad, batches, begins, checked, day, number, parsed, unreadable
from integrations.cloud import (
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
    told_object,
)
from integrations.contract import Capabilities, DayCount, Part, Reading
from integrations.tink import is_signed

CAPABILITIES = Capabilities(
    name="google_health",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=False,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Google Health",
    consent="https://accounts.google.com/o/oauth2/v2/auth",
    scope="https://www.googleapis.com/auth/googlehealth.activity_and_fitness.readonly",
    calls_per_minute=120,  # of 150, until Google has verified us
    window=90,
    back=89,
    pkce=True,
    needs=("hook",),  # what the subscriber's endpointAuthorization holds after "Bearer "
    keys="https://www.gstatic.com/googlehealthapi/webhooks/webhooks_public_keyset.json",
    consent_more={"access_type": "offline", "prompt": "consent"},
)

ACCOUNTS, API = "https://oauth2.googleapis.com", "https://health.googleapis.com/v4/users/me"
WORN = "users/me/dataSourceFamilies/google-wearables"  # leaves out what was typed in
PAGES = 50
MOST_INTERVALS = 1_000  # of one notice
SIGNATURES = ("x-healthapi-signature", "google-health-api-signature")  # as documented, and as seen
# Faults of our registration, answered like a person's refusal; to ask people to agree anew would mend nothing.
OURS = {"SERVICE_DISABLED", "BILLING_DISABLED", "CONSUMER_INVALID", "CONSUMER_SUSPENDED"}
BUSY = {"RATE_LIMIT_EXCEEDED", "RESOURCE_QUOTA_EXCEEDED"}


def recognises(part: Part) -> bool:
    """An object of roll-ups."""
    head = begins(part)
    return head.startswith("{") and '"rollupDataPoints"' in head


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are roll-ups, from 1."""
    body = parsed(stream)
    points = body.get("rollupDataPoints") if isinstance(body, dict) else None
    if not isinstance(points, list):
        yield [unreadable(body)]
        return
    readings = (_reading(line, each) for line, each in enumerate(points, 1))
    yield from batches(each for each in readings if each is not None)


def _reading(line: int, said: object) -> Reading | None:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    starts, ends = _civil_day(said.get("civilStartTime")), _civil_day(said.get("civilEndTime"))
    if starts is None:
        return bad(line, "not_a_date", said.get("civilStartTime"))
    if ends is not None and ends > starts + timedelta(days=1):
        return bad(line, "too_long", ends.isoformat())
    told = said.get("steps")
    if not isinstance(told, dict) or "countSum" not in told:
        return None  # another measure, or a day of which nothing is known
    steps = _whole(told["countSum"])
    if steps is None:
        return bad(line, "not_a_number", told["countSum"])
    return checked(line, DayCount("Google Health", starts, steps))


def _civil_day(told: object) -> date | None:
    """The day of {"date": {"year": 2026, "month": 11, "day": 20}}, or of 2026-11-20T08:00:00."""
    if isinstance(told, str):
        return day(told[:10])
    parts = told.get("date") if isinstance(told, dict) else None
    if not isinstance(parts, dict):
        return None
    year, month, of_month = (number(parts.get(name)) for name in ("year", "month", "day"))
    try:
        return date(year or 0, month or 0, of_month or 0)
    except (ValueError, OverflowError):
        return None


def _whole(told: object) -> int | None:
    if isinstance(told, str):
        digits = told.removeprefix("-")
        return int(told) if digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS else None
    return number(told)


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, and ask whose they are, by the id that notices bear."""
    told = yield _token(
        client,
        grant_type="authorization_code",
        code=back.code,
        code_verifier=back.verifier,
        redirect_uri=back.return_to,
    )
    first = granted(told_object(told.text), back.member)
    person = yield Call("GET", f"{API}/identity", bearer(first))
    return granted(told_object(told.text), told_object(person.text).get("healthUserId"))


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Get a new access token; the refresh token stays as it is."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return granted(told_object(told.text), grant.user, grant)


def _token(client: Client, **more: str) -> Call:
    form = {"client_id": client.id, "client_secret": client.secret, **more}
    return Call("POST", f"{ACCOUNTS}/token", form=form)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """All pages of the totals of at most 90 days, from wearables alone; the day after the last ends the range."""
    body: dict[str, Any] = {
        "range": {"start": _civil(first_on), "end": _civil(last_on + timedelta(days=1))},
        "windowSizeDays": 1,
        "dataSourceFamily": WORN,
    }
    texts: list[str] = []
    for _ in range(PAGES):
        answer = yield Call("POST", f"{API}/dataTypes/steps/dataPoints:dailyRollUp", bearer(grant), body=body)
        told = told_object(answer.text)
        if told.get("rollupDataPoints"):
            texts.append(answer.text)
        following = told.get("nextPageToken")
        if not isinstance(following, str) or not following:
            break
        body = {**body, "pageToken": following}
    return texts


def _civil(on: date) -> dict[str, Any]:
    return {"date": {"year": on.year, "month": on.month, "day": on.day}}


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Nothing: the operator's service account makes one subscriber for all persons."""
    yield from ()


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """Take back what was granted, all tokens of it."""
    yield Call("POST", f"{ACCOUNTS}/revoke", form={"token": grant.refresh or grant.access})


def outcome(answer: Answer) -> Outcome:
    """By status, and by the reason that Google gives besides."""
    reasons = _reasons(answer) if answer.status in (400, 403) else set()
    if reasons & BUSY:
        return "too_often"
    if reasons & OURS:
        return "no_answer"
    # Somebody without a health account at Google is answered so until they make one, and connect again.
    return "refused" if "ACCOUNT_NOT_LINKED" in reasons else by_status(answer)


def _reasons(answer: Answer) -> set[str]:
    try:
        error = told_object(answer.text).get("error")
    except Failed:
        return set()
    details = error.get("details") if isinstance(error, dict) else None
    told = [each.get("reason") for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    return {each for each in told if isinstance(each, str)}


def hear(client: Client, heard: Heard) -> Reply:
    """Believed if signed by one of Google's keys; without a key of that number, if it knows what we gave it to say.

    Whether we ask for that is tried before the first notice: with it we answer 201, without it 401.
    """
    hook, said = client.more.get("hook", ""), heard.headers.get("authorization", "").removeprefix("Bearer ")
    knows = bool(hook) and hmac.compare_digest(said.encode("utf-8", "replace"), hook.encode())
    if _is_verification(heard.body):
        return Reply(201) if knows else NO
    signature = next((heard.headers[name] for name in SIGNATURES if name in heard.headers), None)
    signed = is_signed(client.more.get("keys", ""), signature, heard.body) if signature else None
    return Reply(204, keep=True) if signed or (signed is None and knows) else NO


def _is_verification(body: bytes) -> bool:
    try:
        return told_object(body).get("type") == "verification"
    except Failed:
        return False


def notices(body: bytes) -> Iterable[Notice]:
    """One object or a list of them, each with `data`: `healthUserId`, `dataType`, and `intervals` that changed."""
    try:
        told = loads(body)
    except (ValueError, RecursionError):
        raise Failed("no JSON") from None
    for each in told if isinstance(told, list) else [told]:
        data = each.get("data") if isinstance(each, dict) else None
        if not isinstance(data, dict) or not isinstance(data.get("healthUserId"), str | int):
            raise Failed("no user")
        if data.get("dataType") == "steps":
            yield Notice(str(data["healthUserId"]), *_span(data.get("intervals")))


def _span(intervals: object) -> tuple[date | None, date | None]:
    listed = intervals[:MOST_INTERVALS] if isinstance(intervals, list) else []
    days = [on for each in listed if isinstance(each, dict) for on in _days(each)]
    return (min(days), max(days)) if days else (None, None)


def _days(interval: Mapping[str, Any]) -> Iterator[date]:
    """The days that an interval touches: civil ones where they are told, else those of UTC and their neighbours."""
    civil = interval.get("civilIso8601TimeInterval") or interval.get("civilDateTimeInterval")
    physical = interval.get("physicalTimeInterval")
    told, wider = (civil, 0) if isinstance(civil, dict) else (physical, 1)
    if not isinstance(told, dict):
        return
    for key, off in (("start", -wider), ("end", wider)):
        on = _civil_day(told.get(f"{key}Time", told.get(f"{key}DateTime")))
        if on is not None:
            yield on + timedelta(days=off) if date.min < on < date.max else on
