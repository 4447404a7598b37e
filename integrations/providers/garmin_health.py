"""Garmin Health: daily summaries, which the vendor sends by itself; for who has its keys, as it gives out no new ones.

Facts: running integrations, as the vendor's own pages are for partners. A summary that covers more of a day takes the
place of one that covers less; what it calls epochs are parts of the same day, and are not read.
"""

import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, BinaryIO
from urllib.parse import urlsplit

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
    NotAllowed,
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
    name="garmin_health",
    roads=("cloud", "file"),
    grains=("days",),
    local_day="stated",
    by_hand=False,
    corrects=True,
    piecewise=False,
)
CLOUD = Cloud(
    brand="Garmin",
    consent="https://connect.garmin.com/oauth2Confirm",
    scope="",
    calls_per_minute=60,  # of 100, until the vendor has looked at us
    window=30,
    back=29,
    pkce=True,
    sends=True,
    signed=False,
)

TOKENS, HOST, BELOW = (
    "https://diauth.garmin.com/di-oauth2-service/oauth/token",
    "apis.garmin.com",
    "/wellness-api/rest/",
)
API = f"https://{HOST}{BELOW}"
STEPS = "HEALTH_EXPORT"  # the permission without which no summaries come
TOO_EARLY, NOT_ALLOWED, ASKED_BEFORE = 400, 403, 409
ZONE = timezone(timedelta(hours=8))
LONGEST = 2 * 86_400  # seconds of a day's summary
KEPT_KEYS = ("calendarDate", "steps", "durationInSeconds")  # of a summary; it tells of the heart and of sleep as well
_SINCE = re.compile(r"min start time of (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)", re.IGNORECASE)


def recognises(part: Part) -> bool:
    """Daily summaries, in a list or under their name."""
    head = begins(part)
    named = head.startswith("{") and '"dailies"' in head
    return '"calendarDate"' in head and (named or (head.startswith("[") and '"durationInSeconds"' in head))


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the days; lines of problems are summaries, from 1."""
    body = parsed(stream)
    days = body.get("dailies") if isinstance(body, dict) else body
    if not isinstance(days, list):
        yield [unreadable(body)]
        return
    readings = (_reading(line, each) for line, each in enumerate(days, 1))
    yield from batches(each for each in readings if each is not None)


def _reading(line: int, said: object) -> Reading | None:
    if not isinstance(said, dict):
        return bad(line, "damaged", said)
    if said.get("steps") is None:
        return None
    on, steps = day(said.get("calendarDate")), number(said["steps"])
    if on is None:
        return bad(line, "not_a_date", said.get("calendarDate"))
    if steps is None:
        return bad(line, "not_a_number", said["steps"])
    return checked(line, DayCount("Garmin", on, steps, revised_at=_revised(on, said.get("durationInSeconds"))))


def _revised(on: date, seconds: object) -> datetime | None:
    """Until when a summary covers its day, by which it takes the place of those that cover less."""
    lasts = number(seconds)
    if lasts is None or not 0 <= lasts <= LONGEST or on.year > 9_990:
        return None
    return datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(seconds=lasts)


def grant(client: Client, back: CameBack) -> Flow[Grant]:
    """Change the code for tokens, learn whose they are, and whether they allow what we are there for."""
    told = yield _token(
        client,
        grant_type="authorization_code",
        code=back.code,
        code_verifier=back.verifier,
        redirect_uri=back.return_to,
    )
    first = granted(told_object(told.text), back.member)
    whose = yield Call("GET", f"{API}user/id", bearer(first))
    found = granted(told_object(told.text), told_object(whose.text).get("userId"))
    allowed = yield Call("GET", f"{API}user/permissions", bearer(found))
    if STEPS not in _permissions(allowed.text):
        raise NotAllowed(STEPS)
    return found


def _permissions(text: str) -> list[Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise Failed("no JSON") from None
    listed = told.get("permissions") if isinstance(told, dict) else told
    return listed if isinstance(listed, list) else []


def renew(client: Client, grant: Grant) -> Flow[Grant]:
    """Change the refresh token for new tokens."""
    told = yield _token(client, grant_type="refresh_token", refresh_token=grant.refresh or "")
    return granted(told_object(told.text), grant.user, grant)


def _token(client: Client, **more: str) -> Call:
    form = {"client_id": client.id, "client_secret": client.secret, **more}
    return Call("POST", TOKENS, form=form)


def fetch(client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
    """Have days sent anew, which come later by themselves; today comes without that.

    Each stretch of time is sent once, only to who may have history, and from some time before the person agreed.
    """
    since, until = _midnight(first_on), _midnight(last_on)
    for _ in range(2):
        if since >= until:
            break
        query = {"summaryStartTimeInSeconds": str(since), "summaryEndTimeInSeconds": str(until)}
        expected = (TOO_EARLY, NOT_ALLOWED, ASKED_BEFORE)
        answer = yield Call("GET", f"{API}backfill/dailies", bearer(grant), query=query, accepts=expected)
        if answer.status != TOO_EARLY:
            break
        since = _earliest(answer.text)
    return []


def _midnight(on: date) -> int:
    return int(datetime(on.year, on.month, on.day, tzinfo=ZONE).timestamp())


def _earliest(text: str) -> int:
    """The first second that a refusal says can be asked for."""
    found = _SINCE.search(text)
    try:
        earliest = datetime.fromisoformat(f"{found[1]}+00:00") if found else None
    except ValueError:
        earliest = None
    if earliest is None:
        raise Failed("nothing sent anew")
    return int(earliest.timestamp()) + 1


def subscribe(client: Client, grant: Grant, address: str) -> Flow[None]:
    """Nothing: the operator names one address for all persons."""
    yield from ()


def leave(client: Client, grant: Grant, at: datetime) -> Flow[None]:
    """End the person's registration with us, as the vendor demands."""
    yield Call("DELETE", f"{API}user/registration", bearer(grant))


def outcome(answer: Answer) -> Outcome:
    """By status."""
    return by_status(answer)


def hear(client: Client, heard: Heard) -> Reply:
    """Nothing is signed: whoever knows the address and our id is believed, and where data lies is looked at later."""
    said = heard.headers.get("garmin-client-id", "")
    known = hmac.compare_digest(said.encode("utf-8", "replace"), client.id.encode())
    return KEPT if known and heard.body else NO


def notices(body: bytes) -> Iterable[Notice]:
    """Lists under their names: `dailies` with data or where it lies, `deregistrations`, `userPermissionsChange`."""
    told = told_object(body)
    summaries: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for user, each in _listed(told, "dailies"):
        if "callbackURL" not in each:
            summaries[user].append({key: each[key] for key in KEPT_KEYS if key in each})
        elif _is_theirs(each["callbackURL"]):
            yield Notice(user, address=each["callbackURL"])
    for user, days in summaries.items():
        yield Notice(user, text=json.dumps({"dailies": days}))
    for user, each in _listed(told, "userPermissionsChange"):
        permissions = each.get("permissions")
        if isinstance(permissions, list) and STEPS not in permissions:
            yield Notice(user, refused=True)
    for user, _ in _listed(told, "deregistrations"):
        yield Notice(user, gone=True)


def _listed(told: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = told.get(name)
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and isinstance(each.get("userId"), str):
            yield each["userId"], each


def _is_theirs(address: object) -> bool:
    """Whether data lies where the vendor's API is: anybody else's address would get a person's token."""
    if not isinstance(address, str) or not address.isascii() or ".." in address or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == ("https", HOST) and parts.path.startswith(f"{BELOW}dailies")
