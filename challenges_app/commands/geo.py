"""Commands on movement in parks."""

from pathlib import Path

import click

from challenges_app.commands import as_json, print_json
from challenges_app.commands.parks import parks_path


@click.group()
def geo() -> None:
    """Movement in parks."""


@geo.command("replay", epilog="Example: eplus geo replay walk.gpx --after earlier.gpx --json")
@click.argument("trace", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--after", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A trace that was seen before."
)
@click.option("--park", "park_id", help="Only this park has a fence.")
@as_json
def geo_replay(trace: Path, after: Path | None, park_id: str | None, as_json: bool) -> None:
    """Judge a trace (GPX 1.1 or JSON fixes) by exactly the code of live play; keeps nothing."""
    from geo.parks.file import ParkFileError, load_parks
    from geo.replay import replay
    from geo.trace import TraceError, read_trace

    try:
        parks = {each.id: each for each in load_parks(parks_path()).values() if each.confirmed or each.id == park_id}
        seen = read_trace(after.read_bytes()) if after else None
        found = replay(read_trace(trace.read_bytes()), parks, after=seen, park_id=park_id).as_dict()
    except (TraceError, ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    except KeyError:
        raise click.ClickException(f"There is no park {park_id}; ids are in parks.geojson.") from None
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['verdict']} {', '.join(found['reasons'])}".rstrip())
    for visit in found["visits"]:
        click.echo(f"in {visit['park_id']} from {visit['entered_at']} to {visit['left_at']}, {visit['seconds']} s")
    for each in found["captures"]:
        click.echo(f"could capture {each['drop']} at {each['at']} from {each['distance_m']} m")
