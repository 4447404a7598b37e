"""A stand-in for iAM Smart: a small OpenID Connect provider that knows a few invented persons, for demos and tests."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, make_response, redirect, render_template_string, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from challenges_app.kit.words import LANGUAGES, choose
from challenges_app.people.identity.calls import CONSOLE_CLIENT, CONSOLE_PATH, CONSOLE_SECRET, RETURN_PATH
from challenges_app.people.identity.rules import NAME_CLAIM, NUMBER_CLAIM, pkce_challenge
from challenges_app.twins.iam_smart_page import PAGE, TEXTS

CODE_LASTS, TOKEN_LASTS = timedelta(seconds=60), timedelta(minutes=5)
# Invented persons; the numbers follow a pattern and have right check digits.
PERSONS: Mapping[str, Mapping[str, str]] = {
    "tai-man": {NAME_CLAIM: "CHAN Tai Man (invented)", NUMBER_CLAIM: "A123456(3)"},
    "siu-ming": {NAME_CLAIM: "WONG Siu Ming (invented)", NUMBER_CLAIM: "G123456(A)"},
    "ka-yan": {NAME_CLAIM: "LEE Ka Yan (invented)", NUMBER_CLAIM: "AB987654(3)"},
}


@dataclass(frozen=True, slots=True)
class Client:
    """A service that is registered with the provider."""

    client_id: str
    secret: str
    return_to: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person approved: for whom, to which request, until when."""

    person: str
    nonce: str | None
    challenge: str
    ends_at: datetime


class Twin:
    """The provider: discovery, a page on which to choose a person, tokens, keys and userinfo.

    Codes and tokens live in this process's memory, so it serves one process.
    """

    def __init__(self, issuer: str, client: Client, clock: Callable[[], datetime]) -> None:
        self.issuer, self.client, self.clock = issuer, client, clock
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self.grants: dict[str, Grant] = {}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.app = Flask("iam-smart-twin")
        for path, door, *methods in (
            ("/.well-known/openid-configuration", self.discovery, "GET"),
            ("/jwks", self.jwks, "GET"),
            ("/authorize", self.page, "GET"),
            ("/authorize", self.decide, "POST"),
            ("/token", self.token, "POST"),
            ("/userinfo", self.userinfo, "GET"),
        ):
            self.app.add_url_rule(path, f"{door.__name__}", door, methods=methods)

    def discovery(self) -> Response:
        """OpenID Connect Discovery 1.0."""
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/jwks",
            userinfo_endpoint=f"{self.issuer}/userinfo",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            code_challenge_methods_supported=["S256"],
            token_endpoint_auth_methods_supported=["client_secret_basic"],
            scopes_supported=["openid", "profile"],
        )

    def jwks(self) -> Response:
        """The public keys, as a JWK set."""
        return jsonify(keys=[self.key.as_dict(private=False)])

    def page(self) -> Response:
        """Ask which invented person somebody is, and whether they agree; a request that is no good goes no further."""
        if (wrong := self._wrong_request()) is not None:
            return wrong
        language = choose(request.accept_languages)
        html = render_template_string(PAGE, texts=TEXTS[language], language=language, persons=PERSONS, name=NAME_CLAIM)
        answer = make_response(html)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def decide(self) -> Response:
        """Send the browser back with a code, or with access_denied."""
        if (wrong := self._wrong_request()) is not None:
            return wrong
        asked, person = request.args, request.form.get("person", "")
        if "refuse" in request.form or person not in PERSONS:
            return self._back(error="access_denied")
        code = secrets.token_urlsafe(32)
        ends_at = self.clock() + CODE_LASTS
        self.grants[code] = Grant(person, asked.get("nonce"), asked["code_challenge"], ends_at)
        return self._back(code=code)

    def token(self) -> Response:
        """Change a code for tokens, once (RFC 6749, 4.1.3; RFC 7636, 4.6)."""
        known, form = request.authorization, request.form
        if known is None or (known.username, known.password) != (self.client.client_id, self.client.secret):
            return self._error("invalid_client", 401)
        if form.get("grant_type") != "authorization_code":
            return self._error("unsupported_grant_type")
        grant = self.grants.pop(form.get("code", ""), None)
        if (
            grant is None
            or grant.ends_at <= self.clock()
            or form.get("redirect_uri") != self.client.return_to
            or pkce_challenge(form.get("code_verifier", "")) != grant.challenge
        ):
            return self._error("invalid_grant")
        access = secrets.token_urlsafe(32)
        self.tokens[access] = (grant.person, self.clock() + TOKEN_LASTS)
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, self.claims(grant), self.key)
        lasts = int(TOKEN_LASTS.total_seconds())
        answer = jsonify({"access_token": access, "token_type": "Bearer", "expires_in": lasts, "id_token": signed})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def claims(self, grant: Grant) -> dict[str, Any]:
        """What the ID token says."""
        made = int(self.clock().timestamp())
        told = {"iss": self.issuer, "sub": grant.person, "aud": self.client.client_id, "iat": made}
        told |= {"exp": made + int(TOKEN_LASTS.total_seconds())}
        return told | ({"nonce": grant.nonce} if grant.nonce is not None else {})

    def userinfo(self) -> Response:
        """The profile of whoever the access token is about."""
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        person, ends_at = self.tokens.get(access, ("", None))
        if scheme != "Bearer" or ends_at is None or ends_at <= self.clock():
            return self._error("invalid_token", 401)
        return jsonify(sub=person, **self.profile(person))

    def profile(self, person: str) -> Mapping[str, str]:
        """What the profile says of a person."""
        return PERSONS[person]

    def _wrong_request(self) -> Response | None:
        """What is answered to a bad authorisation request; of one with a wrong return address nobody is told."""
        asked = request.args
        if (asked.get("client_id"), asked.get("redirect_uri")) != (self.client.client_id, self.client.return_to):
            return self._error("invalid_request")
        if asked.get("response_type") != "code":
            return self._back(error="unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            return self._back(error="invalid_scope")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return self._back(error="invalid_request")
        return None

    def _back(self, **told: str) -> Response:
        answer = redirect(f"{self.client.return_to}?{urlencode({**told, 'state': request.args.get('state', '')})}", 303)
        assert isinstance(answer, Response)  # noqa: S101 - flask types it as werkzeug's
        return answer

    def _error(self, error: str, status: int = 400) -> Response:
        return make_response(jsonify(error=error), status)


def twin_of_console(address: str, clock: Callable[[], datetime]) -> Flask:
    """The twin that a demo serves below its own address, as `identity.calls.connect` expects it."""
    client = Client(CONSOLE_CLIENT, CONSOLE_SECRET, address + RETURN_PATH)
    return Twin(address + CONSOLE_PATH, client, clock).app


assert TEXTS.keys() == set(LANGUAGES)  # noqa: S101 - a page without words helps nobody
