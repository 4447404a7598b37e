"""Files that live for minutes, sealed while they lie on the disk: AES-256-GCM in chunks, a fresh key for each file.

A sealed file is a row of chunks of 64 KiB plain text (the last may be shorter, and is empty in an empty file), each
followed by its tag of 16 bytes. A key seals one file only, so a chunk's number is its nonce; number and "is the last"
are bound to it, so that a chunk swapped, dropped or cut off is found as surely as a changed byte.
"""

import errno
import io
import os
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 64 * 1024
TAG = 16
_NAME = re.compile(r"[0-9a-f]{32}")


class FileTooLarge(Exception):
    """More bytes came than were allowed."""


class DamagedFile(OSError):
    """A sealed file that does not open: changed, cut off, or another key; an `OSError`, as any failure to read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was put away: its name in the folder, the only copy of its key, and its plain size in bytes."""

    name: str
    key: bytes = field(repr=False)
    size: int


class Files:
    """A folder of sealed files; making this object touches no disk. Names come from `put`, others raise ValueError.

    `apart` runs what may wait long for the disk without holding up the others of its thread.
    """

    def __init__(self, folder: Path, apart: Callable[..., Any] = lambda call, arguments: call(*arguments)) -> None:
        self._folder = folder
        self._apart = apart

    def put(self, pieces: Iterable[bytes], most: int) -> Kept:
        """Seal what comes into a new file that is on the disk when this returns; whatever fails leaves no file behind.

        Raises FileTooLarge after more than `most` plain bytes, OSError when the disk does, and what `pieces` raises.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name, key = secrets.token_hex(16), AESGCM.generate_key(256)
        path = self.path(name)
        try:
            with open(path, "xb", opener=_private) as file:
                size = _seal(pieces, most, key, file)
                file.flush()
                self._apart(os.fsync, (file.fileno(),))
            _sync(self._folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Kept(name, key, size)

    def path(self, name: str) -> Path:
        """Where a file lies, for `open_sealed` in another process."""
        if not _NAME.fullmatch(name):
            raise ValueError("that is no name of a sealed file")
        return self._folder / name

    def open(self, name: str, key: bytes) -> BinaryIO:
        """The plain bytes; see `open_sealed`."""
        return open_sealed(self.path(name), key)

    def remove(self, name: str) -> None:
        """Remove a file, or find it gone already."""
        self.path(name).unlink(missing_ok=True)

    def names_older_than(self, moment: datetime) -> list[str]:
        """Files last written before an aware moment, for a sweeper; also what a killed process left half-way."""
        if not self._folder.is_dir():
            return []
        named = (each for each in self._folder.iterdir() if _NAME.fullmatch(each.name))
        return sorted(each.name for each in named if _written(each) < moment.timestamp())


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # removed since it was listed
        return float("inf")


def open_sealed(path: Path, key: bytes) -> BinaryIO:
    """The plain bytes of a sealed file, seekable, a few chunks in memory, one chunk opened for a jump anywhere.

    Raises DamagedFile when opening for a wrong key or a missing end, and when reading for any other damage.
    """
    # The cast tells what is so: a BufferedReader is a BinaryIO in everything but its declaration.
    return cast(BinaryIO, io.BufferedReader(_Plain(path, key), CHUNK))


class _Plain(io.RawIOBase):
    """The plain bytes; the last opened chunk is kept at hand."""

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__()
        self._at = 0
        self._sealer = AESGCM(key)
        self._file = open(path, "rb")  # noqa: SIM115 - closed by `close`
        try:
            sealed = os.fstat(self._file.fileno()).st_size
            self._last = max(sealed - 1, 0) // (CHUNK + TAG)
            self._size = sealed - (self._last + 1) * TAG
            # Opening the last chunk first finds a file that was cut off before half of it has been believed.
            self._opened, self._chunk = self._last, self._read(self._last)
        except BaseException:
            self._file.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            # What a real file raises; readers of zip files rely on it when they look for an end that is not there.
            raise OSError(errno.EINVAL, "there is nothing before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill from one chunk at most, so that the next read begins at a chunk's border."""
        if self._at >= self._size:
            return 0
        number, skipped = divmod(self._at, CHUNK)
        if number != self._opened:
            self._opened, self._chunk = number, self._read(number)
        target = memoryview(buffer).cast("B")
        part = self._chunk[skipped : skipped + len(target)]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._chunk = b""
            self._file.close()
        super().close()

    def _read(self, number: int) -> bytes:
        self._file.seek(number * (CHUNK + TAG))
        sealed = self._file.read(CHUNK + TAG)
        try:
            return self._sealer.decrypt(_nonce(number), sealed, _place(number, number == self._last))
        except InvalidTag:
            raise DamagedFile(f"chunk {number} of a sealed file does not open") from None


def _seal(pieces: Iterable[bytes], most: int, key: bytes, file: BinaryIO) -> int:
    """Write the sealed chunks and return the plain size; a chunk waits until it is known whether it is the last."""
    sealer, waiting, size, number = AESGCM(key), bytearray(), 0, 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise FileTooLarge(f"more than {most} bytes")
        waiting += piece
        while len(waiting) > CHUNK:
            file.write(sealer.encrypt(_nonce(number), waiting[:CHUNK], _place(number, last=False)))
            del waiting[:CHUNK]
            number += 1
    file.write(sealer.encrypt(_nonce(number), waiting, _place(number, last=True)))
    return size


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(number: int, last: bool) -> bytes:
    return number.to_bytes(8, "big") + bytes([last])


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Put the folder's list of names on the disk; without it a power cut leaves a row that points at no file."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
