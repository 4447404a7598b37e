"""The command line `eplus`; nothing heavy is imported before a command needs it."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from challenges_app.commands import as_json, print_json
from challenges_app.commands.deliveries import deliveries
from challenges_app.commands.factors import factors
from challenges_app.commands.geo import geo
from challenges_app.commands.organisations import organisations
from challenges_app.commands.parks import parks
from challenges_app.commands.schools import schools
from challenges_app.commands.steps import steps
from challenges_app.commands.vendors import vendors

if TYPE_CHECKING:
    from challenges_app.kit.services import Services
    from challenges_app.settings import Settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "obj": lambda: _checked()}
)
@click.version_option(package_name="eplus-life", prog_name="eplus")
def main() -> None:
    """e+ Life: health challenges in Hong Kong's parks, with live boards."""


for room in (parks, geo, steps, deliveries, schools, organisations, factors, vendors):
    main.add_command(room)


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

    from challenges_app.play.connections.calls import vendors as registered

    try:
        here = Services.start(_settings())
        registered(here.settings)  # what cannot be used is said now, and not to whoever connects first
        return here
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
    import threading

    from challenges_app import worker as work

    here = _checked()
    _log_to_stderr()
    clock = work.clock(here)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: clock.shutdown(wait=False))
    for other in (work.reading_clock, work.asking_clock):
        threading.Thread(target=other(_services()).start, daemon=True).start()
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
        print_json({"at": schema.newest(), "backup": str(kept) if kept else None})
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
        print_json({"has": has, "needs": needs, "ok": has == needs})
    else:
        click.echo(f"The database is at {has or 'nothing'}, this version needs {needs}.")
    sys.exit(has != needs)


@schools.command(epilog="Example: eplus schools load")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def load(file: Path | None, as_json: bool) -> None:
    """Add the schools that the database has not, and give the others their listed names and district.

    FILE is the list of this installation unless another is given. None is removed.
    """
    from dataclasses import asdict

    from challenges_app.people.schools import actions
    from challenges_app.people.schools.rules import SchoolFileError

    here = _checked()
    try:
        listed = actions.listed(file or actions.PACKAGED)
        loaded = here.db.write(lambda tx: actions.load(tx, listed))
    except SchoolFileError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        print_json(asdict(loaded))
        return
    click.echo(f"{loaded.added} schools added, {loaded.changed} changed.")
    if loaded.unlisted:
        click.echo(f"{loaded.unlisted} that are not in the list stay as they are.")


@main.command(epilog="Example: eplus seed --list")
@click.option("--list", "list_only", is_flag=True, help="Only print the sign-ins of a city that was seeded before.")
@click.option("--url", default="http://127.0.0.1:8000", help="The address to print.", show_default=True)
@as_json
def seed(list_only: bool, url: str, as_json: bool) -> None:
    """Fill an empty database with a small believable city; one that is not empty is left alone."""
    from challenges_app import seed as city
    from challenges_app.people.factors.rules import party

    here = _checked()
    made = False if list_only else city.seed(here)
    if as_json:
        print_json({"seeded": made, "url": url, "sign_ins": city.sign_ins(here.ring, here.now())})
        return
    click.echo("A small city was seeded." if made else "The city that is there stays as it is.")
    click.echo(f"\nOpen {url} and sign in as one of:")
    for each in city.sign_ins(here.ring, here.now()):
        click.echo(f"  {each['role']:<9} {each['name']:<9} {each['password']:<22} {each['what']}")
        if each["code"]:
            click.echo(f"{'':<22}its code now is {each['code']}; an app that has this key shows the next ones:")
            click.echo(f"{'':<22}{each['key']}")
    if (keys := party(url)) and keys.origin != url.rstrip("/"):
        click.echo(f"Passkeys work at {keys.origin}, since browsers make none for a bare address.")


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
        print_json({"ok": not found, "differences": found})
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
        print_json({"events": count})
    else:
        click.echo(f"Made the standings again from {count} events.")


@main.command(epilog="Example: eplus export mei --to mei.zip")
@click.argument("account")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="The file to make, which must not be there."
)
@as_json
def export(account: str, to: Path | None, as_json: bool) -> None:
    """Make a zip of everything about the person who signs in as ACCOUNT, a user name or an e-mail address."""
    import shutil

    from challenges_app.people.accounts import actions as accounts
    from challenges_app.people.accounts.queries import language_of
    from challenges_app.people.exports import actions as exports

    here = _checked()
    now = here.now()
    with here.db.reading() as conn:
        found = accounts.find(conn, here.ring, account)
        if found is None:
            raise click.ClickException(f"Nobody signs in as {account}.")
        everything = exports.gather(conn, now, here.ring, "account", found.id, language_of(conn, found.id))
    path = to or Path(exports.file_name(now))
    try:
        with (
            exports.pack(everything) as made,
            open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file,
        ):
            shutil.copyfileobj(made, file)
    except OSError as problem:
        raise click.ClickException(f"Cannot write {path}: {problem.strerror}.") from None
    if as_json:
        print_json({"file": str(path), "tables": {name: len(rows) for name, rows in everything.tables.items()}})
    else:
        click.echo(f"Everything about {account} is in {path}, which only you can read.")


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
    """Print fresh keys; keep the ring and the pepper, for without them what is sealed stays sealed."""
    from datetime import UTC, datetime

    from challenges_app.kit.push import fresh_push_key
    from challenges_app.kit.seals import fresh_key

    click.echo(f"EPLUS_KEYS={datetime.now(UTC):%Y%m%d}:{fresh_key()}\nEPLUS_PEPPER={fresh_key()}")
    click.echo(f"EPLUS_PUSH={fresh_push_key()}")


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
