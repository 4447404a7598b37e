"""What people hold in their hands: an app that shows codes, paper with codes, and keys that sign."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

from challenges_app.people.factors.rules import code_of, step_at
from tests.people.doors import Browser, Town

ORIGIN, SITE = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass
class App:
    """An app that shows codes for a secret."""

    key: str
    town: Town

    def code(self, after: int = 0) -> str:
        """What it shows so many steps from now."""
        return code_of(self.key.replace(" ", ""), step_at(self.town.clock()) + after)


def set_up_app(town: Town, browser: Browser, name: str) -> tuple[App, list[str]]:
    """Set an app up as the screen does; answers it and the recovery codes, and lets its first code pass by."""
    status, made = browser.post("/api/factors/app", {"password": name * 2})
    assert status == 201, made
    app = App(made["key"], town)
    status, told = browser.post("/api/factors/app/confirm", {"code": app.code()})
    assert status == 200, told
    town.clock.pass_by(minutes=1)
    return app, told["codes"]


def waiting(town: Town, name: str) -> tuple[Browser, dict[str, Any]]:
    """A browser in which somebody gave the right password, and what has to follow."""
    browser = town.browser()
    status, answer = browser.sign_in(name)
    assert (status, answer["me"]) == (200, None)
    assert browser.me is None
    return browser, answer["second"]


@dataclass
class Key:
    """A passkey in somebody's device, which does what it is asked, or a little wrong where a test says so."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    owner: str | None = None
    count: int = 0
    counts: bool = True

    def made(self, options: dict[str, Any], origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> dict[str, Any]:
        """What a browser answers to the options to make a passkey."""
        self.owner = options["user"]["id"]
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + struct.pack(">H", len(self.id)) + self.id + encode_cbor(public)
        seen = self._seen(options["rp"]["id"], flags | NEW) + about
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": seen})
        told = _told("webauthn.create", options["challenge"], origin)
        return self._answer({"clientDataJSON": _text(told), "attestationObject": _text(statement)})

    def proof(
        self, options: dict[str, Any], origin: str = ORIGIN, flags: int = PRESENT | VERIFIED, site: str = SITE
    ) -> dict[str, Any]:
        """What a browser answers to the options to prove a passkey."""
        self.count += self.counts
        seen, told = self._seen(site, flags), _told("webauthn.get", options["challenge"], origin)
        signed = self.private.sign(seen + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": _text(told), "authenticatorData": _text(seen), "signature": _text(signed)}
        return self._answer({**answer, "userHandle": self.owner})

    def _seen(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}


def add_passkey(browser: Browser, name: str, key: Key | None = None) -> tuple[Key, list[str]]:
    """Add a passkey as the screen does; answers it and the recovery codes."""
    key = key or Key()
    status, asked = browser.post("/api/factors/passkeys/options", {"password": name * 2})
    assert status == 200, asked
    status, told = browser.post("/api/factors/passkeys", {"credential": key.made(asked["options"])})
    assert status == 201, told
    return key, told["codes"]


def asked(browser: Browser, ticket: str | None = None) -> dict[str, Any]:
    """The options to sign in with a passkey."""
    status, answer = browser.post("/api/session/passkey/options", {"ticket": ticket} if ticket else {})
    assert status == 200, answer
    options: dict[str, Any] = answer["options"]
    return options


def _told(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
