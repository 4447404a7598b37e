"""FIT files of our own making: a writer of the container, and the fixtures, whose people and steps are invented."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from integrations.fit import EPOCH, SUMS

KINDS = {"enum": (1, 0x00), "u8": (1, 0x02), "u16": (2, 0x84), "u32": (4, 0x86), "byte": (1, 0x0D)}
AHEAD = 8 * 3600  # seconds that Hong Kong's clocks are ahead of UTC


def seconds(moment: datetime) -> int:
    """A moment in FIT's own seconds."""
    return int(moment.timestamp()) - EPOCH


def checksum(content: bytes) -> bytes:
    """The two bytes behind a file."""
    found = 0
    for each in content:
        found = found >> 8 ^ SUMS[(found ^ each) & 0xFF]
    return found.to_bytes(2, "little")


def file(records: bytes, *, size: int | None = None, header: int = 14) -> bytes:
    """A whole file around its records; `size` is what it claims."""
    said = (len(records) if size is None else size).to_bytes(4, "little")
    head = bytes([header, 0x20, 0x54, 0x08]) + said + b".FIT"
    head += checksum(head) if header >= 14 else b""
    head += bytes(header - len(head))
    return head + records + checksum(head + records)


def define(local: int, kind: int, fields: dict[int, str | int], *, big: bool = False, others: bytes = b"") -> bytes:
    """A definition; fields by number, with a kind of KINDS or the bytes of a text. `others` are developers' sizes."""
    order = "big" if big else "little"
    described = bytearray()
    for number, each in fields.items():
        size, base = (each, 0x07) if isinstance(each, int) else KINDS[each]
        described += bytes([number, size, base])
    head = bytes([0x40 | local | (0x20 if others else 0), 0, big]) + kind.to_bytes(2, order)
    developed = bytes([len(others)]) + b"".join(bytes([at, size, 0]) for at, size in enumerate(others))
    return head + bytes([len(fields)]) + bytes(described) + (developed if others else b"")


def data(local: int, values: list[tuple[int, int] | bytes], *, big: bool = False) -> bytes:
    """A data message: each value with its size."""
    order = "big" if big else "little"
    return bytes([local]) + b"".join(v if isinstance(v, bytes) else v[0].to_bytes(v[1], order) for v in values)


def owner(product: str = "") -> bytes:
    """A file's first message: of what kind it is, and of which product."""
    return define(0, 0, {0: "enum", 8: 20}) + data(0, [(4, 1), product.encode().ljust(20, b"\0")])


def info(at: int, ahead: int = AHEAD) -> bytes:
    """Where the clock of a day stands."""
    return define(1, 103, {253: "u32", 0: "u32"}) + data(1, [(at, 4), (at + ahead, 4)])


def walk(begins: int, lasts: int, strides: int, sport: int = 11) -> bytes:
    """A session of so many seconds."""
    fields: dict[int, str | int] = {253: "u32", 2: "u32", 7: "u32", 10: "u32", 5: "enum"}
    values: list[tuple[int, int] | bytes] = [
        (begins + lasts, 4),
        (begins, 4),
        (lasts * 1000, 4),
        (strides, 4),
        (sport, 1),
    ]
    return define(2, 18, fields) + data(2, values)


def activity(at: int, ahead: int = AHEAD) -> bytes:
    """The end of a file of walks, which says where it was."""
    return define(3, 34, {253: "u32", 5: "u32"}) + data(3, [(at, 4), (at + ahead, 4)])


def watch_days(days: int = 12) -> tuple[bytes, dict[str, int]]:
    """A file of some days, a reading each half an hour: walked and run, in both byte orders; and what each day had."""
    midnight, truth, content = datetime(2026, 10, 31, 16, tzinfo=UTC), {}, owner("vivosport")
    content += info(seconds(midnight))
    content += define(4, 55, {253: "u32", 5: "enum", 3: "u32"}) + define(
        5, 55, {26: "u16", 9: "u16", 24: "byte"}, big=True
    )
    for day in range(days):
        walked = ran = 0
        for half in range(1, 49):
            at = seconds(midnight + timedelta(days=day, minutes=30 * half))
            if 14 <= half <= 46:
                walked += 37 + (day * 53 + half * 29) % 211
                content += data(4, [(at, 4), (6, 1), (walked, 4)])
            if 36 <= half <= 37 and day % 3 == 0:
                ran += 1_800 + day
                content += data(5, [(at & 0xFFFF, 2), (ran, 2), (0x40 | 1, 1)], big=True)
        truth[str(date(2026, 11, 1) + timedelta(days=day))] = walked + ran
    return file(content), truth


def walks() -> tuple[bytes, dict[str, int]]:
    """Three activities in one stream: a walk before breakfast, a ride, which has no steps, and a walk over midnight."""
    morning = seconds(datetime(2026, 11, 3, 23, 10, tzinfo=UTC))
    ride = seconds(datetime(2026, 11, 4, 10, 0, tzinfo=UTC))
    late = seconds(datetime(2026, 11, 5, 15, 30, tzinfo=UTC))
    content = file(owner("Forerunner") + walk(morning, 1_800, 1_733) + activity(morning + 1_800))
    content += file(owner("Forerunner") + walk(ride, 3_600, 5_000, sport=2) + activity(ride + 3_600), header=12)
    content += file(owner("Forerunner") + walk(late, 3_600, 3_000) + activity(late + 3_600))
    return content, {"2026-11-04": 3_466, "2026-11-05": 3_000, "2026-11-06": 3_000}


def write(folder: Path) -> None:
    """Write both fixtures and their truths."""
    for name, (content, days) in {"watch-days": watch_days(), "walks": walks()}.items():
        (folder / f"{name}.fit").write_bytes(content)
        truth = {"days": {on: {"steps": steps} for on, steps in days.items()}}
        (folder / f"{name}.truth.json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
