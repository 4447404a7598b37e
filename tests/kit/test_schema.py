"""Migrations make exactly the tables that the code knows, and the ledger refuses to be changed by anybody."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from challenges_app.kit import schema
from challenges_app.kit.db import Database
from challenges_app.tables import METADATA
from tests.builders import MORNING, World


def test_migrations_and_tables_say_the_same(world: World) -> None:
    with world.db.engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), METADATA) == []


@pytest.mark.parametrize("change", ["UPDATE {} SET key = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("ledger", ["score_event", "coin_entry"])
def test_the_database_itself_keeps_the_ledger_append_only(world: World, ledger: str, change: str) -> None:
    world.take(world.player(), world.drop())
    with pytest.raises(DBAPIError, match="append-only"):
        world.write(lambda tx: tx.execute(text(change.format(ledger))))


def test_an_older_sqlite_file_is_backed_up_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "e.sqlite"
    db = Database(f"sqlite:///{file}")
    assert schema.upgrade(db, MORNING) is None  # nothing to save yet
    db.write(lambda tx: tx.execute(text("DROP TABLE due_work")))
    db.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'older'")))
    with pytest.raises(schema.SchemaError, match="is at older but this version needs"):
        schema.require(db)
    with pytest.raises(
        Exception, match="older"
    ):  # there is no road from a version nobody knows; the copy is made first
        schema.upgrade(db, MORNING + timedelta(seconds=1))
    (kept,) = tmp_path.glob("*.backup")
    with sqlite3.connect(kept) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("older",)
    db.close()
