"""Files made to harm, each made piece by piece: zips that burst, tags without end, sources and days without number."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO

from tests.integrations import fit_made as fit
from tests.integrations import health_made as health
from tests.integrations.files import export, record, zipped

MB = 1024 * 1024
ROOT = b"<HealthData>\n"
STEPS = export(record("2026-11-01 07:00:00 +0800", "2026-11-01 07:10:00 +0800", 5))
HEADER = b"date,steps\n"


def high_ratio() -> Iterator[bytes]:
    """200 MB of nothing in 200 kB."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("export.xml", "w") as part:
        part.write(ROOT)
        for _ in range(200):
            part.write(bytes(MB))
    yield packed.getvalue()


def giant_directory() -> Iterator[bytes]:
    """A zip that is a list of files and nothing else, 20 MB of it, and says so."""
    yield b"PK\3\4" + bytes(26)
    entries = 20 * MB // 46
    for _ in range(entries // 1000):
        yield (b"PK\1\2" + bytes(42)) * 1000
    size = entries // 1000 * 46_000
    yield b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, size, 30, 0)


def overlapping(entries: int = 10_000, unpacked: int = 4 * MB) -> Iterator[bytes]:
    """Thousands of files that share the same packed bytes."""
    content = ROOT + b" " * unpacked
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packing.compress(content) + packing.flush()
    sizes = struct.pack("<III", zlib.crc32(content), len(data), len(content))
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 1, 0) + b"a" + data
    entry = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    yield local
    yield entry * entries
    yield b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, entries, entries, len(entry) * entries, len(local), 0)


def nested() -> Iterator[bytes]:
    """A zip in a zip in a zip, ten deep."""
    content = STEPS
    for depth in range(10):
        content = zipped({f"{depth}.zip": content})
    yield content


def unfinished_tag(begins: bytes = b'<Record type="', filled: bytes = b"x") -> Iterator[bytes]:
    """50 MB of one tag that never ends."""
    yield ROOT + begins
    for _ in range(50):
        yield filled * (MB // len(filled))


def attributes_without_end() -> Iterator[bytes]:
    """50 MB of attributes in one tag."""
    yield ROOT + b"<Record"
    for number in range(0, 2_500_000, 1_000):
        yield b"".join(b' a%d="1234567"' % each for each in range(number, number + 1_000))


def tags_that_never_close() -> Iterator[bytes]:
    """Elements inside elements, a million deep."""
    yield ROOT
    for _ in range(1_000):
        yield b"<a>" * 1_000


def broken_records() -> Iterator[bytes]:
    """50 MB in which every record is broken off by the next."""
    yield ROOT
    for _ in range(50):
        yield b'<Record type="HKQuantityTypeIdentifierStepCount" ' * (MB // 50)


def laughs() -> Iterator[bytes]:
    """Entities of entities of entities: a billion laughs."""
    entities = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))
    yield b'<?xml version="1.0"?>\n<!DOCTYPE HealthData [<!ENTITY l0 "laugh">' + entities + b"]>\n"
    yield STEPS.partition(b"\n")[2].replace(b"iPhone", b"&l9;")


def hidden_laughs() -> Iterator[bytes]:
    """Entities in a document type that is too long to be cut away unread."""
    yield b"<!DOCTYPE HealthData [" + b'<!ENTITY a "aaaaaaaaaa">' + b" " * MB + b'<!ENTITY b "&a;&a;&a;&a;&a;">]>\n'
    yield STEPS.partition(b"\n")[2].replace(b"iPhone", b"&b;")


def late_laughs() -> Iterator[bytes]:
    """Entities that are declared where no document type belongs."""
    yield ROOT + b'<!DOCTYPE HealthData [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    yield STEPS.partition(b"\n")[2].replace(b"iPhone", b"&b;")


def foreign_entity() -> Iterator[bytes]:
    """An entity that asks for a file of the server's own."""
    yield b'<!DOCTYPE HealthData [<!ENTITY own SYSTEM "file:///etc/passwd">]>\n'
    yield STEPS.partition(b"\n")[2].replace(b"iPhone", b"&own;")


def _records(count: int, one: Callable[[int], str]) -> Iterator[bytes]:
    yield ROOT
    for first in range(0, count, 1_000):
        yield "".join(map(one, range(first, first + 1_000))).encode()
    yield b"</HealthData>\n"


def many_sources(count: int) -> Iterator[bytes]:
    """Tiny records, each of a source of its own."""
    return _records(count, lambda at: record("2026-11-01 07:00", "2026-11-01 07:01", 1, f"source {at}"))


def many_days(count: int) -> Iterator[bytes]:
    """Tiny records, each on a day of its own of one of a few sources."""
    first = date(2000, 1, 1)

    def one(at: int) -> str:
        on = first + timedelta(days=at % 36_000)
        return record(f"{on} 07:00", f"{on} 07:01", 1, f"source {at // 36_000}")

    return _records(count, one)


def many_days_of_a_table(count: int) -> Iterator[bytes]:
    """Rows of a table, each on a day of its own or of another source."""
    first = date(2000, 1, 1)
    yield b"date,steps,source\n"
    for begin in range(0, count, 1_000):
        rows = (f"{first + timedelta(days=at % 36_000)},1,{at // 36_000}\n" for at in range(begin, begin + 1_000))
        yield "".join(rows).encode()


def one_line_of_records() -> Iterator[bytes]:
    """50 MB of good records without a single end of line."""
    one = record("2026-11-01 07:00:00 +0800", "2026-11-01 07:10:00 +0800", 5).strip().encode()
    yield ROOT.strip()
    for _ in range(50):
        yield one * (MB // len(one))
    yield b"</HealthData>"


def one_row() -> Iterator[bytes]:
    """A table with one row of 50 MB."""
    yield HEADER
    for _ in range(50):
        yield b"2026-11-01,5," * (MB // 13)


def one_quoted_cell() -> Iterator[bytes]:
    """A table whose first cell is opened and never closed, with 3 MB of rows in it."""
    yield HEADER + b'"'
    for _ in range(3):
        yield b"2026-11-01,5\n" * (MB // 13)


def one_header() -> Iterator[bytes]:
    """A table that is all header."""
    for _ in range(50):
        yield b"date,steps," * (MB // 11)


def quotes() -> Iterator[bytes]:
    """Quotes and nothing else, which a careless pattern takes hours to understand."""
    yield HEADER
    for _ in range(5):
        yield (b'"' * 4_000 + b"\n" + b'"" "' * 1_000 + b"\n" + b'","' * 1_300 + b"\n") * (MB // 12_000)


def noise() -> Iterator[bytes]:
    """A table of pure chance."""
    chance = random.Random(5)
    yield HEADER
    for _ in range(10):
        yield chance.randbytes(MB)


NEVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def endless_view() -> Iterator[bytes]:
    """A database whose table of steps is a question that never ends."""
    yield health.database(f"CREATE VIEW steps_record_table AS {NEVER} SELECT i start_time, i end_time, i count FROM n")  # noqa: S608


def endless_apps() -> Iterator[bytes]:
    """A database whose list of apps never ends; its one row of steps is good."""
    at = 1_793_494_800_000
    yield health.database(
        f"CREATE VIEW application_info_table AS {NEVER} SELECT i row_id, 'a' package_name, 'a' app_name FROM n",  # noqa: S608
        health.STEPS,
        (
            f"INSERT INTO steps_record_table ({health.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [[1, at, at + 60_000, 5, 28_800, 28_800, 2]],
        ),
    )


def endless_column() -> Iterator[bytes]:
    """A database whose count is computed, from more than a computer has time for."""
    schema = "CREATE TABLE steps_record_table (start_time, end_time, count AS (zeroblob(900000000)) STORED, a)"
    yield health.database(schema)


def table_that_bites_its_tail() -> Iterator[bytes]:
    """A database in which a page of the table of steps says that it is its own child."""
    content = bytearray(health.fortnight()[0])
    size = 4_096
    inner = next(at for at in range(size, len(content), size) if content[at] == 5)  # a page of pages
    number = inner // size + 1
    content[inner + 8 : inner + 12] = number.to_bytes(4, "big")
    first = inner + int.from_bytes(content[inner + 12 : inner + 14], "big")
    content[first : first + 4] = number.to_bytes(4, "big")
    yield bytes(content)


def many_tables(count: int = 100_000) -> Iterator[bytes]:
    """A database of tables and nothing else; to know one, all must be understood."""
    one = "INSERT INTO sqlite_master VALUES ('table', ?, ?, 2, ?)"
    rows = ((f"t{at}", f"t{at}", f"CREATE TABLE t{at} (a, b, c, d, e, f, g, h)") for at in range(count))
    yield health.database("CREATE TABLE a (a)", "PRAGMA writable_schema = ON", (one, rows))


def large_database() -> Iterator[bytes]:
    """70 MB of a database that is all one blob, in the column of steps."""
    schema = "CREATE TABLE steps_record_table (start_time, end_time, count)"
    row = ("INSERT INTO steps_record_table VALUES (1, 1, ?)", [[bytes(70 * MB)]])
    yield health.database(schema, row)


def huge_messages() -> Iterator[bytes]:
    """A watch's file of messages that have 255 fields of 255 bytes, again and again defined."""
    definition = b"\x40\0\0\x37\0\xff" + b"\x03\xff\x86" * 255
    message = b"\0" + bytes(255 * 255)
    yield b"\x0c\x20\x54\x08\xff\xff\xff\xff.FIT"
    for _ in range(300):
        yield definition + message


def tiny_messages(count: int = 2_000_000) -> Iterator[bytes]:
    """A watch's file of messages without a single field, a byte each."""
    yield b"\x0c\x20\x54\x08\xff\xff\xff\xff.FIT" + fit.define(0, 55, {})
    for _ in range(count // 1_000_000):
        yield bytes(1_000_000)


def many_files(count: int = 200_000) -> Iterator[bytes]:
    """Empty files of a watch, one behind the other."""
    empty = fit.file(b"", header=12)
    for _ in range(count // 1_000):
        yield empty * 1_000


def one_track() -> Iterator[bytes]:
    """A track of one line of 20 MB."""
    yield b"tp=s-r;k=1793488200000;v=100;\ntp=s-r;k="
    for _ in range(20):
        yield b"1" * MB
