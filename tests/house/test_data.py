"""House rules on tables, texts and settings; each says the rule and the harm that made it."""

import ast
import re
from pathlib import Path
from typing import get_args

from sqlalchemy import Table

from challenges_app import app, settings  # noqa: F401 - importing the application names every refusal
from challenges_app.kit import rights
from challenges_app.kit.refusals import REFUSALS
from challenges_app.kit.words import LANGUAGES, catalogue
from challenges_app.people.care_links.rules import OFFERED
from challenges_app.people.departure.rules import KEPT
from challenges_app.people.notices.rules import Kind
from challenges_app.people.persons.rules import ADJECTIVES, SPECIES
from challenges_app.play.activity.rules import Typed
from challenges_app.play.readings.rules import NoReading
from challenges_app.tables import METADATA
from integrations.contract import Why
from integrations.merge import Held
from tests.house.conftest import ROOT

PLACE_COLUMN = re.compile(r"(^|_)(lat|lon|lng|latitude|longitude|position|location|geom|track)(_|$)")


def tables() -> list[Table]:
    """All tables."""
    return list(METADATA.tables.values())


def test_every_table_says_what_happens_when_a_person_asks_or_leaves() -> None:
    """A table nobody thought of is data that stays behind for ever."""
    assert [table.name for table in tables() if "rights" not in table.info] == []


def test_personal_tables_name_an_existing_column() -> None:
    """Export and deletion find rows by that column."""
    missing = [(table.name, by) for table in tables() for by in table.info["rights"]["by"] if by not in table.columns]
    assert missing == []


def test_tables_that_refer_to_people_are_not_exempt() -> None:
    """Exempt means: nothing about a person; a column that points at one says otherwise."""
    people = {"person_id", "account_id", "player_id"}
    wrong = [table.name for table in tables() if not table.info["rights"]["by"] and people & set(table.columns.keys())]
    assert wrong == []


def test_columns_of_bytes_say_how_they_are_read_or_why_nobody_is_told() -> None:
    """One that does not would break somebody's export on the day they ask for it."""
    assert list(rights.unsaid_bytes(METADATA)) == []


def test_what_is_sealed_is_opened_in_the_place_where_it_was_sealed(sources: dict[Path, ast.Module]) -> None:
    """A place that no table knows cannot be opened for its owner, and nothing else would say so before they ask."""
    # Sealed outside tables, or for tables of nobody in particular.
    elsewhere = {("ask", "holds"), ("class_code", "code"), ("vendor_notice", "body"), ("vendor_notice", "address")}
    declared = {
        (table.name, column.name.removesuffix("_sealed"))
        for table in rights.personal_tables(METADATA)
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert _seals(sources) - elsewhere <= declared


def _seals(sources: dict[Path, ast.Module]) -> set[tuple[str, str]]:
    """Table and column of every place for which something is sealed outside the kit, as they are written there."""
    calls = [
        node
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if "kit" not in path.parts and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "seal"
    ]
    return {(ast.literal_eval(each.args[1]), ast.literal_eval(each.args[-1])) for each in calls}


def test_every_table_of_people_is_explained_in_their_export() -> None:
    """Nobody knows what a file called contribution.csv is."""
    missing = [t.name for t in rights.personal_tables(METADATA) if f"export.table.{t.name}" not in catalogue("en")]
    assert missing == []


def test_no_table_of_people_holds_a_place() -> None:
    """Where a child was is nobody's business: a visit keeps park, hour and points."""
    wrong = [
        f"{table.name}.{column.name}"
        for table in tables()
        if table.info["rights"]["by"]
        for column in table.columns
        if PLACE_COLUMN.search(column.name)
    ]
    assert wrong == []


def test_every_refusal_has_a_text_in_three_languages() -> None:
    """A code is for programs; people are told what happened and what to do."""
    missing = [
        (code, language) for code in REFUSALS for language in LANGUAGES if f"refused.{code}" not in catalogue(language)
    ]
    assert missing == []


def test_no_text_is_left_over() -> None:
    """A text that nothing says is translated, checked and read for nothing."""
    said = {f"refused.{code}" for code in REFUSALS} | {"nickname", "nickname.left", "family", "class", "device.unnamed"}
    said |= {f"care.scope.{each}" for each in OFFERED} | {"care.and"}
    said |= {f"export.{each}" for each in ("title", "about", "person", "left_out", "somebody")}
    said |= {f"export.table.{table.name}" for table in rights.personal_tables(METADATA)}
    said |= {f"export.left_out.{each}" for each in get_args(rights.LeftOut)}
    said |= {f"retention.{each.key}.{part}" for each in KEPT for part in ("what", "how_long")}
    said |= {f"why.{each}" for each in (*get_args(Why), *get_args(Held), *get_args(Typed), *get_args(NoReading))}
    said |= {f"notice.{each}.{part}" for each in get_args(Kind) for part in ("subject", "text")}
    said |= {f"adjective.{each}" for each in ADJECTIVES} | {f"species.{each}" for each in SPECIES}
    assert set(catalogue("en")) - said == set()


def test_every_setting_is_documented() -> None:
    """A setting without a paragraph is found by reading the source at three in the morning."""
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in settings.names() if f"`{name}`" not in text] == []
