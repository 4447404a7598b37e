"""Commands on the vendors of trackers, and on stand-ins for them."""

import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from challenges_app.commands import as_json, print_json

if TYPE_CHECKING:
    from challenges_app.kit.services import Services

CLIENT, SECRET = "e-plus-life", "known-to-everybody"


@click.group()
def vendors() -> None:
    """Vendors of trackers: where they tell us of what is new, and stand-ins for them, for demos."""


@vendors.command(epilog="Example: eplus vendors serve --port 8100")
@click.option("--port", default=8100, show_default=True, help="Port to listen on, on this machine only.")
@click.option("--until-closed", is_flag=True, help="Stop when standard input is closed, as when a parent ends.")
@click.option("--days", default=60, show_default=True, help="How many days everybody there has walked.")
@as_json
def serve(port: int, days: int, until_closed: bool, as_json: bool) -> None:
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
    sys.stdout.flush()
    if until_closed:
        threading.Thread(target=_stop_when_closed, args=(server.shutdown,), daemon=True).start()
    server.serve_forever()


def _stop_when_closed(stop: Callable[[], None]) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop()


@vendors.command(epilog="Example: eplus vendors address google_health")
@click.argument("tracker")
@click.pass_obj
def address(services: "Callable[[], Services]", tracker: str) -> None:
    """Print the address at which a vendor is to tell of what is new, for vendors that are told it by hand."""
    from challenges_app.play.connections.actions import hook_address
    from challenges_app.play.connections.calls import vendors as registered

    here = services()
    if tracker not in registered(here.settings).clients:
        raise click.ClickException(f"EPLUS_TRACKERS does not name {tracker}.")
    click.echo(hook_address(here.settings.address, here.ring, tracker))


@vendors.command(epilog="Example: eplus vendors health --json")
@as_json
@click.pass_obj
def health(services: "Callable[[], Services]", as_json: bool) -> None:
    """Tell how each tracker is doing: its accounts, what came in a day, what waits, and what is wrong."""
    from challenges_app.play.connections.calls import vendors as registered
    from challenges_app.play.trackers.actions import state

    here = services()
    with here.db.reading() as conn:
        told = state(conn, here.now(), registered(here.settings).clients)
    if as_json:
        print_json(told)
        return
    for each in told["trackers"]:
        came, accounts = each["came"], each["accounts"] or {"on": "-"}
        wrong = ", ".join(each["troubles"]) or "well"
        read = f"{came['read']} read, {came['refused']} refused, {came['waiting']} waiting"
        click.echo(f"{each['provider'] or '(not recognised)'}: {wrong}; accounts {accounts['on']}; {read}")


def _steps(on: date, number: int) -> int:
    """A believable number that is the same each time: more on weekends, and another for each person."""
    return 4_000 + (on.toordinal() * 2_654_435_761 + number * 97) % 7_000 + 2_000 * (on.weekday() >= 5)
