"""Commands on second factors: for somebody who has lost all of theirs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from challenges_app.commands import as_json, print_json

if TYPE_CHECKING:
    from challenges_app.kit.services import Services


@click.group()
def factors() -> None:
    """Second factors of accounts."""


@factors.command(epilog="Example: eplus factors remove officer")
@click.argument("account")
@as_json
@click.pass_obj
def remove(open_here: Callable[[], "Services"], account: str, as_json: bool) -> None:
    """Take every second factor from the account that signs in as ACCOUNT, and sign it out everywhere.

    For somebody who has lost phone and recovery codes. Make sure first, by a road of your own, that it is them: from
    then on the password is enough.
    """
    from challenges_app.people.accounts import actions as accounts
    from challenges_app.people.factors import actions

    here = open_here()
    now = here.now()
    with here.db.reading() as conn:
        found = accounts.find(conn, here.ring, account)
    if found is None:
        raise click.ClickException(f"Nobody signs in as {account}.")
    count = here.db.write(lambda tx: actions.remove_all(tx, now, here.ring, found.id))
    if as_json:
        print_json({"removed": count})
    else:
        click.echo(f"Removed {count} from {account}, which is told so." if count else f"{account} has none.")
