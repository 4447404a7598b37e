"""The command line `eplus`; nothing heavy is imported before a command needs it."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from challenges_app.kit.services import Services
    from challenges_app.settings import Settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="eplus-life", prog_name="eplus")
def main() -> None:
    """e+ Life: health challenges in Hong Kong's parks, with live boards."""


def _settings() -> "Settings":
    from challenges_app.settings import SettingsError, read

    try:
        return read(os.environ)
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


def _services() -> "Services":
    from limits.errors import ConfigurationError

    from challenges_app import tables
    from challenges_app.kit.services import Services

    # A foreign key takes its column's type from the table it points to, so all of them must be known.
    assert tables.METADATA.tables  # noqa: S101

    try:
        return Services.start(_settings())
    except (ValueError, ConfigurationError) as problem:
        raise click.ClickException(str(problem)) from None


def _checked() -> "Services":
    from sqlalchemy.exc import DBAPIError

    from challenges_app.kit import schema
    from challenges_app.play.parks.queries import catalogue
    from geo.parks.file import ParkFileError

    here = _services()
    try:
        schema.require(here.db)
        catalogue(here.settings.parks)
    except (schema.SchemaError, ParkFileError) as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as problem:
        raise click.ClickException(f"The parks cannot be read: {problem}.") from None
    except DBAPIError as problem:
        raise click.ClickException(f"The database at {_where(here)} does not answer: {problem.orig}") from None
    return here


def _where(here: "Services") -> str:
    return here.db.engine.url.render_as_string(hide_password=True)


def _print(result: object) -> None:
    click.echo(json.dumps(result, ensure_ascii=False, indent=1))


@main.command(epilog="Example: eplus serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--tls-behind", is_flag=True, help="TLS ends in a proxy in front, which sets the X-Forwarded headers.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run the worker inside this process.")
def serve(host: str, port: int, tls_behind: bool, worker: bool) -> None:
    """Serve web, sockets and worker in one process."""
    if host not in LOOPBACK and not tls_behind:
        raise click.ClickException(
            f"Refusing to serve plain HTTP on {host}: put a proxy with TLS in front and say --tls-behind, "
            "or listen on 127.0.0.1."
        )
    from gevent import monkey

    # Before anything that opens a socket or a lock is imported. Children are started by native threads, where gevent's
    # own ways of starting and watching them do not work, so those of the standard library stay.
    monkey.patch_all(os=False, signal=False, subprocess=False)
    from challenges_app.serve import serve as run

    _checked().db.close()
    _log_to_stderr()
    try:
        run(_settings(), host, port, tls=tls_behind, with_worker=worker, ready=lambda: _say_ready(host, port))
    except OSError as problem:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {problem.strerror}. Try another --port.") from None


@main.command(epilog="Example: eplus worker")
def worker() -> None:
    """Run a worker of its own, beside `eplus serve --no-worker`; several may run at once."""
    import signal

    from challenges_app import worker as work

    here = _checked()
    _log_to_stderr()
    clock = work.clock(here)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: clock.shutdown(wait=False))
    work.do_what_is_due(here)
    clock.start()


@main.group()
def db() -> None:
    """The database's shape."""


@db.command(epilog="Example: eplus db upgrade")
@as_json
def upgrade(as_json: bool) -> None:
    """Bring the database to the shape that this version needs; an older SQLite file is backed up first."""
    from challenges_app.kit import schema

    here = _services()
    path = here.db.engine.url.database
    if here.db.is_sqlite and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    kept = schema.upgrade(here.db, here.now())
    if as_json:
        _print({"at": schema.newest(), "backup": str(kept) if kept else None})
        return
    if kept:
        click.echo(f"Backed up to {kept}")
    click.echo(f"The database is at {schema.newest()}.")


@db.command("check", epilog="Example: eplus db check --json")
@as_json
def db_check(as_json: bool) -> None:
    """Say whether the database has the shape that this version needs; exit code 1 when not."""
    from challenges_app.kit import schema

    here = _services()
    has, needs = schema.present(here.db.engine), schema.newest()
    if as_json:
        _print({"has": has, "needs": needs, "ok": has == needs})
    else:
        click.echo(f"The database is at {has or 'nothing'}, this version needs {needs}.")
    sys.exit(has != needs)


@main.command(epilog="Example: eplus seed --list")
@click.option("--list", "list_only", is_flag=True, help="Only print the sign-ins of a city that was seeded before.")
@click.option("--url", default="http://127.0.0.1:8000", help="The address to print.", show_default=True)
@as_json
def seed(list_only: bool, url: str, as_json: bool) -> None:
    """Fill an empty database with a small believable city; one that is not empty is left alone."""
    from challenges_app import seed as city

    here = _checked()
    made = False if list_only else city.seed(here)
    if as_json:
        _print({"seeded": made, "url": url, "sign_ins": city.sign_ins(here.ring)})
        return
    click.echo("A small city was seeded." if made else "The city that is there stays as it is.")
    click.echo(f"\nOpen {url} and sign in as one of:")
    for each in city.sign_ins(here.ring):
        click.echo(f"  {each['role']:<9} {each['name']:<9} {each['password']:<22} {each['what']}")


@main.group()
def boards() -> None:
    """Boards against the ledger."""


@boards.command("check", epilog="Example: eplus boards check --json")
@as_json
def boards_check(as_json: bool) -> None:
    """Prove that every standing is what the ledger says; exit code 1 when one is not."""
    from challenges_app.play.standings.actions import differences

    here = _checked()
    with here.db.reading() as conn:
        found = differences(conn)
    if as_json:
        _print({"ok": not found, "differences": found})
    else:
        click.echo("\n".join(found[:20]) or "Every standing is what the ledger says.")
        if len(found) > 20:
            click.echo(f"… and {len(found) - 20} more.")
    sys.exit(bool(found))


@boards.command(epilog="Example: eplus boards rebuild")
@as_json
def rebuild(as_json: bool) -> None:
    """Throw all standings away and make them again from the ledger."""
    from challenges_app.play.standings.actions import rebuild as again

    here = _checked()
    count = here.db.write(lambda tx: again(tx, here.pulse))
    if as_json:
        _print({"events": count})
    else:
        click.echo(f"Made the standings again from {count} events.")


@main.group()
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
        report = build_from_folder(source, polygons) if source.is_dir() else upgrade_from_files(_parks_path(), source)
    except (ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    files = {"parks.geojson": report.parks, "parks-openstreetmap.geojson": report.openstreetmap}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (out / name).write_bytes(content)
    if as_json:
        _print(report.as_json())
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

    path = file or _parks_path()
    beside = openstreetmap_beside(path)
    try:
        content = path.read_bytes()
        borders = load_districts(districts or SHIPPED)
        found = survey_files(content, beside.read_bytes() if beside.exists() else None, borders)
        count = len(collection_of(content, path.name)["features"])
    except (ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        _print(
            {"parks": count, "faults": sum(each.fault for each in found), "problems": [asdict(each) for each in found]}
        )
    else:
        click.echo(
            "\n".join([*(str(each) for each in found), f"{count} parks, {sum(each.fault for each in found)} faults."])
        )
    sys.exit(any(each.fault for each in found))


@main.group()
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
        parks = {each.id: each for each in load_parks(_parks_path()).values() if each.confirmed or each.id == park_id}
        seen = read_trace(after.read_bytes()) if after else None
        found = replay(read_trace(trace.read_bytes()), parks, after=seen, park_id=park_id).as_dict()
    except (TraceError, ParkFileError, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    except KeyError:
        raise click.ClickException(f"There is no park {park_id}; ids are in parks.geojson.") from None
    if as_json:
        _print(found)
        return
    click.echo(f"{found['verdict']} {', '.join(found['reasons'])}".rstrip())
    for visit in found["visits"]:
        click.echo(f"in {visit['park_id']} from {visit['entered_at']} to {visit['left_at']}, {visit['seconds']} s")
    for each in found["captures"]:
        click.echo(f"could capture {each['drop']} at {each['at']} from {each['distance_m']} m")


@main.command(epilog="Example: eplus openapi > webapp/openapi.generated.json")
def openapi() -> None:
    """Print the description of the API (OpenAPI 3.1); needs no database and no secret."""
    import tempfile

    from challenges_app.app import create_app
    from challenges_app.kit import schema
    from challenges_app.kit.seals import fresh_key
    from challenges_app.kit.services import Services
    from challenges_app.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.sqlite"
        here = Services.start(Settings(url, keys=f"none:{fresh_key()}", pepper=fresh_key()))
        schema.upgrade(here.db, here.now())
        click.echo(json.dumps(create_app(here).spec, ensure_ascii=False, indent=1, sort_keys=True))
        here.db.close()


@main.command(epilog="Example: eplus keys >> /etc/eplus/secrets.env")
def keys() -> None:
    """Print a fresh key ring and pepper; keep them, for without them what is sealed stays sealed."""
    from datetime import UTC, datetime

    from challenges_app.kit.seals import fresh_key

    click.echo(f"EPLUS_KEYS={datetime.now(UTC):%Y%m%d}:{fresh_key()}\nEPLUS_PEPPER={fresh_key()}")


def _parks_path() -> Path:
    from challenges_app.play.parks.queries import parks_file

    configured = os.environ.get("EPLUS_PARKS")
    return parks_file(Path(configured) if configured else None)


def _say_ready(host: str, port: int) -> None:
    click.echo(f"e+ Life is at http://{f'[{host}]' if ':' in host else host}:{port}")


def _log_to_stderr() -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


if __name__ == "__main__":
    main()
