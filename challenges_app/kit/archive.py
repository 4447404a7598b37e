"""A zip of what is known, for people to keep: texts, JSON, and tables that a spreadsheet opens without harm."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger goes to a file without a name
PIECE = 64 * 1024
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Archive:
    """A zip that is being filled; `close` gives the whole of it, to be read from its start."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever reads it
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def text(self, name: str, text: str) -> None:
        """Add a text; lines end as every system reads them, and the mark at the start says that it is UTF-8."""
        self._zip.writestr(name, "\ufeff" + text.replace("\n", "\r\n"))

    def json(self, name: str, value: Any) -> None:
        """Add a value as JSON."""
        self._zip.writestr(name, json.dumps(value, ensure_ascii=False, indent=1))

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows of the same columns, at least one, as `name.json` and `name.csv`."""
        self.json(f"{name}.json", rows)
        self._zip.writestr(f"{name}.csv", as_csv(rows))

    def close(self) -> IO[bytes]:
        """End the zip."""
        self._zip.close()
        self._file.seek(0)
        return self._file


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of the same columns, at least one, as CSV with a mark that it is UTF-8, for spreadsheets."""
    into = io.StringIO(newline="")
    writer = csv.writer(into)
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return "\ufeff" + into.getvalue()


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file, piece by piece; it is closed afterwards."""
    with file:
        while piece := file.read(PIECE):
            yield piece


def _cell(value: Any) -> Any:
    """A value as a cell: lists as JSON, and a text that a spreadsheet would work out like a formula behind a quote."""
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_FORMULA) else value
