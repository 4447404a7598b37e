"""Outbound calls to iAM Smart, or to whatever else speaks OpenID Connect in its place."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import unquote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from werkzeug.test import Client

from challenges_app.kit.refusals import refusal
from challenges_app.people.identity.rules import (
    SCOPE,
    Asked,
    Awaited,
    Profile,
    claims_of,
    is_for_us,
    profile_of,
)

PATIENCE_S = (3.05, 10)  # to connect, and between two pieces of an answer
LONGEST_ANSWER = 256 * 1024  # bytes
CONSOLE = "console"
CONSOLE_PATH = "/iam-smart-twin"  # where the twin of a demo is served, below our own address
CONSOLE_CLIENT, CONSOLE_SECRET = "e-plus-life", "known-to-everybody"
RETURN_PATH = "/api/identity/iam-smart/return"

AWAY = refusal("identity.provider_away", 424)
NOT_BELIEVED = refusal("identity.not_believed", 424)


class Provider(Protocol):
    """Somebody who has checked identities: where to send a person, and what to make of their coming back."""

    def address(self, asked: Asked) -> str:
        """Where the person's browser goes; raises `identity.provider_away`."""
        ...

    def profile(self, code: str, awaited: Awaited, now: datetime) -> Profile:
        """What stands behind the code that came back; raises `identity.provider_away` or `identity.not_believed`."""
        ...


@dataclass(frozen=True, slots=True)
class OpenId:
    """A provider as OpenID Connect describes it: discovery, authorization code with PKCE, ID token, userinfo."""

    issuer: str
    client_id: str
    client_secret: str
    return_to: str
    web: requests.Session

    def address(self, asked: Asked) -> str:
        """See `Provider`."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.return_to,
            "scope": SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": asked.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._known()['authorization_endpoint']}?{urlencode(query)}"

    def profile(self, code: str, awaited: Awaited, now: datetime) -> Profile:
        """See `Provider`."""
        known = self._known()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_to,
            "code_verifier": awaited.verifier,
        }
        given = self._ask("POST", known["token_endpoint"], data=form, auth=(self.client_id, self.client_secret))
        claims = claims_of(str(given.get("id_token")), self._ask("GET", known["jwks_uri"]))
        if claims is None or not is_for_us(claims, self.issuer, self.client_id, awaited.nonce, now):
            raise NOT_BELIEVED()
        bearer = {"Authorization": f"Bearer {given.get('access_token')}"}
        told = profile_of(self._ask("GET", known["userinfo_endpoint"], headers=bearer), claims["sub"])
        if told is None:
            raise NOT_BELIEVED()
        return told

    def _known(self) -> dict[str, str]:
        """Where the provider does what (OpenID Connect Discovery 1.0); it must name itself as we know it."""
        found = self._ask("GET", f"{self.issuer}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        if found.get("issuer") != self.issuer or not all(_is_safe(found.get(each)) for each in needed):
            raise NOT_BELIEVED()
        return found

    def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        """One call that is answered by a JSON object; 4xx is an answer that is not believed, all else is "away"."""
        try:
            # A redirect would take a secret to an address that nobody has checked.
            with self.web.request(
                method, url, timeout=PATIENCE_S, allow_redirects=False, stream=True, **more
            ) as answer:
                status, body = answer.status_code, _body(answer)
        except (requests.RequestException, OSError):
            raise AWAY() from None
        if status >= 500:
            raise AWAY()
        return _object(status, body)


def _body(answer: requests.Response) -> bytes:
    body = b""
    for piece in answer.iter_content(16 * 1024):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise NOT_BELIEVED()
    return body


def _object(status: int, body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body) if status == requests.codes.ok else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise NOT_BELIEVED()
    return told


def _is_safe(address: Any) -> bool:
    """Whether an address may be told a secret: https, or this machine."""
    parts = urlsplit(address) if isinstance(address, str) else None
    return parts is not None and (parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "127.0.0.1"))


def connect(setting: str, address: str, inside: Callable[..., Any] | None = None) -> Provider | None:
    """The provider that EPLUS_IAM_SMART names; None when it is unset.

    `inside` is the twin that answers in this process when the setting is `console`; `address` is our page's.
    """
    if not setting:
        return None
    web, back = requests.Session(), address + RETURN_PATH
    if setting == CONSOLE and inside is not None:
        web.mount(address + CONSOLE_PATH, _Inside(Client(inside)))
        return OpenId(address + CONSOLE_PATH, CONSOLE_CLIENT, CONSOLE_SECRET, back, web)
    parts = urlsplit(setting)
    issuer = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
    return OpenId(issuer, unquote(parts.username or ""), unquote(parts.password or ""), back, web)


class _Inside(HTTPAdapter):
    """Answers calls out of an application in this process, in place of the network."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Put the request to the application."""
        path = urlsplit(request.url or "").path.removeprefix(CONSOLE_PATH)
        told = self._client.open(path, method=request.method, headers=dict(request.headers), data=request.body or b"")
        answer = requests.Response()
        answer.status_code, answer.url, answer.raw = told.status_code, request.url or "", io.BytesIO(told.data)
        return answer
