"""A push service on this machine, and browsers that can read what it was handed."""

import base64
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

CURVE = ec.SECP256R1()
KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"  # that of an example in RFC 8291: any will do here
SETTING = f"{KEY},mailto:push@example.hk,127.0.0.1"


def text(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def raw(value: str) -> bytes:
    """What base64url without padding says."""
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class PushBrowser:
    """A browser that subscribed somewhere, with the private key that opens what comes."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"sixteen bytes .."

    @property
    def point(self) -> bytes:
        """Its public key."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """What its push manager answers."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": text(self.point), "auth": text(self.auth)}}

    def open(self, body: bytes) -> bytes:
        """Decrypt a message of one record, as RFC 8188 and RFC 8291 say; raises InvalidTag for another's."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        info = b"WebPush: info\0" + self.point + sender
        secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain.endswith(b"\x02"), "the last record ends with 2"
        return plain[:-1]


@dataclass(frozen=True)
class Handed:
    """What was handed to the push service for one browser."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class PushService:
    """What a push service was handed, and what it answers: by path, or 201."""

    port: int
    handed: list[Handed] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def browser(self, name: str) -> PushBrowser:
        """A browser that subscribes here."""
        return PushBrowser(f"http://127.0.0.1:{self.port}/send/{name}?v=2")

    def answer(self, name: str, status: int, **headers: str) -> None:
        """Answer so from now on for a browser."""
        self.answers[f"/send/{name}?v=2"] = (status, headers)

    def told(self, browser: PushBrowser) -> list[dict[str, Any]]:
        """What a browser was sent, opened."""
        path = browser.endpoint.partition(str(self.port))[2]
        return [json.loads(browser.open(each.body)) for each in self.handed if each.path == path]


def certificate_of(name: str, path: Path) -> Path:
    """Write a certificate that somebody signed for themselves, with its key; answers the file."""
    key = ec.generate_private_key(CURVE)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM) + private)
    return path


@contextmanager
def push_service(certificate: Path | None = None) -> Iterator[PushService]:
    """A push service that listens on a free port, over TLS if it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with service.lock:
                service.handed.append(Handed(self.path, dict(self.headers), body))
            status, headers = service.answers.get(self.path, (201, {}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
    service = PushService(server.server_address[1])
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def proved(authorization: str) -> dict[str, Any]:
    """The claims of a VAPID header whose signature is right; raises InvalidSignature."""
    assert authorization.startswith("vapid t=")
    token, key = authorization.removeprefix("vapid t=").split(", k=")
    header, claims, signature = token.split(".")
    assert json.loads(raw(header)) == {"typ": "JWT", "alg": "ES256"}
    r, s = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(key))
    public.verify(encode_dss_signature(r, s), f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return {**json.loads(raw(claims)), "k": key}
