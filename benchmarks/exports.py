"""Invented exports of Apple Health of any size: phone and watch, minute by minute, back from a day."""

import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="zh_HK">\n'
TAIL = "</HealthData>\n"
LAST = datetime(2026, 11, 20, 23, tzinfo=UTC)  # the clock on the wall; the offset is written beside it
PHONE = "&lt;&lt;HKDevice: 0x283&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone15,2&gt;"
WATCH = "&lt;&lt;HKDevice: 0x28b&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,1&gt;"
SOURCES = (("Mei's iPhone", "26.1", PHONE), ("Mei's Watch", "12.1", WATCH))
STEPS = ("StepCount", "count", "")
HEART = ' <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n'
# What lies between steps in a watch wearer's export; heart rates have an entry of metadata of their own.
OTHERS = (("HeartRate", "count/min", HEART), ("ActiveEnergyBurned", "kcal", ""), ("DistanceWalkingRunning", "km", ""))


def write_export(path: Path, size: int, *, all_steps: bool, packed: bool) -> int:
    """Write an export of `size` bytes of XML, one record of steps to three others or steps alone; answers its records.

    The same arguments make the same file. `packed` puts the XML into a zip, whose own size is then far smaller.
    """
    if not packed:
        with path.open("wb") as file:
            return _write(file, size, all_steps)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("apple_health_export/export.xml", "w", force_zip64=True) as part,
    ):
        return _write(part, size, all_steps)


def _write(file: IO[bytes], size: int, all_steps: bool) -> int:
    count = 0
    for piece, records in _pieces(size, all_steps):
        file.write(piece)
        count += records
    return count


def _pieces(size: int, all_steps: bool) -> Iterator[tuple[bytes, int]]:
    chance, at, made = random.Random(size), LAST, len(HEAD)
    yield HEAD.encode(), 0
    while made < size:
        lines = []
        for _ in range(500):
            at -= timedelta(seconds=chance.randrange(90, 400))
            lines.append(_record(chance, at, STEPS))
            lines += [] if all_steps else [_record(chance, at, other) for other in OTHERS]
        piece = "".join(lines).encode()
        made += len(piece)
        yield piece, len(lines)
    yield TAIL.encode(), 0


def _record(chance: random.Random, at: datetime, kind: tuple[str, str, str]) -> str:
    name, unit, inside = kind
    source, version, device = SOURCES[chance.random() < 0.6]
    begins = at.isoformat(" ", "seconds")[:19]
    ends = (at + timedelta(seconds=chance.randrange(20, 600))).isoformat(" ", "seconds")[:19]
    closing = f">\n{inside} </Record>\n" if inside else "/>\n"
    return (
        f' <Record type="HKQuantityTypeIdentifier{name}" sourceName="{source}" sourceVersion="{version}"'
        f' device="{device}" unit="{unit}" creationDate="{ends} +0800" startDate="{begins} +0800"'
        f' endDate="{ends} +0800" value="{chance.randrange(5, 400)}"{closing}'
    )
