"""Decisions about ticks: at most one a second for each board, and how far apart the listeners should fetch."""

from dataclasses import dataclass, field

PAUSE = 1.0  # seconds between two ticks of one board
SPREAD_PER_LISTENER_MS = 5
SPREAD_MOST_MS = 10_000


def room_of(delivery: str) -> str:
    """The room of those who watch a delivery: its owner's pages."""
    return f"delivery:{delivery}"


@dataclass(slots=True)
class Coalescer:
    """Keeps the newest revision of each board until its next tick is due; times are seconds of any steady clock."""

    pending: dict[str, int] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def changed(self, board: str, rev: int) -> None:
        """Note that a board has a new revision."""
        self.pending[board] = max(rev, self.pending.get(board, 0))

    def due(self, now: float) -> dict[str, int]:
        """Take the boards whose tick is due, with their newest revision."""
        ready = {board: rev for board, rev in self.pending.items() if now - self.last.get(board, -PAUSE) >= PAUSE}
        for board in ready:
            del self.pending[board]
            self.last[board] = now
        return ready


def spread_ms(listeners: int) -> int:
    """The time over which so many listeners should spread their fetching."""
    return min(listeners * SPREAD_PER_LISTENER_MS, SPREAD_MOST_MS)
