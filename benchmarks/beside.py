"""What measurements stand on: an empty database, the plain way beside a server, and what a process has cost."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

ROOT = Path(__file__).parents[1]


@contextmanager
def database(postgresql: bool) -> Iterator[tuple[str, Path]]:
    """An empty database's address, and a folder that goes with it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not postgresql:
            yield f"sqlite:///{folder / 'eplus.sqlite'}", folder
            return
        with servers.database() as url:
            yield url, folder


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


def cpu_s(pid: int) -> float:
    """Seconds of processor that a process and its threads have used: others on the machine do not add to it."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """The most memory that a process had in use, as the kernel keeps it."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024
