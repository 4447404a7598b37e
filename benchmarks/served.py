"""An export through a running `eplus serve` on SQLite: progress, memory of server and child, and how fast it stops."""

import http.client
import json
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from challenges_app.kit import clock
from tests import servers
from tests.builders import World
from tests.running import Browser, environment, process, wait_until_healthy

CHILD = b"challenges_app.kit.child"
SAMPLED_EVERY_S = 0.05
LONGEST_S = 900
CANCELLED_AT = 0.4  # share of the second upload that has been read when it is stopped
BORN = date(2016, 3, 1)


def through_server(path: Path) -> dict[str, Any]:
    """Import an export for one person, begin the same for another and stop it half-way; answers what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/eplus.sqlite"
        world = World.on(url, clock.now)
        for name in ("mei", "wing"):
            world.person(name, born=BORN)
        world.db.close()
        port, log = servers.free_port(), Path(folder) / "serve.log"
        env = environment(url, EPLUS_FILES=f"{folder}/files")
        with process("serve", "--port", str(port), env=env, log=log) as server:
            wait_until_healthy(port, server, log)
            with _Memory(server.pid) as memory:
                imported = _import(Browser(port, progress=_Heard()).sign_in("mei"), path)
                stopped = _stop(Browser(port).sign_in("wing"), path, memory)
            left = len(list((Path(folder) / "files").iterdir()))
        return {**imported, **stopped, **memory.told(), "files_left": left}


def _import(browser: Browser, path: Path) -> dict[str, Any]:
    given, uploading = _upload(browser, path)
    begins, heard = time.monotonic(), browser.progress
    assert isinstance(heard, _Heard)
    with browser.watching(given["id"]):
        done = browser.wait_for_delivery(given["id"], LONGEST_S)
        heard.moments.append(time.monotonic())  # its end may be seen before it is heard
    assert done["state"] == "done", done
    shares = {each["share"] for each in heard if each["state"] == "reading"}
    return {
        "upload_s": uploading,
        "import_s": heard.moments[-1] - begins,
        "days": done["days"],
        "shares": len(shares),
        "longest_pause_s": max(after - before for before, after in pairwise(heard.moments)),
    }


def _stop(browser: Browser, path: Path, memory: "_Memory") -> dict[str, Any]:
    given, _ = _upload(browser, path)
    with browser.watching(given["id"]):
        browser.wait_for_share(CANCELLED_AT, LONGEST_S)
        begins = time.monotonic()
        status, told = browser.send("DELETE", f"/api/steps/deliveries/{given['id']}")
        answered = time.monotonic() - begins
        assert (status, told["state"]) == (200, "cancelled"), told
        _until(lambda: not memory.children())
        gone = time.monotonic() - begins
    return {"cancel_answered_s": answered, "cancel_child_gone_s": gone}


def _upload(browser: Browser, path: Path) -> tuple[dict[str, Any], float]:
    """Give a file as a browser does, from the disk."""
    begins = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=LONGEST_S, blocksize=256 * 1024)
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(path.stat().st_size)}
    headers |= {"Cookie": browser.cookie, "Origin": f"http://127.0.0.1:{browser.port}"}
    with path.open("rb") as file:
        connection.request("POST", "/api/steps/files", file, headers)
        answer = connection.getresponse()
        text = answer.read()
    connection.close()
    assert answer.status == 202, text
    given: dict[str, Any] = json.loads(text)
    return given, time.monotonic() - begins


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


class _Heard(list[dict[str, Any]]):
    """What a socket said, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

    def append(self, said: dict[str, Any], /) -> None:
        self.moments.append(time.monotonic())
        super().append(said)


@dataclass
class _Memory:
    """The most memory that a server and its children had in use, as the kernel keeps it, while the context lasts."""

    server: int
    peaks: dict[int, int] = field(default_factory=dict)  # kB by process
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "_Memory":
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def children(self) -> list[int]:
        """The children that read files; one that has only just been split off is still a copy of the server."""
        pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
        return [pid for pid in pids if _parent(pid) == self.server and CHILD in _text(pid, "cmdline")]

    def told(self) -> dict[str, float]:
        """Peaks in MB."""
        server = self.peaks[self.server]
        child = max(peak for pid, peak in self.peaks.items() if pid != self.server)
        return {"server_peak_mb": server / 1024, "child_peak_mb": child / 1024}

    def _watch(self) -> None:
        while not self.over.wait(SAMPLED_EVERY_S):
            for pid in (self.server, *self.children()):
                for line in _text(pid, "status").splitlines():
                    if line.startswith(b"VmHWM"):
                        self.peaks[pid] = max(self.peaks.get(pid, 0), int(line.split()[1]))


def _parent(pid: int) -> int:
    """The process that started one, 0 once it is gone."""
    told = _text(pid, "stat").rpartition(b")")[2].split()
    return int(told[1]) if told else 0


def _text(pid: int, name: str) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
