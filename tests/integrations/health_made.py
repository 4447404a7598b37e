"""Health Connect databases of our own making; apps, people and steps are invented."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

APPS = "CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT, app_name TEXT)"
STEPS = (
    "CREATE TABLE steps_record_table (row_id INTEGER PRIMARY KEY, uuid BLOB, app_info_id INTEGER, start_time INTEGER,"
    " start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, local_date INTEGER, count INTEGER,"
    " recording_method INTEGER)"
)
COLUMNS = "app_info_id, start_time, end_time, count, start_zone_offset, end_zone_offset, recording_method"
PHONE, WATCH = (1, "org.example.phone", "Pedometer"), (2, "org.example.watch", "Watch of Ah Ming")
AHEAD = 8 * 3600


def database(*statements: str | tuple[str, Iterable[Sequence[Any]]]) -> bytes:
    """A database after some statements, each alone or with its rows."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for each in statements:
            if isinstance(each, str):
                made.execute(each)
            else:
                made.executemany(*each)
        return made.serialize()


def export(rows: Iterable[Sequence[Any]], apps: Sequence[Sequence[Any]] = (PHONE, WATCH), schema: str = STEPS) -> bytes:
    """An export with some rows: app, start, end in milliseconds, count, two offsets in seconds, recording method."""
    return database(
        APPS,
        ("INSERT INTO application_info_table VALUES (?, ?, ?)", apps),
        schema,
        (f"INSERT INTO steps_record_table ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows),  # noqa: S608
    )


def row(
    app: int, starts: datetime, minutes: float, count: object, ahead: int | None = AHEAD, method: int = 2
) -> list[Any]:
    """One row of steps."""
    begin = int(starts.timestamp() * 1000)
    return [app, begin, begin + int(minutes * 60_000), count, ahead, ahead, method]


def fortnight() -> tuple[bytes, dict[str, int]]:
    """Fourteen days of a phone and a watch that counted the same walks, and a few steps typed in; and what counts."""
    rows, truth = [], {}
    for day in range(14):
        midnight = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day, seconds=-AHEAD)
        counted = 0
        for hour in range(7, 22):
            phone, watch = 200 + (day * 71 + hour * 37) % 400, 180 + (day * 31 + hour * 97) % 500
            starts = midnight + timedelta(hours=hour, minutes=5)
            rows += [row(1, starts, 10, phone), row(2, starts + timedelta(minutes=1), 10, watch)]
            counted += max(phone, watch)
        rows += [row(1, midnight + timedelta(hours=12), 5, 2_000, method=3)] * (day % 5 == 0)
        truth[str(date(2026, 11, 1) + timedelta(days=day))] = counted
    return export(rows), truth


def write(folder: Path) -> None:
    """Write the fixture and its truth."""
    content, days = fortnight()
    (folder / "fortnight.db").write_bytes(content)
    truth = {"days": {on: {"steps": steps} for on, steps in days.items()}}
    (folder / "fortnight.truth.json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
