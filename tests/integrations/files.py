"""Files as people hand them in, and what reading one of them says."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from integrations.contract import Part, Reading
from integrations.days import SourceDay
from integrations.providers import providers
from integrations.reading import Outcome, read
from integrations.upload import HEAD

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
DATA = Path(__file__).parents[1] / "data"
APPLE = DATA / "steps" / "apple_health" / "apple-health-steps.xml"
TRUTH: dict[str, dict[str, int]] = json.loads(
    (DATA / "steps" / "apple_health" / "apple-health-steps.truth.json").read_text("utf-8")
)["days"]


def outcome(content: bytes | BinaryIO, zone: tzinfo = HONG_KONG, provider: str | None = None) -> Outcome:
    """Read a file to its end."""
    going = read(io.BytesIO(content) if isinstance(content, bytes) else content, zone, provider)
    while True:
        try:
            next(going)
        except StopIteration as over:
            found: Outcome = over.value
            return found


def counted(found: Outcome) -> dict[tuple[str, str], int | None]:
    """What each source counted of each day."""
    return {(source, on.isoformat()): day.steps for source, on, day in found.days}


def whys(found: Outcome) -> list[tuple[int | None, str]]:
    """The problems, without what was seen."""
    return [(each.line, each.why) for each in found.problems]


def days_of(found: Outcome, on: str) -> dict[Any, SourceDay]:
    """What the sources said of one day."""
    return {source: day for source, when, day in found.days if when == date.fromisoformat(on)}


def part(content: bytes, name: str = "") -> Part:
    """A file as providers see it before they open it."""
    return Part(name, len(content), content[:HEAD])


def readings(provider: str, content: bytes, zone: tzinfo = HONG_KONG) -> list[Reading]:
    """All that a provider yields of a file."""
    batches = providers()[provider].read(part(content), io.BytesIO(content), zone)
    return [reading for batch in batches for reading in batch]


def table(*rows: str, ends: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """A file of rows."""
    return "".join(row + ends for row in rows).encode(encoding)


def record(starts: str, ends: str, value: object, source: str = "iPhone", *, by_hand: bool = False) -> str:
    """A step record of Apple's."""
    inside = '<MetadataEntry key="HKWasUserEntered" value="1"/>' if by_hand else ""
    return (
        f' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="{source}" unit="count" startDate="{starts}"'
        f' endDate="{ends}" value="{value}">{inside}</Record>\n'
    )


def export(*records: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> bytes:
    """An export.xml; the first record is in line 3."""
    return f'{head}<HealthData locale="zh_HK">\n{"".join(records)}</HealthData>\n'.encode()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()


def shared(*folders: str) -> Path | None:
    """A folder of the example data that lies outside the repository; None, and a line that says so, when absent."""
    stated = os.environ.get("EPLUS_SHARED_DATA")
    folder = (Path(stated) if stated else Path(__file__).parents[2].parent / "shared" / "data").joinpath(*folders)
    if folder.is_dir():
        return folder
    print(f"no example data: {'/'.join(folders)} is absent")  # noqa: T201 - a test that looked at nothing says so
    return None
