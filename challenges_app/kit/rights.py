"""What every table says about the rights of persons, and what follows from it: everything about somebody, and erasure.

A table says which of its columns name whoever a row is about; the kinds of names (an account, a person…) are the tables
that they point at. Somebody is all the names that lead to each other by tables with `ties`. A new table says its part
where it is declared, and needs no line here.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, Table, delete, false, or_, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing

OnErasure = Literal["delete", "unlink", "keep"]
# secret: signs somebody in; digest: a one-way fingerprint; key: opens what is sealed, which is told open.
LeftOut = Literal["secret", "digest", "key"]
Somebody = dict[str, set[Any]]  # the names of one person, by kind
NameOther = Callable[[str, Any], Any]  # what is told instead of the name of somebody else, from its kind and itself

_SEALED = "_sealed"


def personal(
    by: str | tuple[str, ...],
    on_erasure: OnErasure,
    why: str = "",
    *,
    of: str | None = None,
    ties: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The table holds data of persons, found through one or several columns `by`; it goes into their export.

    `unlink` and `keep` need the reason why the rows stay. `of` is the table that `by` points at where no foreign key
    says so. `ties` are columns that name the same person as `by` does, in another way; the row's own key
    among them is a name of theirs that other tables point at.
    """
    if on_erasure != "delete" and not why:
        raise ValueError("rows that outlive a person need a reason")
    named = (by,) if isinstance(by, str) else by
    return {"rights": {"by": named, "on_erasure": on_erasure, "why": why, "of": of, "ties": ties}}


def exempt(why: str) -> dict[str, Any]:
    """The table holds nothing about a person, for the reason given."""
    return {"rights": {"by": (), "on_erasure": "keep", "why": why, "of": None, "ties": ()}}


def sealed(row: str = "id", *, as_json: bool = False) -> dict[str, Any]:
    """The column is sealed for its table, the value of `row`, and its own name without `_sealed`; it is told open."""
    return {"opens": row, "as_json": as_json}


def packed(*forms: str) -> dict[str, Any]:
    """The column holds numbers one after another, as `struct` calls them, again and again; they are told as a list.

    Of several forms the one counts that is as long as the value.
    """
    return {"packed": forms}


def left_out(why: LeftOut) -> dict[str, Any]:
    """The column is not told to anybody."""
    return {"left_out": why}


def somebody(conn: Connection, metadata: MetaData, kind: str, name: Any) -> Somebody:
    """All names of whoever has one of them."""
    found: Somebody = {kind: {name}}
    tied = [(table, _ties(table)) for table in metadata.sorted_tables if table.info["rights"]["ties"]]
    before = 0
    while (known := sum(map(len, found.values()))) > before:
        before = known
        for table, kinds in tied:
            wanted = select(*(table.c[each] for each in kinds)).where(_about(table, kinds, found))
            for row in conn.execute(wanted):
                for each, value in zip(kinds.values(), row, strict=True):
                    if value is not None:
                        found.setdefault(each, set()).add(value)
    return found


def personal_tables(metadata: MetaData) -> list[Table]:
    """The tables that hold data of persons, in the order in which they lean on each other."""
    return [table for table in metadata.sorted_tables if table.info["rights"]["by"]]


def rows_about(conn: Connection, table: Table, who: Somebody) -> list[Row[Any]]:
    """Whole rows of a table that are about somebody, in the order of its primary key."""
    wanted = select(table).where(_about(table, _kinds(table), who))
    return list(conn.execute(wanted.order_by(*table.primary_key.columns)))


def left_out_of(table: Table) -> dict[str, LeftOut]:
    """The columns of a table that are not told, and why."""
    return {column.name: column.info["left_out"] for column in table.columns if "left_out" in column.info}


def teller(
    table: Table, who: Somebody, ring: KeyRing, zone: tzinfo, other: NameOther
) -> Callable[[Row[Any]], dict[str, Any]]:
    """How the rows of a table are told to whom they are about: opened, moments in a zone, others by another name.

    `ring` opens what is sealed under the person's own key, and what is sealed under everybody's. The values are such
    as JSON knows.
    """
    people = _kinds_of_people(table.metadata)
    columns = [
        (column.name.removesuffix(_SEALED), column, kind if (kind := kind_of(table, column)) in people else None)
        for column in table.columns
        if "left_out" not in column.info
    ]

    def tell(row: Row[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, column, kind in columns:
            value = _opened(table, column, row, ring)
            if value is not None and kind and not _names(value, who.get(kind, set())):
                value = other(kind, value)
            found[name] = _plain(value, zone)
        return found

    return tell


def erase(tx: Tx, metadata: MetaData, who: Somebody) -> None:
    """Delete every row about somebody that its table does not keep, those first that lean on others."""
    for table in reversed(personal_tables(metadata)):
        if table.info["rights"]["on_erasure"] == "delete":
            tx.execute(delete(table).where(_about(table, _kinds(table), who)))


def forget(tx: Tx, metadata: MetaData, table: str, column: str, before: datetime) -> int:
    """Delete the rows of a table whose moment in a column has come; answers how many."""
    of = metadata.tables[table]
    return tx.execute(delete(of).where(of.c[column] <= before)).rowcount


def kind_of(table: Table, column: Column[Any]) -> str | None:
    """What a column names: the table it points at, or its own for the column that others point at; else None."""
    for key in column.foreign_keys:
        return key.column.table.name
    said = table.info["rights"]
    if column.name in said["by"]:
        return said["of"] or table.name
    return table.name if column.name in said["ties"] and column.primary_key else None


@cache
def _kinds_of_people(metadata: MetaData) -> frozenset[str]:
    return frozenset(kind for table in personal_tables(metadata) for kind in _kinds(table).values())


def _kinds(table: Table) -> dict[str, str]:
    """The columns that say whom a row is about, and what each names."""
    found = {each: kind_of(table, table.c[each]) for each in table.info["rights"]["by"]}
    return {each: kind for each, kind in found.items() if kind}


def _ties(table: Table) -> dict[str, str]:
    more = {each: kind_of(table, table.c[each]) for each in table.info["rights"]["ties"]}
    return _kinds(table) | {each: kind for each, kind in more.items() if kind}


def _about(table: Table, kinds: Mapping[str, str], who: Somebody) -> ColumnElement[bool]:
    return or_(
        false(), *(table.c[each].in_(_as_stored(table.c[each], who.get(kind, ()))) for each, kind in kinds.items())
    )


def _as_stored(column: Column[Any], names: Any) -> list[Any]:
    """Names as a column holds them: one that points nowhere by a foreign key may hold them as text."""
    return sorted(str(each) for each in names) if column.type.python_type is str else list(names)


def _names(value: Any, names: set[Any]) -> bool:
    return value in names or value in {str(each) for each in names}


def _opened(table: Table, column: Column[Any], row: Row[Any], ring: KeyRing) -> Any:
    value = row._mapping[column]
    if value is None:
        return None
    if (forms := column.info.get("packed")) is not None:
        form = next((each for each in forms if struct.calcsize(each) == len(value)), forms[0])
        return [number for each in struct.iter_unpack(form, value) for number in each]
    if (by := column.info.get("opens")) is not None:
        whose = row._mapping[table.c[by]]
        place = whose.hex() if isinstance(whose, bytes) else whose
        text = ring.open(value, table.name, place, column.name.removesuffix(_SEALED))
        return json.loads(text) if column.info["as_json"] else text
    return value


def _plain(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        raise TypeError("bytes cannot be told; the column must say how they are read, or that they are left out")
    return value


def unsaid_bytes(metadata: MetaData) -> Iterator[str]:
    """The columns of bytes, as `table.column`, of which nobody has said how they are read or that they are left out."""
    for table in personal_tables(metadata):
        for column in table.columns:
            if column.type.python_type is bytes and not column.info.keys() & {"opens", "packed", "left_out"}:
                yield f"{table.name}.{column.name}"
