"""Web Push: a short message to one browser, sealed so that the push service between cannot read it.

Message encryption is RFC 8291 (aes128gcm of RFC 8188), the sender's proof is RFC 8292 (VAPID), delivery is RFC 8030.
"""

import base64
import http.client
import json
import os
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# The push services of the browsers. An address comes from whoever asks: we send to these and to no other.
SERVICES = (
    "fcm.googleapis.com",  # Chrome, and most browsers of Android
    "jmt17.google.com",  # Chrome before its releases
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
PATIENCE_S = 10
MOST_ADDRESSES = 3  # that are tried of one service
LONGEST = 3900  # bytes of text that fit into the 4096 which every push service takes
LONGEST_ENDPOINT = 2000
PROOF_LASTS = timedelta(hours=12)
LONGEST_WAIT = timedelta(hours=6)
_POINT, _AUTH, _SALT = 65, 16, 16
_CURVE = ec.SECP256R1()
_TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 addresses as a network without IPv4 writes them (RFC 6052)

Urgency = Literal["normal", "high"]
Outcome = Literal["sent", "gone", "later", "refused"]


class UnsafeEndpoint(Exception):
    """An address that is not one of a known push service, or leads into a private network."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser takes messages, its public key (65 bytes) and its shared secret (16 bytes)."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def read(cls, endpoint: str, p256dh: str, auth: str) -> "Subscription":
        """Read what a browser gave, keys in base64url; raises ValueError where it cannot be one."""
        parts = _parts(endpoint)
        if parts.scheme not in ("https", "http") or len(endpoint) > LONGEST_ENDPOINT:
            raise ValueError("no address of a push service")
        made = cls(endpoint, _bytes(p256dh), _bytes(auth))
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, made.p256dh)
        if len(made.p256dh) != _POINT or len(made.auth) != _AUTH:
            raise ValueError("no keys of a browser")
        return made


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: at most 3900 bytes, kept by the push service for so long while the browser is away.

    Of several with the same `topic` (32 signs of base64url) that wait there, the browser gets the last one only.
    """

    payload: bytes
    topic: str
    ttl: timedelta
    urgency: Urgency = "normal"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; of `later`, the wait that the push service asks for, if any."""

    outcome: Outcome
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pusher:
    """Our side: the key by which push services know us, and where they can complain.

    `hosts` are push services besides those of the browsers; whoever runs the system has named them, so that they may
    be anywhere, also on this machine and over plain HTTP.
    """

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str
    hosts: frozenset[str] = frozenset()

    @classmethod
    def read(cls, setting: str, address: str) -> "Pusher | None":
        """Read `KEY`, `KEY,CONTACT` or `KEY,CONTACT,HOST…`, the key 32 bytes in base64url; None when nothing is set.

        Without a contact it is our page's own address. Raises ValueError in one sentence.
        """
        if not setting:
            return None
        key, contact, *hosts = (*setting.split(","), "", "")
        contact = contact or (address if address.startswith("https://") else "mailto:e-plus@localhost")
        if not contact.startswith(("mailto:", "https://")):
            raise ValueError("EPLUS_PUSH must be KEY or KEY,mailto:ADDRESS; `eplus keys` prints a fresh key.")
        try:
            own = ec.derive_private_key(int.from_bytes(_bytes(key, 32)), _CURVE)
        except ValueError:
            raise ValueError("The key in EPLUS_PUSH must be one that `eplus keys` prints.") from None
        return cls(own, contact, frozenset(each.lower() for each in hosts if each))

    @property
    def public_key(self) -> str:
        """The key that a browser is told when it subscribes, in base64url."""
        return _text(_point(self.key.public_key()))

    def send(self, now: datetime, to: Subscription, message: Message) -> Answer:
        """Hand a message to the browser's push service.

        Raises OSError when none answers, and `UnsafeEndpoint` before anything is sent to an address of no public one.
        """
        parts = _parts(to.endpoint)
        connection = self._connection(parts)
        headers = {
            "Authorization": f"vapid t={self._proof(now, parts)}, k={self.public_key}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(message.ttl.total_seconds())),
            "Topic": message.topic,
            "Urgency": message.urgency,
        }
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, seal(to, message.payload), headers)
            answer = connection.getresponse()  # one answer: a redirect is not followed
            return _judged(now, answer.status, answer.getheader("Retry-After"))
        except http.client.HTTPException as problem:
            raise OSError(type(problem).__name__) from None
        finally:
            connection.close()

    def check(self, endpoint: str) -> None:
        """Raise `UnsafeEndpoint` for what is not the address of a known push service; nothing is asked or sent."""
        parts = _parts(endpoint)
        host = parts.hostname or ""
        known = any(host == each or (each[0] == "." and host.endswith(each)) for each in SERVICES)
        plain = parts.scheme == "https" and parts.port in (None, 443) and parts.username is None
        if host not in self.hosts and not (known and plain):
            raise UnsafeEndpoint

    def _connection(self, parts: SplitResult) -> "_Fixed":
        self.check(parts.geturl())
        host, tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if host not in self.hosts and not all(is_public(each) for each in found):
            raise UnsafeEndpoint
        # The addresses that were looked at are the ones that are used: asked again, the name could answer otherwise.
        return _Fixed(host, port, found, tls=tls)

    def _proof(self, now: datetime, parts: SplitResult) -> str:
        """A signed token (ES256) that holds for one push service and half a day."""
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + PROOF_LASTS).timestamp()),
            "sub": self.contact,
        }
        signed = ".".join(_text(json.dumps(each).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_text(r.to_bytes(32) + s.to_bytes(32))}"


def fresh_push_key() -> str:
    """A new private key of the sender, in base64url."""
    return _text(ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(32))


def seal(
    to: Subscription, payload: bytes, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Encrypt a message for one browser as a single record (RFC 8291); its own key and salt are fresh unless given.

    Raises ValueError when it is too long.
    """
    if len(payload) > LONGEST:
        raise ValueError(f"a push message has at most {LONGEST} bytes")
    own, salt = own or ec.generate_private_key(_CURVE), salt or os.urandom(_SALT)
    mine = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.p256dh))
    secret = _derived(shared, to.auth, b"WebPush: info\0" + to.p256dh + mine, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, payload + b"\x02", None)  # 2 ends the last record
    return salt + (4096).to_bytes(4) + bytes([len(mine)]) + mine + sealed


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, also when it is written inside another one."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


class _Fixed(http.client.HTTPConnection):
    """A connection to the first address that answers; the certificate must be that of the name."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, tls: bool) -> None:
        super().__init__(host, port, timeout=PATIENCE_S)
        self._addresses, self._tls = addresses[:MOST_ADDRESSES], tls
        self.default_port = 443 if tls else 80  # which the Host header leaves out

    def connect(self) -> None:
        self.sock = self._reached()
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def _reached(self) -> socket.socket:
        problem = OSError("no address")
        for each in self._addresses:
            try:
                return socket.create_connection((each, self.port), self.timeout)
            except OSError as why:
                problem = why
        raise problem


def _judged(now: datetime, status: int, retry_after: str | None) -> Answer:
    if 200 <= status < 300:
        return Answer("sent")
    if status in (404, 410):
        return Answer("gone")
    if status == 429 or status >= 500:
        return Answer("later", _wait(now, retry_after))
    return Answer("refused")


def _wait(now: datetime, retry_after: str | None) -> timedelta | None:
    """The wait of a Retry-After header, in seconds or until a moment; at most six hours."""
    if not retry_after:
        return None
    try:
        wait = timedelta(seconds=min(int(retry_after), 10**6)) if retry_after.isdigit() else _until(now, retry_after)
    except ValueError:
        return None
    return max(timedelta(), min(wait, LONGEST_WAIT))


def _until(now: datetime, moment: str) -> timedelta:
    found = parsedate_to_datetime(moment)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)) - now


def _parts(endpoint: str) -> SplitResult:
    parts = urlsplit(endpoint)
    _ = parts.port  # raises ValueError where it is no number
    if not endpoint.isascii() or any(each <= " " or each == "\x7f" for each in endpoint):
        raise ValueError("no address of a push service")
    return parts


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str, length: int | None = None) -> bytes:
    """What base64url says, with or without its padding; raises ValueError."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    value = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    if length is not None and len(value) != length:
        raise ValueError(f"{length} bytes are needed")
    return value
