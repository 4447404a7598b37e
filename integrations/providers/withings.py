"""Withings: the activity API, one total for each local day of each device.

Facts: the vendor's API reference. Every answer has HTTP status 200; what it means is `status` in its JSON, 0 for well.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, BinaryIO
from urllib.parse import parse_qs

from integrations.bodies import bad, batches, begins, checked, day, name, number, parsed, unreadable
from integrations.cloud import (
    KEPT,
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

CAPABILITIES = Capabilities(
    name="withings",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=True,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Withings",
    consent="https://account.withings.com/oauth2_user/authorize2",
    scope="user.info,user.metrics,user.activity",
    calls_per_minute=100,  # of 120
    window=400,
    back=365,
    signed=False,
)

API = "https://wbsapi.withings.net"
ACTIVITY = "16"  # of the kinds of notices
TOKEN_STATUS = {100, 101, 102, 200, 401}
TOO_OFTEN = 601
PAGES = 50  # of one answer; a year of days has two or three
_FIRST = re.compile(r'\{\s*("status"\s*:\s*0\s*,\s*)?"body"\s*:\s*\{\s*"activities"\s*:')


def recognises(part: Part) -> bool:
    """An answer that begins with its activities."""
    return bool(_FIRST.match(begins(part)))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the activities; lines of problems are activities, from 1."""
    body = parsed(stream)
    inside = body.get("body") if isinstance(body, dict) else None
    activities = inside.get("activities") if isinstance(inside, dict) else None
    if not isinstance(activities, list):
        yield [unreadable(body)]
        return
    yield from batches(_reading(line, each) for line, each in enumerate(activities, 1))


def _reading(line: int, said: object) -> Reading:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    on, steps = day(said.get("date")), number(said.get("steps"))
    if on is None:
        return bad(line, "not_a_date", said.get("date"))
    if steps is None:
        return bad(line, "not_a_number", said.get("steps"))
    # A phone's steps that came here by way of Apple or Google are another source than the watch's own.
    source = name(said.get("model")) or "Withings"
    return checked(line, DayCount(source, on, steps, revised_at=_moment(said.get("modified"))))


def _moment(epoch: object) -> datetime | None:
    seconds = number(epoch)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    except (OverflowError, ValueError, OSError):
        return None


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, which has to be done within 30 seconds."""
    told = yield _token(client, grant_type="authorization_code", code=back.code, redirect_uri=back.return_to)
    return _granted(told, None)


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Change the refresh token for new tokens; the old one lives on for 8 hours, or until the new ones are used."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return _granted(told, grant)


def _token(client: Client, **more: str) -> Call:
    form = {"action": "requesttoken", "client_id": client.id, "client_secret": client.secret, **more}
    return Call("POST", f"{API}/v2/oauth2", form=form)


def _granted(answer: Answer, before: Grant | None) -> Grant:
    told = _body(answer)
    return granted(told, told.get("userid", before.user if before else ""), before)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """All pages of the activities of some days."""
    form = {
        "action": "getactivity",
        "startdateymd": first_on.isoformat(),
        "enddateymd": last_on.isoformat(),
        "data_fields": "steps",
    }
    texts: list[str] = []
    for _ in range(PAGES):
        answer = yield Call("POST", f"{API}/v2/measure", bearer(grant), form=form)
        texts.append(answer.text)
        told = _body(answer)
        if not told.get("more"):
            break
        form = {**form, "offset": str(told.get("offset", ""))}
    return texts


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Ask for notices of activity."""
    form = {"action": "subscribe", "callbackurl": address, "appli": ACTIVITY}
    yield Call("POST", f"{API}/notify", bearer(grant), form=form)


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """Take back what was granted, notices with it; a call that is signed with a number that is good once."""
    now = str(int(at.timestamp()))
    signed = _signed(client, "getnonce", now)
    told = yield Call("POST", f"{API}/v2/signature", form={**signed, "timestamp": now})
    nonce = _body(told).get("nonce")
    if not isinstance(nonce, str):
        raise Failed("no nonce")
    yield Call(
        "POST", f"{API}/v2/oauth2", form={**_signed(client, "revoke", nonce), "nonce": nonce, "userid": grant.user}
    )


def _signed(client: Client, action: str, value: str) -> dict[str, str]:
    """The parts of a signed call: HMAC-SHA256, in hex, of action, client and nonce or time, joined by commas."""
    message = f"{action},{client.id},{value}".encode()
    signature = hmac.new(client.secret.encode(), message, hashlib.sha256).hexdigest()
    return {"action": action, "client_id": client.id, "signature": signature}


def outcome(answer: Answer) -> Outcome:
    """By the `status` in the answer, where the transport itself went well."""
    if answer.status != 200:
        return by_status(answer)
    try:
        status = told_object(answer.text).get("status")
    except Failed:
        return "no_answer"
    if status == 0:
        return "ok"
    return "refused" if status in TOKEN_STATUS else "too_often" if status == TOO_OFTEN else "no_answer"


def _body(answer: Answer) -> dict[str, Any]:
    body = told_object(answer.text).get("body")
    if not isinstance(body, dict):
        raise Failed("no body")
    return body


def hear(client: Client, heard: Heard) -> Reply:
    """Notices are not signed, so whoever knows the address may hint that there is something new, and no more."""
    return KEPT if heard.method == "POST" and heard.body else Reply(200)


def notices(body: bytes) -> Iterable[Notice]:
    """A form: `userid`, `appli`, and a `date`, or `startdate` and `enddate` in seconds since 1970."""
    told = {key: values[0] for key, values in parse_qs(body.decode()).items()}
    if told.get("appli") != ACTIVITY or "userid" not in told:
        return
    on = day(told.get("date"))
    yield Notice(told["userid"], on or _day_of(told.get("startdate"), -1), on or _day_of(told.get("enddate"), 1))


def _day_of(epoch: str | None, off: int) -> date | None:
    """The day of a moment in UTC, or the one beside it: the person's own zone is not told."""
    moment = _moment(int(epoch)) if epoch and epoch.isdecimal() else None
    return moment.date() + timedelta(days=off) if moment else None
