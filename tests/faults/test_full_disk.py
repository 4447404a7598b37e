"""A full disk, a read-only file: refused in the one shape, nothing half-written, and afterwards on as before."""

import contextlib
import itertools
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from challenges_app.play.captures.tables import Capture
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent
from challenges_app.play.standings.actions import differences
from tests import servers
from tests.faults.visitors import COINS, POINTS, Outing
from tests.running import Browser, process, served, wait_until_healthy

DROPS = 20
DISK_MB = 8
FULL_AFTER = 12  # captures, at most: the last pages that there is room for take some
LIMIT = 64 * 1024  # bytes: no file may grow beyond, as if the disk ended there

Server = subprocess.Popen[bytes]
Trouble = Callable[[Path, Server], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def no_room(folder: Path, server: Server) -> Iterator[None]:
    """Somebody else's file takes all that is left."""
    assert server.poll() is None
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as other, contextlib.suppress(OSError):
        for size in (65_536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while other.write(bytes(size)) == size:
                    pass
    yield
    filler.unlink()


@contextlib.contextmanager
def no_growth(folder: Path, server: Server) -> Iterator[None]:
    """The server may make no file longer."""
    assert folder.is_dir()
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (LIMIT, hard))
    yield
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False) if os.geteuid() == 0 else None
    if made is None or made.returncode:
        pytest.skip("a small disk can be mounted by root only; the test with limited files says nearly the same")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def first_refused(outing: Outing, port: int, client_ids: Iterator[str]) -> tuple[str, int, Any]:
    """Post one capture after the other until one is refused."""
    visitor = outing.visitors[0]
    for client_id in itertools.islice(client_ids, FULL_AFTER):
        status, answer = visitor.post(port, client_id)
        if status != 201:
            return client_id, status, answer
        visitor.answers[client_id] = answer
    raise AssertionError(f"{FULL_AFTER} captures found room on a full disk")


def assert_nothing_half_written(outing: Outing) -> None:
    """What was answered is there with all that belongs to it, and nothing else."""
    count = outing.answered
    with outing.world.db.reading() as conn:
        assert conn.execute(select(func.count()).select_from(Capture)).scalar_one() == count
        assert conn.execute(select(func.sum(ScoreEvent.points))).scalar_one() == count * POINTS
        assert conn.execute(select(func.sum(CoinEntry.coins))).scalar_one() == count * COINS
        assert conn.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert differences(conn) == []


def play_through(folder: Path, logs: Path, trouble: Trouble) -> None:
    """Play, trouble, play again."""
    outing = Outing.on(f"sqlite:///{folder / 'eplus.sqlite'}", logs, 1, DROPS)
    visitor, port = outing.visitors[0], servers.free_port()
    client_ids = iter(visitor.wanted)
    with process("serve", "--port", str(port), env=outing.env, log=logs / "serve.log") as server:
        wait_until_healthy(port, server, logs / "serve.log")
        for client_id in itertools.islice(client_ids, 3):
            status, visitor.answers[client_id] = visitor.post(port, client_id)
            assert status == 201
        with trouble(folder, server):
            refused, status, answer = first_refused(outing, port, client_ids)
            assert (status, answer["error"]["code"]) == (500, "http.failed"), (logs / "serve.log").read_text()[-2000:]
            assert answer["error"]["message"]
            again, answer = visitor.post(port, refused)
            assert (again, answer["error"]["code"]) == (500, "http.failed")
            for path in ("/api/health", "/api/session", "/api/today", "/api/parks/hong-kong-park"):
                assert Browser(port, visitor.cookie).get(path)[0] == 200, path
            assert_nothing_half_written(outing)
        status, visitor.answers[refused] = visitor.post(port, refused)
        assert (status, visitor.answers[refused]["repeated"]) == (201, False)
        for client_id in client_ids:
            status, visitor.answers[client_id] = visitor.post(port, client_id)
            assert status == 201
        outing.wait_until_carried()
    outing.assert_all_there_once()
    outing.world.db.close()


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    play_through(small_disk, tmp_path, no_room)


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    play_through(tmp_path, tmp_path, no_growth)


def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "eplus.sqlite"
    outing = Outing.on(f"sqlite:///{path}", tmp_path, 1, 2)
    visitor = outing.visitors[0]
    read_only = {**outing.env, "DATABASE_URL": f"sqlite:///file:{path}?mode=ro&uri=true"}
    with served(read_only, tmp_path) as port:
        for path_read in ("/api/health", "/api/session", "/api/today", "/api/parks/hong-kong-park"):
            assert Browser(port, visitor.cookie).get(path_read)[0] == 200, path_read
        for client_id in visitor.wanted:
            status, answer = visitor.post(port, client_id)
            assert (status, answer["error"]["code"]) == (500, "http.failed")
        status, answer = Browser(port).post("/api/session", {"name": "pupil-0", "password": "pupil-0" * 2})
        assert (status, answer["error"]["code"]) == (500, "http.failed")
    with served(outing.env, tmp_path) as port:
        for client_id in visitor.wanted:
            status, visitor.answers[client_id] = visitor.post(port, client_id)
            assert status == 201
        outing.wait_until_carried()
    outing.assert_all_there_once()
    outing.world.db.close()
