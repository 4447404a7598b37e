"""Commands on the parks file and its fences."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from challenges_app.commands import as_json, print_json


@click.group()
def parks() -> None:
    """The parks file and its fences."""


@parks.command(epilog="Example: eplus parks build ../facts --polygons hong-kong-parks.geojson --out .")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--polygons", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Overpass or Geofabrik.")
@click.option("--out", default=".", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@as_json
def build(source: Path, polygons: Path | None, out: Path, as_json: bool) -> None:
    """Make parks.geojson from SOURCE.

    SOURCE is a folder of facts, or a GeoJSON of polygons with which the fences of the parks here are upgraded.
    """
    from geo.parks.build import build_from_folder, upgrade_from_files
    from geo.parks.file import ParkFileError

    try:
        report = build_from_folder(source, polygons) if source.is_dir() else upgrade_from_files(parks_path(), source)
    except (ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    files = {"parks.geojson": report.parks, "parks-openstreetmap.geojson": report.openstreetmap}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (out / name).write_bytes(content)
    if as_json:
        print_json(report.as_json())
    else:
        click.echo("\n".join(report.lines()))


@parks.command("check", epilog="Example: eplus parks check --json")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--districts", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Instead of our own.")
@as_json
def parks_check(file: Path | None, districts: Path | None, as_json: bool) -> None:
    """Report invalid or overlapping fences, points outside their district, duplicates; exit code 1 for a fault.

    FILE is the parks file of this installation unless another is given.
    """
    from geo.parks.districts import SHIPPED, load_districts
    from geo.parks.file import ParkFileError, collection_of, openstreetmap_beside
    from geo.parks.survey import survey_files

    path = file or parks_path()
    beside = openstreetmap_beside(path)
    try:
        content = path.read_bytes()
        borders = load_districts(districts or SHIPPED)
        found = survey_files(content, beside.read_bytes() if beside.exists() else None, borders)
        count = len(collection_of(content, path.name)["features"])
    except (ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        print_json(
            {"parks": count, "faults": sum(each.fault for each in found), "problems": [asdict(each) for each in found]}
        )
    else:
        click.echo(
            "\n".join([*(str(each) for each in found), f"{count} parks, {sum(each.fault for each in found)} faults."])
        )
    sys.exit(any(each.fault for each in found))


def parks_path() -> Path:
    """The parks file of this installation."""
    from challenges_app.play.parks.queries import parks_file

    configured = os.environ.get("EPLUS_PARKS")
    return parks_file(Path(configured) if configured else None)
