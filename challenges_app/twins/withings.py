"""A stand-in for Withings: consent, tokens that end and change, days of steps, notices, and faults on demand.

It holds invented persons only, in this process's memory, and speaks as the vendor's API reference says.
"""

import hashlib
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, Response, jsonify, make_response, redirect, render_template_string, request

from challenges_app.kit.words import choose
from challenges_app.twins.vendor_page import PAGE, TEXTS

ACCOUNT, API = "account.withings.com", "wbsapi.withings.net"
CODE_LASTS, TOKEN_LASTS = timedelta(seconds=30), timedelta(hours=3)
OLD_LASTS = timedelta(hours=8)  # of a refresh token that was changed, unless the new tokens are used before
PATIENCE_S = 5
OK, WRONG, REFUSED, BUSY = 0, 503, 401, 601
PEOPLE = {"4711": "CHAN Tai Man (invented)", "4712": "WONG Siu Ming (invented)"}


@dataclass(frozen=True, slots=True)
class Token:
    """Whose a token is, and until when."""

    user: str
    ends_at: datetime


@dataclass
class Withings:
    """The vendor: who has walked how much, which tokens are good, and what goes wrong next."""

    client_id: str
    secret: str
    clock: Callable[[], datetime]
    steps: dict[str, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))
    codes: dict[str, Token] = field(default_factory=dict)
    access: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, Token] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    hooks: dict[str, str] = field(default_factory=dict)  # by user
    faults: Counter[str] = field(default_factory=Counter)  # how many of the next answers are: busy, down, lost
    asked: Counter[str] = field(default_factory=Counter)  # by action

    def walk(self, user: str, on: date, steps: int) -> None:
        """Have somebody walk, and tell whoever asked to be told, unless that gets lost."""
        self.steps[user][on] = steps
        if user not in self.hooks or self._fault("lost"):
            return
        told = {"userid": user, "appli": "16", "date": on.isoformat()}
        requests.post(self.hooks[user], data=told, timeout=PATIENCE_S)

    def revoke(self, user: str) -> None:
        """Have somebody take back what they granted, at the vendor's own page."""
        for tokens in (self.access, self.refresh):
            for each in [token for token, of in tokens.items() if of.user == user]:
                del tokens[each]
        self.hooks.pop(user, None)

    def app(self) -> Flask:
        """The vendor as it is on the network, below the names of its hosts."""
        app = Flask("withings-twin")
        for path, door, *methods in (
            (f"/{ACCOUNT}/oauth2_user/authorize2", self._page, "GET"),
            (f"/{ACCOUNT}/oauth2_user/authorize2", self._decide, "POST"),
            (f"/{API}/v2/oauth2", self._tokens, "POST"),
            (f"/{API}/v2/signature", self._nonce, "POST"),
            (f"/{API}/v2/measure", self._activity, "POST"),
            (f"/{API}/notify", self._notify, "POST"),
        ):
            app.add_url_rule(path, door.__name__, door, methods=methods)
        app.before_request(self._trouble)
        return app

    def _trouble(self) -> Response | None:
        self.asked[request.form.get("action", request.endpoint or "")] += 1
        if request.path.startswith(f"/{ACCOUNT}/"):
            return None
        if self._fault("down"):
            return make_response("<html>maintenance</html>", 502)
        return _told(BUSY) if self._fault("busy") else None

    def _fault(self, name: str) -> bool:
        there = self.faults[name] > 0
        self.faults[name] -= there
        return there

    def _page(self) -> Response:
        language = choose(request.accept_languages)
        html = render_template_string(PAGE, texts=TEXTS[language], language=language, brand="Withings", people=PEOPLE)
        answer = make_response(html)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
        return answer

    def _decide(self) -> Response:
        asked, person = request.args, request.form.get("person", "")
        if asked.get("client_id") != self.client_id or asked.get("response_type") != "code":
            return _told(WRONG)
        if "refuse" in request.form or person not in PEOPLE:
            return _back(asked["redirect_uri"], error="access_denied", state=asked["state"])
        code = secrets.token_urlsafe(16)
        self.codes[code] = Token(person, self.clock() + CODE_LASTS)
        return _back(asked["redirect_uri"], code=code, state=asked["state"])

    def _tokens(self) -> Response:
        form = request.form
        if form["action"] == "revoke":
            return self._revoked()
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.secret):
            return _told(WRONG)
        if form.get("grant_type") == "authorization_code":
            kept = self.codes.pop(form.get("code", ""), None)
        else:
            kept = self.refresh.get(form.get("refresh_token", ""))
            if kept:
                self.refresh[form["refresh_token"]] = Token(kept.user, min(kept.ends_at, self.clock() + OLD_LASTS))
        if kept is None or kept.ends_at <= self.clock():
            return _told(REFUSED)
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access[access] = Token(kept.user, self.clock() + TOKEN_LASTS)
        self.refresh[refresh] = Token(kept.user, self.clock() + timedelta(days=365))
        lasts = int(TOKEN_LASTS.total_seconds())
        return _told(OK, userid=kept.user, access_token=access, refresh_token=refresh, expires_in=lasts)

    def _nonce(self) -> Response:
        if not self._is_signed(request.form.get("timestamp", "")):
            return _told(WRONG)
        nonce = secrets.token_hex(16)
        self.nonces.add(nonce)
        return _told(OK, nonce=nonce)

    def _revoked(self) -> Response:
        nonce = request.form.get("nonce", "")
        if nonce not in self.nonces or not self._is_signed(nonce):
            return _told(WRONG)
        self.nonces.remove(nonce)
        self.revoke(request.form["userid"])
        return _told(OK)

    def _is_signed(self, value: str) -> bool:
        message = f"{request.form['action']},{self.client_id},{value}".encode()
        right = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        return hmac.compare_digest(right, request.form.get("signature", ""))

    def _activity(self) -> Response:
        user = self._user()
        if user is None:
            return _told(REFUSED)
        first, last = request.form["startdateymd"], request.form["enddateymd"]
        days = [(on, steps) for on, steps in sorted(self.steps[user].items()) if first <= on.isoformat() <= last]
        activities = [
            {"date": on.isoformat(), "timezone": "Asia/Hong_Kong", "brand": 1, "is_tracker": True,
             "model": "ScanWatch 2", "modified": int(self.clock().timestamp()), "steps": steps}
            for on, steps in days
        ]  # fmt: skip
        return _told(OK, activities=activities, more=False, offset=0)

    def _notify(self) -> Response:
        user = self._user()
        if user is None:
            return _told(REFUSED)
        address = request.form["callbackurl"]
        if requests.head(address, timeout=PATIENCE_S).status_code != requests.codes.ok:
            return _told(WRONG)
        self.hooks[user] = address
        return _told(OK)

    def _user(self) -> str | None:
        token = self.access.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return token.user if token and token.ends_at > self.clock() else None


def _told(status: int, **body: Any) -> Response:
    return jsonify(status=status, body=body)


def _back(to: str, **told: str) -> Response:
    answer = redirect(f"{to}?{urlencode(told)}", 303)
    assert isinstance(answer, Response)  # noqa: S101 - flask types it as werkzeug's
    return answer
