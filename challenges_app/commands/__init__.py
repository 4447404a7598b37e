"""Commands by what they are about; those on files and facts need no database, no secret and no network."""

import json

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def print_json(result: object) -> None:
    """Print a result as JSON; days and moments as ISO text."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=1, default=str))
