"""Commands on the list of schools."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from challenges_app.commands import as_json, print_json

if TYPE_CHECKING:
    from challenges_app.people.schools.rules import Derived

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def schools() -> None:
    """The list of schools."""


@schools.command(epilog="Example: eplus schools build rows.csv --out challenges_app/people/schools/schools.csv")
@click.argument("source", type=FILE)
@click.option("--out", default="schools.csv", show_default=True, type=click.Path(dir_okay=False, path_type=Path))
@as_json
def build(source: Path, out: Path, as_json: bool) -> None:
    """Derive the list of schools from SOURCE, the Education Bureau's rows.

    Tells what was left out, merged and mended; with a fault nothing is written and the exit code is 1.
    """
    from challenges_app.people.schools.actions import text_of
    from challenges_app.people.schools.rules import SchoolFileError, derive, faults, write_list

    try:
        derived = derive(text_of(source))
    except SchoolFileError as problem:
        raise click.ClickException(str(problem)) from None
    wrong = faults(derived.schools)
    if not wrong:
        out.write_text(write_list(derived.schools), "utf-8", newline="\n")
    counts = _counts(derived)
    if as_json:
        print_json({"counts": counts, "notes": [asdict(note) for note in derived.notes], "faults": wrong})
    else:
        click.echo("\n".join([*(f"{note.where}, {note.kind}: {note.why}." for note in derived.notes), *wrong]))
        click.echo(
            "{rows} rows: {left_out} left out, {merged} merged into others; "
            "{schools} schools, {mended_names} names mended.".format_map(counts)
        )
    sys.exit(bool(wrong))


@schools.command(epilog="Example: eplus schools check --json")
@click.argument("file", required=False, type=FILE)
@as_json
def check(file: Path | None, as_json: bool) -> None:
    """Report doubled ids and names, empty names, unknown districts and mixed scripts; exit code 1 for a fault.

    FILE is the list of this installation unless another is given.
    """
    from challenges_app.people.schools.actions import PACKAGED, listed
    from challenges_app.people.schools.rules import SchoolFileError, faults

    try:
        found = listed(file or PACKAGED)
    except SchoolFileError as problem:
        raise click.ClickException(str(problem)) from None
    wrong = faults(found)
    if as_json:
        print_json({"schools": len(found), "faults": wrong})
    else:
        click.echo("\n".join([*wrong, f"{len(found)} schools, {len(wrong)} faults."]))
    sys.exit(bool(wrong))


def _counts(derived: "Derived") -> dict[str, int]:
    kinds = Counter(note.kind for note in derived.notes)
    used = derived.rows - kinds["left out"]
    return {
        "rows": derived.rows,
        "left_out": kinds["left out"],
        "merged": used - len(derived.schools),
        "schools": len(derived.schools),
        "mended_names": kinds["mended"],
    }
