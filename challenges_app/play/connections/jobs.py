"""What the worker does for connections: asks vendors for what is wanted, and understands what they told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy.engine import Row

from challenges_app.kit import bucket, outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.access.actions import waits_for_consent
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.connections import actions, queries, rules
from challenges_app.play.connections.calls import Ended, Vendors, cloud, vendors
from integrations.cloud import Client, Failed, Flow, Grant

T = TypeVar("T")
log = structlog.get_logger()

IN_HAND = timedelta(minutes=1)
MOST_TRIES = 8  # at a notice that nobody understands; days are asked for every six hours in any case


def sync_next(here: Services) -> bool:
    """Ask a vendor for what is wanted of the connection that is due longest; answers whether there was one."""
    now = here.now()
    row = here.db.write(lambda tx: queries.claim(tx, now, now + rules.LEASE))
    if row is None:
        return False
    told = vendors(here.settings)
    client = told.clients.get(row.provider)
    if client is None:  # the operator has taken it away, perhaps for a while
        here.db.write(lambda tx: actions.put_off(tx, now, row, rules.POLL))
        return True
    _Sync(here, told, client, row).run()
    return True


class _Sync:
    """One asking of a vendor for one person, by whoever holds the lease."""

    def __init__(self, here: Services, told: Vendors, client: Client, row: Row[Any]) -> None:
        self.here, self.vendors, self.client, self.row = here, told, client, row
        self.vendor = cloud(row.provider)

    def run(self) -> None:
        here, row = self.here, self.row
        now = here.now()
        wait = self._token(must=False)
        if wait:
            here.db.write(lambda tx: actions.put_off(tx, now, row, wait))
            return
        try:
            if row.state == "leaving":
                self._leave()
            else:
                self._ask()
        except Ended as ended:
            self._ended(ended)

    def _ask(self) -> None:
        here, row = self.here, self.row
        now = here.now()
        with here.db.reading() as conn:
            barred = waits_for_consent(conn, now, here.ring, row.person_id)
        if barred:
            here.db.write(lambda tx: actions.put_off(tx, now, row, rules.POLL))
            return
        grant = actions.grant_of(here.ring, row)
        if not rules.is_fresh(row.grant_ends_at, now):
            grant = self._renewed(grant)
        today = now.astimezone(HONG_KONG).date()
        wanted = (row.wanted_from, row.wanted_to) if row.wanted_from else (today - rules.OVERLAP, today)
        asked = rules.newest(wanted, self.vendor.CLOUD.window)
        try:
            texts = self._dance(self.vendor.fetch(self.client, grant, *asked))
        except Ended as ended:
            if ended.outcome != "refused" or grant.refresh is None:
                raise
            # A token may end before its time, as when the vendor lost it: a new one tells whether the person refuses.
            texts = self._dance(self.vendor.fetch(self.client, self._renewed(grant), *asked))
        here.db.write(lambda tx: actions.told(tx, here.ring, here.now(), row, rules.left(wanted, asked), texts))

    def _renewed(self, grant: Grant) -> Grant:
        if grant.refresh is None:
            raise Ended("refused")
        fresh = self._dance(self.vendor.renew(self.client, grant))
        here = self.here
        # The old refresh token may be dead from here on, so the new one is kept before anything is asked with it.
        if not here.db.write(lambda tx: actions.renewed(tx, here.ring, here.now(), self.row, fresh)):
            raise Ended("no_answer")
        return fresh

    def _leave(self) -> None:
        here, row = self.here, self.row
        grant = actions.grant_of(here.ring, row)
        try:
            if not rules.is_fresh(row.grant_ends_at, here.now()):
                grant = self._renewed(grant)
            self._dance(self.vendor.leave(self.client, grant, here.now()))
        except Ended as ended:
            if ended.outcome not in ("refused", "gone") and row.failures < rules.TRIES_TO_LEAVE:
                raise
        here.db.write(lambda tx: actions.left(tx, row))

    def _dance(self, flow: Flow[T]) -> T:
        return self.vendors.dance(self.row.provider, flow, before=self._spend)

    def _spend(self) -> None:
        self._token(must=True)

    def _token(self, *, must: bool) -> timedelta:
        here, per_minute = self.here, self.vendor.CLOUD.calls_per_minute
        now, name = here.now(), f"vendor {self.row.provider}"
        return here.db.write(lambda tx: bucket.take(tx, now, name, per_minute, must=must))

    def _ended(self, ended: Ended) -> None:
        here, row = self.here, self.row
        now = here.now()
        pause = timedelta(seconds=ended.pause_s) if ended.pause_s else None

        def work(tx: Tx) -> None:
            if ended.outcome in ("refused", "gone"):
                state: rules.State = "gone" if ended.outcome == "gone" else "refused"
                actions.over(tx, here.ring, now, row, self.vendor.CLOUD.brand, state)
                return
            if ended.outcome == "too_often":
                bucket.rest(tx, now, f"vendor {row.provider}", pause or timedelta(minutes=1))
            actions.failed(tx, now, row, pause)

        here.db.write(work)


def hear_next(here: Services) -> bool:
    """Understand the next thing that a vendor told; answers whether there was one."""
    now = here.now()
    message = here.db.write(lambda tx: outbox.take(tx, now, actions.TOPIC, IN_HAND))
    if message is None:
        return False
    provider = message.body["provider"]
    try:
        notices = list(cloud(provider).notices(actions.heard_body(here.ring, message)))
    except (Failed, ValueError) as problem:
        log.error("vendor's notice not understood", topic=provider, **traced(problem))
        _later(here, now, message)
        return True
    here.db.write(lambda tx: _note(tx, here, now, message, provider, notices))
    return True


def _note(
    tx: Tx, here: Services, now: datetime, message: outbox.Message, provider: str, notices: Sequence[Any]
) -> None:
    if outbox.done(tx, [message.id]):
        actions.note(tx, here.ring, now, provider, notices)


def _later(here: Services, now: datetime, message: outbox.Message) -> None:
    if message.tries >= MOST_TRIES:
        here.db.write(lambda tx: outbox.done(tx, [message.id]))
    else:
        here.db.write(lambda tx: outbox.later(tx, now, message, "not understood"))
