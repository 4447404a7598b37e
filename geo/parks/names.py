"""Park names made comparable: spelling, abbreviations, scripts, and two languages in one field."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from geo.parks.script import simplified

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}")
_ABBREVIATIONS = {
    "ave": "avenue",
    "est": "estate",
    "gdn": "garden",
    "gdns": "gardens",
    "hk": "hong kong",
    "kln": "kowloon",
    "rd": "road",
    "st": "street",
    "temp": "temporary",
}
_SLASHED = {"s/r": "service reservoir", "p/g": "playground", "&": " and "}
_ROMAN_AFTER_PHASE = re.compile(r"\b(phase|stage) (i{1,3}|iv|v)\b")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
# Written one way by the government and another way by map makers.
_CHINESE_VARIANTS = str.maketrans("邨衞峯裏一二三四五六七八九", "村卫峰里123456789")
# Alike in letters, and never the same place.
_TELLING = {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "upper", "lower", "inner"}
_ALIKE = 0.8


def english_key(name: str) -> str:
    """The words of an English name in one spelling: "Po Kong Vill. Rd (Phase I)" and the like; "" for none."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    for short, full in _SLASHED.items():
        plain = plain.replace(short, full)
    plain = re.sub(r"['’‘`]", "", plain)
    plain = re.sub(r"\bno\.?\s*(?=\d)", " ", plain)
    plain = re.sub(r"[^a-z0-9]+", " ", plain)
    words = " ".join(_ABBREVIATIONS.get(word, word) for word in plain.split() if word != "the")
    return _ROMAN_AFTER_PHASE.sub(lambda found: f"{found[1]} {_ROMAN[found[2]]}", words)


def chinese_key(name: str) -> str:
    """The letters of a Chinese name in simplified characters, without punctuation; 第一號 and 1號 are one."""
    plain = simplified(unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(sign for sign in plain if sign.isalnum()).translate(_CHINESE_VARIANTS)
    return re.sub(r"第(?=\d)", "", letters)


def keys_of(name: str) -> frozenset[str]:
    """Every key under which a name is found; a field in two languages ("Hong Kong Park 香港公園") gives both."""
    first, last = _han_span(name)
    if last == 0:
        return frozenset(filter(None, (english_key(name), english_key(name.partition(",")[0]))))
    found = {chinese_key(name)}
    latin = f"{name[:first]} {name[last:]}"
    # "休憩處No2" is one Chinese name, not a name in two languages.
    if _LATIN_WORDS.search(latin):
        found |= {chinese_key(name[first:last]), *keys_of(latin)}
    return frozenset(filter(None, found))


def keys_of_all(names: Iterable[str]) -> frozenset[str]:
    """The keys of several names of one place; a field may list names with semicolons."""
    return frozenset(key for name in names for part in name.split(";") for key in keys_of(part))


def alike(one: str, other: str) -> bool:
    """Whether two English keys may be spellings of one name: same numbers, each word the same or nearly so."""
    words, others = one.split(), other.split()
    if sorted(words) == sorted(others):
        return True
    if len(words) != len(others):
        return False
    return all(_alike_words(word, against) for word, against in zip(words, others, strict=True))


def _alike_words(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) < 4 or word in _TELLING or other in _TELLING or not (word + other).isalpha():
        return False
    return SequenceMatcher(None, word, other).ratio() >= _ALIKE


def _han_span(name: str) -> tuple[int, int]:
    """Where the Chinese part of a name begins and ends; (0, 0) where there is none."""
    places = [found.start() for found in _HAN.finditer(name)]
    return (places[0], places[-1] + 1) if places else (0, 0)
