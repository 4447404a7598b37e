"""Sealed files: what was put in comes out, anywhere in it, and whatever was changed on the disk is found."""

import io
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges_app.kit.files import CHUNK, TAG, DamagedFile, Files, FileTooLarge, Kept, open_sealed

MOST = 8 * CHUNK
SEALED = CHUNK + TAG
BORDERS = st.builds(lambda chunks, off: max(chunks * CHUNK + off, 0), st.integers(0, 3), st.integers(-2, 2))


def content(size: int) -> bytes:
    """Bytes that are nowhere alike: each group of eight is its own number."""
    return b"".join(number.to_bytes(8, "big") for number in range(size // 8 + 1))[:size]


def put(folder: Path, plain: bytes) -> tuple[Files, Kept]:
    """A folder with this one file, handed over in two pieces."""
    files = Files(folder)
    return files, files.put([plain[: len(plain) // 3], plain[len(plain) // 3 :]], MOST)


def on_disk(folder: Path) -> list[Path]:
    """What lies in the folder, if there is one."""
    return list(folder.iterdir()) if folder.exists() else []


@settings(max_examples=40, deadline=None)
@given(size=BORDERS, piece=st.sampled_from([1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]))
def test_what_was_put_in_comes_out_however_it_was_cut(size: int, piece: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, plain = Files(Path(folder)), content(size)
        kept = files.put((plain[at : at + piece] for at in range(0, size, piece)), MOST)
        with files.open(kept.name, kept.key) as file:
            assert file.read() == plain
        assert kept.size == size


@settings(max_examples=25, deadline=None)
@given(
    size=BORDERS,
    jumps=st.lists(st.tuples(st.integers(0, 3 * CHUNK + 9), st.sampled_from([0, 1, 7, CHUNK, CHUNK + 1])), max_size=12),
)
def test_jumping_about_reads_what_bytes_in_memory_would(size: int, jumps: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, kept = put(Path(folder), content(size))
        plain = io.BytesIO(content(size))
        with files.open(kept.name, kept.key) as file:
            assert file.seek(0, os.SEEK_END) == plain.seek(0, os.SEEK_END)
            for to, count in jumps:
                assert file.seek(to) == plain.seek(to)
                assert file.read(count) == plain.read(count)
                assert file.tell() == plain.tell()


def test_a_zip_file_is_read_in_place(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("first", content(3 * CHUNK))
        archive.writestr("second", b"after")
    files, kept = put(tmp_path, packed.getvalue())
    with files.open(kept.name, kept.key) as file, zipfile.ZipFile(file) as archive:
        assert archive.read("second") == b"after"
        assert archive.read("first") == content(3 * CHUNK)


def test_a_file_too_short_for_a_zip_is_simply_none(tmp_path: Path) -> None:
    files, kept = put(tmp_path, b"short")
    with files.open(kept.name, kept.key) as file:
        assert not zipfile.is_zipfile(file)


def damaged(kept: Kept, path: Path, sealed: bytes) -> bool:
    """Whether reading all of this sealed file is a `DamagedFile`."""
    path.write_bytes(sealed)
    try:
        with open_sealed(path, kept.key) as file:
            file.read()
    except DamagedFile:
        return True
    return False


def test_every_flipped_bit_of_a_small_file_is_found(tmp_path: Path) -> None:
    files, kept = put(tmp_path, b"steps of one day")
    path = files.path(kept.name)
    sealed = path.read_bytes()
    assert not damaged(kept, path, sealed)
    for place in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[place // 8] ^= 1 << place % 8
        assert damaged(kept, path, bytes(flipped)), place


@pytest.mark.parametrize("place", [0, CHUNK - 1, CHUNK, SEALED - 1, SEALED, 2 * SEALED - 1, 2 * SEALED, -TAG - 1, -1])
def test_a_flipped_byte_in_any_chunk_is_found(tmp_path: Path, place: int) -> None:
    files, kept = put(tmp_path, content(2 * CHUNK + 100))
    path = files.path(kept.name)
    flipped = bytearray(path.read_bytes())
    flipped[place] ^= 1
    assert damaged(kept, path, bytes(flipped))


def chunks_of(sealed: bytes) -> list[bytes]:
    """A sealed file's chunks as they lie on the disk."""
    return [sealed[at : at + SEALED] for at in range(0, len(sealed), SEALED)]


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 2], [1, 2], [0, 1], [0], [2], [0, 1, 2, 2], []])
def test_swapped_repeated_and_dropped_chunks_are_found(tmp_path: Path, order: list[int]) -> None:
    files, kept = put(tmp_path, content(3 * CHUNK))
    path = files.path(kept.name)
    chunks = chunks_of(path.read_bytes())
    assert not damaged(kept, path, b"".join(chunks))
    assert damaged(kept, path, b"".join(chunks[number] for number in order))


@pytest.mark.parametrize("size", [0, 5, CHUNK, CHUNK + 5])
def test_every_way_of_cutting_off_or_adding_is_found(tmp_path: Path, size: int) -> None:
    files, kept = put(tmp_path, content(size))
    path = files.path(kept.name)
    sealed = path.read_bytes()
    for less in (1, TAG - 1, TAG, TAG + 1, len(sealed)):
        assert damaged(kept, path, sealed[: max(len(sealed) - less, 0)])
    assert damaged(kept, path, sealed + b"\0")


def test_a_missing_end_is_found_before_the_beginning_is_believed(tmp_path: Path) -> None:
    files, kept = put(tmp_path, content(2 * CHUNK))
    path = files.path(kept.name)
    path.write_bytes(chunks_of(path.read_bytes())[0])
    with pytest.raises(DamagedFile):
        files.open(kept.name, kept.key)


def test_another_files_key_does_not_open_it(tmp_path: Path) -> None:
    files, kept = put(tmp_path, b"mine")
    other = files.put([b"theirs"], MOST)
    assert kept.key != other.key
    with pytest.raises(DamagedFile):
        files.open(kept.name, other.key)


@pytest.mark.parametrize("most", [0, 9, CHUNK, 2 * CHUNK])
def test_one_byte_too_many_leaves_no_file(tmp_path: Path, most: int) -> None:
    files = Files(tmp_path / "files")
    with pytest.raises(FileTooLarge):
        files.put([content(most), b"x"], most)
    assert on_disk(tmp_path / "files") == []
    assert files.put([content(most)], most).size == most


def test_a_sender_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield content(2 * CHUNK)
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        Files(tmp_path / "files").put(pieces(), MOST)
    assert on_disk(tmp_path / "files") == []


def test_nothing_plain_lies_on_the_disk_and_nobody_else_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "files"
    secret = b"born 1 March 2013, heart rate 92; "
    files, kept = put(folder, secret * 5000)
    (path,) = on_disk(folder)
    sealed = path.read_bytes()
    assert not any(part in sealed for part in (secret, b"March", b"heart", kept.key))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert files.path(kept.name) == path


def test_the_key_does_not_show_when_printed(tmp_path: Path) -> None:
    _, kept = put(tmp_path, b"x")
    assert repr(kept) == f"Kept(name={kept.name!r}, size=1)"


def test_the_same_content_is_never_sealed_the_same_way_twice(tmp_path: Path) -> None:
    files, first = put(tmp_path, b"x" * 100)
    second = files.put([b"x" * 100], MOST)
    assert files.path(first.name).read_bytes() != files.path(second.name).read_bytes()


def test_removing_twice_is_no_failure(tmp_path: Path) -> None:
    files, kept = put(tmp_path, b"x")
    files.remove(kept.name)
    files.remove(kept.name)
    with pytest.raises(FileNotFoundError):
        files.open(kept.name, kept.key)


@pytest.mark.parametrize("name", ["", ".", "../x", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "a" * 31 + "/"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    files = Files(tmp_path)
    for use in (files.path, files.remove, lambda each: files.open(each, bytes(32))):
        with pytest.raises(ValueError, match="no name"):
            use(name)


def test_a_sweeper_finds_what_is_old_and_nothing_else(tmp_path: Path) -> None:
    files, old = put(tmp_path, b"x")
    new = files.put([b"y"], MOST)
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    for name, written in ((old.name, moment - timedelta(seconds=1)), (new.name, moment)):
        os.utime(files.path(name), (written.timestamp(),) * 2)
    (tmp_path / "somebody else's").touch()
    os.utime(tmp_path / "somebody else's", (0, 0))
    assert files.names_older_than(moment) == [old.name]
    assert sorted(files.names_older_than(moment + timedelta(seconds=1))) == sorted([old.name, new.name])


def test_making_it_touches_no_disk(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    assert files.names_older_than(datetime(2026, 5, 1, tzinfo=UTC)) == []
    files.remove("a" * 32)
    assert on_disk(tmp_path) == []
