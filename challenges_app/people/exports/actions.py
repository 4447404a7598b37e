"""Gather everything that is known about somebody, and make it a zip that they can read without us."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.engine import Connection, Row

from challenges_app.kit import rights
from challenges_app.kit.archive import Archive
from challenges_app.kit.db import Base
from challenges_app.kit.rights import LeftOut, Somebody
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import LANGUAGES, Language, say
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.companions import actions as companions
from challenges_app.people.households import queries as households
from challenges_app.people.notices.actions import texts
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import HONG_KONG, family_name, nickname
from challenges_app.people.schools import queries as schools

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is known about somebody, as they read it: who they are, and the rows of each table that has any."""

    made_at: datetime
    who: Told
    tables: Mapping[str, list[Told]]
    left_out: Mapping[LeftOut, list[str]]  # columns, as `table.column`, by why they are not told


def gather(conn: Connection, now: datetime, ring: KeyRing, kind: str, key: UUID, language: Language) -> Everything:
    """Everything about the person or account with an id; notices and the names of others are in the language."""
    who = rights.somebody(conn, Base.metadata, kind, key)
    person_id = next(iter(who.get("person", ())), None)
    own = persons.own_ring(conn, ring, person_id) if person_id else ring
    other = _others(conn, language, _known_to(conn, person_id) if person_id else set())
    tables: dict[str, list[Told]] = {}
    left_out: dict[LeftOut, list[str]] = {}
    for table in rights.personal_tables(Base.metadata):
        if rows := rights.rows_about(conn, table, who):
            tables[table.name] = _told(table, rows, who, own, other, language)
            for column, why in rights.left_out_of(table).items():
                left_out.setdefault(why, []).append(f"{table.name}.{column}")
    return Everything(now, _who(conn, now, person_id, tables), tables, left_out)


def pack(all_of_it: Everything) -> IO[bytes]:
    """The zip, to be read from its start: a text that explains it, who it is about, and two files of each table."""
    archive = Archive()
    archive.text("README.txt", readme(all_of_it))
    archive.json("person.json", all_of_it.who)
    for name, rows in all_of_it.tables.items():
        archive.table(f"data/{name}", rows)
    return archive.close()


def readme(all_of_it: Everything) -> str:
    """What each file is, and what is left out and why, in three languages."""
    return "\n\n".join(_readme(all_of_it, language) for language in LANGUAGES)


def file_name(now: datetime) -> str:
    """What the zip is called."""
    return f"eplus-life-{now.astimezone(HONG_KONG):%Y-%m-%d}.zip"


def _readme(all_of_it: Everything, language: Language) -> str:
    made_at = all_of_it.made_at.astimezone(HONG_KONG)
    files = {"person.json": say("export.person", language)}
    files |= {f"data/{name} (.json, .csv)": say(f"export.table.{name}", language) for name in all_of_it.tables}
    lines = [say("export.title", language), "", say("export.about", language, at=f"{made_at:%Y-%m-%d %H:%M}"), ""]
    lines += [f"{name}: {what}" for name, what in files.items()]
    lines += ["", say("export.left_out", language)]
    for why, columns in all_of_it.left_out.items():
        lines.append(f"{', '.join(columns)}: {say(f'export.left_out.{why}', language)}")
    return "\n".join([*lines, ""])


def _told(
    table: Table, rows: list[Row[Any]], who: Somebody, ring: KeyRing, other: rights.NameOther, language: Language
) -> list[Told]:
    tell = rights.teller(table, who, ring, HONG_KONG, other)
    if table.name != "notice":
        return [tell(row) for row in rows]
    # What fills a notice's places means nothing without its text.
    found = []
    for row in rows:
        subject, text = texts(ring, row, language)
        told = {name: value for name, value in tell(row).items() if name != "values"}
        found.append({**told, "subject": subject, "text": text})
    return found


def _others(conn: Connection, language: Language, known: set[UUID]) -> Callable[[str, Any], str]:
    """What others are called: those who are known by nickname, anybody else not at all."""
    named = {each: nickname(*face)[language] for each, face in person_rows.faces(conn, known).items()}
    return lambda kind, key: (named.get(key) if kind == "person" else None) or say("export.somebody", language)


def _known_to(conn: Connection, person_id: UUID) -> set[UUID]:
    """Those whom a person's own screens name: family, carers and cared for, companions to whom both sides agreed."""
    home = households.household_of(conn, person_id)
    found = {row.person_id for row in households.members(conn, home.id)} if home else set()
    found |= {companion for _, companion in companions.pairs(conn, [person_id])}
    found |= {link.carer_id for link in care_links.active(conn, [person_id])}
    found |= {link.person_id for link in care_links.of_carer(conn, person_id)}
    return found | {carer for _, carer in care_links.hidden_from(conn, [person_id])}


def _who(conn: Connection, now: datetime, person_id: UUID | None, tables: Mapping[str, list[Told]]) -> Told:
    account = next(iter(tables.get("account", ())), {})
    found: Told = {"made_at": now.astimezone(HONG_KONG).isoformat()}
    found |= {"sign_in_name": account.get("name"), "email": account.get("email"), "language": account.get("language")}
    if person_id is None:
        return found
    [person] = tables["person"]
    in_class = schools.class_of(conn, person_id, now)
    return found | {
        "nickname": nickname(person["adjective"], person["species"]),
        "born_on": person["born_on"],
        "family": _family(conn, person_id),
        "school": schools.names(conn, [in_class.school_id])[in_class.school_id] if in_class else None,
        "class": in_class.name if in_class else None,
        "consents": tables.get("consent", []),
    }


def _family(conn: Connection, person_id: UUID) -> Told | None:
    home = households.household_of(conn, person_id)
    if home is None:
        return None
    rows = households.members(conn, home.id)
    faces = person_rows.faces(conn, [row.person_id for row in rows])
    return {
        "name": family_name(home.adjective, home.species),
        "role": home.role,
        "members": [
            {"nickname": nickname(*faces[row.person_id]), "role": row.role, "me": row.person_id == person_id}
            for row in rows
        ],
    }
