"""Commands on stand-ins for the vendors of trackers."""

from datetime import date, timedelta

import click

from challenges_app.commands import as_json, print_json

CLIENT, SECRET = "e-plus-life", "known-to-everybody"


@click.group()
def vendors() -> None:
    """Stand-ins for the vendors of trackers, for demos."""


@vendors.command(epilog="Example: eplus vendors serve --port 8100")
@click.option("--port", default=8100, show_default=True, help="Port to listen on, on this machine only.")
@click.option("--days", default=60, show_default=True, help="How many days everybody there has walked.")
@as_json
def serve(port: int, days: int, as_json: bool) -> None:
    """Serve stand-ins with a few invented persons, and print the settings with which `eplus serve` uses them."""
    from werkzeug.serving import make_server

    from challenges_app.kit.clock import now
    from challenges_app.people.persons.rules import HONG_KONG
    from challenges_app.twins.withings import PEOPLE, Withings

    vendor = Withings(CLIENT, SECRET, now)
    today = now().astimezone(HONG_KONG).date()
    for number, user in enumerate(PEOPLE):
        vendor.steps[user] = {
            today - timedelta(days=back): _steps(today - timedelta(days=back), number) for back in range(days)
        }
    try:
        server = make_server("127.0.0.1", port, vendor.app(), threaded=True)
    except (OSError, SystemExit):
        raise click.ClickException(f"Cannot listen on 127.0.0.1:{port}. Try another --port.") from None
    told = {
        "EPLUS_VENDORS": f"http://127.0.0.1:{server.server_port}",
        "EPLUS_TRACKERS": f"withings?id={CLIENT}&secret={SECRET}",
    }
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(f"{name}='{value}'" for name, value in told.items()))
    server.serve_forever()


def _steps(on: date, number: int) -> int:
    """A believable number that is the same each time: more on weekends, and another for each person."""
    return 4_000 + (on.toordinal() * 2_654_435_761 + number * 97) % 7_000 + 2_000 * (on.weekday() >= 5)
