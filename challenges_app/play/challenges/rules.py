"""Decisions about a day of a challenge: which drops there are, and which park comes first."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from challenges_app.people.persons.rules import SPECIES
from geo.parks.park import Park
from geo.scatter import scatter

DROPS = UUID("6f2b7d1c-9d2e-5a0f-8a55-0a1d7c3e9b42")  # our own namespace, so that a drop's id says which it is
PER_PARK = 5


def drops_of(challenge_id: str, parks: Iterable[Park], on: date) -> Iterator[Mapping[str, Any]]:
    """The rows of a day's drops; the same challenge, park and day give the same rows for ever."""
    for park in parks:
        seed = f"{challenge_id}:{park.id}:{on.isoformat()}"
        for ordinal, (lat, lon) in enumerate(scatter(park, PER_PARK, seed)):
            yield {
                "id": uuid5(DROPS, f"{seed}:{ordinal}"),
                "challenge_id": challenge_id,
                "park_id": park.id,
                "on": on,
                "ordinal": ordinal,
                "species": SPECIES[_number(f"{seed}:{ordinal}") % len(SPECIES)],
                "lat": lat,
                "lon": lon,
                "stock": None,
            }


def order_for(parks: Iterable[Park], on: date, district_code: str | None) -> list[Park]:
    """Parks in the order to offer them: the reader's own district first; within it another one leads each day."""
    return sorted(parks, key=lambda park: (park.district_code != district_code, _number(f"{park.id}:{on.isoformat()}")))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
