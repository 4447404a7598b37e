"""Huawei Health: statistics of days from its Health Kit, one total for each day of Hong Kong.

Facts: the vendor's reference and its answers to questions. Details come late or are lost, and their sum is not a day's
statistic, so only statistics are asked for and read. Groups tell milliseconds, points nanoseconds.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, BinaryIO

from integrations.bodies import bad, batches, begins, checked, number, parsed, unreadable
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
    claims,
    granted,
    is_signed,
    told_object,
)
from integrations.contract import Capabilities, DayCount, Part, Reading

CAPABILITIES = Capabilities(
    name="huawei_health",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="asked",
    by_hand=False,
    corrects=False,
    piecewise=False,
)
HOST = "health-api.cloud.huawei.com"
CLOUD = Cloud(
    brand="Huawei Health",
    consent="https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
    scope=("openid https://www.huawei.com/healthkit/step.read https://www.huawei.com/healthkit/historydata.open.month"),
    calls_per_minute=60,
    window=31,
    back=30,
    hosts=(".huawei.com", ".huawei.eu", ".huawei.asia", ".huawei.ru", ".huawei.cn"),
    consent_more={"access_type": "offline"},
)

ACCOUNTS = "https://oauth-login.cloud.huawei.com/oauth2/v3"
WHOSE = "https://oauth-api.cloud.huawei.com/rest.php"
DELTA, TOTAL = "com.huawei.continuous.steps.delta", "com.huawei.continuous.steps.total"
# The vendor cuts days in the zone that we say; all of e+ Life counts in Hong Kong's, which has had this since 1979.
ZONE = timezone(timedelta(hours=8))
REFUSED, OF_TOKENS = 1203, {11205, 31204}  # an error and its kinds: a refresh token that is good no more
OTHER_SITE = 121001  # the account is kept in another region than the host that we ask
GONE, LOST = {"USER_EVENT$REVOKE_ALL", "USER_EVENT$DELETE_USER"}, "USER_EVENT$REFRESH_TOKEN_INVALID"
LONGEST_DAY = timedelta(hours=25)
MOST_POINTS = 10_000  # of one day
_UNITS = ((10**11, 1), (10**14, 1_000), (10**17, 1_000_000), (10**20, 1_000_000_000))  # s, ms, µs, ns since 1970


def recognises(part: Part) -> bool:
    """Groups of sets of samples."""
    head = begins(part)
    return head.startswith("{") and '"group"' in head and '"sampleSet"' in head


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are groups, from 1."""
    body = parsed(stream)
    groups = body.get("group") if isinstance(body, dict) else None
    if not isinstance(groups, list):
        yield [unreadable(body)]
        return
    readings = (_reading(line, each, zone) for line, each in enumerate(groups, 1))
    yield from batches(each for each in readings if each is not None)


def _reading(line: int, group: object, zone: tzinfo) -> Reading | None:
    if not isinstance(group, dict):
        return bad(line, "damaged", group)
    points = list(_points(group))
    if not points:
        return None  # nothing is known of that day
    first = points[0]
    starts = _moment(group.get("startTime", first.get("startTime")))
    ends = _moment(group.get("endTime", first.get("endTime")))
    if starts is None:
        return bad(line, "not_a_date", group.get("startTime"))
    if ends is not None and ends - starts > LONGEST_DAY:
        return bad(line, "too_long", starts.isoformat())
    steps = _steps(points)
    if steps is None:
        return bad(line, "not_a_number", "steps")
    return checked(line, DayCount("Huawei Health", starts.astimezone(zone).date(), steps))


def _points(group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The points of steps in a group."""
    for samples in _listed(group.get("sampleSet")):
        for point in _listed(samples.get("samplePoints")):
            if "steps" in str(point.get("dataTypeName", DELTA)):
                yield point


def _listed(told: object) -> list[Mapping[str, Any]]:
    return [each for each in told[:MOST_POINTS] if isinstance(each, dict)] if isinstance(told, list) else []


def _steps(points: Sequence[Mapping[str, Any]]) -> int | None:
    """A day's statistic; of several the largest. What is called a difference is one where it stands alone."""
    told = [(field.get("fieldName"), _number(field)) for point in points for field in _listed(point.get("value"))]
    totals = [steps for name, steps in told if name == "steps" and steps is not None]
    if totals:
        return max(totals)
    differences = [steps for name, steps in told if name == "steps_delta" and steps is not None]
    return differences[0] if len(points) == len(differences) == 1 else None


def _number(field: Mapping[str, Any]) -> int | None:
    for name in ("integerValue", "longValue", "floatValue"):
        if (found := number(field.get(name))) is not None:
            return found
    return None


def _moment(epoch: object) -> datetime | None:
    """A number of seconds, milli-, micro- or nanoseconds since 1970, told apart by their size."""
    since = int(epoch) if isinstance(epoch, str) and epoch.isascii() and epoch.isdecimal() else number(epoch)
    for below, unit in _UNITS:
        if since is not None and 0 <= since < below:
            return datetime.fromtimestamp(since // unit, UTC)
    return None


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, and learn whose they are: an OpenID, which notices bear as well."""
    told = yield _token(client, grant_type="authorization_code", code=back.code, redirect_uri=back.return_to)
    first = granted(told_object(told.text), back.member)
    whose = yield Call(
        "POST",
        WHOSE,
        query={"nsp_fmt": "JSON", "nsp_svc": "huawei.oauth2.user.getTokenInfo"},
        form={"open_id": "OPENID", "access_token": first.access},
    )
    user = told_object(whose.text).get("open_id")
    if not isinstance(user, str) or not user:
        told_of = claims(told_object(told.text).get("id_token"))
        user = told_of.get("openid", told_of.get("sub"))
    return granted(told_object(told.text), user)


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Get a new access token."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return granted(told_object(told.text), grant.user, grant)


def _token(client: Client, **more: str) -> Call:
    form = {"client_id": client.id, "client_secret": client.secret, **more}
    return Call("POST", f"{ACCOUNTS}/token", form=form)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """The statistics of at most 31 days."""
    begins_at, ends_at = _midnight(first_on), _midnight(last_on + timedelta(days=1)) - 1
    body = {
        "polymerizeWith": [{"dataTypeName": DELTA}],
        "startTime": begins_at,
        "endTime": ends_at,
        "groupByTime": {"groupPeriod": {"timeZone": "+0800", "unit": "day", "value": 1}},
    }
    headers = _headers(client, grant, f"{begins_at} {ends_at}")
    answer = yield Call("POST", f"{_api(client)}/v2/sampleSet:polymerize", headers, body=body)
    return [answer.text] if told_object(answer.text).get("group") else []


def _midnight(on: date) -> int:
    return int(datetime(on.year, on.month, on.day, tzinfo=ZONE).timestamp()) * 1_000


def _api(client: Client) -> str:
    return f"https://{client.more.get('host', HOST)}/healthkit"


def _headers(client: Client, grant: Grant, about: str) -> dict[str, str]:
    trace = hashlib.sha256(f"{grant.user} {about}".encode()).hexdigest()[:32]
    return {**bearer(grant), "x-client-id": client.id, "x-version": "1.0.0", "x-caller-trace-id": trace}


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Ask to be told, at the address that the subscriber was registered with, where there is one."""
    subscriber = client.more.get("subscriber")
    if subscriber:
        told_of = [{"type": "SAMPLESET_EVENT", "subType": f"UPDATE${TOTAL}"}]
        told_of += [dict(zip(("type", "subType"), each.split("$"), strict=True)) for each in sorted({*GONE, LOST})]
        body = {"subscriberId": subscriber, "eventTypes": told_of}
        yield Call("POST", f"{_api(client)}/v1/subscriptions", _headers(client, grant, subscriber), body=body)


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """Take back what was granted."""
    yield Call("POST", f"{ACCOUNTS}/revoke", form={"token": grant.refresh or grant.access})


def outcome(answer: Answer) -> Outcome:
    """By status, and by the vendor's own numbers of errors."""
    try:
        told = told_object(answer.text)
    except Failed:
        return by_status(answer)
    error = told.get("error")
    if error == REFUSED or error == str(REFUSED):
        return "refused" if number(told.get("sub_error")) in OF_TOKENS else "no_answer"
    if isinstance(error, dict) and error.get("code") == OTHER_SITE:
        return "no_answer"  # the operator's to mend, by naming another host
    return by_status(answer)


def hear(client: Client, heard: Heard) -> Reply:
    """Notices are signed over three of their values, and no more of them is read; 204 is the only answer it takes.

    What comes without a signature only tries whether we are there.
    """
    signature = heard.headers.get("x-notification-signature")
    if signature is None:
        return Reply(204)
    try:
        secret = base64.b64decode(client.more.get("hook", ""), validate=True)
        user, kind, at = _event(heard.body)
    except (binascii.Error, ValueError, Failed):
        return NO
    right = bool(secret) and is_signed(secret, f"{user}_{kind}_{at}".encode("utf-8", "replace"), signature, _in_base64)
    return Reply(204, keep=True) if right else NO


def _in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _event(body: bytes) -> tuple[str, str, str]:
    told = told_object(body)
    user, kind, at = told.get("openId"), told.get("eventType"), told.get("eventTime")
    if not isinstance(user, str) or not isinstance(kind, str) or not isinstance(at, str | int):
        raise Failed("no event")
    return user, kind, str(at)


def notices(body: bytes) -> Iterable[Notice]:
    """An object: `openId`, `eventType`; which days changed is not told."""
    user, kind, _ = _event(body)
    if kind in GONE or kind == LOST:
        yield Notice(user, gone=kind in GONE, refused=kind == LOST)
    elif kind.startswith("SAMPLESET_EVENT") and "steps" in kind:
        yield Notice(user)
