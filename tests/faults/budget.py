"""How often things break here: a few times each, and `EPLUS_FUZZ` (1 unless set) makes it more or less."""

import os

SCALE = float(os.environ.get("EPLUS_FUZZ") or 1)


def scaled(count: int) -> int:
    """So many times, more or fewer as asked for; at least twice."""
    return max(2, round(count * SCALE))
