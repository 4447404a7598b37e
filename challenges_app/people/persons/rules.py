"""Decisions about persons: how old somebody is, and what they are called in play."""

from datetime import date, datetime, time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from challenges_app.kit.words import LANGUAGES, Language, say

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
OLDEST_YEAR = 1900
OF_AGE = 16  # below it a parent or guardian consents (rule sheet, children)

ADJECTIVES = (
    "laughing", "curious", "early", "steady", "singing", "glowing", "brave", "gentle", "lively", "patient", "quick",
    "cheerful", "wandering", "sunny", "quiet", "kind", "bright", "nimble", "dreaming", "humming", "rainy", "bouncy",
    "wise", "warm",
)  # fmt: skip
Species = Literal[
    "banyan", "bat", "bauhinia", "bottle", "bulbul", "civet", "cotton", "crab", "dolphin", "dragonfly", "egret", "frog",
    "jianzi", "kite", "lantern", "rosefly", "turtle",
]  # fmt: skip
SPECIES: tuple[Species, ...] = get_args(Species)
# Things that can carry a name; a water bottle or a tree makes an odd nickname.
ANIMALS = tuple(each for each in SPECIES if each not in {"banyan", "bauhinia", "bottle", "cotton", "jianzi", "lantern"})


def is_child(born_on: date, now: datetime) -> bool:
    """Whether somebody is under 16 at a moment; the birthday begins at midnight in Hong Kong."""
    return now < turns(OF_AGE, born_on)


def is_born(born_on: date, now: datetime) -> bool:
    """Whether somebody alive can be born on a day, which begins at midnight in Hong Kong."""
    return born_on.year >= OLDEST_YEAR and born_on <= now.astimezone(HONG_KONG).date()


def turns(age: int, born_on: date) -> datetime:
    """The midnight at which somebody reaches an age; one born on 29 February does so on 1 March of a common year."""
    year = born_on.year + age
    try:
        birthday = born_on.replace(year=year)
    except ValueError:
        birthday = date(year, 3, 1)
    return datetime.combine(birthday, time(0), HONG_KONG)


def in_hours(moment: datetime, begins: time, ends: time) -> bool:
    """Whether a moment's Hong Kong time lies in [begins, ends), which may run past midnight."""
    local = moment.astimezone(HONG_KONG).time()
    return begins <= local < ends if begins <= ends else local >= begins or local < ends


def nickname(adjective: str, species: str) -> dict[Language, str]:
    """A nickname in three languages, from two keys of the word lists."""
    return {language: _nickname(adjective, species, language) for language in LANGUAGES}


def family_name(adjective: str, species: str) -> dict[Language, str]:
    """A household's name in three languages, from the same two keys as a nickname."""
    return {language: say("family", language, name=_nickname(adjective, species, language)) for language in LANGUAGES}


def _nickname(adjective: str, species: str, language: Language) -> str:
    return say(
        "nickname",
        language,
        adjective=say(f"adjective.{adjective}", language),
        species=say(f"species.{species}", language),
    )
