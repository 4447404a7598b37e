"""Bodies of requests: mostly right, so that they come past the first check, and wrong in one place or another."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.builders import MORNING, PLACE
from tests.fuzz.doors import ROLES
from tests.fuzz.mutations import mutated
from tests.fuzz.nasties import MOMENTS, NUMBERS, RAW, TEXTS

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
RAW_MARKS = [f"<raw {number}>" for number in range(len(RAW))]
ODD = st.sampled_from(TEXTS) | st.sampled_from(NUMBERS) | ANY_JSON | st.sampled_from(RAW_MARKS)


def written(body: Any) -> bytes:
    """A body as bytes, what is marked as raw unquoted."""
    text = json.dumps(body)
    for mark, raw in zip(RAW_MARKS, RAW, strict=True):
        text = text.replace(f'"{mark}"', raw)
    return text.encode("utf-8", "surrogateescape")


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Good three times in four, else anything."""
    return st.integers(0, 3).flatmap(lambda dice: good if dice else ODD)


ANY_FIX = st.fixed_dictionaries(
    {
        "fixed_at": mostly(st.sampled_from(MOMENTS)),
        "lat": mostly(st.just(PLACE[0])),
        "lon": mostly(st.just(PLACE[1])),
    },
    optional={"accuracy_m": mostly(st.just(8.0)), "speed_mps": mostly(st.just(1.0)), "more": ODD},
)
GOOD_FIX = st.builds(
    lambda by, accuracy: {
        "fixed_at": (MORNING + timedelta(seconds=by)).isoformat(),
        "lat": PLACE[0] + by * 1e-6,
        "lon": PLACE[1],
        "accuracy_m": accuracy,
    },
    st.integers(-300, 100),
    st.sampled_from([None, 0, 5.5, 100, 1e6]),
)
CLIENT_ID = mostly(st.sampled_from("abc") | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
FIXES = st.fixed_dictionaries({"fixes": mostly(st.lists(ANY_FIX | GOOD_FIX, min_size=1, max_size=61))})
SIGN_IN = st.fixed_dictionaries({"name": mostly(st.sampled_from(ROLES)), "password": mostly(st.text(max_size=9))})
GOOD = written({"fixes": [{"fixed_at": MORNING.isoformat(), "lat": PLACE[0], "lon": PLACE[1]}]})
# Bytes that may not be JSON at all; the last is larger than the server takes.
BYTES = (
    mutated(GOOD)
    | st.binary(max_size=100)
    | st.sampled_from([written(mark) for mark in RAW_MARKS])
    | st.sampled_from([b"", b"null", b"[]", b"{}", b'"x"', b"0", b"\xef\xbb\xbf{}", b"a=b&c=d"])
    | st.just(b"{" + b" " * 262_144 + b"}")
)


def captures(drops: list[str]) -> st.SearchStrategy[Any]:
    """Attempts at drops that there are, or are not."""
    drop = st.sampled_from(drops) | st.uuids().map(str)
    fix = ANY_FIX | GOOD_FIX
    return st.fixed_dictionaries(
        {"client_id": CLIENT_ID, "drop_id": mostly(drop), "fix": mostly(fix)},
        optional={"trail": mostly(st.lists(fix, max_size=20)), "more": ODD},
    )
