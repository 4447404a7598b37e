"""QR codes as the path of a picture, for pages and printed cards."""

import segno
from pydantic import BaseModel


class QrCode(BaseModel):
    """A QR code: draw `path` with a stroke of 1 in a box of `size` by `size`, on white, with its quiet zone inside."""

    size: int
    path: str


QUIET = 4  # modules around it (ISO/IEC 18004)


def qr(text: str) -> QrCode:
    """The code of a text, error correction M; a line of the path for each row of dark modules."""
    made = segno.make(text, error="m", micro=False)
    rows = list(made.matrix_iter(border=QUIET))
    lines = (f"M{x} {y}.5h{length}" for y, row in enumerate(rows) for x, length in _runs(list(row)))
    return QrCode(size=len(rows), path="".join(lines))


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Where dark stretches of a row begin, and how long they are."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((x, 1))
    return found
