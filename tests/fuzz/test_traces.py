"""Whatever bytes are handed in as a recording: fixes in order, or a TraceError, soon and in little memory."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.replay import replay
from geo.trace import MOST_BYTES, MOST_FIXES, TraceError, read_trace
from tests.fuzz.budget import examples
from tests.fuzz.mutations import ABSURD, TEXTS, mutated
from tests.fuzz.places import PARKS
from tests.fuzz.recordings import as_gpx, as_json
from tests.walking import ROOT

SECONDS, MEGABYTES = 20, 512
LONGEST_REASON = 2_000

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {here} "{f"&{below};" * 10}">' for below, here in pairwise("abcdefghij"))
    + "]><gpx><trk><trkseg><trkpt lat='22' lon='114'><time>&j;</time></trkpt></trkseg></trk></gpx>"
).encode()
OUTSIDE_FILE = b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx><trk><name>&x;</name></trk></gpx>'


def filled(opening: bytes, piece: bytes, closing: bytes = b"") -> bytes:
    """As many pieces as the largest file that is looked at has room for."""
    return opening + piece * ((MOST_BYTES - len(opening) - len(closing)) // len(piece)) + closing


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "only blanks": lambda: b" \n" * 1000,
    "only a byte order mark": lambda: b"\xef\xbb\xbf",
    "too large": lambda: b" " * (MOST_BYTES + 1),
    "entity bomb": lambda: BOMB,
    "entity of a file": lambda: OUTSIDE_FILE,
    "a document type": lambda: b"<!DOCTYPE gpx><gpx/>",
    "unknown encoding": lambda: as_gpx(3, '<?xml version="1.0" encoding="klingon"?>'),
    "encoding that is no text": lambda: as_gpx(3, '<?xml version="1.0" encoding="base64"?>'),
    "encoding of many bytes": lambda: as_gpx(3, '<?xml version="1.0" encoding="big5hkscs"?>'),
    "encoding that it is not": lambda: as_gpx(3, '<?xml version="1.0" encoding="utf-16"?>'),
    "encoding with a NUL": lambda: as_gpx(3, '<?xml version="1.0" encoding="utf\0-8"?>'),
    "JSON as UTF-16": lambda: as_json(3).decode().encode("utf-16"),
    "GPX as UTF-16": lambda: as_gpx(3, "").decode().encode("utf-16"),
    "deep lists": lambda: b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b',"fixes":[]}',
    "deep lists without an end": lambda: filled(b"", b"["),
    "deep objects": lambda: b'{"a":' * 100_000,
    "deep elements": lambda: b"<gpx>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</gpx>",
    "deep elements without an end": lambda: filled(b"<gpx>", b"<a>"),
    "deep extensions": lambda: as_gpx(1).replace(b"<hAcc>", b"<a>" * 100_000 + b"<hAcc>").replace(
        b"</hAcc>", b"</hAcc>" + b"</a>" * 100_000
    ),
    "very many elements": lambda: filled(b"<gpx>", b"<a/>", b"</gpx>"),
    "very many attributes": lambda: b"<gpx " + b" ".join(b'a%d=""' % number for number in range(200_000)) + b"/>",
    "very many fixes": lambda: filled(b'{"fixes":[', b'{"t":"","lat":0,"lon":0},', b'{"t":"","lat":0,"lon":0}]}'),
    "very many points": lambda: filled(b"<gpx><trk><trkseg>", b"<trkpt/>", b"</trkseg></trk></gpx>"),
    "a huge number": lambda: b'{"fixes":[{"t":"2024-11-02T10:00:00Z","lat":' + b"9" * 1_000_000 + b',"lon":1}]}',
    "a huge number in GPX": lambda: b'<gpx><trk><trkseg><trkpt lat="' + b"9" * 1_000_000 + b'" lon="1"><time>'
    b"2024-11-02T10:00:00Z</time></trkpt></trkseg></trk></gpx>",
    "a huge time": lambda: b'{"fixes":[{"t":"' + b"2" * 1_000_000 + b'","lat":1,"lon":1}]}',
    "a huge root": lambda: b"<" + b"g" * 1_000_000 + b"/>",
}  # fmt: skip


def assert_read_or_refused(content: bytes) -> None:
    """Either fixes, each later than the one before, or the one error with a sentence of some length."""
    try:
        fixes = read_trace(content)
    except TraceError:
        return
    assert 0 < len(fixes) <= MOST_FIXES
    assert all(one.at < next_one.at for one, next_one in pairwise(fixes))
    json.dumps(replay(fixes[:500], PARKS).as_dict(), allow_nan=False)


@given(mutated(as_json(6), as_json(60), as_gpx(6), as_gpx(60)))
@examples(6000)
def test_a_recording_that_was_damaged(content: bytes) -> None:
    assert_read_or_refused(content)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"{" + rest) | st.text().map(str.encode))
@examples(2000)
def test_bytes_that_never_were_a_recording(content: bytes) -> None:
    assert_read_or_refused(content)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(TEXTS).map(repr)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
FIELD = st.sampled_from(("t", "lat", "lon", "accuracy_m", "speed_mps"))
A_FIX = st.dictionaries(FIELD, ANYTHING | st.datetimes().map(lambda at: at.isoformat() + "Z"))


@given(st.fixed_dictionaries({"fixes": st.lists(A_FIX, max_size=5) | ANYTHING}) | ANYTHING)
@examples(2000)
def test_json_of_any_shape(document: object) -> None:
    assert_read_or_refused(json.dumps(document).encode())


ATTRIBUTE = st.sampled_from(ABSURD) | st.floats().map(lambda value: repr(value).encode()) | st.just(b"22.3")
A_TIME = st.sampled_from(TEXTS) | st.datetimes().map(lambda at: at.isoformat().encode())
A_POINT = st.builds(
    lambda lat, lon, at, accuracy: b"<trkpt lat='%s' lon='%s'><time>%s</time><extensions><hAcc>%s</hAcc></extensions>"
    b"</trkpt>" % (lat.replace(b'"', b""), lon.replace(b'"', b""), at, accuracy),
    ATTRIBUTE, ATTRIBUTE, A_TIME, ATTRIBUTE,
)  # fmt: skip


@given(st.lists(A_POINT, min_size=1, max_size=4))
@examples(2000)
def test_points_with_absurd_figures(points: list[bytes]) -> None:
    assert_read_or_refused(b"<gpx><trk><trkseg>" + b"".join(points) + b"</trkseg></trk></gpx>")


# The largest of these would not fit beside each other, and what one of them takes can only be told in a fresh process.
ALONE = """
import re, sys, time
from pathlib import Path
from geo.trace import TraceError, read_trace
def most_kilobytes(): return int(re.search("VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
content = sys.stdin.buffer.read()
before, began = most_kilobytes(), time.monotonic()
try:
    outcome = f"{len(read_trace(content))} fixes"
except TraceError as refused:
    outcome = f"refused in {len(str(refused))} characters"
print(outcome, time.monotonic() - began, most_kilobytes() - before, sep="|")
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_recordings_are_answered_soon_and_in_little_memory(name: str) -> None:
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, cwd=ROOT, input=HOSTILE[name](), capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()[-600:]
    outcome, seconds, kilobytes = done.stdout.decode().split("|")
    assert float(seconds) < SECONDS
    assert int(kilobytes) < MEGABYTES * 1024
    length = re.fullmatch(r"refused in (\d+) characters", outcome)
    assert length is None or 0 < int(length[1]) <= LONGEST_REASON
