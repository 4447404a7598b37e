"""What a person's day of steps takes up in each database, by table, beside one row for each hour."""

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Engine, Integer, MetaData, SmallInteger, Table, Uuid, text

from benchmarks.beside import database
from benchmarks.telling import tell
from challenges_app.kit import clock
from challenges_app.kit.db import Tx
from challenges_app.play.activity import actions
from challenges_app.play.activity.actions import Receipt
from integrations.days import SourceDay
from tests.builders import RING, World

FIRST = date(2026, 1, 5)
TABLES = ("step_day", "daily_total", "step_print", "step_source", "step_person")
PLAIN = "plain_hour"
GOAL = 250  # bytes


def main() -> None:
    """Fill both databases, and tell the bytes that a day of a source takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--days", type=int, default=60)
    asked = parser.parse_args()
    told = {kind: measured(kind == "postgresql", asked.people, asked.days) for kind in ("sqlite", "postgresql")}
    tell({"people": asked.people, "days": asked.days, "bytes_per_person_day": told}, table(told))


def measured(postgresql: bool, people: int, days: int) -> dict[str, float]:
    """The bytes per person-day of each table with its indexes."""
    with database(postgresql) as (url, _):
        world = World.on(url, clock.now)
        plain = plain_table(world.db.engine)
        random = Random(7)
        for _ in range(people):
            person = world.person()
            said = [(FIRST + timedelta(days=each), hours(random)) for each in range(days)]
            world.write(partial(fill, plain, person, said))
        sizes = {name: size(world.db.engine, name) for name in (*TABLES, PLAIN)}
        world.db.close()
    share = {name: taken / (people * days) for name, taken in sizes.items()}
    return {**share, "all of ours": sum(share[name] for name in TABLES)}


def fill(plain: Table, person: UUID, said: Sequence[tuple[date, tuple[int, ...]]], tx: Tx) -> None:
    """Keep a person's days as the product does, with a print of each, and as a row for each hour that was walked."""
    now = datetime.combine(said[-1][0] + timedelta(days=3), datetime.min.time(), UTC)
    told = [actions.Said("Pixel 8", on, SourceDay(each, None, 0, max(each) // 30, None)) for on, each in said]
    actions.keep(tx, RING, now, Receipt(person, "eplus_phone", now), told)
    rows = [
        {"person_id": person, "on": on, "hour": hour, "source_id": 1, "steps": steps}
        for on, each in said
        for hour, steps in enumerate(each)
    ]
    tx.execute(plain.insert(), rows)


def hours(random: Random) -> tuple[int, ...]:
    """A believable day: nothing at night, a thousand an hour at most."""
    return tuple(random.randrange(1_000) if 7 <= hour <= 22 else 0 for hour in range(24))


def plain_table(engine: Engine) -> Table:
    """One row for each hour of a source."""
    made = Table(
        PLAIN, MetaData(), Column("person_id", Uuid, primary_key=True), Column("on", Date, primary_key=True),
        Column("hour", SmallInteger, primary_key=True), Column("source_id", Integer, primary_key=True),
        Column("steps", Integer),
    )  # fmt: skip
    made.metadata.create_all(engine)
    return made


def size(engine: Engine, name: str) -> int:
    """The bytes of a table with its indexes."""
    with engine.connect() as conn:
        if engine.dialect.name == "postgresql":
            return int(conn.execute(text("SELECT pg_total_relation_size(:name)"), {"name": name}).scalar_one())
        pages = "SELECT coalesce(sum(pgsize), 0) FROM dbstat JOIN sqlite_schema s USING (name) WHERE s.tbl_name = :name"
        return int(conn.execute(text(pages), {"name": name}).scalar_one())


def table(told: dict[str, dict[str, Any]]) -> str:
    """The numbers for people."""
    lines = [f"{'bytes per person-day':22}" + "".join(f"{kind:>14}" for kind in told)]
    for name in (*TABLES, "all of ours", PLAIN):
        lines.append(f"{name:22}" + "".join(f"{each[name]:14.0f}" for each in told.values()))
    lines.append(f"{'of the goal':22}" + "".join(f"{each['all of ours'] / GOAL:13.2f}×" for each in told.values()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
