"""Health Connect: the database inside Android's export; every app that wrote steps into it is a source of its own."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, BinaryIO

from integrations.contract import Capabilities, Part, Problem, Reading, Sample, Why, problem, shown
from integrations.days import wrong
from integrations.upload import Unreadable

CAPABILITIES = Capabilities(
    name="health_connect",
    roads=("file",),
    grains=("samples",),
    local_day="offset",
    by_hand=True,
    corrects=False,
    piecewise=False,
)

MAGIC = b"SQLite format 3\0"
STEPS, APPS = "steps_record_table", "application_info_table"
NEEDED = ("start_time", "end_time", "count")
LOOKED_FOR = (*NEEDED, "app_info_id", "start_zone_offset", "end_zone_offset", "recording_method")  # of any version
TYPED_IN = 3  # Health Connect's RECORDING_METHOD_MANUAL_ENTRY
MOST = 80 * 1024 * 1024  # bytes; a database is read whole and copied once, and with 100 a child's memory is used up
PIECE = 1024 * 1024
LONGEST_CELL = 100_000  # bytes of one row, or of one table's description
MOST_COLUMNS = 200
MOST_TABLES = 1_000  # with their indices; a real one has some two hundred
ROWS = 1_000  # in a batch
MOST_APPS = 10_000
MOST_PAGES = 65_536  # bytes of the largest page that SQLite has
# A row takes some 20 operations; what takes fifty thousand times as many for a batch was not written by an exporter.
OPERATIONS, MOST_CALLS = 10_000, 100
SOURCE = 100  # characters of a source's name
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_OFFSET = 18 * 3600  # seconds; the bound of Android's own ZoneOffset

_LEAF, _INNER = 13, 5  # kinds of pages: of rows, and of pages
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION}
_READ_FROM = {STEPS, APPS, "sqlite_master"}


def recognises(part: Part) -> bool:
    """An SQLite database whose first page names the table of steps, or is too full to name any."""
    head = part.head
    if not head.startswith(MAGIC) or len(head) < 108:
        return False
    named_here = head[100] == _LEAF and 512 <= _page_size(head) <= len(head)
    return not named_here or STEPS.encode() in head


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read the rows of steps, 1,000 at a time; problems count them from 1."""
    content = bytearray(min(part.size, MOST))  # at once: one that grows is an eighth larger than what is in it
    filled, broken_off = 0, None
    try:
        while piece := stream.read(min(PIECE, len(content) - filled)):
            content[filled : filled + len(piece)] = piece
            filled += len(piece)
            yield ()
        beyond = stream.read(1)
    except Unreadable as trouble:
        broken_off, beyond = trouble, b""  # told when the rows before it are out
    if beyond:
        yield [problem(None, "too_much")]
        return
    del content[filled:]
    if filled or not broken_off:
        yield from _read(content, zone)
    if broken_off:
        raise broken_off


def _mend(content: bytearray) -> bool:
    """Make a header say what is there, so that SQLite reads as far as pages go; answers whether some are missing."""
    if len(content) < 100:
        return False
    content[18:20] = b"\1\1"  # a log beside the file, which nobody exported, would be asked for
    size = _page_size(content)
    pages, said = len(content) // size if size else 0, int.from_bytes(content[28:32], "big")
    if said <= pages:
        return False
    content[28:32] = pages.to_bytes(4, "big")
    return True


def _few_tables(content: bytearray) -> bool:
    """Whether the list of tables is short: SQLite understands all of it before it answers, and nothing stops it."""
    size, seen, tables = _page_size(content), 0, 0
    waiting = [0]
    while waiting and size:
        at = waiting.pop() * size
        head = at + 100 * (at == 0)
        cells, seen = _two(content, head + 3), seen + 1
        if content[head : head + 1] == bytes([_LEAF]):
            tables += cells
        elif content[head : head + 1] == bytes([_INNER]):
            begins = [head + 8, *(at + _two(content, head + 12 + 2 * each) for each in range(min(cells, size // 6)))]
            waiting += [int.from_bytes(content[each : each + 4], "big") - 1 for each in begins]
        if seen + len(waiting) > MOST_TABLES or tables > MOST_TABLES:
            return False
    return True


def _two(content: bytearray, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "big")


def _page_size(content: bytes | bytearray) -> int:
    size = int.from_bytes(content[16:18], "big")
    return MOST_PAGES if size == 1 else size


def _read(content: bytearray, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """What a database holds, and at the end what was missing."""
    cut_short = _mend(content)
    if not _few_tables(content):
        yield [problem(None, "too_much")]
        return
    told = False
    for batch in _guarded(content, zone):
        told = told or any(isinstance(each, Problem) and each.line is None for each in batch)
        yield batch
    if cut_short and not told:
        yield [problem(None, "ends_early")]


def _guarded(content: bytearray, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            _open(database, content)
            content.clear()  # SQLite has a copy
            yield from _steps(database, zone)
    except sqlite3.OperationalError as trouble:
        yield [problem(None, _why(trouble))]
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        yield [problem(None, "damaged")]
    except MemoryError:  # of SQLite, which has given it back
        yield [problem(None, "too_much")]


def _open(database: sqlite3.Connection, content: bytearray) -> None:
    """Let a database of somebody else's in, with all that it might do by itself forbidden."""
    database.deserialize(content)
    database.text_factory = _text
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
    database.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
        database.execute(f"PRAGMA {pragma}")
    if sys.version_info >= (3, 12):
        database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE)
    database.set_authorizer(_may)


def _may(action: int, first: str | None, _second: str | None, _database: str | None, inner: str | None) -> int:
    """Reading three tables is all that is allowed: no functions, no views (which are `inner`), nothing recursive."""
    reads = action == sqlite3.SQLITE_READ and first in _READ_FROM
    asks = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if inner is None and (action in _ALLOWED or reads or asks) else sqlite3.SQLITE_DENY


class _Watch:
    """Counts what SQLite does for one batch, and stops it when that is beyond reason."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._calls = 0
        database.set_progress_handler(self._called, OPERATIONS)

    def afresh(self) -> None:
        """Count from nothing, for the next batch; too much work raises OperationalError in whoever asks for rows."""
        self._calls = 0

    def _called(self) -> bool:
        self._calls += 1
        return self._calls > MOST_CALLS


def _steps(database: sqlite3.Connection, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    watch = _Watch(database)
    columns = _columns(database, STEPS)
    if not columns:
        yield [problem(None, "not_recognised")]
        return
    if not set(NEEDED) <= columns:
        yield [problem(None, "columns", ", ".join(sorted(columns)))]
        return
    found = [each for each in LOOKED_FOR if each in columns]
    reader = _Reader(found, _apps(database), zone)
    # In no order but the table's own, so that SQLite walks along it and sorts nothing.
    rows = database.execute(f"SELECT {', '.join(found)} FROM {STEPS}")  # noqa: S608 - names of our own
    number = 0
    for batch in _until_broken(watch, rows):
        if isinstance(batch, Problem):
            yield [batch]
            continue
        yield [reader.row(number + at, row) for at, row in enumerate(batch, 1)]
        number += len(batch)


def _until_broken(watch: _Watch, rows: sqlite3.Cursor) -> Iterator[list[Any] | Problem]:
    """Rows until the first that cannot be read, and those of its batch before it."""
    why: Why | None = None
    batch: list[Any] = []
    while why is None:
        batch = []
        watch.afresh()
        try:
            for row in rows:
                batch.append(row)
                if len(batch) == ROWS:
                    break
        except sqlite3.OperationalError as trouble:
            why = _why(trouble)
        except (sqlite3.Error, ValueError):
            why = "damaged"
        if batch:
            yield batch
        elif why is None:
            return
    yield problem(None, why)


def _why(trouble: sqlite3.OperationalError) -> Why:
    return "too_much" if str(trouble) == "interrupted" else "damaged"


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    """The stored columns of a table; none when it is not there, or is a view or made up by a module."""
    known = database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND rootpage > 0", [table])
    return {row[1] for row in database.execute(f"PRAGMA table_info({table})")} if known.fetchone() else set()


def _apps(database: sqlite3.Connection) -> dict[int, str]:
    """The names of apps by their number, each another; what cannot be read is left out."""
    names: dict[int, str] = {}
    try:
        if {"row_id", "package_name", "app_name"} <= _columns(database, APPS):
            rows = database.execute(f"SELECT row_id, package_name, app_name FROM {APPS}")  # noqa: S608
            for number, package, name in rows.fetchmany(MOST_APPS):
                names[number] = _name(number, package, name, set(names.values()))
    except sqlite3.Error:
        pass
    return names


def _name(number: object, package: object, name: object, taken: set[str]) -> str:
    """An app as its owner knows it; two apps of one name stay two."""
    both = [shown(" ".join(str(each or "").split()), SOURCE) for each in (name, package)]
    for choice in (both[0], both[1]):
        if choice and choice not in taken:
            return choice
    return f"app {number}"


class _Reader:
    """Understands rows of steps."""

    def __init__(self, columns: Sequence[str], apps: Mapping[int, str], zone: tzinfo) -> None:
        self._columns = columns
        self._apps = apps
        self._zone = zone

    def row(self, number: int, cells: Sequence[object]) -> Reading:
        """What a row says."""
        row = dict(zip(self._columns, cells, strict=True))
        steps = _whole(row["count"])
        if steps is None:
            return problem(number, "not_a_number", row["count"])
        starts = self._moment(row["start_time"], row.get("start_zone_offset"))
        ends = self._moment(row["end_time"], row.get("end_zone_offset"))
        if starts is None or ends is None:
            return problem(number, "not_a_time", row["start_time"] if starts is None else row["end_time"])
        app = row.get("app_info_id")
        source = self._apps.get(app, f"app {app}") if isinstance(app, int) else ""
        sample = Sample(source, starts, ends, steps, row.get("recording_method") == TYPED_IN)
        why = wrong(sample)
        return problem(number, why, steps if why in ("negative", "too_large") else starts) if why else sample

    def _moment(self, at: object, offset: object) -> datetime | None:
        """Milliseconds since 1970, in the offset of then where it is told."""
        told = isinstance(offset, int) and abs(offset) <= MOST_OFFSET
        where = timezone(timedelta(seconds=offset)) if told and isinstance(offset, int) else self._zone
        try:
            return (EPOCH + timedelta(milliseconds=at)).astimezone(where) if isinstance(at, int) else None
        except (OverflowError, ValueError):
            return None


def _whole(count: object) -> int | None:
    if isinstance(count, float):
        return round(count) if abs(count) < 1e15 else None
    return count if isinstance(count, int) else None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
