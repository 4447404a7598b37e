"""Commands on what brought steps: files, pushes of phones, and vendors' answers, as long as they are kept."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from challenges_app.commands import as_json, print_json

if TYPE_CHECKING:
    from challenges_app.kit.services import Services

Open = Callable[[], "Services"]
STATES = ("waiting", "reading", "done", "refused", "cancelled")
MOST = 100_000  # replayed by one command


def _which(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which deliveries are meant."""
    for option in (
        click.option(
            "--since", type=click.DateTime(["%Y-%m-%d"]), help="Those that came on this day in Hong Kong or later."
        ),
        click.option("--provider", help="Those that were read as this provider's."),
        click.option("--state", type=click.Choice(STATES), help="Those in this state."),
    ):
        command = option(command)
    return command


@click.group()
def deliveries() -> None:
    """What brought steps, kept sealed for 30 days, and having it read anew."""


@deliveries.command("list", epilog="Example: eplus deliveries list --state refused --since 2026-11-20")
@_which
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, MOST), help="How many, the newest first.")
@as_json
@click.pass_obj
def list_(
    open_here: Open, state: str | None, provider: str | None, since: datetime | None, most: int, as_json: bool
) -> None:
    """List what came, and what became of it; never whose it is, nor what it says."""
    found = _kept(open_here(), state, provider, since, most)
    if as_json:
        print_json({"deliveries": found})
        return
    for each in found:
        said = (each["provider"] or "?", ", ".join(dict.fromkeys(each["problems"])))
        click.echo(f"{each['id']:36}  {each['received_at']:%Y-%m-%d %H:%M}  {each['state']:9}  {'  '.join(said)}")
    click.echo(f"{len(found)} deliveries" + (", and perhaps more" if len(found) == most else ""))


@deliveries.command(epilog="Example: eplus deliveries replay --state refused --provider oura")
@click.argument("ids", nargs=-1)
@_which
@as_json
@click.pass_obj
def replay(
    open_here: Open,
    ids: tuple[str, ...],
    state: str | None,
    provider: str | None,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Have deliveries read once more by the readers of today: those with IDS, or those that the options name.

    The worker reads them as if they came now, but they count by when they came. What is known already stays: reading
    anew adds what was missed and never takes away. Those that wait, are being read, or were cancelled are left alone.
    """
    if bool(ids) == bool(state or provider or since):
        raise click.UsageError("Name either IDS or at least one of --state, --provider and --since.")
    here = open_here()
    chosen = list(ids) or [each["id"] for each in _kept(here, state, provider, since, MOST)]
    count = _wait_again(here, chosen)
    if as_json:
        print_json({"waiting": count})
    else:
        click.echo(f"{count} of {len(chosen)} deliveries wait to be read anew.")


def _kept(
    here: "Services", state: str | None, provider: str | None, since: datetime | None, most: int
) -> list[dict[str, Any]]:
    from challenges_app.people.persons.rules import HONG_KONG
    from challenges_app.play.arrivals import actions as arrivals
    from challenges_app.play.deliveries import actions as files

    after = since.replace(tzinfo=HONG_KONG) if since else None
    with here.db.reading() as conn:
        found = [
            *({"road": "file", **each} for each in files.kept(conn, here.ring, state, provider, after, most)),
            *({"road": "push", **each} for each in arrivals.kept(conn, here.ring, state, provider, after, most)),
        ]
    return sorted(found, key=lambda each: each["received_at"], reverse=True)[:most]


def _wait_again(here: "Services", ids: list[str]) -> int:
    from challenges_app.play.arrivals import actions as arrivals
    from challenges_app.play.deliveries import actions as files

    pushes = [int(each) for each in ids if each.isdecimal()]
    try:
        given = [UUID(each) for each in ids if not each.isdecimal()]
    except ValueError:
        raise click.ClickException("An ID is as `eplus deliveries list` prints it.") from None
    return here.db.write(lambda tx: files.wait_again(tx, given) + arrivals.wait_again(tx, pushes))
