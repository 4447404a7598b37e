"""Uploaded files: what is inside a zip, and zips that lie, burst, break off or hide."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from integrations.upload import HEAD, MOST_DIRECTORY, SMALL, Unreadable, Upload
from tests.integrations.files import counted, export, outcome, record, table, whys, zipped

STEPS = table("date,steps", "2026-11-01,5")
OTHER = table("date,steps", "2026-11-02,7")
BOTH = {("", "2026-11-01"): 5, ("", "2026-11-02"): 7}


def patched(content: bytes, sign: bytes, at: int, value: bytes, *, first: bool = True) -> bytes:
    """A zip with some bytes after a signature replaced: of the first such record or the last."""
    begins = (content.find(sign) if first else content.rfind(sign)) + at
    return content[:begins] + value + content[begins + len(value) :]


def in_directory(content: bytes, at: int, value: bytes) -> bytes:
    """A zip whose directory says something else of its first entry."""
    return patched(content, b"PK\1\2", at, value)


def in_both(content: bytes, local: int, at: int, value: bytes) -> bytes:
    """A zip that says something else both before an entry and in its directory."""
    return in_directory(patched(content, b"PK\3\4", local, value), at, value)


def why(content: bytes) -> str:
    """Why a file cannot be used at all, or `fine`."""
    found = outcome(content)
    return found.problems[0].why if found.problems else "fine"


def test_a_file_by_itself_and_in_a_zip_are_the_same() -> None:
    assert outcome(STEPS).days == outcome(zipped({"steps.csv": STEPS})).days
    assert outcome(STEPS).days == outcome(zipped({"steps.csv": STEPS}, zipfile.ZIP_STORED)).days


def test_several_files_of_a_zip_are_all_read_and_others_left_alone() -> None:
    files = {
        "a/": b"",
        "a/one.csv": STEPS,
        "photo.png": b"\x89PNG" + bytes(100),
        "b/two.csv": OTHER,
        "readme.txt": b"hi",
    }
    assert counted(outcome(zipped(files))) == BOTH


def test_parts_have_their_first_bytes_only() -> None:
    (part,) = Upload(io.BytesIO(zipped({"x": b"ab" * HEAD}))).parts()
    assert (part.name, part.size, len(part.head)) == ("x", 2 * HEAD, HEAD)


def test_what_nobody_knows_is_not_recognised() -> None:
    for content in (b"", b"\n", b"hello", b"\x89PNG", zipped({}), zipped({"a.txt": b"hello"}), bytes(100_000)):
        assert whys(outcome(content)) == [(None, "not_recognised")]


def test_a_zip_inside_a_zip_is_not_opened() -> None:
    assert why(zipped({"inner.zip": zipped({"steps.csv": STEPS})})) == "not_recognised"
    assert counted(outcome(zipped({"inner.zip": zipped({"x": STEPS}), "steps.csv": STEPS}))) == {("", "2026-11-01"): 5}


def test_a_part_that_bursts_is_refused_unopened() -> None:
    bomb = STEPS + b"," * 20_000_000
    tracemalloc.start()
    found = outcome(zipped({"steps.csv": bomb, "more.bin": bytes(range(256)) * 2_000}))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert whys(found) == [(None, "bomb")]
    assert found.readings == 0
    assert most < 4_000_000


def test_a_bomb_beside_good_files_costs_only_itself() -> None:
    noise = b"".join(struct.pack("<d", n**0.5) for n in range(20_000))
    found = outcome(zipped({"a.csv": STEPS, "bomb.csv": STEPS + b"," * 5_000_000, "b.csv": OTHER, "noise": noise}))
    assert counted(found) == BOTH
    assert whys(found) == [(None, "bomb")]


def test_many_small_parts_together_may_not_burst_either() -> None:
    assert why(zipped({f"{at}.csv": STEPS + b"," * (SMALL - 100) for at in range(20)})) == "bomb"


def test_a_small_file_may_be_packed_tightly() -> None:
    assert why(zipped({"steps.csv": STEPS + b"\n" * (SMALL - 100)})) == "fine"


def test_a_part_cannot_claim_to_be_packed_less_tightly_than_it_is() -> None:
    bomb = zipped({"steps.csv": STEPS + b"," * 20_000_000})
    assert why(in_directory(bomb, 20, struct.pack("<I", 20_000_000))) == "bomb"


def test_a_part_is_read_as_far_as_it_says_and_no_further() -> None:
    rows = table("date,steps", *[f"2026-11-0{day},{day}" for day in range(1, 9)])
    packed = zipped({"steps.csv": rows, "noise": bytes(range(256)) * 8})
    assert why(in_both(packed, 22, 24, struct.pack("<I", 30))) == "damaged"
    longer = outcome(in_both(packed, 22, 24, struct.pack("<I", 100_000)))
    assert longer.days == outcome(rows).days


def forged_end(entries: int) -> bytes:
    """A zip with a giant directory, whose end has a second signature in its disk numbers."""
    directory = (b"PK\1\2" + bytes(42)) * entries
    end = b"PK\5\6" + b"PK\5\6" + struct.pack("<HHII", 65535, 65535, len(directory), 30) + b"\0\0"
    return b"PK\3\4" + bytes(26) + directory + end


def honest_end(entries: int) -> bytes:
    """A zip with a giant directory that says so."""
    directory = (b"PK\1\2" + bytes(42)) * entries
    end = b"PK\5\6" + struct.pack("<HHHHII", 0, 0, 65535, 65535, len(directory), 30) + b"\0\0"
    return b"PK\3\4" + bytes(26) + directory + end


@pytest.mark.parametrize("ends", [honest_end, forged_end])
def test_a_giant_directory_is_not_read(ends: Callable[[int], bytes]) -> None:
    content = io.BytesIO(ends(10 * MOST_DIRECTORY // 46))
    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        Upload(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.why == "bomb"
    assert most < 3 * MOST_DIRECTORY


def test_a_giant_directory_of_a_large_zip_is_not_read_either() -> None:
    # Zip64: the true size stands in a record before the locator, wherever the locator points.
    directory = (b"PK\1\2" + bytes(42)) * (2 * MOST_DIRECTORY // 46)
    start = 30
    end64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 9, 9, len(directory), start)
    small = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 0, 0, 0, start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, 0, 1)
    end = b"PK\5\6" + struct.pack("<HHHHII", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF) + b"\0\0"
    for record64 in (end64, small):
        content = b"PK\3\4" + small[:26] + directory + record64 + locator + end
        assert why(content) in ("bomb", "not_recognised", "damaged")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda packed: in_both(packed, 6, 8, b"\1\0"), "protected"),
        (lambda packed: in_both(packed, 8, 10, struct.pack("<H", 12)), "damaged"),
        (lambda packed: in_both(packed, 8, 10, struct.pack("<H", 99)), "damaged"),
        (lambda packed: in_both(packed, 14, 16, b"\0\0\0\0"), "damaged"),
    ],
    ids=["encrypted", "bzip2", "unknown method", "wrong checksum"],
)
def test_parts_that_cannot_be_opened_say_why(change: Callable[[bytes], bytes], says: str) -> None:
    packed = change(zipped({"export.xml": export(record("2026-11-01 07:00", "2026-11-01 07:10", 5))}))
    assert why(packed) == says
    upload = Upload(io.BytesIO(packed))
    (part,) = upload.parts()

    def read() -> bytes:
        return upload.open(part).read()

    with pytest.raises(Unreadable) as refused:
        read()
    assert refused.value.why == says


@pytest.mark.parametrize(("name", "says"), [(b"\0", "fine"), (b"/", "not_recognised")])
def test_a_part_may_have_no_name(name: bytes, says: str) -> None:
    packed = zipped({"a": STEPS})
    assert why(patched(patched(packed, b"PK\1\2", 46, name), b"PK\3\4", 30, name)) == says


def test_a_truncated_zip_says_that_it_ends_early() -> None:
    packed = zipped({"steps.csv": STEPS, "more.csv": OTHER})
    assert {why(packed[:at]) for at in range(4, len(packed) - 22)} == {"ends_early"}
    for at in range(len(packed) - 22, len(packed)):
        assert why(packed[:at]) in ("ends_early", "damaged")


def test_no_byte_of_a_zip_can_be_changed_so_that_anything_is_raised() -> None:
    packed = zipped({"steps.csv": STEPS})
    for at in range(len(packed)):
        for bit in (1, 128):
            outcome(packed[:at] + bytes([packed[at] ^ bit]) + packed[at + 1 :])


def test_the_share_that_was_read_moves() -> None:
    rows = [f"{1 + at % 28}/{1 + at // 28 % 12}/2026,{at},source number {at % 9}" for at in range(20_000)]
    upload = Upload(io.BytesIO(zipped({"steps.csv": table("date,steps,source", *rows)})))
    (part,) = upload.parts()
    stream, seen = upload.open(part), [0]
    while stream.read(50_000):
        seen.append(upload.read_bytes)
    assert seen == sorted(seen)
    assert seen[-1] == part.size
    assert len(set(seen)) > 3
