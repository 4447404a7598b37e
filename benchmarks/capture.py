"""Captures per second through `eplus serve`, beside a plain insert under the same server, and without HTTP at all."""

import argparse
import json
import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.beside import cpu_s, database, plain
from benchmarks.telling import percentile, tell
from challenges_app.kit import clock
from challenges_app.kit.services import Services
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.play.captures.actions import Attempt, take
from challenges_app.play.captures.tables import Capture
from tests import servers
from tests.builders import RING, World, settings
from tests.running import environment, process, wait_until_healthy
from tests.walking import Walk, always_open

EACH = 20  # captures of one player: the day's cap
COOKIE = "__Host-session"

Shot = tuple[str, str, dict[str, str], bytes]  # method, path, headers, body


def main() -> None:
    """Capture from several processes at once, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capture", description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL; else on SQLite")
    parser.add_argument("--hands", type=int, default=4, help="processes that capture at once (default 4)")
    parser.add_argument("--players", type=int, default=40, help="each captures twenty times in a run (default 40)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way, of which the median counts")
    asked = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {}
    for run in range(asked.runs):
        ways = {"eplus serve": through_server, "plain insert": through_plain, "without HTTP": without_http}
        for name in list(ways)[:: 1 if run % 2 else -1]:  # in turns, and in the other order each time
            with database(asked.postgresql) as (url, folder):
                found.setdefault(name, []).append(ways[name](url, folder, asked.hands, asked.players))
    results = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in found.items()
    }
    beside = results["plain insert"]["per_s"]
    for each in results.values():
        each["times_as_fast_as_plain_insert"] = each["per_s"] / beside
    kind = "postgresql" if asked.postgresql else "sqlite"
    setting = {"database": kind, "hands": asked.hands, "captures": asked.players * EACH, "runs": asked.runs}
    tell({**setting, "ways": results}, table(results))


def through_server(url: str, folder: Path, hands: int, players: int) -> dict[str, float]:
    """Walk every player into the park, then capture from all hands at once, with the worker carrying meanwhile."""
    world = World.on(url, clock.now)
    walk = Walk.until(clock.now())
    here = (walk.last["lat"] + 0.0002, walk.last["lon"])
    drops = [world.drop(place=here) for _ in range(EACH)]
    cookies = [signed_in(world, f"walker{number:03}") for number in range(players)]
    port, log, env = servers.free_port(), folder / "serve.log", environment(url, EPLUS_PARKS=str(always_open(folder)))
    with process("serve", "--port", str(port), env=env, log=log) as server:
        wait_until_healthy(port, server, log)
        shots = []
        for number, cookie in enumerate(cookies):
            own = walk.beside(number)
            headers = {"Cookie": f"{COOKIE}={cookie}", "Content-Type": "application/json"}
            headers["Origin"] = f"http://127.0.0.1:{port}"
            for batch in own.batches():
                status, _ = shoot(HTTPConnection("127.0.0.1", port), ("POST", "/api/fixes", headers, packed(batch)))
                assert status == 200, status
            bodies = [{"client_id": uuid4().hex, "drop_id": str(drop), "fix": own.last} for drop in drops]
            shots.append([("POST", "/api/captures", headers, packed(body)) for body in bodies])
        told = salvo(port, server.pid, shots, hands)
    with world.db.reading() as conn:
        assert len(conn.execute(Capture.__table__.select()).all()) == players * EACH
    world.db.close()
    return told


def signed_in(world: World, name: str) -> str:
    """The session of an adult who plays; signing in by password would take longer than the captures."""
    world.player(world.person(name))
    session = new_session_id()
    with world.db.reading() as conn:
        account = accounts.find(conn, RING, name).id
    world.write(lambda tx: accounts.open_session(tx, clock.now(), account, session, None))
    return session


def through_plain(url: str, folder: Path, hands: int, players: int) -> dict[str, float]:
    """One insert for each request, by a Flask of thirty lines: no sign-in, rules, ledger, limits, worker or check."""
    fix = Walk.until(clock.now()).last
    headers = {"Content-Type": "application/json"}

    def shot() -> Shot:
        return "POST", "/captures", headers, packed({"client_id": uuid4().hex, "drop_id": uuid4().hex, "fix": fix})

    with plain("inserts", folder / "plain.log", url) as (port, pid):
        return salvo(port, pid, [[shot() for _ in range(EACH)] for _ in range(players)], hands)


def salvo(port: int, pid: int, shots: list[list[Shot]], hands: int) -> dict[str, float]:
    """Send what each player sends, one after another, the players spread over the hands."""
    before = cpu_s(pid)
    context = multiprocessing.get_context("fork")  # a fresh process would import everything anew
    with ProcessPoolExecutor(hands, mp_context=context) as pool, context.Manager() as manager:
        barrier = manager.Barrier(hands)
        parts = [[shot for each in shots[at::hands] for shot in each] for at in range(hands)]
        done = [each.result(timeout=600) for each in [pool.submit(hand, port, part, barrier) for part in parts]]
    return rates(done, cpu_s(pid) - before)


def hand(port: int, shots: list[Shot], barrier: Any) -> tuple[float, float, list[float]]:
    """One process's requests on one connection: when it began and ended (seconds), and the time of each."""
    connection, took = HTTPConnection("127.0.0.1", port, timeout=60), []
    connection.connect()
    barrier.wait()
    began = time.time()
    for shot in shots:
        before = time.perf_counter()
        status, text = shoot(connection, shot)
        took.append(time.perf_counter() - before)
        assert status == 201, text
    return began, time.time(), took


def shoot(connection: HTTPConnection, shot: Shot) -> tuple[int, bytes]:
    """Status and body of one request."""
    method, path, headers, body = shot
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def packed(body: dict[str, Any]) -> bytes:
    """A body as it is sent."""
    return json.dumps(body).encode()


def without_http(url: str, folder: Path, hands: int, players: int) -> dict[str, float]:
    """The decision and its transaction alone, from as many processes: what is left of it when nobody asks over HTTP."""
    world = World.on(url, clock.now)
    drops = [world.drop() for _ in range(EACH)]
    earners = [world.player() for _ in range(players)]
    now = clock.now()
    tries = [[Attempt(uuid4().hex, drop, now, f"visit-{who.player_id.hex}", who) for drop in drops] for who in earners]
    context = multiprocessing.get_context("fork")  # a fresh process would import everything anew
    with ProcessPoolExecutor(hands, mp_context=context) as pool, context.Manager() as manager:
        barrier = manager.Barrier(hands)
        parts = [[attempt for each in tries[at::hands] for attempt in each] for at in range(hands)]
        done = [each.result(timeout=600) for each in [pool.submit(taker, url, part, barrier) for part in parts]]
    world.db.close()
    return rates([(began, ended, took) for began, ended, took, _ in done], sum(cpu for *_, cpu in done))


def taker(url: str, attempts: list[Attempt], barrier: Any) -> tuple[float, float, list[float], float]:
    """One process's transactions, as in `hand`, and the seconds of processor that they took."""
    here, took = Services.start(settings(url), clock.now), []
    barrier.wait()
    began, cpu = time.time(), time.process_time()
    for attempt in attempts:
        before = time.perf_counter()
        here.db.write(partial(take, now=attempt.captured_at, attempt=attempt))
        took.append(time.perf_counter() - before)
    ended, cpu = time.time(), time.process_time() - cpu
    here.db.close()
    return began, ended, took, cpu


def rates(done: list[tuple[float, float, list[float]]], cpu: float) -> dict[str, float]:
    """Captures per second over all hands; of one, the median, 95th percentile and the processor's time in ms.

    The processor's is that of the server with its worker, but not of the database, where that is another process.
    """
    took = [each for _, _, own in done for each in own]
    seconds = max(ended for _, ended, _ in done) - min(began for began, _, _ in done)
    return {
        "per_s": len(took) / seconds,
        "median_ms": statistics.median(took) * 1000,
        "p95_ms": percentile(took, 0.95) * 1000,
        "cpu_ms": cpu / len(took) * 1000,
    }


def table(ways: dict[str, dict[str, float]]) -> str:
    """What was measured, one way a line."""
    return "\n".join(
        f"{name:14} {one['per_s']:8.0f} /s   median {one['median_ms']:7.2f} ms   p95 {one['p95_ms']:7.2f} ms   "
        f"processor {one['cpu_ms']:6.2f} ms   {one['times_as_fast_as_plain_insert']:5.2f} × plain insert"
        for name, one in ways.items()
    )


if __name__ == "__main__":
    main()
