"""Starts the plain way that a running server is measured against, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

ROOT = Path(__file__).parents[1]


@contextmanager
def plain(what: str, log: Path, *url: str) -> Iterator[tuple[int, int]]:
    """`benchmarks.plain` on a free port; answers the port and the process's id once it listens."""
    port = servers.free_port()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "benchmarks.plain", what, str(port), *url]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=out)  # noqa: S603 - our own
        try:
            assert child.stdout is not None
            assert child.stdout.readline(), log.read_text()
            yield port, child.pid
        finally:
            child.terminate()
            child.wait(10)
