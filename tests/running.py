"""A running e+ Life: the real commands as child processes, and a person's way of talking to them."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio

from tests import servers
from tests.builders import KEYS, PEPPER, files_of

ROOT = Path(__file__).parents[1]
START_SECONDS = 30


def environment(database_url: str, redis_url: str | None = None, **others: str) -> dict[str, str]:
    """What the commands are told; nothing of the tester's own settings leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EPLUS_", "DATABASE_", "REDIS_"))}
    told = {
        "DATABASE_URL": database_url,
        "EPLUS_KEYS": KEYS,
        "EPLUS_PEPPER": PEPPER,
        "EPLUS_CURFEW": "none",
        "EPLUS_FILES": str(files_of(database_url)),
        **others,
    }
    return {**kept, **told, **({"REDIS_URL": redis_url} if redis_url else {})}


def eplus(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "challenges_app.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


@contextlib.contextmanager
def process(*words: str, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in the background; it is asked to stop at the end, and made to if it does not."""
    with log.open("ab") as out:
        command = [sys.executable, "-m", "challenges_app.cli", *words]
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            yield child
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(10)


@contextlib.contextmanager
def served(env: dict[str, str], folder: Path, *words: str) -> Iterator[int]:
    """`eplus serve` on a free port; answers the port once it answers."""
    port, log = servers.free_port(), folder / "serve.log"
    told = {"EPLUS_ADDRESS": f"http://127.0.0.1:{port}", **env}
    with process("serve", "--port", str(port), *words, env=told, log=log) as child:
        wait_until_healthy(port, child, log)
        yield port


def wait_until_healthy(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until a server that was just started answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(OSError):
            if Browser(port).get("/api/health")[0] == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@dataclass
class Browser:
    """One device: keeps its cookie, says where its requests come from, speaks JSON."""

    port: int
    cookie: str = ""
    language: str = "en"
    heard: list[dict[str, Any]] = field(default_factory=list)
    progress: list[dict[str, Any]] = field(default_factory=list)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body of a GET."""
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Status and body of a POST."""
        return self.send("POST", path, body)

    def give(self, content: bytes) -> tuple[int, Any]:
        """Status and body after giving a file of steps."""
        return self.send("POST", "/api/steps/files", content)

    def wait_for_delivery(self, delivery: str, seconds: float = 60) -> dict[str, Any]:
        """A delivery once it is over, within so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            _, told = self.get(f"/api/steps/deliveries/{delivery}")
            if told["state"] not in ("waiting", "reading"):
                return dict(told)
            time.sleep(0.1)
        raise AssertionError(f"the delivery is not over: {told}")

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and body of any request; bytes go as they are, everything else as JSON."""
        headers = {"Accept-Language": self.language, "Origin": f"http://127.0.0.1:{self.port}"}
        raw = isinstance(body, bytes)
        headers |= (
            {"Content-Type": "application/octet-stream" if raw else "application/json"} if body is not None else {}
        )
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body if raw or body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json and text else text

    def sign_in(self, name: str, password: str | None = None) -> "Browser":
        """Sign in; people of the tests have their name twice for a password."""
        status, body = self.post("/api/session", {"name": name, "password": password or name * 2})
        assert status == 200, body
        return self

    @contextlib.contextmanager
    def listening(self, *boards: str) -> Iterator[socketio.Client]:
        """Hear the ticks of boards, kept in `heard`."""
        client = socketio.Client(reconnection=False)
        client.on("board:tick", self.heard.append)
        client.connect(f"http://127.0.0.1:{self.port}", headers={"Cookie": self.cookie}, transports=["websocket"])
        try:
            for board in boards:
                answer = client.call("board:join", {"board": board}, timeout=10)
                assert answer["ok"], answer
            yield client
        finally:
            client.disconnect()

    @contextlib.contextmanager
    def watching(self, delivery: str) -> Iterator[socketio.Client]:
        """Hear how far one's own file has come, kept in `progress`."""
        client = socketio.Client(reconnection=False)
        client.on("delivery:progress", self.progress.append)
        client.connect(f"http://127.0.0.1:{self.port}", headers={"Cookie": self.cookie}, transports=["websocket"])
        try:
            answer = client.call("delivery:watch", {"delivery": delivery}, timeout=10)
            assert answer["ok"], answer
            yield client
        finally:
            client.disconnect()

    def wait_for_share(self, share: float, seconds: float = 30) -> None:
        """Until so much of the watched file has been read."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(each["share"] >= share for each in self.progress):
                return
            time.sleep(0.02)
        raise AssertionError(f"the file is not read on; heard {self.progress}")

    def wait_for_tick(self, board: str, seconds: float = 10) -> dict[str, Any]:
        """The first tick of a board, within so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for tick in self.heard:
                if tick["board"] == board:
                    return tick
            time.sleep(0.02)
        raise AssertionError(f"no tick of {board}; heard {self.heard}")
