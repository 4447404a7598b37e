"""How much is tried: every loop is bounded, and `EPLUS_FUZZ` (1 unless set) makes all of them longer or shorter."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

SCALE = float(os.environ.get("EPLUS_FUZZ") or 1)


def scaled(count: int) -> int:
    """So many, more or fewer as asked for; at least one."""
    return max(1, round(count * SCALE))


def examples(count: int) -> Callable[[Any], Any]:
    """Let hypothesis try so many examples; a slow one is no fault, since other tests run beside."""
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    return settings(max_examples=scaled(count), deadline=None, print_blob=True, suppress_health_check=[*unhurried])
