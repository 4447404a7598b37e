"""What the processes of a race do: many hands taking drops at once, and two projectors carrying what they earn."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from uuid import UUID

from challenges_app.kit import outbox
from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.play.captures.actions import Attempt, take
from challenges_app.play.ledger.actions import TOPIC, Earner
from challenges_app.play.standings.jobs import project
from tests.builders import MORNING, settings


@dataclass(frozen=True)
class Try:
    """One attempt that a hand will make."""

    who: Earner
    drop: UUID
    client_id: str


def hand(url: str, tries: list[Try], seed: int) -> Counter[str]:
    """Make all attempts in an order of one's own; answers how often each thing happened."""
    here = Services.start(settings(url), lambda: MORNING)
    random.Random(seed).shuffle(tries)
    happened: Counter[str] = Counter()
    for each in tries:
        attempt = Attempt(each.client_id, each.drop, MORNING, each.who.player_id.hex, each.who)
        try:
            taken = here.db.write(lambda tx, attempt=attempt: take(tx, MORNING, attempt))
            happened["repeated" if taken.repeated else "taken"] += 1
        except Refused as no:
            happened[no.refusal.code] += 1
        except Exception as problem:  # the race is over who sees one; none is expected
            happened[f"failed: {problem}"[:200]] += 1
    here.db.close()
    return happened


def carrier(url: str, finished: Event) -> Counter[str]:
    """Project until the hands are done and nothing waits; answers how much was carried and what failed."""
    here = Services.start(settings(url), lambda: MORNING)
    happened: Counter[str] = Counter()
    while True:
        # Asked before it is looked whether anything waits: the last to score may do so between the two.
        was_over, waiting = finished.is_set(), 1
        try:
            happened["carried"] += project(here)
            with here.db.reading() as conn:
                waiting = outbox.waiting(conn, TOPIC)
        except Exception as problem:  # none is expected
            happened[f"failed: {problem}"[:200]] += 1
        if was_over and not waiting:
            break
        time.sleep(0.02)
    here.db.close()
    return happened
