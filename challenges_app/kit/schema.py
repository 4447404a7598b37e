"""The shape of the database: whether it is the one this version needs, and how it becomes so."""

import sqlite3
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from challenges_app.kit.db import Database


class SchemaError(Exception):
    """The database is not in the shape that this version needs; the text says what to run."""


def newest() -> str:
    """The revision that this version of the application needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - there is at least one migration
    return head


def present(engine: Engine) -> str | None:
    """The revision that the database has, or None for an empty one."""
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def require(db: Database) -> None:
    """Raise `SchemaError` in one sentence unless the database has the newest shape."""
    has, needs = present(db.engine), newest()
    if has != needs:
        was = "is empty" if has is None else f"is at {has}"
        raise SchemaError(f"The database {was} but this version needs {needs}: run `eplus db upgrade`.")


def upgrade(db: Database, now: datetime) -> Path | None:
    """Bring the database to the newest shape; answers the back-up that was made of an older SQLite file first."""
    has = present(db.engine)
    if has == newest():
        return None
    kept = _back_up(db, now) if db.is_sqlite and has is not None else None
    config = _config()
    with db.engine.execution_options(writes=True).begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    return kept


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _back_up(db: Database, now: datetime) -> Path | None:
    name = db.engine.url.database
    if not name or name == ":memory:":
        return None
    kept = Path(f"{name}.{now:%Y%m%dT%H%M%SZ}.backup")
    # The back-up call copies a consistent state even while others write; copying the file would not.
    with sqlite3.connect(name) as source, sqlite3.connect(kept) as target:
        source.backup(target)
    return kept
