"""The store: engines, reading, and `Tx`, the only place in the code base that commits."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, create_engine, event
from sqlalchemy.engine import Connection, CursorResult, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

TRIES = 6
WAIT_FOR_WRITER_S = 30.0
BUSY_S = 0.05  # for the few other locks of SQLite, such as that of a checkpoint
LOST_RACE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock detected


class Instant(TypeDecorator[datetime]):
    """A moment in time: always aware, stored in UTC; a naive one is refused before it reaches the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its offset cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables; a fixed naming of constraints lets migrations find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Tx:
    """One writing transaction: whoever is handed one may write; `Database.write` alone commits it."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._after: list[Callable[[], None]] = []

    def execute(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        """Run one statement, or the same statement for several rows of parameters."""
        return self.conn.execute(statement, rows)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something announced once the transaction has been committed, and not if it is lost."""
        self._after.append(call)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that may fail by itself: its writes and its announcements are then taken back."""
        before = len(self._after)
        try:
            with self.conn.begin_nested():
                yield
        except BaseException:
            del self._after[before:]
            raise

    def announce(self) -> None:
        """Run what was asked for after the commit; called by `Database.write`."""
        for call in self._after:
            call()


class Database:
    """One database, SQLite or PostgreSQL, read by snapshots and written by whole transactions."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine = _engine(url, pool_size)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # Writers of one process queue here: inside SQLite they would sleep and retry without order,
        # and a greenlet asleep in C would hold up all the others of its thread.
        self._turn = threading.Lock() if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one unchanging state of the data and never writes."""
        options: dict[str, Any] = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with self.engine.connect() as raw:
            conn = raw.execution_options(**options)
            begun = conn.begin()
            try:
                yield conn
            finally:
                begun.rollback()

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction and commit it; a race lost to another writer is run again, at most 6 times.

        `work` may therefore run more than once and must do nothing outside the transaction.
        """
        for attempt in range(1, TRIES + 1):
            try:
                tx, answer = self._once(work)
            except DBAPIError as problem:
                if attempt == TRIES or not _lost_race(problem):
                    raise
                time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311
            else:
                tx.announce()
                return answer
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[Tx], T]) -> tuple[Tx, T]:
        if self._turn is None:
            return self._run(work)
        with self._turn:
            return self._run(work)

    def _run(self, work: Callable[[Tx], T]) -> tuple[Tx, T]:
        with self.engine.connect() as raw:
            conn = raw.execution_options(writes=True)
            begun = conn.begin()
            tx = Tx(conn)
            try:
                answer = work(tx)
            except BaseException:
                begun.rollback()
                raise
            begun.commit()
            return tx, answer

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _engine(url: str, pool_size: int) -> Engine:
    # Parameters are rows: they must not get into the text of an error, and so into a log.
    kept: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "hide_parameters": True}
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, **kept, pool_pre_ping=True)
    engine = create_engine(url, **kept, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: object) -> None:
    dbapi.isolation_level = None  # we say BEGIN ourselves; the driver's own is always deferred
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        dbapi.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(conn: Connection) -> None:
    if not conn.get_execution_options().get("writes"):
        conn.exec_driver_sql("BEGIN")
        return
    # A deferred BEGIN that turns into a write fails at once as "locked" when another writer came first, whatever the
    # timeout; so the write lock is taken at the start. The waiting is ours, not SQLite's, since only a sleep of
    # Python's lets the other greenlets of a thread go on.
    until = time.monotonic() + WAIT_FOR_WRITER_S
    while True:
        try:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        except DBAPIError as problem:
            if not _lost_race(problem) or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.001, 0.01))  # noqa: S311
        else:
            return


def _lost_race(problem: DBAPIError) -> bool:
    if getattr(problem.orig, "sqlstate", None) in LOST_RACE:
        return True
    return isinstance(problem.orig, sqlite3.OperationalError) and "locked" in str(problem.orig)
