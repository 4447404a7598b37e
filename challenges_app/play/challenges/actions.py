"""What is done with challenges: open one, and place a day's drops."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from challenges_app.kit.db import Tx
from challenges_app.play.challenges import queries, rules
from geo.parks.park import Park
from scoring.kinds import ParamsError, capture_kinds, kinds

SETTLES = timedelta(days=7)  # for data that comes late (rule sheet)


def open_challenge(
    tx: Tx, challenge_id: str, kind: str, params: Mapping[str, Any], names: Mapping[str, str],
    span: tuple[datetime, datetime], designated: Sequence[str],
) -> None:  # fmt: skip
    """Open a challenge of a kind in its parks; raises `scoring.kinds.ParamsError` when the parameters are no good."""
    found = kinds()[kind]
    found.read(params)
    if designated and kind not in capture_kinds():
        raise ParamsError({"designated": "a challenge of this kind has no parks"})
    row = {
        "id": challenge_id,
        "kind": kind,
        "kind_version": found.VERSION,
        "params": dict(params),
        "names": dict(names),
        "opens_at": span[0],
        "closes_at": span[1],
        "settles_until": span[1] + SETTLES,
    }
    queries.add_challenge(tx, row, designated)


def place_drops(tx: Tx, challenge_id: str, parks: Sequence[Park], on: date) -> None:
    """Place a day's drops; those that are there already stay as they are, with the stock that they have left."""
    queries.add_drops(tx, list(rules.drops_of(challenge_id, parks, on)))
