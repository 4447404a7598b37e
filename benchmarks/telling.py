"""How every measurement is told: JSON with the machine's facts to standard output, a table to standard error."""

import json
import math
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any


def tell(measured: dict[str, Any], table: str) -> None:
    """Print what was measured, with where and how busy, and the table for people."""
    machine = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],  # of the last minute: our own work, and that of others
        "python": sys.version.split()[0],
    }
    print(json.dumps({**machine, **measured}, indent=2))
    print(table, file=sys.stderr)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least a share (0 to 1) of the values do not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]
