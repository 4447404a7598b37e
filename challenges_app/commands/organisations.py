"""Commands on organisations: add one, list them, and let the first admin of one in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import click

from challenges_app.commands import as_json, print_json
from challenges_app.people.organisations.rules import GIVES, KINDS, ROLES
from challenges_app.people.schools.rules import DISTRICTS

if TYPE_CHECKING:
    from challenges_app.kit.services import Services

# The command line hands down how to come to the database, which is opened only when a command needs it.
Open = Callable[[], "Services"]


@click.group()
def organisations() -> None:
    """Organisations and the codes by which their first admins come in."""


@dataclass(frozen=True, slots=True)
class _Names:
    en: str
    zh_hant: str
    zh_hans: str


@organisations.command(
    epilog="Example: eplus organisations add --kind clinic --name-en 'Lantern Clinic' --name-zh-hant 燈籠診所 "
    "--name-zh-hans 灯笼诊所 --district CW"
)
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--name-en", default="", help="The name in English.")
@click.option("--name-zh-hant", default="", help="The name in traditional Chinese.")
@click.option("--name-zh-hans", default="", help="The name in simplified Chinese.")
@click.option("--district", type=click.Choice(sorted(DISTRICTS.values())), help="One of the 18 districts.")
@click.option("--school", help="For a school: its id in the list of schools, which has its names.")
@as_json
@click.pass_obj
def add(
    open_here: Open,
    kind: str,
    name_en: str,
    name_zh_hant: str,
    name_zh_hans: str,
    district: str | None,
    school: str | None,
    as_json: bool,
) -> None:
    """Add an organisation; print its id."""
    names = _Names(name_en.strip(), name_zh_hant.strip(), name_zh_hans.strip())
    _check(kind, names, school)
    row = {"id": uuid4(), "kind": kind, "school_id": school, "district_code": district}
    row |= {"name_en": names.en, "name_zh_hant": names.zh_hant, "name_zh_hans": names.zh_hans}
    _add(open_here(), row)
    if as_json:
        print_json({"id": str(row["id"])})
    else:
        click.echo(f"Added {row['id']}. Next: eplus organisations invite {row['id']} admin")


def _check(kind: str, names: _Names, school: str | None) -> None:
    if (kind == "school") != (school is not None):
        raise click.ClickException("A school is named by --school ID, and nothing else is.")
    if school is None and not (names.en and names.zh_hant and names.zh_hans):
        raise click.ClickException("An organisation has a name in three languages.")
    if len(names.en) > 200 or max(len(names.zh_hant), len(names.zh_hans)) > 100:
        raise click.ClickException("A name is too long: 200 characters in English, 100 in Chinese.")


def _add(here: "Services", row: dict[str, Any]) -> None:
    from sqlalchemy.exc import IntegrityError

    from challenges_app.people.organisations import queries
    from challenges_app.people.schools import queries as schools

    with here.db.reading() as conn:
        if row["school_id"] and row["school_id"] not in schools.names(conn, [row["school_id"]]):
            raise click.ClickException(f"There is no school {row['school_id']}; see eplus schools load.")
    try:
        here.db.write(lambda tx: queries.add_organisation(tx, row))
    except IntegrityError:
        raise click.ClickException(f"The school {row['school_id']} is an organisation already.") from None


@organisations.command("list", epilog="Example: eplus organisations list --json")
@as_json
@click.pass_obj
def list_all(open_here: Open, as_json: bool) -> None:
    """List the organisations with the number of their members and admins."""
    from challenges_app.people.organisations import queries

    here, found = open_here(), []
    now = here.now()
    with here.db.reading() as conn:
        for row in queries.organisations(conn):
            members = queries.members(conn, row.id, now)
            counts = {"members": len({each.account_id for each in members})}
            counts["admins"] = sum(each.role == "admin" for each in members)
            told = {"id": str(row.id), "kind": row.kind, "name": row.name_en or row.school_id}
            found.append({**told, "district": row.district_code, **counts})
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo("{id}  {kind:<10} {members:>4} members {admins:>2} admins  {name}".format_map(each))


@organisations.command(epilog="Example: eplus organisations invite 0f8fad5b-d9cb-469f-a165-70867728950e admin")
@click.argument("organisation_id", type=click.UUID)
@click.argument("role", type=click.Choice(ROLES))
@as_json
@click.pass_obj
def invite(open_here: Open, organisation_id: UUID, role: str, as_json: bool) -> None:
    """Print a code that gives one account ROLE in ORGANISATION_ID, once, within seven days."""
    from challenges_app.people.memberships.actions import new_invite
    from challenges_app.people.organisations import queries

    here = open_here()
    with here.db.reading() as conn:
        row = queries.organisation(conn, organisation_id)
    if row is None:
        raise click.ClickException(f"There is no organisation {organisation_id}; see eplus organisations list.")
    if role not in GIVES[row.kind]:
        raise click.ClickException(f"A {row.kind} gives no {role}; it gives {', '.join(GIVES[row.kind])}.")
    now = here.now()
    told = here.db.write(lambda tx: new_invite(tx, now, here.ring, organisation_id, role, None))
    if as_json:
        print_json(told)
    else:
        click.echo(f"{told['code']}  for one {role}, until {told['ends_at']:%Y-%m-%d %H:%M} UTC")
        click.echo("Whoever has it signs in and enters it under Me, Organisations.")
