"""The list of schools: how it is derived from the Education Bureau's rows, read, written and checked.

A school is one `edb_school_id`; where its rows are named differently, the closing bracket that names a section goes and
the shortest name that is left is taken. Where campuses stand in several districts, the district with most rows is
taken, and among equals that of the lowest school number.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from typing import Literal

Row = Mapping[str, str]

# As in geo/parks/districts.geojson.
DISTRICTS = {
    "Central and Western": "CW", "Eastern": "EST", "Islands": "ILD", "Kowloon City": "KLC", "Kwai Tsing": "KC",
    "Kwun Tong": "KT", "North": "NTH", "Sai Kung": "SK", "Sha Tin": "ST", "Sham Shui Po": "SSP", "Southern": "STH",
    "Tai Po": "TP", "Tsuen Wan": "TW", "Tuen Mun": "TM", "Wan Chai": "WC", "Wong Tai Sin": "WTS",
    "Yau Tsim Mong": "YTM", "Yuen Long": "YL",
}  # fmt: skip
LEVELS = ("primary", "secondary")
SOURCE = ("school_no", "edb_school_id", "name_en_title", "name_zh_hant", "name_zh_hans", "level", "district")
# The widths of the table's columns.
MOST_LETTERS = {"name_en": 200, "name_zh_hant": 100, "name_zh_hans": 100}

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SECTION = re.compile(r"\s*[(（][^()（）]*(?:section|部)[)）]$", re.IGNORECASE)
# What the casing by machine got wrong, and words that only some rows shorten.
_WORDS = {
    "Aog": "AOG", "CamÕEs": "Camões", "Dsc": "DSC", "Eduyoung": "EduYoung", "Gigamind": "GigaMind", "Hkca": "HKCA",
    "Hkfew": "HKFEW", "Hkma": "HKMA", "Imef": "IMEF", "Kkca": "KKCA", "Klt": "KLT", "Lyc'ee Francais": "Lycée Français",
    "Paoc": "PAOC", "Qualied": "QualiEd", "Sahk": "SAHK", "T.w.g.hs": "T.W.G.Hs", "Vnsaa": "VNSAA", "on": "On",
    "the Yuen Yuen Institute": "The Yuen Yuen Institute",
    "Pri.": "Primary", "Prim": "Primary", "Sch": "School", "Sec": "Secondary",
}  # fmt: skip
_WRONG_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _WORDS))})(?!\w)")
_BRACKETS = str.maketrans("()〈〉﹝﹞", "（）（）（）")
_TO_TRADITIONAL = str.maketrans("琼", "瓊")
# Variants that the mainland's standard does not know, which a conversion character by character leaves.
_TO_SIMPLIFIED = str.maketrans("蔴彜", "麻彝")
# Simplified forms of other characters (佈 週) that are written in Traditional too.
_IN_BOTH = set("布周")


class SchoolFileError(ValueError):
    """A file of schools that cannot be read; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A row of the list; `levels` is primary, secondary or both."""

    id: str
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    district_code: str
    levels: str


COLUMNS = tuple(field.name for field in fields(ListedSchool))


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to a row of the source (its number) or to a school (its id), and why."""

    kind: Literal["left out", "merged", "mended"]
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Derived:
    """The schools by id, what was done to make them, and how many rows they come from."""

    schools: list[ListedSchool]
    notes: list[Note]
    rows: int


def derive(text: str) -> Derived:
    """The list from the text of the Education Bureau's rows (CSV with the columns SOURCE).

    Raises SchoolFileError where a column is missing; a row that cannot be used is left out with a note.
    """
    by_id: defaultdict[str, list[Row]] = defaultdict(list)
    notes: list[Note] = []
    seen: set[str] = set()
    rows = _rows(text, SOURCE)
    for number, row in enumerate(rows, 2):  # the header is row 1
        why = "its school number is there already" if row["school_no"] in seen else _unusable(row)
        if why:
            notes.append(Note("left out", f"row {number}", why))
            continue
        seen.add(row["school_no"])
        by_id[row["edb_school_id"]].append(row)
    schools = []
    for school_id, own in sorted(by_id.items()):
        school, said = _school(school_id, sorted(own, key=lambda row: row["school_no"]))
        schools.append(school)
        notes += said
    return Derived(schools, notes, len(rows))


def read_list(text: str) -> list[ListedSchool]:
    """The schools of a list (CSV with COLUMNS); raises SchoolFileError."""
    return [ListedSchool(**{name: row[name] for name in COLUMNS}) for row in _rows(text, COLUMNS)]


def write_list(schools: Iterable[ListedSchool]) -> str:
    """The text of a list, one school a line."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(school) for school in schools)
    return file.getvalue()


def faults(schools: Sequence[ListedSchool]) -> list[str]:
    """What is wrong in a list, a sentence each; empty when it may be loaded."""
    found = [] if schools else ["There is no school."]
    found += [f"{school.id}: {why}." for school in schools for why in _faults_of(school)]
    found += [f"{number} rows have the id {each}." for each, number in _twice(schools, attrgetter("id"))]
    for column in MOST_LETTERS:
        found += [f"{number} schools are named {each}." for each, number in _twice(schools, attrgetter(column))]
    return [*dict.fromkeys(found), *_mixed(schools)]


def _rows(text: str, columns: Iterable[str]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise SchoolFileError(f"This is no list of schools: it lacks {', '.join(missing)}.")
        return [{name: " ".join(row[name].split()) for name in columns} for row in reader]
    except csv.Error as problem:
        raise SchoolFileError(f"Row {reader.line_num} cannot be read: {problem}.") from None


def _unusable(row: Row) -> str | None:
    if not re.fullmatch("[0-9]{6}", row["edb_school_id"]) or not row["school_no"].startswith(row["edb_school_id"]):
        return f"{row['school_no']!r} is not a school number that begins with {row['edb_school_id']!r}, six digits"
    empty = [name for name in ("name_en_title", "name_zh_hant", "name_zh_hans") if not row[name]]
    if empty:
        return f"{', '.join(empty)} of {row['school_no']} is empty"
    if row["level"] not in LEVELS:
        return f"{row['level']!r} is neither {' nor '.join(LEVELS)}"
    return None if row["district"] in DISTRICTS else f"{row['district']!r} is none of the 18 districts"


def _school(school_id: str, rows: Sequence[Row]) -> tuple[ListedSchool, list[Note]]:
    english, chinese = _names(rows)
    names = _mended(english, *chinese)
    notes = [
        Note("mended", school_id, f"{column} “{old}” is written “{new}”")
        for column, old, new in zip(MOST_LETTERS, (english, *chinese), names, strict=True)
        if old != new
    ]
    standing = Counter(row["district"] for row in rows)
    # most_common keeps the order of the rows among equals, and they are sorted by number.
    district = standing.most_common(1)[0][0]
    levels = sorted({row["level"] for row in rows})
    if len(rows) > 1:
        notes.insert(0, Note("merged", school_id, _merging(rows, names[0], standing, district)))
    level = levels[0] if len(levels) == 1 else "both"
    return ListedSchool(school_id, *names, DISTRICTS[district], level), notes


def _names(rows: Sequence[Row]) -> tuple[str, tuple[str, str]]:
    english = {row["name_en_title"] for row in rows}
    chinese = {(row["name_zh_hant"], row["name_zh_hans"]) for row in rows}
    if len(english) > 1 or len(chinese) > 1:
        english = {_SECTION.sub("", name) for name in english}
        chinese = {(_SECTION.sub("", hant), _SECTION.sub("", hans)) for hant, hans in chinese}
    # By the letters among equals, so that the order of the source does not matter.
    return min(english, key=lambda name: (len(name), name)), min(chinese, key=lambda pair: (len(pair[0]), pair))


def _mended(english: str, hant: str, hans: str) -> tuple[str, str, str]:
    english = _WRONG_WORD.sub(lambda found: _WORDS[found[0]], english)
    english = re.sub(r"(?<=\w)\(", " (", english).replace(" )", ")")
    if not _HAN.search(hant):  # a school without a Chinese name keeps its English one, written as in English
        return english, english, english
    return english, _chinese(hant).translate(_TO_TRADITIONAL), _chinese(hans).translate(_TO_SIMPLIFIED)


def _chinese(name: str) -> str:
    # Between two English words a space stays.
    return re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", name).translate(_BRACKETS)


def _merging(rows: Sequence[Row], name: str, standing: Counter[str], district: str) -> str:
    said = f"{len(rows)} rows are {name}"
    called = sorted({row["name_en_title"] for row in rows})
    if len(called) > 1:
        said += f"; named {', '.join(called)}"
    if len(standing) > 1:
        said += f"; in {district} of {', '.join(f'{each} ({number})' for each, number in standing.most_common())}"
    return said


def _faults_of(school: ListedSchool) -> Iterator[str]:
    if not re.fullmatch("[0-9]{6}", school.id):
        yield "the id has not six digits"
    for column, most in MOST_LETTERS.items():
        name = getattr(school, column)
        if not name.strip() or len(name) > most:
            yield f"{column} is empty" if not name.strip() else f"{column} has more than {most} letters"
    if school.district_code not in DISTRICTS.values():
        yield f"the district {school.district_code!r} is not known"
    if school.levels not in (*LEVELS, "both"):
        yield f"the levels {school.levels!r} are not known"
    if len(school.name_zh_hant) != len(school.name_zh_hans):
        yield "the two Chinese names differ in length"


def _twice(schools: Iterable[ListedSchool], named: Callable[[ListedSchool], str]) -> list[tuple[str, int]]:
    return [(each, number) for each, number in Counter(map(named, schools)).items() if number > 1]


def _mixed(schools: Iterable[ListedSchool]) -> Iterator[str]:
    """The list itself teaches which characters differ between the scripts: those that differ in some name."""
    names = [(school.id, school.name_zh_hant, school.name_zh_hans) for school in schools]
    differ = {pair for _, hant, hans in names for pair in zip(hant, hans, strict=False) if pair[0] != pair[1]}
    traditional, simplified = ({pair[at] for pair in differ} for at in (0, 1))
    for school_id, hant, hans in names:
        for odd in sorted((set(hant) & simplified) - _IN_BOTH):
            yield f"{school_id}: {odd} in the Traditional name is a simplified character."
        for odd in sorted(set(hans) & traditional):
            yield f"{school_id}: {odd} in the Simplified name is a traditional character."
