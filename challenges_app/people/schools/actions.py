"""Bring the list of schools into the database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from challenges_app.kit.db import Tx
from challenges_app.people.schools import queries
from challenges_app.people.schools.rules import ListedSchool, SchoolFileError, faults, read_list

PACKAGED = Path(__file__).with_name("schools.csv")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many schools were added and changed, and how many that are no longer listed were left as they are."""

    added: int
    changed: int
    unlisted: int


def listed(path: Path = PACKAGED) -> list[ListedSchool]:
    """The schools of a list, this installation's own unless told otherwise; raises SchoolFileError, or OSError."""
    return read_list(text_of(path))


def text_of(path: Path) -> str:
    """The text of a file of schools; raises SchoolFileError, or OSError."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise SchoolFileError("This is no list of schools: it is not UTF-8.") from None


def load(tx: Tx, schools: Sequence[ListedSchool]) -> Loaded:
    """Add the schools that are not there and give the others their listed names and district; none is removed.

    Raises SchoolFileError where the list has a fault. It is enough to compare first: the write itself is an upsert.
    """
    wrong = faults(schools)
    if wrong:
        raise SchoolFileError(wrong[0])
    before = queries.all_schools(tx.conn)
    rows = {school.id: asdict(school) for school in sorted(schools, key=lambda school: school.id)}
    for row in rows.values():
        del row["levels"]  # the file's alone: the table has no such column
    fresh = [row for row in rows.values() if row != before.get(row["id"])]
    queries.replace_schools(tx, fresh)
    added = len(rows.keys() - before.keys())
    return Loaded(added, len(fresh) - added, len(before.keys() - rows.keys()))
