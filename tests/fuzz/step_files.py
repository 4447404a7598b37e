"""Files of steps, good ones and what chance makes of them; each is read in a child, which hangs and bursts alone."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, get_args

from challenges_app.kit.child import MOST_MEMORY, Child, ChildDied
from challenges_app.kit.files import Files
from integrations.contract import MOST_STEPS, SEEN, Problem, Why
from integrations.days import CEILING, FIRST, LAST, MOST_SOURCES, SourceDay
from integrations.reading import MOST_PROBLEMS, Outcome, tell
from tests.integrations.files import DATA, HONG_KONG, export, outcome, record, table, zipped

SILENT_S = 10.0  # no file may keep its owner waiting longer without a word
LARGEST = 2 * 1024**3
MOST_CHANGES = 4
MARKS = (
    b"<", b">", b"/>", b'"', b"'", b"<Record ", b"</Record>", b"<HealthData>", b"</HealthData>", b"<MetadataEntry ",
    b"<!DOCTYPE HealthData [", b"]>", b'<!ENTITY a "b">', b"&a;", b"&#0;", b"&#x10FFFF;", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<?", b'<?xml version="1.0" encoding="utf-16"?>', b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7",
    b"PK\7\10", b"\0", b"\r", b"\n", b"\r\n\r\n", b",", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"99999999999999999999", b"-1", b"1e999", b"NaN", b"2026-02-30", b"0001-01-01 00:00:00 +1400",
    b"9999-12-31 23:59:59 -1400", b"+9999", "步數".encode("big5hkscs"),
)  # fmt: skip
EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0", b"\0\0\0\x80")
ZIP_RECORD = re.compile(rb"PK[\1-\7][\2-\10]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ROWS = [f"{1 + at % 28}/11/2026" for at in range(60)]


def _samples() -> bytes:
    """Twenty minutes in each of a hundred hours."""
    hours = [datetime(2026, 11, 1) + timedelta(hours=at) for at in range(100)]  # noqa: DTZ001 - civil time
    rows = (f"{hour:%Y-%m-%d %H:05},{hour:%Y-%m-%d %H:25},{at * 7},watch" for at, hour in enumerate(hours))
    return table("start,end,steps,source", *rows)


def _examples() -> Iterator[tuple[str, bytes]]:
    for path in sorted(DATA.rglob("*")):
        if path.is_file() and outcome(content := path.read_bytes()).days:
            name = f"{path.parent.name}/{path.name}"  # two trackers may name their files alike
            yield name, content
            yield f"{name} in a zip", zipped({f"export/{path.name}": content, "export/route.gpx": b"<gpx/>"})
            yield f"{name} in a zip, stored", zipped({path.name: content[:20_000]}, zipfile.ZIP_STORED)
    by_hand = record("2026-11-01 23:50:00 +0800", "2026-11-02 00:10:00 +0800", 700, by_hand=True)
    yield "typed in.xml", export(by_hand, record("2026-11-01 07:00:00 +0800", "2026-11-01 07:10:00 +0800", 500))
    yield "days.csv", table("date,steps", *(f"{on},{at * 100}" for at, on in enumerate(ROWS)))
    yield "samples.csv", _samples()
    yield "samples.csv in a zip", zipped({"a.csv": _samples(), "b.csv": table("date,steps", "2026-11-01,5")})
    quoted = (f'"{on}","{at},000","my ""old"" band"' for at, on in enumerate(ROWS))
    yield "quoted.csv", b"\xef\xbb\xbf" + table("date,steps,source", *quoted)
    yield (
        "big5.csv",
        table("日期;步數;來源", *(f"{on};{at}00;手錶" for at, on in enumerate(ROWS)), encoding="big5hkscs"),
    )
    yield "wide.txt", table("日期\t步数", *(f"{on}\t{at}" for at, on in enumerate(ROWS)), encoding="utf-16")


EXAMPLES = dict(_examples())


def _flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]


def _drop(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return content[:start] + content[end:]


def _double(content: bytes, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return content[:end] + content[start:end] * chance.randrange(1, 4) + content[end:]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _splice(content: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(EXAMPLES.values()))
    return content[: chance.randrange(len(content))] + other[chance.randrange(len(other)) :]


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    instead = chance.choice((0, 0, 1, 8))
    return content[:at] + chance.choice(MARKS) * chance.choice((1, 1, 2, 500)) + content[at + instead :]


def _exaggerate(content: bytes, chance: random.Random) -> bytes:
    """A number in a zip's own records is made absurd."""
    found = list(ZIP_RECORD.finditer(content))
    at = (chance.choice(found).end() if found else 0) + chance.randrange(42)
    value = chance.choice(EXTREMES)[: chance.choice((2, 4))]
    return content[:at] + value + content[at + len(value) :]


def _stretch(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, start + chance.choice((1, 4, 60, 5_000, len(content)))


CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _drop, _double, _cut, _splice, _insert, _insert, _exaggerate,
)  # fmt: skip


def mutated(content: bytes, seed: int) -> bytes:
    """A file after one to four changes; of a zip, half the seeds change what is inside and pack it again."""
    chance = random.Random(seed)
    if content.startswith(b"PK\3\4") and seed % 2:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = {name: packed.read(name) for name in packed.namelist()}
        first = next(iter(inside))
        return zipped({**inside, first: _changed(inside[first], chance)})
    return _changed(content, chance)


def _changed(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, MOST_CHANGES)):
        content = chance.choice(CHANGES)(content, chance) or b"\n"
    return content


def faults(found: Outcome) -> list[str]:
    """What is wrong with what was read, whatever the file holds: nothing, or the tests fail."""
    problems, sources = found.problems, {source for source, _, _ in found.days}
    wrong = {
        "neither a provider nor a problem": not found.provider and not problems,
        "days of nobody's": bool(found.days) and not found.provider,
        "too many problems": len(problems) > MOST_PROBLEMS,
        "a problem that cannot be told": not all(map(_can_be_told, problems)),
        "too many sources": len(sources) > MOST_SOURCES,
        "a source without a sane name": any(len(each) > 100 or CONTROLS.search(each) for each in sources),
        "days out of order, or twice": [each[:2] for each in found.days] != sorted({each[:2] for each in found.days}),
        "a day of no time": not all(FIRST <= on <= LAST + timedelta(days=1) for _, on, _ in found.days),
        "an insane day": not all(_is_sane(day) for _, _, day in found.days),
    }
    return [what for what, so in wrong.items() if so]


def _can_be_told(problem: Problem) -> bool:
    is_shown = len(problem.seen) <= SEEN and not CONTROLS.search(problem.seen)
    return is_shown and problem.why in get_args(Why) and (problem.line is None or problem.line >= 1)


def _is_sane(day: SourceDay) -> bool:
    hours = day.hours or (0,) * 24
    within = len(hours) == 24 and 0 <= min(hours) <= max(hours) <= CEILING
    return within and 0 <= (day.total or 0) <= MOST_STEPS and 0 <= day.by_hand <= CEILING and day.fastest >= 0


def read_mutated(file: BinaryIO, seeds: list[int]) -> Iterator[dict[str, Any]]:
    """In the child: read what each seed makes of a file, twice, and tell what was wrong."""
    content = file.read()
    for seed in seeds:
        yield {"seed": seed}
        damaged = mutated(content, seed)
        first = outcome(damaged)
        yield {"seed": seed}
        wrong = faults(first) + ["another answer at the second reading"] * (first != outcome(damaged))
        if wrong:
            yield {"seed": seed, "wrong": wrong}
    yield {"peak_mb": _peak_mb()}


def read_large(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """In the child: the real messages of a file, and the most memory that it took."""
    yield from tell(file, HONG_KONG.key)
    yield {"peak_mb": _peak_mb()}


def _peak_mb() -> float:
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


def assert_survives(folder: Path, name: str, seeds: Iterable[int]) -> None:
    """Every mutation of an example is read without a failure, in time and in little memory."""
    last, peak = -1, 0.0
    try:
        for message in _said(folder, [EXAMPLES[name]], "read_mutated", {"seeds": list(seeds)}):
            last, peak = message.get("seed", last), message.get("peak_mb", 0.0)
            assert "wrong" not in message, f"{name!r}, seed {last}: {message['wrong']}"
    except ChildDied as died:
        raise AssertionError(f"mutated(EXAMPLES[{name!r}], {last}): {died.reason} {died.where}") from None
    assert 0 < peak < MOST_MEMORY / 1024**2, f"{name!r}: {peak} MB"


def read_in_child(folder: Path, pieces: Iterable[bytes]) -> tuple[int, list[str]]:
    """How many days and which kinds of problems a large file comes to, read as in an import, in little memory."""
    days, peak = 0, 0.0
    whys: list[str] = []
    for message in _said(folder, pieces, "read_large", {}):
        days += len(message.get("days", ()))
        peak = message.get("peak_mb", 0.0)
        if "end" in message:
            whys = sorted({why for _, why, _ in message["end"]["problems"]})
    assert 0 < peak < MOST_MEMORY / 1024**2, f"{peak} MB"
    return days, whys


def _said(folder: Path, pieces: Iterable[bytes], function: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    files = Files(folder)
    kept = files.put(pieces, LARGEST)
    place = f"{__name__}:{function}"
    try:
        with Child(place, files.path(kept.name), kept.key, arguments, silent_s=SILENT_S) as child:
            yield from child
    finally:
        files.remove(kept.name)
