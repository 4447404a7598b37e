"""House rules on tables, texts and settings; each says the rule and the harm that made it."""

import json
import re
import string
from typing import get_args

from sqlalchemy import Table

from challenges_app import app, settings  # noqa: F401 - importing the application names every refusal
from challenges_app.kit.refusals import REFUSALS
from challenges_app.kit.words import LANGUAGES, catalogue
from challenges_app.people.care_links.rules import OFFERED
from challenges_app.people.notices.rules import Kind
from challenges_app.people.persons.rules import ADJECTIVES, SPECIES
from challenges_app.tables import METADATA
from integrations.contract import Why
from integrations.merge import Held
from tests.house.conftest import ROOT

WEB_WORDS = ROOT / "webapp" / "src" / "words"
PLACE_COLUMN = re.compile(r"(^|_)(lat|lon|lng|latitude|longitude|position|location|geom|track)(_|$)")
# Characters that are written in one script only; one of them in the other list is a machine-mixed text.
ONLY_HANS = set("这个们时间们来对开关门车马鸟鱼龙东学习见观记录设备网络应该请谢谢让给从会员电视频图书华业为与发现")
ONLY_HANT = set("這個們時間們來對開關門車馬鳥魚龍東學習見觀記錄設備網絡應該請謝謝讓給從會員電視頻圖書華業為與發現")


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
    said = {f"refused.{code}" for code in REFUSALS} | {"nickname", "nickname.left", "family", "device.unnamed"}
    said |= {f"care.scope.{each}" for each in OFFERED} | {"care.and"}
    said |= {f"why.{each}" for each in (*get_args(Why), *get_args(Held), "by_hand")}
    said |= {f"notice.{each}.{part}" for each in get_args(Kind) for part in ("subject", "text")}
    said |= {f"adjective.{each}" for each in ADJECTIVES} | {f"species.{each}" for each in SPECIES}
    assert set(catalogue("en")) - said == set()


def test_word_lists_have_the_same_keys_and_places_in_three_languages() -> None:
    """A missing key shows its name to a child; a missing place shows braces."""
    for texts in ([catalogue(each) for each in LANGUAGES], [_web(each) for each in LANGUAGES]):
        assert texts[0].keys() == texts[1].keys() == texts[2].keys()
        for key in texts[0]:
            assert _places(texts[0][key]) == _places(texts[1][key]) == _places(texts[2][key]), key


def test_scripts_are_never_mixed() -> None:
    """One simplified character in a traditional text tells every reader that a machine wrote it."""
    hans, hant = ONLY_HANS - ONLY_HANT, ONLY_HANT - ONLY_HANS
    for lists in (catalogue, _web):
        assert {key: text for key, text in lists("zh-Hant").items() if hans & set(text)} == {}
        assert {key: text for key, text in lists("zh-Hans").items() if hant & set(text)} == {}


def test_every_setting_is_documented() -> None:
    """A setting without a paragraph is found by reading the source at three in the morning."""
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in settings.names() if f"`{name}`" not in text] == []


def _web(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((WEB_WORDS / f"{language}.json").read_text("utf-8"))
    return texts


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
