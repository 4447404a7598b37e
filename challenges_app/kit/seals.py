"""Sealed columns: AES-256-GCM bound to the row they stand in, a ring of keys, and blind indexes for look-up."""

import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY = 32
_OWN = "own"


class SealError(Exception):
    """A sealed value that cannot be opened: damaged, moved from its row, or its key is gone."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by name, the first one current, and the pepper of the blind indexes.

    A sealed value is: length of the key's name (1 byte), the name, nonce (12), ciphertext with tag.
    """

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    pepper: bytes = field(repr=False)

    @classmethod
    def read(cls, keys: str, pepper: str) -> "KeyRing":
        """Read `name:base64,name:base64…` and a base64 pepper; raises ValueError in one sentence."""
        ring: dict[str, bytes] = {}
        for part in keys.split(","):
            name, _, encoded = part.strip().partition(":")
            ring[name] = _decoded("EPLUS_KEYS", encoded)
        return cls(current=next(iter(ring)), keys=ring, pepper=_decoded("EPLUS_PEPPER", pepper))

    def seal(self, text: str, *about: object) -> bytes:
        """Encrypt a text for one place; `about` names table, row and column, and must be the same to open it."""
        nonce = os.urandom(_NONCE)
        name = self.current.encode()
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), _place(about))
        return bytes([len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, *about: object) -> str:
        """Decrypt what `seal` made for the same place; raises `SealError`."""
        name, rest = sealed[1 : 1 + sealed[0]].decode(), sealed[1 + sealed[0] :]
        if name not in self.keys:
            raise SealError(f"the key {name} is not on the ring")
        try:
            return AESGCM(self.keys[name]).decrypt(rest[:_NONCE], rest[_NONCE:], _place(about)).decode()
        except InvalidTag:
            raise SealError(f"the value of {about[0]} does not open in this place") from None

    def fresh_own_key(self, *about: object) -> bytes:
        """A new key of one person or thing, sealed under the ring; without it, what it sealed is gone for good."""
        return self.seal(fresh_key(), *about, "key")

    def own(self, key_sealed: bytes | None, *about: object) -> "KeyRing":
        """A ring that seals under somebody's own key, and still opens what was sealed before they had one."""
        if key_sealed is None:
            return self
        key = base64.b64decode(self.open(key_sealed, *about, "key"))
        return KeyRing(current=_OWN, keys={**self.keys, _OWN: key}, pepper=self.pepper)

    def blind(self, text: str, *about: str) -> bytes:
        """A keyed digest (32 bytes) for looking up a sealed text; case, width and outer spaces do not matter."""
        plain = unicodedata.normalize("NFKC", text).strip().casefold()
        return self.fingerprint(plain.encode(), *about)

    def fingerprint(self, value: bytes, *about: str) -> bytes:
        """A keyed digest (32 bytes) of any bytes, different for each use named by `about`."""
        return hmac.new(self.pepper, _place(about) + b"\0" + value, hashlib.sha256).digest()


def fresh_key() -> str:
    """A new random key of 32 bytes, in base64."""
    return base64.b64encode(os.urandom(_KEY)).decode()


def _place(about: tuple[object, ...]) -> bytes:
    return "\x1f".join(str(part) for part in about).encode()


def _decoded(setting: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY:
        raise ValueError(f"{setting} must hold keys of 32 bytes in base64; `eplus keys` prints fresh ones.")
    return key
