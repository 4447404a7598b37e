"""An empty, old or newer database: nothing starts on it, one sentence says what to run; upgrades at once do no harm."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from challenges_app.kit import schema
from challenges_app.kit.db import Database
from tests import servers
from tests.builders import World, prepared
from tests.faults.budget import scaled
from tests.running import ROOT, environment, eplus

AT_ONCE = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'eplus.sqlite'}"
        return
    with servers.database() as url:
        yield url


def at_revision(url: str, revision: str) -> None:
    """Make a good database say that it is of another release."""
    db = prepared(url)
    db.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision}))
    db.close()


def assert_one_sentence(told: subprocess.CompletedProcess[str], *words: str) -> None:
    """Refused, with nothing but a sentence that holds these words."""
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("Error: ")
    assert told.stderr.count("\n") == 1, told.stderr
    for word in words:
        assert word in told.stderr


COMMANDS = [("serve", "--port", "0"), ("worker",), ("boards", "check"), ("boards", "rebuild"), ("seed",)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_starts_on_an_empty_database(empty_url: str, command: tuple[str, ...]) -> None:
    assert_one_sentence(eplus(*command, env=environment(empty_url)), "is empty", "`eplus db upgrade`")


@pytest.mark.parametrize("command", COMMANDS[:2], ids=" ".join)
def test_nothing_starts_on_an_old_schema(empty_url: str, command: tuple[str, ...]) -> None:
    at_revision(empty_url, "an_older_one")
    told = eplus(*command, env=environment(empty_url))
    assert_one_sentence(told, "an_older_one", schema.newest(), "`eplus db upgrade`")


def test_a_database_of_a_later_release_is_left_alone(empty_url: str) -> None:
    at_revision(empty_url, "of_next_year")
    assert_one_sentence(eplus("db", "upgrade", env=environment(empty_url)), "of_next_year")
    db = Database(empty_url)
    assert schema.present(db.engine) == "of_next_year"
    db.close()


@pytest.mark.parametrize("turn", range(scaled(2)))
def test_upgrades_at_once_leave_one_good_database(empty_url: str, turn: int) -> None:
    env = environment(empty_url)
    command = [sys.executable, "-m", "challenges_app.cli", "db", "upgrade"]
    runs = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(AT_ONCE)
    ]
    told = [run.communicate(timeout=120) for run in runs]
    assert eplus("db", "check", env=env).returncode == 0
    world = World.on(empty_url)
    world.take(world.player(), world.drop())
    assert world.carry() == 1
    world.db.close()
    assert eplus("boards", "check", env=env).returncode == 0
    # Those that came second have nothing to do; that is no failure.
    assert [run.returncode for run in runs] == [0] * AT_ONCE, f"turn {turn}: {[err[-600:] for _, err in told if err]}"
