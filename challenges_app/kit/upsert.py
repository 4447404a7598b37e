"""Writes that settle a race by themselves; the only file that knows two SQL dialects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, case, func, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from challenges_app.kit.db import Tx

Model = type[DeclarativeBase]


def insert_row(tx: Tx, model: Model, row: Mapping[str, Any]) -> None:
    """Insert one row; a unique key that holds it already breaks the transaction."""
    # Rows go in as parameters everywhere in this file: the statement is then compiled once, not once a row.
    tx.execute(_table(model).insert(), row)


def insert_once(tx: Tx, model: Model, values: Mapping[str, Any]) -> bool:
    """Insert one row unless any unique key already holds it; True when this call made the row."""
    # For an INSERT the count is thrown away on PostgreSQL unless asked for.
    statement = _insert(tx, model).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return tx.execute(statement, values).rowcount == 1


def insert_missing(tx: Tx, model: Model, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet, whatever unique key they would meet."""
    if rows:
        tx.execute(_insert(tx, model).on_conflict_do_nothing(), list(rows))


def insert_or_add(
    tx: Tx,
    model: Model,
    values: Mapping[str, Any],
    *,
    key: Sequence[str],
    add: Sequence[str],
    greatest: Sequence[str] = (),
    replace: Sequence[str] = (),
    returning: Iterable[str] = (),
) -> Row[Any] | None:
    """Insert one row, or add to its numbers: `add` columns grow, `greatest` keep the larger, `replace` take the new.

    Answers the asked-for columns as they stand afterwards, or None when none were asked for.
    """
    table = _table(model)
    statement = _insert(tx, model)
    changes: dict[str, Any] = {name: table.c[name] + statement.excluded[name] for name in add}
    changes |= {name: _larger(tx, table.c[name], statement.excluded[name]) for name in greatest}
    changes |= {name: statement.excluded[name] for name in replace}
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changes)
    asked = [table.c[name] for name in returning]
    if not asked:
        tx.execute(statement, values)
        return None
    return tx.execute(statement.returning(*asked), values).one()


def insert_or_replace(
    tx: Tx, model: Model, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], replace: Sequence[str]
) -> None:
    """Insert rows, all at once; where a key is there already, `replace` columns take the new values."""
    if not rows:
        return
    statement = _insert(tx, model)
    changes = {name: statement.excluded[name] for name in replace}
    tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes), list(rows))


def lock_whole(tx: Tx, model: Model) -> None:
    """Keep every other writer out of a table until the end; on SQLite a writing transaction already does."""
    if tx.conn.dialect.name == "postgresql":
        tx.execute(text(f'LOCK TABLE "{_table(model).name}" IN EXCLUSIVE MODE'))


def _insert(tx: Tx, model: Model) -> Any:
    # The two constructs are alike but share no type that has on_conflict_*.
    dialect = postgresql if tx.conn.dialect.name == "postgresql" else sqlite
    return dialect.insert(_table(model))


def _table(model: Model) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - only mapped tables are ever passed
    return table


def _larger(tx: Tx, old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    if tx.conn.dialect.name == "postgresql":
        return func.greatest(old, new)
    return case((old >= new, old), else_=new)
