"""An uploaded file, opened with care: itself, or what is inside it when it is a zip; bombs are refused unopened."""

import io
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from integrations.contract import Part, Why

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

HEAD = 4096
BUFFER = 128 * 1024
MOST_DIRECTORY = 4 * 1024 * 1024  # bytes of a zip's directory: some 40,000 files
MOST_UNPACKED = 8 * 1024**3
MOST_RATIO = 200  # a health export of plain XML packs 20 to 40 times; bombs begin at a thousand
SMALL = 1024 * 1024  # bytes that may be packed as tightly as they like
_END = b"PK\5\6"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    OSError,
    ValueError,
)


class Unreadable(Exception):
    """A file, or a part of one, that cannot be read; `why` is the reason as problems name it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Upload:
    """A seekable file of bytes; `read_bytes` tells how far its opened parts have been read."""

    def __init__(self, file: BinaryIO) -> None:
        """Look at the file; raises `Unreadable` for a zip that is no good."""
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self.read_bytes = 0
        self._zip = self._unzip() if self._starts_with(b"PK\3\4", b"PK\5\6") else None

    def parts(self) -> list[Part]:
        """The files inside, or the file itself; one that cannot be opened has an empty head."""
        if self._zip is None:
            return [Part("", self.size, self._first())]
        return [
            Part(each.filename, each.file_size, self._head(each))
            for each in self._zip.infolist()
            if not each.filename.endswith("/")
        ]

    def open(self, part: Part) -> BinaryIO:
        """Open a part for reading; raises `Unreadable`, as does reading from it."""
        if self._zip is None:
            self._file.seek(0)
            return io.BufferedReader(_Watched(self._file, self), BUFFER)
        entry = self._zip.getinfo(part.name)
        if entry.flag_bits & 1:
            raise Unreadable("protected")
        if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) or entry.file_size > MOST_UNPACKED:
            raise Unreadable("bomb")
        # Other methods than stored and deflated are not written by any exporter, and unpack into unknown memory.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("damaged")
        try:
            return io.BufferedReader(_Watched(self._zip.open(entry), self), BUFFER)
        except _BROKEN:
            raise Unreadable("damaged") from None

    def _starts_with(self, *marks: bytes) -> bool:
        return self._first().startswith(marks)

    def _first(self) -> bytes:
        self._file.seek(0)
        return self._file.read(HEAD)

    def _unzip(self) -> zipfile.ZipFile:
        try:
            if _END not in self._last():
                raise Unreadable("ends_early")
            opened = zipfile.ZipFile(cast(BinaryIO, _Sipped(self._file)))
        except _BROKEN:
            raise Unreadable("damaged") from None
        # Sizes in a directory are only claims, and entries may share their bytes; the file's own size is true.
        if sum(each.file_size for each in opened.infolist()) > max(SMALL, MOST_RATIO * self.size):
            raise Unreadable("bomb")
        return opened

    def _last(self) -> bytes:
        self._file.seek(max(0, self.size - 65_557))  # the end of a directory with the longest comment
        return self._file.read()

    def _head(self, entry: zipfile.ZipInfo) -> bytes:
        assert self._zip is not None  # noqa: S101 - only called for a zip's own entries
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return b""
        try:
            with self._zip.open(entry) as stream:
                return stream.read(HEAD)
        except _BROKEN:
            return b""


class _Sipped:
    """A zip as its library sees it: it reads a directory at once, so no more is given at once than one may have.

    To look up the size that the directory claims would not do: there are several claims, and which one the library
    believes differs from version to version.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(MOST_DIRECTORY + 1 if size < 0 else min(size, MOST_DIRECTORY + 1))
        if len(piece) > MOST_DIRECTORY:
            raise Unreadable("bomb")
        return piece


class _Watched(io.RawIOBase):
    """A stream that counts what is read, and tells every kind of damage as `Unreadable`."""

    def __init__(self, inner: BinaryIO | IO[bytes], upload: Upload) -> None:
        self._inner = inner
        self._upload = upload

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        room = memoryview(buffer)
        try:
            piece = self._inner.read(len(room))
        except EOFError:
            raise Unreadable("ends_early") from None
        except _BROKEN:
            raise Unreadable("damaged") from None
        room[: len(piece)] = piece
        self._upload.read_bytes += len(piece)
        return len(piece)
