"""The recorded walk as the files that people hand in, short enough to be tried thousands of times."""

import json
from typing import Any

from tests.walking import WALK

FIXES: list[dict[str, Any]] = json.loads(WALK.read_text("utf-8"))["fixes"]


def as_json(count: int) -> bytes:
    """The first fixes of the walk as our own JSON."""
    return json.dumps({"fixes": FIXES[:count]}).encode()


def as_gpx(count: int, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """The first fixes of the walk as GPX 1.1, with an accuracy as recorders add it."""
    points = "".join(
        f'<trkpt lat="{fix["lat"]}" lon="{fix["lon"]}"><time>{fix["t"]}</time>'
        f"<extensions><hAcc>{fix['accuracy_m']}</hAcc></extensions></trkpt>"
        for fix in FIXES[:count]
    )
    root = '<gpx version="1.1" creator="a phone" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}{root}<trk><trkseg>{points}</trkseg></trk></gpx>".encode()
