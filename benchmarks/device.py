"""How many pushes a second a server takes in over HTTP: ours, Starlette on uvicorn, and gunicorn's threads."""

import argparse
import multiprocessing
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.beside import ROOT, cpu_s, database
from benchmarks.pushes import SAMPLES, body
from benchmarks.telling import tell
from challenges_app.kit import clock
from challenges_app.kit.db import Tx
from challenges_app.play.phones import actions, rules
from tests import servers
from tests.builders import RING, World
from tests.running import environment

PYTHON = sys.executable
WAYS = {
    "ours": [PYTHON, "-m", "challenges_app.cli", "serve", "--no-worker", "--port", "{port}"],
    "starlette": [
        PYTHON, "-m", "uvicorn", "benchmarks.peers:starlette", "--factory", "--no-access-log", "--log-level", "warning",
        "--port", "{port}",
    ],
    "gthread": [
        PYTHON, "-m", "gunicorn", "-k", "gthread", "--threads", "32", "--log-level", "warning", "-b",
        "127.0.0.1:{port}", "benchmarks.peers:flask()",
    ],
}  # fmt: skip
EACH = 50  # pushes of a phone, which may push sixty times in ten minutes
HANDS = 2  # processes that push
START_SECONDS = 30.0


def main() -> None:
    """Run the ways in turns on one database, and tell what each took in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=64, help="that push at once, each on a connection of its own")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    with database(asked.postgresql) as (url, folder):
        world = World.on(url, clock.now)
        keys = keys_of(world, asked.phones)
        for run in range(asked.runs):
            for number, name in enumerate(WAYS):
                with listening(WAYS[name], url, folder / f"{name}.log") as (port, pid):
                    first = (run * len(WAYS) + number) * EACH
                    found[name].append(salvo(port, pid, keys, first))
        world.db.close()
    told = {
        name: {key: statistics.median(each[key] for each in runs) for key in runs[0]} for name, runs in found.items()
    }
    for each in told.values():
        each["as_fast_as_ours"] = each["per_s"] / told["ours"]["per_s"]
    setting = {"phones": asked.phones, "pushes": asked.phones * EACH, "samples": SAMPLES, "runs": asked.runs}
    tell({"database": "postgresql" if asked.postgresql else "sqlite", **setting, "ways": told}, table(told))


def keys_of(world: World, phones: int) -> list[str]:
    """The keys of phones, ten to a person at most."""
    people = [world.person() for _ in range(-(-phones // rules.MOST))]

    def key(number: int, tx: Tx) -> str:
        return actions.add(tx, world.now(), RING, people[number // rules.MOST], "Pixel 8").key

    return [world.write(partial(key, number)) for number in range(phones)]


@contextmanager
def listening(command: Sequence[str], url: str, log: Path) -> Iterator[tuple[int, int]]:
    """A server on a free port; answers the port and the process's id once it takes connections."""
    port = servers.free_port()
    env = environment(url, EPLUS_ADDRESS=f"http://127.0.0.1:{port}")
    with log.open("wb") as out:
        words = [word.format(port=port) for word in command]
        child = subprocess.Popen(words, cwd=ROOT, env=env, stdout=out, stderr=out)  # noqa: S603 - our own
        try:
            wait_for(port, child, log)
            yield port, child.pid
        finally:
            child.terminate()
            child.wait(15)


def wait_for(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until a server takes connections."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def salvo(port: int, pid: int, keys: list[str], first: int) -> dict[str, float]:
    """All phones push at once, each one body after another: pushes a second, and the server's processor for one."""
    requests = [[asked(key, body(number, first + at)) for at in range(EACH)] for number, key in enumerate(keys)]
    before = sum(map(cpu_s, family(pid)))
    with ProcessPoolExecutor(HANDS, mp_context=multiprocessing.get_context("fork")) as pool:
        done = [each.result(120) for each in [pool.submit(hand, port, requests[at::HANDS]) for at in range(HANDS)]]
    cpu = sum(map(cpu_s, family(pid))) - before
    count = len(keys) * EACH
    seconds = max(ended for _, ended in done) - min(began for began, _ in done)
    return {"per_s": count / seconds, "cpu_ms": cpu / count * 1000}


def family(pid: int) -> list[int]:
    """A process and those that it started, as gunicorn does."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def asked(key: str, told: bytes) -> bytes:
    """A request as it goes over the wire; made beforehand, since the phones share the cores with the server."""
    head = "POST /api/device/steps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Authorization: Bearer {key}\r\nContent-Length: {len(told)}\r\n\r\n".encode() + told


def hand(port: int, phones: list[list[bytes]]) -> tuple[float, float]:
    """One process's phones: each sends its next push once all of its round were answered; when it began and ended."""
    lines = [socket.create_connection(("127.0.0.1", port), 60) for _ in phones]
    for line in lines:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    began = time.time()
    for at in range(EACH):
        for line, requests in zip(lines, phones, strict=True):
            line.sendall(requests[at])
        for line in lines:
            status = answered(line)
            assert status == b"202", status
    ended = time.time()
    for line in lines:
        line.close()
    return began, ended


def answered(line: socket.socket) -> bytes:
    """The status of an answer, all of which is read."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += more(line)
    head, _, rest = text.partition(b"\r\n\r\n")
    length = next(each for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:"))
    while len(rest) < int(length.partition(b":")[2]):
        rest += more(line)
    return head.split(b" ", 2)[1]


def more(line: socket.socket) -> bytes:
    """What came next; a line that was closed is an error."""
    got = line.recv(65_536)
    assert got, "the server hung up"
    return got


def table(told: dict[str, dict[str, Any]]) -> str:
    """The numbers for people."""
    return "\n".join(
        f"{name:12}{each['per_s']:8.0f} pushes/s{each['cpu_ms']:8.2f} ms of processor"
        f"{told['ours']['per_s'] / each['per_s']:8.2f} × is what ours does"
        for name, each in told.items()
    )


if __name__ == "__main__":
    main()
