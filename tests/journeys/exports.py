"""Invented exports of Apple Health, as small or as large as a journey needs."""

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from challenges_app.people.persons.rules import HONG_KONG

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="zh_HK">\n'
TAIL = "</HealthData>\n"


def record(source: str, starts: datetime, seconds: int, steps: int) -> str:
    """One record of steps, as the Health app writes it."""
    begin, end = (f"{each:%Y-%m-%d %H:%M:%S %z}" for each in (starts, starts + timedelta(seconds=seconds)))
    return (
        f' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="{source}" sourceVersion="26.1" unit="count" '
        f'creationDate="{end}" startDate="{begin}" endDate="{end}" value="{steps}"/>\n'
    )


def export(days: dict[date, dict[int, int]], source: str = "Mei's iPhone") -> bytes:
    """An export.xml of steps by day and hour."""
    records = (
        record(source, datetime.combine(on, time(hour, 5), HONG_KONG), 600, steps)
        for on, hours in sorted(days.items())
        for hour, steps in sorted(hours.items())
    )
    return (HEAD + "".join(records) + TAIL).encode()


def zipped(xml: bytes) -> bytes:
    """The export.zip around an export.xml, with a workout's route beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/匯出.xml", xml)
        archive.writestr("apple_health_export/workout-routes/route.gpx", '<gpx version="1.1"></gpx>')
    return packed.getvalue()


def large_export(size: int, last_on: date) -> Iterator[bytes]:
    """An export.xml of about so many bytes: phone, watch and heart, minute by minute, back from a day."""
    chance = random.Random(3)
    yield HEAD.encode()
    made, at = 0, datetime.combine(last_on, time(23), HONG_KONG)
    while made < size:
        lines = []
        for _ in range(500):
            at -= timedelta(seconds=chance.randrange(60, 400))
            seconds = chance.randrange(20, 60)
            lines.append(record(chance.choice(("Mei's iPhone", "Mei's Watch")), at, seconds, chance.randrange(5, 90)))
            lines.append(record("Heart", at, 1, 70).replace("StepCount", "HeartRate"))
        piece = "".join(lines).encode()
        made += len(piece)
        yield piece
    yield TAIL.encode()
