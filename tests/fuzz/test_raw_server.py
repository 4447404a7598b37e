"""Bytes and socket messages sent straight to a real `eplus serve`: it refuses them, and goes on serving."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.kit import clock
from tests.builders import CHALLENGE, World
from tests.fuzz.bodies import ANY_JSON
from tests.fuzz.budget import examples
from tests.fuzz.doors import SCHOOL
from tests.fuzz.mutations import mutated
from tests.fuzz.nasties import TEXTS
from tests.running import Browser, environment, served

PATIENCE_S = 5.0
GET = b"GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nConnection: close\r\n\r\n"
POST = (
    b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 29\r\n"
    b'Connection: close\r\n\r\n{"name":"x","password":"xx"} '
)
CHUNKED = (
    b"POST /api/fixes HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    b"5\r\n{}   \r\n0\r\n\r\n"
)
UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ODDITIES = {
    "nothing": b"",
    "blank lines": b"\r\n" * 1000,
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    "no version": b"GET /\r\n\r\n",
    "an old version": b"GET /api/health HTTP/0.9\r\n\r\n",
    "an endless line": b"GET /" + b"a" * 1_000_000,
    "endless headers": GET[:-2] + b"X: y\r\n" * 100_000 + b"\r\n",
    "a header without a colon": GET[:-2] + b"nonsense\r\n\r\n",
    "a folded header": GET[:-2] + b"X: y\r\n z\r\n\r\n",
    "a NUL in a header": GET[:-2] + b"X: \0\r\n\r\n",
    "two hosts": GET[:-2] + b"Host: other\r\n\r\n",
    "two lengths": POST.replace(b"Content-Length: 29", b"Content-Length: 29\r\nContent-Length: 2"),
    "a length and chunks": CHUNKED.replace(b"Transfer", b"Content-Length: 3\r\nTransfer"),
    "a negative length": POST.replace(b": 29", b": -29"),
    "a length that is none": POST.replace(b": 29", b": many"),
    "a huge length": POST.replace(b": 29", b": 99999999999999999999"),
    "a body that is too short": POST.replace(b": 29", b": 200"),
    "a chunk that is none": CHUNKED.replace(b"5\r\n", b"zz\r\n"),
    "a huge chunk": CHUNKED.replace(b"5\r\n", b"FFFFFFFFFFFFFFFF\r\n"),
    "an endless chunk size": CHUNKED.replace(b"5\r\n", b"0" * 100_000 + b"5\r\n"),
    "an absolute address": GET.replace(b"/api/session", b"http://other.example/api/session"),
    "a method of control signs": GET.replace(b"GET", b"G\x01T"),
    "CONNECT": b"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n",
    "an upgrade and noise": UPGRADE + b"\xff" * 2000,
    "an upgrade and a huge frame": UPGRADE + b"\x81\xff" + b"\x7f" * 8 + b"x" * 5000,
    "an upgrade without a key": UPGRADE.replace(b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", b""),
    "two requests at once": GET.replace(b"Connection: close\r\n", b"") + GET,
}  # fmt: skip


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with one pupil; at the end its log must tell of no failure."""
    folder: Path = tmp_path_factory.mktemp("raw")
    url = f"sqlite:///{folder / 'eplus.sqlite'}"
    world = World.on(url, clock.now)
    world.enrol(world.person("mei"), world.school(SCHOOL)[0])
    world.db.close()
    with served(environment(url), folder) as found:
        yield found
    told = (folder / "serve.log").read_text("utf-8")
    assert "Traceback" not in told, told[-3000:]
    assert '"error"' not in told, told[-3000:]


def answer_to(port: int, sent: bytes) -> bytes:
    """What the server says to these bytes, until it hangs up or has said nothing for a moment."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as line:
        heard = b""
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            while len(heard) < 65_536 and (piece := line.recv(65_536)):
                heard += piece
        except OSError:
            pass  # hung up in the middle of what we said, or waits for more of it
        return heard


def assert_refused_and_serving(port: int, sent: bytes) -> None:
    """No 5xx, and the next request is answered as ever."""
    heard = answer_to(port, sent)
    status = heard.split(b" ", 2)[1:2] if heard.startswith(b"HTTP/") else []
    assert not (status and status[0].startswith(b"5")), heard[:300]
    assert Browser(port).get("/api/health")[0] == 200


@pytest.mark.parametrize("name", ODDITIES)
def test_odd_requests(port: int, name: str) -> None:
    assert_refused_and_serving(port, ODDITIES[name])


@given(mutated(GET, POST, CHUNKED, UPGRADE, most=3))
@examples(250)
def test_damaged_requests(port: int, sent: bytes) -> None:
    assert_refused_and_serving(port, sent)


@given(st.sampled_from(["board:join", "board:leave", "message", "connect", ""]), ANY_JSON | st.sampled_from(TEXTS))
@examples(150)
def test_any_message_on_a_socket(port: int, event: str, message: Any) -> None:
    browser = Browser(port, cookie=_cookie(port))
    client = socketio.Client(reconnection=False)
    client.connect(f"http://127.0.0.1:{port}", headers={"Cookie": browser.cookie}, transports=["websocket"])
    try:
        if event in {"board:join", "board:leave"}:
            client.emit(event, message if event == "board:leave" else {"board": message})
        client.emit(event or "x", message)
        answer = client.call("board:join", {"board": f"{CHALLENGE}:all:player:{SCHOOL}"}, timeout=PATIENCE_S)
        assert answer["ok"], answer
    finally:
        client.disconnect()
    assert browser.get("/api/health")[0] == 200


_COOKIES: dict[int, str] = {}


def _cookie(port: int) -> str:
    """Signed in once: sign-ins are limited."""
    if port not in _COOKIES:
        _COOKIES[port] = Browser(port).sign_in("mei").cookie
    return _COOKIES[port]


def test_a_slow_talker_holds_nobody_up(port: int) -> None:
    """Twenty lines that begin a request and never end it; the others are answered meanwhile."""
    slow = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(20)]
    try:
        for line in slow:
            line.sendall(POST[:60])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/api/health")
        assert connection.getresponse().status == 200
    finally:
        for line in slow:
            line.close()
