"""How soon 1,000 sockets hear that a board changed: `eplus serve` beside a plain flask-socketio that tells a room."""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.beside import ROOT, peak_mb, plain
from benchmarks.telling import percentile, tell
from challenges_app.kit import clock
from challenges_app.play.ledger.actions import Earner
from challenges_app.play.standings import queries
from tests import servers
from tests.builders import CHALLENGE, World
from tests.running import Browser, environment, process, wait_until_healthy

BOARD = f"{CHALLENGE}:all:player:city"
PAUSE_S = 2.0  # a board's ticks are a second apart
POLL_S = 0.002


def main() -> None:
    """Change a board several times, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fan_out", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=5, help="changes in each turn")
    parser.add_argument("--turns", type=int, default=2, help="turns of each server, one after the other")
    asked = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {}
    peaks: dict[str, float] = {}
    ways = {"eplus serve": eplus, "plain flask-socketio": peer}
    for turn in range(asked.turns):
        for name in list(ways)[:: 1 if turn % 2 else -1]:
            with tempfile.TemporaryDirectory() as folder:
                changes, peaks[name] = ways[name](Path(folder), asked.sockets, asked.changes)
                found.setdefault(name, []).extend(changes)
    results = {
        name: {key: statistics.median(each[key] for each in changes) for key in changes[0]} | {"peak_mb": peaks[name]}
        for name, changes in found.items()
    }
    ratio = results["plain flask-socketio"]["last_ms"] / results["eplus serve"]["last_ms"]
    told = {"sockets": asked.sockets, "changes": asked.changes * asked.turns, "times_as_fast_as_plain": ratio}
    tell({**told, "ways": results}, table(results, ratio))


def eplus(folder: Path, sockets: int, changes: int) -> tuple[list[dict[str, float]], float]:
    """Captures by another process, which the server's own worker carries to the board and tells of."""
    url = f"sqlite:///{folder / 'eplus.sqlite'}"
    world = World.on(url, clock.now)
    earner = world.player(world.person("mei"))
    world.take(earner, world.drop())
    world.carry()
    port, log = servers.free_port(), folder / "serve.log"
    with process("serve", "--port", str(port), env=environment(url), log=log) as server:
        wait_until_healthy(port, server, log)
        cookie = Browser(port).sign_in("mei").cookie
        with hall(port, cookie, sockets) as told:
            found = [one(lambda: capture(world, earner), told) for _ in range(changes)]
        peak = peak_mb(server.pid)
    world.db.close()
    return found, peak


def peer(folder: Path, sockets: int, changes: int) -> tuple[list[dict[str, float]], float]:
    """The same library without anything else: one request, one emit to a room, no database and no worker."""
    with plain("emits", folder / "plain.log") as (port, pid), hall(port, "", sockets) as told:
        return [one(lambda: change(port), told) for _ in range(changes)], peak_mb(pid)


def capture(world: World, earner: Earner) -> dict[str, float]:
    """A capture: when it was committed, and when the board was, as another reader of the database sees it."""
    before = rev(world)
    world.take(earner, world.drop())
    committed = time.time()
    while rev(world) == before:
        time.sleep(POLL_S)
    return {"captured": committed, "changed": time.time()}


def rev(world: World) -> int:
    """The revision of the board."""
    with world.db.reading() as conn:
        row = queries.board(conn, BOARD)
    assert row is not None
    return int(row.rev)


def change(port: int) -> dict[str, float]:
    """Ask the plain server to tell its room."""
    now = time.time()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/change")
    assert connection.getresponse().status == 200
    connection.close()
    return {"captured": now, "changed": now}


def one(work: Callable[[], dict[str, float]], told: Callable[[], list[float]]) -> dict[str, float]:
    """One change: milliseconds from the board's commit to the first, median, 95th and last socket."""
    time.sleep(PAUSE_S)
    at = work()
    heard = told()
    since = [(each - at["changed"]) * 1000 for each in heard]
    return {
        "capture_to_board_ms": (at["changed"] - at["captured"]) * 1000,
        "first_ms": since[0],
        "median_ms": statistics.median(since),
        "p95_ms": percentile(since, 0.95),
        "last_ms": since[-1],
        "first_to_last_ms": since[-1] - since[0],
    }


@contextmanager
def hall(port: int, cookie: str, sockets: int) -> Iterator[Callable[[], list[float]]]:
    """Sockets in a process of their own; answers a call for the moments at which each heard of a change."""
    command = [sys.executable, "-m", "benchmarks.sockets", str(port), BOARD, cookie, str(sockets)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert child.stdin is not None
    assert child.stdout is not None
    out, into = child.stdout, child.stdin

    def told() -> list[float]:
        into.write("heard?\n")
        into.flush()
        moments: list[float] = json.loads(out.readline())
        return moments

    try:
        assert out.readline() == "joined\n", "the sockets did not come in"
        yield told
    finally:
        child.kill()
        child.wait(10)


def table(results: dict[str, dict[str, float]], ratio: float) -> str:
    """What was measured, one server a line."""
    lines = [f"{'':22} {'first':>9} {'median':>9} {'p95':>9} {'last':>9} {'first→last':>11} {'peak':>8}"]
    for name, one_way in results.items():
        times = [one_way[f"{key}_ms"] for key in ("first", "median", "p95", "last", "first_to_last")]
        lines.append(f"{name:22} " + " ".join(f"{each:6.0f} ms" for each in times) + f"   {one_way['peak_mb']:5.0f} MB")
    waited = results["eplus serve"]["capture_to_board_ms"]
    return "\n".join([*lines, f"last socket: {ratio:.2f} × the plain way; from capture to board {waited:.0f} ms"])


if __name__ == "__main__":
    main()
