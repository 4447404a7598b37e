"""A keyed fingerprint of movement: a replay is recognised though no position is ever kept.

A phone's noise makes every real movement unlike any other down to the last decimal. A *shingle* is a run of
consecutive movements, each the exact difference of two positions, reaching back from the newest until it holds eight
different ones. Of the HMACs of all shingles those are kept, as *marks*, whose first two bits are zero: about one
movement in four.

So a mark depends on nothing but a few movements. It is the same wherever a recording starts or stops, whatever its
clock says, however fast it is played, forwards or backwards, and in whatever place near the same latitude it is laid.
It cannot be turned back into places: not without the key, and with it only by guessing eight movements at once.
"""

from collections.abc import Iterable
from datetime import datetime
from hmac import digest
from struct import pack
from typing import Final

import msgspec

from geo.fix import Fix

UNITS_PER_DEGREE: Final = 10_000_000  # about a centimetre: phones and files give seven decimals or more
DIFFERENT: Final = 8  # tens of bits even on a phone that rounds to a metre
LONGEST: Final = 32  # whoever needs more to get there moves too evenly to be told from another
MARK_BYTES: Final = 16

# One mark may be met by a wonder, four of the last twelve only by a copy.
SEEN_MARKS: Final = 4
OF_LAST: Final = 12

Movement = tuple[int, int]  # north and east, in units


class Trail(msgspec.Struct, frozen=True, array_like=True):
    """The last fix, and the movements that led to it; enough to go on marking."""

    at: datetime | None = None
    place: tuple[float, float] = (0.0, 0.0)  # lat, lon
    recent: tuple[Movement, ...] = ()


NO_TRAIL: Final = Trail()


def trailed(trail: Trail, fix: Fix, key: bytes) -> tuple[Trail, bytes | None]:
    """The trail with one more fix, and the mark that this completes, if it does.

    Standing still is no movement, so a pause of any length changes nothing.
    """
    if trail.at is None:
        return Trail(fix.at, (fix.lat, fix.lon)), None
    lat, lon = trail.place
    step = round((fix.lat - lat) * UNITS_PER_DEGREE), round((fix.lon - lon) * UNITS_PER_DEGREE)
    if step == (0, 0):
        return Trail(fix.at, trail.place, trail.recent), None
    recent = (*trail.recent[1 - LONGEST :], step)
    return Trail(fix.at, (fix.lat, fix.lon), recent), _mark(recent, key)


def marks(fixes: Iterable[Fix], key: bytes) -> list[bytes]:
    """All marks of a recording, in its order; one that repeats itself has some of them twice."""
    trail, found = NO_TRAIL, []
    for fix in fixes:
        trail, mark = trailed(trail, fix, key)
        if mark is not None:
            found.append(mark)
    return found


def is_replay(seen: int) -> bool:
    """Whether the last marks, as bits (1: this mark was known), are those of a copy."""
    return (seen & ((1 << OF_LAST) - 1)).bit_count() >= SEEN_MARKS


def _mark(recent: tuple[Movement, ...], key: bytes) -> bytes | None:
    """The mark of the newest shingle, or None, which is the answer three times in four."""
    shingle = _shingle(recent)
    if shingle is None:
        return None
    there = [part for step in shingle for part in step]
    back = [-part for step in reversed(shingle) for part in step]
    found = digest(key, pack(f"<{len(there)}q", *max(there, back)), "sha256")
    return found[:MARK_BYTES] if found[0] < 64 else None


def _shingle(recent: tuple[Movement, ...]) -> tuple[Movement, ...] | None:
    """The shortest run up to the newest movement that holds DIFFERENT different ones."""
    run = recent[-DIFFERENT:]
    if len(set(run)) == DIFFERENT:  # as it nearly always is
        return run
    different: set[Movement] = set()
    for length, step in enumerate(reversed(recent), 1):
        different.add(step)
        if len(different) == DIFFERENT:
            return recent[-length:]
    return None
