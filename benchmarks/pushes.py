"""How many pushes of fifty samples can be taken in, beside SQLAlchemy that upserts the samples row by row."""

import argparse
import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Uuid
from sqlalchemy.dialects import postgresql, sqlite

from benchmarks.beside import database
from benchmarks.telling import tell
from challenges_app.kit import clock
from challenges_app.kit.db import Database, Tx
from challenges_app.play.arrivals import jobs
from challenges_app.play.phones import actions
from tests.builders import RING, World
from tests.fuzz.doors import Unlimited

SAMPLES = 50
BEGINS = 1_795_305_600  # 22 November 2026

Push = Callable[[int, int], object]  # of a client, for the so-manieth time


def main() -> None:
    """Run and tell; ratios hold on any machine, rates only on this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64, help="threads that push at once (default 64)")
    parser.add_argument("--pushes", type=int, default=60, help="of each client in a run (default 60)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each way, of which the median counts")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL; else on SQLite")
    asked = parser.parse_args()
    with database(asked.postgresql) as (url, _):
        world = World.on(url, clock.now)
        ways = prepared(world, asked.clients)
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for run in range(asked.runs):
            for name, push in ways.items():
                share = asked.pushes if name == "ours" else max(asked.pushes // 10, 1)  # the plain way takes longer
                rates[name].append(
                    asked.clients * share / timed(push, asked.clients, range(run * 10_000, share + run * 10_000))
                )
        understood = understanding(world)
    medians = {name: statistics.median(found) for name, found in rates.items()}
    kind = "postgresql" if asked.postgresql else "sqlite"
    setting = {
        "database": kind,
        "clients": asked.clients,
        "pushes": asked.pushes,
        "samples": SAMPLES,
        "runs": asked.runs,
    }
    tell(
        {**setting, "pushes_per_second": rates, "medians": medians, "understood_per_second": understood},
        "\n".join(
            [
                *(
                    f"{name:36} {rate:9,.0f} pushes/s {rate / medians['row by row']:8.1f} ×"
                    for name, rate in medians.items()
                ),
                f"{'understood by one worker':36} {understood:9,.0f} pushes/s",
            ]
        ),
    )


def prepared(world: World, clients: int) -> dict[str, Push]:
    """The ways to take a push in: ours, and the plain one."""
    here = replace(world.here, limits=Unlimited(None))
    people = [world.person() for _ in range(clients)]
    keys = [world.write(partial(_key, world, person)) for person in people]
    table = plain_table(here.db)

    def ours(client: int, at: int) -> object:
        return actions.receive(here, here.now(), keys[client], body(client, at))

    def row_by_row(client: int, at: int) -> object:
        return here.db.write(lambda tx: upsert(tx, table, people[client], body(client, at)))

    return {"ours": ours, "row by row": row_by_row}


def _key(world: World, person: UUID, tx: Tx) -> str:
    return actions.add(tx, world.now(), RING, person, "Pixel 8").key


def body(client: int, at: int) -> bytes:
    """Fifty minutes in our own form."""
    samples = {
        "from": BEGINS + at * 60,
        "starts": [60 * each for each in range(SAMPLES)],
        "lasts": [60] * SAMPLES,
        "steps": [(each * 7 + at + client) % 120 for each in range(SAMPLES)],
    }
    source = {"name": "Pixel 8", "offset": 480, "samples": samples}
    return json.dumps({"eplus": 1, "sources": [source]}, separators=(",", ":")).encode()


def plain_table(db: Database) -> Table:
    """One row for each sample."""
    table = Table(
        "plain_sample", MetaData(), Column("person_id", Uuid, primary_key=True),
        Column("starts_at", DateTime(timezone=True), primary_key=True),
        Column("seconds", Integer), Column("steps", Integer),
    )  # fmt: skip
    table.metadata.create_all(db.engine)
    return table


def upsert(tx: Tx, table: Table, person: UUID, told: bytes) -> None:
    """What is usually written: the samples one after another, each replacing what was there, and one commit."""
    insert = postgresql.insert if tx.conn.dialect.name == "postgresql" else sqlite.insert
    [source] = json.loads(told)["sources"]
    samples = source["samples"]
    for begins, seconds, steps in zip(samples["starts"], samples["lasts"], samples["steps"], strict=True):
        starts_at = datetime.fromtimestamp(samples["from"] + begins, UTC)
        row = {"person_id": person, "starts_at": starts_at, "seconds": seconds, "steps": steps}
        statement = insert(table)
        changes = {"seconds": statement.excluded.seconds, "steps": statement.excluded.steps}
        tx.execute(statement.on_conflict_do_update(index_elements=["person_id", "starts_at"], set_=changes), row)


def timed(push: Push, clients: int, turns: range) -> float:
    """The seconds until all clients, who begin together, have pushed in all their turns."""
    ready = threading.Barrier(clients + 1)

    def run(client: int) -> None:
        ready.wait()
        for at in turns:
            push(client, at)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for each in threads:
        each.start()
    ready.wait()
    begun = time.perf_counter()
    for each in threads:
        each.join()
    return time.perf_counter() - begun


def understanding(world: World) -> float:
    """How many of the waiting pushes one worker counts in a second."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < 10 and jobs.understand_next(world.here):
        count += jobs.AT_ONCE
    return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
