"""What a vendor's cloud is to us: the calls that a tracker's file asks for, and what it makes of the answers.

Nothing here reaches a network. A tracker's file tells its dance as generators: each yields a `Call` and is sent the
`Answer` to it, which whoever drives it has fetched. So the whole of a vendor can be read, and tested, in one pure file.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from integrations.contract import Provider

T = TypeVar("T")

# refused: the person has to agree anew; gone: the vendor knows them no longer; too_often: our own pace was too fast;
# no_answer: everything that may be better later, our own mistakes among it.
Outcome = Literal["ok", "refused", "gone", "too_often", "no_answer"]

MOST_KEYS = 64 * 1024  # characters of a set

OK, UNAUTHORIZED, FORBIDDEN, GONE, TOO_MANY = 200, 401, 403, 410, 429


@dataclass(frozen=True, slots=True)
class Client:
    """We as a vendor knows us: what it gave us at registration; `more` are the further secrets that it gave."""

    id: str
    secret: str = field(repr=False)
    more: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Cloud:
    """What holds for a vendor as a whole; making one checks it.

    `brand`: its name, as it writes it itself. `consent`: the page on which a person agrees, with the `scope` as the
    vendor writes it and what else it asks for.
    `window`: days that one call may ask for; `back`: days before today that are asked for at first.
    `sends`: whether data comes by itself, so that only days before are ever asked for.
    `signed`: whether it signs what it tells us; one that does not is told a secret address, and only hints are taken.
    `needs`: the names in `Client.more` without which it cannot be used.
    `hosts`: where it has a host for each region, `host` in `Client.more` may name one, which ends with one of these.
    `keys`: where it publishes the keys that it signs with; `hear` finds the set of today as `keys` in `Client.more`.
    """

    brand: str
    consent: str
    scope: str
    calls_per_minute: int
    window: int
    back: int
    pkce: bool = False
    sends: bool = False
    signed: bool = True
    needs: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    keys: str | None = None
    consent_more: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for address in (self.consent, self.keys):
            if address is not None and urlsplit(address).scheme != "https":
                raise ValueError(f"{address} is no safe place to go to")
        if min(self.calls_per_minute, self.window, self.back) < 1:
            raise ValueError("a vendor that may not be asked is none")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: at most one of `form` and `body` (JSON). `accepts` are statuses besides 2xx that are no failure."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    accepts: tuple[int, ...] = ()


class Answer(NamedTuple):
    """What came back: status, headers by their names in small letters, and text."""

    status: int
    headers: Mapping[str, str]
    text: str


class Failed(Exception):
    """An answer, of whatever status, that does not say what it should."""


class NotAllowed(Failed):
    """A person agreed, but not to what we need."""


class Grant(NamedTuple):
    """What a person has allowed: the vendor's own id of them, and tokens; `lasts_s` is None where no end was told."""

    user: str
    access: str
    refresh: str | None
    lasts_s: int | None


class CameBack(NamedTuple):
    """With what a person comes back who agreed: the vendor's code, our PKCE verifier, our address, our id for them."""

    code: str
    verifier: str
    return_to: str
    member: str


class Heard(NamedTuple):
    """What a vendor tells us by itself: method, headers by their names in small letters, query, and body."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """What a vendor is answered at once, and whether what it told is to be kept and understood."""

    status: int
    text: str = ""
    keep: bool = False


class Notice(NamedTuple):
    """What a vendor told of one person: days to be asked for (None: it does not say which), data itself, or the end.

    `text` is data as `read` understands it; `address` is where it lies, at the vendor's own host, for who has a token.
    """

    user: str
    first_on: date | None = None
    last_on: date | None = None
    text: str | None = None
    gone: bool = False
    refused: bool = False
    address: str | None = None


Flow = Generator[Call, Answer, T]

NO = Reply(UNAUTHORIZED)
KEPT = Reply(OK, keep=True)


class CloudProvider(Provider, Protocol):
    """What a file in `integrations/providers/` offers besides when `CAPABILITIES.roads` has "cloud"."""

    CLOUD: Cloud

    def grant(self, client: Client, back: CameBack) -> Flow[Grant]:
        """Change a code for what was granted, and do whatever the vendor wants before it answers."""

    def renew(self, client: Client, grant: Grant) -> Flow[Grant]:
        """Get new tokens for old; called only where there is a refresh token."""

    def fetch(self, client: Client, grant: Grant, first_on: date, last_on: date) -> Flow[list[str]]:
        """The answers that tell of some days (at most `CLOUD.window`), as `read` understands them."""

    def subscribe(self, client: Client, grant: Grant, address: str) -> Flow[None]:
        """Ask to be told at an address of what is new of this person, where that is asked for by person."""

    def leave(self, client: Client, grant: Grant, at: datetime) -> Flow[None]:
        """Give back what was granted; `at` is now, for calls that have to say so."""

    def outcome(self, answer: Answer) -> Outcome:
        """What an answer means, to a call that did not expect its status."""

    def hear(self, client: Client, heard: Heard) -> Reply:
        """Believe what the vendor tells or not, without understanding it yet; raises nothing."""

    def notices(self, body: bytes) -> Iterable[Notice]:
        """Understand what was believed and kept; raises `Failed`, or ValueError, for what nobody can."""


def consent_address(cloud: Cloud, client: Client, return_to: str, state: str, verifier: str) -> str:
    """Where a browser goes so that a person can agree (RFC 6749, 4.1.1; RFC 7636, 4.3)."""
    query = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": return_to,
        **({"scope": cloud.scope} if cloud.scope else {}),
        "state": state,
        **cloud.consent_more,
    }
    if cloud.pkce:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{cloud.consent}?{urlencode(query)}"


def key_set(cloud: Cloud) -> Flow[str]:
    """The keys that a vendor with `Cloud.keys` signs with, as it publishes them: a JSON object."""
    answer = yield Call("GET", cloud.keys or "")
    if len(answer.text) > MOST_KEYS:
        raise Failed("no set of keys")
    told_object(answer.text)
    return answer.text


def pull(grant: Grant, address: str) -> Flow[list[str]]:
    """What lies at the address of a notice."""
    answer = yield Call("GET", address, bearer(grant))
    return [answer.text] if answer.text else []


def by_status(answer: Answer) -> Outcome:
    """What most vendors mean by a status, and by the errors of OAuth (RFC 6749, 5.2; RFC 6750, 3.1)."""
    if answer.status // 100 == 2:
        return "ok"
    if answer.status in (GONE, TOO_MANY):
        return "gone" if answer.status == GONE else "too_often"
    if answer.status in (400, UNAUTHORIZED) and (error := _error(answer)):
        # Other errors, as invalid_client, are ours: to ask every person to agree anew would mend none of them.
        return "refused" if error in ("invalid_grant", "invalid_token") else "no_answer"
    return "refused" if answer.status in (UNAUTHORIZED, FORBIDDEN) else "no_answer"


def _error(answer: Answer) -> str | None:
    try:
        told = told_object(answer.text).get("error")
    except Failed:
        return None
    return told if isinstance(told, str) else None


def told_object(text: str | bytes) -> dict[str, Any]:
    """The JSON object that an answer or a notice is; raises `Failed`."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise Failed("no JSON") from None
    if not isinstance(told, dict):
        raise Failed("no object")
    return told


def granted(told: Mapping[str, Any], user: object, before: Grant | None = None) -> Grant:
    """A grant out of a token endpoint's answer (RFC 6749, 5.1); raises `Failed`.

    A refresh token that is not told again stays what it was `before`.
    """
    access, refresh, lasts = told.get("access_token"), told.get("refresh_token"), told.get("expires_in")
    if not isinstance(access, str) or not access or not isinstance(user, str | int) or user == "":
        raise Failed("no grant")
    kept = refresh if isinstance(refresh, str) and refresh else before.refresh if before else None
    return Grant(str(user), access, kept, lasts if isinstance(lasts, int) and lasts > 0 else None)


def claims(token: object) -> dict[str, Any]:
    """What a JWT says that came from the vendor itself, so that its signature need not be looked at; empty for none."""
    parts = token.split(".") if isinstance(token, str) else []
    try:
        return told_object(base64.urlsafe_b64decode(parts[1] + "==")) if len(parts) == 3 else {}
    except (Failed, ValueError):
        return {}


def bearer(grant: Grant) -> dict[str, str]:
    """The header that an access token travels in (RFC 6750)."""
    return {"Authorization": f"Bearer {grant.access}"}


def basic(client: Client) -> dict[str, str]:
    """The header that a client's id and secret travel in (RFC 7617)."""
    pair = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def is_signed(secret: bytes, message: bytes, signature: str, encode: Callable[[bytes], str] = bytes.hex) -> bool:
    """Whether a signature is HMAC-SHA256 of a message, written as `encode` does."""
    right = encode(hmac.new(secret, message, hashlib.sha256).digest())
    return hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace"))
