"""What the worker does for deliveries: reads them in a child process, one after another, and sweeps up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Row

from challenges_app.kit.child import Child, ChildDied, ChildStopped
from challenges_app.kit.db import Tx
from challenges_app.kit.services import Services
from challenges_app.people.access.actions import waits_for_consent
from challenges_app.people.departure.rules import FILES_LAST, LEFT_BEHIND_LASTS
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity.actions import Receipt, Said, keep
from challenges_app.play.deliveries import queries, rules
from challenges_app.play.deliveries.actions import PULSE, sealed_problems
from integrations.days import SourceDay

log = structlog.get_logger()

LEASE = timedelta(seconds=15)
SILENCE_S = 20.0  # after which a reader is taken for dead
NOTED_EVERY = timedelta(seconds=1)
READ = "integrations.reading:tell"


def read_next(here: Services) -> bool:
    """Read the delivery that waits longest, if there is one; answers whether there was."""
    now = here.now()
    row = here.db.write(lambda tx: queries.claim(tx, now, now + LEASE))
    if row is None:
        return False
    reader = _Reader(here, row)
    if row.tries > rules.MOST_TRIES:
        reader.give_up("damaged")
        return True
    if _lacks_consent(here, now, row):
        reader.cancel()
        return True
    try:
        reader.run()
    except ChildStopped:
        pass  # cancelled, or taken over by another worker
    except ChildDied as died:
        log.error("delivery not read", problem=f"{died.reason} {died.where}".rstrip())
        reader.give_up(rules.why_died(died.reason))
    return True


def _lacks_consent(here: Services, now: datetime, row: Row[Any]) -> bool:
    """Whether a guardian has withdrawn their consent while a child's file was waiting."""
    with here.db.reading() as conn:
        return waits_for_consent(conn, now, here.ring, row.person_id)


def sweep(here: Services) -> int:
    """Let go of the files whose time is over, and remove those that no delivery needs; answers how many."""
    now = here.now()
    here.db.write(lambda tx: queries.let_go_before(tx, now - FILES_LAST))
    old = here.files.names_older_than(now - LEFT_BEHIND_LASTS)
    with here.db.reading() as conn:
        needed = queries.spools(conn)
    orphans = [name for name in old if name not in needed]
    for name in orphans:
        here.files.remove(name)
    return len(orphans)


@dataclass(slots=True)
class _Reader:
    """One delivery being read: what the child says is kept as it comes."""

    here: Services
    row: Row[Any]
    noted_at: datetime | None = None
    days: set[date] = field(default_factory=set)
    receipt: Receipt | None = None

    def run(self) -> None:
        """Read the file to its end; raises what the child dies of."""
        here, row = self.here, self.row
        key = bytes.fromhex(here.ring.open(row.spool_key_sealed, "step_delivery", row.id, "spool_key"))
        with Child(READ, here.files.path(row.spool), key, {"zone": HONG_KONG.key}, silent_s=SILENCE_S) as child:
            for message in child:
                if "share" in message and not self._note(message["share"]):
                    child.stop()
                elif "provider" in message:
                    if not here.db.write(lambda tx: queries.begin_keeping(tx, row.id, row.tries)):
                        child.stop()
                    self.receipt = Receipt(row.person_id, message["provider"], row.received_at)
                elif "days" in message:
                    self._keep(message["days"])
                elif "end" in message:
                    self._end(message["end"])

    def give_up(self, why: str) -> None:
        """End a delivery that cannot be read."""
        problem = {"line": None, "why": why, "seen": ""}
        self._over("refused", {"problems_sealed": sealed_problems(self.here.ring, self.row.id, [problem])})

    def cancel(self) -> None:
        """End a delivery of which nothing may count any more, and its file with it."""
        self._over("cancelled", {"spool": None, "spool_key_sealed": None})
        self.here.files.remove(self.row.spool)

    def _note(self, share: float) -> bool:
        """Go on holding the delivery, and tell how far it has come; False when it is no longer ours."""
        here, row = self.here, self.row
        now = here.now()
        if self.noted_at and now - self.noted_at < NOTED_EVERY:
            self._tell("reading", share)
            return True
        self.noted_at = now
        ours = here.db.write(lambda tx: queries.hold(tx, row.id, row.tries, now + LEASE, share))
        if ours:
            self._tell("reading", share)
        return ours

    def _keep(self, messages: list[list[Any]]) -> None:
        here, receipt = self.here, self.receipt
        now = here.now()
        assert receipt is not None  # noqa: S101 - the child names the provider before the days
        said = [_said(each) for each in messages]
        self.days |= {each.on for each in said}
        values = {"days": len(self.days), "first_on": min(self.days), "last_on": max(self.days)}

        def work(tx: Tx) -> None:
            keep(tx, here.ring, now, receipt, said)
            queries.note_days(tx, self.row.id, {**values, "lease_until": now + LEASE})

        here.db.write(work)

    def _end(self, end: Mapping[str, Any]) -> None:
        problems = [dict(zip(("line", "why", "seen"), each, strict=True)) for each in end["problems"]]
        values = {
            "provider": end["provider"],
            "share": 1.0,
            "problems_sealed": sealed_problems(self.here.ring, self.row.id, problems),
            "more_problems": end["more_problems"],
        }
        self._over(rules.ended(end["provider"], len(self.days), len(problems)), values)

    def _over(self, state: rules.State, values: Mapping[str, Any]) -> None:
        ended = {**values, "state": state}
        if self.here.db.write(lambda tx: queries.end_delivery(tx, self.row.id, ended, states=rules.BEING_READ)):
            self._tell(state, 1.0)

    def _tell(self, state: rules.State, share: float) -> None:
        self.here.pulse.publish(PULSE, {"delivery": str(self.row.id), "state": state, "share": share})


def _said(message: list[Any]) -> Said:
    source, on, hours, total, by_hand, fastest, revised_at = message
    moment = datetime.fromisoformat(revised_at) if revised_at else None
    day = SourceDay(tuple(hours) if hours is not None else None, total, by_hand, fastest, moment)
    return Said(source, date.fromisoformat(on), day)
