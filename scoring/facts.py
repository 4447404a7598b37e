"""What happened, as the kinds of challenge are told it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """One capture and the day it happened in; ids are text, since they become part of the ledger's keys."""

    challenge_id: str
    drop_id: str
    player_id: str
    park_id: str
    captured_at: datetime
    since_other_park: timedelta | None  # since the player's last capture in a different park, if there was one
