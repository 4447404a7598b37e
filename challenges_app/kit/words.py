"""Texts in three languages: one flat list of keys per language, and the choice of the reader's language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from typing_extensions import TypedDict  # pydantic reads that of the standard library from 3.12 on only
from werkzeug.datastructures import LanguageAccept

Language = Literal["zh-Hant", "zh-Hans", "en"]
# The same text in every language, as it travels to the page.
Tri = TypedDict("Tri", {"zh-Hant": str, "zh-Hans": str, "en": str})
LANGUAGES: tuple[Language, ...] = ("zh-Hant", "zh-Hans", "en")

_FOLDER = Path(__file__).parent.parent / "words"
# What browsers send for the two scripts besides the script codes themselves.
_TAGS: Mapping[str, Language] = {
    "zh-hant": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-tw": "zh-Hant", "yue": "zh-Hant", "zh": "zh-Hant",
    "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-my": "zh-Hans", "en": "en",
}  # fmt: skip


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of one language, by key."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return texts


def say(key: str, language: Language, **values: object) -> str:
    """One text in one language, its {places} filled; a missing key is a programming error."""
    return catalogue(language)[key].format_map(values)


def say_all(key: str, **values: object) -> dict[Language, str]:
    """One text in all three languages."""
    return {language: say(key, language, **values) for language in LANGUAGES}


def choose(accepted: LanguageAccept) -> Language:
    """The reader's language from an Accept-Language header; traditional Chinese when nothing fits."""
    for tag in accepted.values():
        parts = tag.lower().split("-")
        while parts:
            if found := _TAGS.get("-".join(parts)):
                return found
            parts.pop()
    return "zh-Hant"
