"""Decisions about post: when it is quiet, and what is shown of a notice on the screen of a locked phone."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from challenges_app.kit.words import Language
from challenges_app.people.persons.rules import HONG_KONG, in_hours

LONGEST_SUBJECT, LONGEST_TEXT = 120, 300  # signs of a notice that a browser is sent; it shows fewer


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody wants to be told: by mail too or not, and quietly between two times of Hong Kong, or never."""

    mail: bool = True
    quiet: tuple[time, time] | None = (time(22), time(8))


def quiet_until(now: datetime, quiet: tuple[time, time] | None) -> datetime | None:
    """When the quiet hours end in which a moment lies; None outside them.

    They begin at their first minute, and end with their last one's beginning: at the second time it is not quiet.
    """
    if quiet is None or not in_hours(now, *quiet):
        return None
    local = now.astimezone(HONG_KONG)
    ends = datetime.combine(local.date(), quiet[1], HONG_KONG)  # Hong Kong's clocks are never changed
    return ends if ends > now else ends + timedelta(days=1)


def pushed(notice_id: UUID, language: Language, subject: str, text: str) -> bytes:
    """What a browser is sent of a notice: its id, and as much of its words as a small window shows."""
    told = {
        "id": str(notice_id),
        "lang": language,
        "subject": _cut(subject, LONGEST_SUBJECT),
        "text": _cut("\n".join(line for line in text.split("\n") if line), LONGEST_TEXT),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
