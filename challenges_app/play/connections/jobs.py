"""What the worker does for connections: asks vendors for what is wanted, and understands what they told."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy.engine import Row

from challenges_app.kit import bucket, due, outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.access.actions import waits_for_consent
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.connections import actions, queries, rules
from challenges_app.play.connections.calls import Ended, Vendors, cloud, vendors
from integrations.cloud import Client, Failed, Flow, Grant, Notice, key_set, pull

T = TypeVar("T")
log = structlog.get_logger()

IN_HAND = timedelta(minutes=1)
MOST_TRIES = 8  # at a notice that nobody understands; days are asked for every six hours in any case
MOST_PULLS = 60  # counted twice each, with an hour between the later ones: a day or so
KEYS_AGAIN = timedelta(minutes=10)  # between two tries at a vendor's keys


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
        if row.wanted_from is None and self.vendor.CLOUD.sends:
            self._stay()
            return
        today = now.astimezone(HONG_KONG).date()
        wanted = (row.wanted_from, row.wanted_to) if row.wanted_from else (today - rules.OVERLAP, today)
        asked = rules.newest(wanted, self.vendor.CLOUD.window)
        texts = self._granted(lambda grant: self.vendor.fetch(self.client, grant, *asked))
        here.db.write(lambda tx: actions.told(tx, here.ring, here.now(), row, rules.left(wanted, asked), texts))

    def _stay(self) -> None:
        """Keep what was granted alive, where there is nothing to ask for."""
        here, row = self.here, self.row
        if not rules.is_fresh(row.grant_ends_at, here.now()):
            self._renewed(actions.grant_of(here.ring, row))
        here.db.write(lambda tx: actions.put_off(tx, here.now(), row, rules.POLL))

    def pull(self, address: str) -> list[str]:
        """What lies at an address of the vendor's; raises `Ended`."""
        try:
            texts = self._granted(lambda grant: pull(grant, address))
        except Ended as ended:
            self._ended(ended)
            raise
        self.here.db.write(lambda tx: actions.release(tx, self.row))
        return texts

    def _granted(self, flow: Callable[[Grant], Flow[T]]) -> T:
        """Dance with tokens that are good."""
        here, row = self.here, self.row
        grant = actions.grant_of(here.ring, row)
        if not rules.is_fresh(row.grant_ends_at, here.now()):
            grant = self._renewed(grant)
        try:
            return self._dance(flow(grant))
        except Ended as ended:
            if ended.outcome != "refused" or grant.refresh is None:
                raise
            # A token may end before its time, as when the vendor lost it: a new one tells whether the person refuses.
            return self._dance(flow(self._renewed(grant)))

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


def pull_next(here: Services) -> bool:
    """Pull what lies at the next address that a vendor told of; answers whether there was one."""
    now = here.now()
    message = here.db.write(lambda tx: outbox.take(tx, now, actions.LYING, IN_HAND))
    if message is None:
        return False
    provider = message.body["provider"]
    user, address = actions.lying_at(here.ring, message)
    try:
        notices = [Notice(user, text=text) for text in _pulled(here, provider, user, address)]
    except Ended:
        _later(here, now, message, MOST_PULLS)
        return True
    here.db.write(lambda tx: _note(tx, here, now, message, provider, notices))
    return True


def _pulled(here: Services, provider: str, user: str, address: str) -> list[str]:
    """What lies at an address, if it is of somebody who is connected; raises `Ended` while it cannot be had."""
    told, now = vendors(here.settings), here.now()

    def claimed(tx: Tx) -> Row[Any] | None:
        row = queries.of_user(tx.conn, provider, actions.user_index(here.ring, provider, user))
        if row is None or row.state != "on":
            return None
        held = queries.claim_one(tx, now, now + rules.LEASE, row.id)
        if held is None:
            raise Ended("no_answer")  # it is just being asked
        return held

    row = here.db.write(claimed) if provider in told.clients else None
    return _Sync(here, told, told.clients[provider], row).pull(address) if row else []


def _note(
    tx: Tx, here: Services, now: datetime, message: outbox.Message, provider: str, notices: Sequence[Any]
) -> None:
    if outbox.done(tx, [message.id]):
        actions.note(tx, here.ring, now, provider, cloud(provider).CLOUD.brand, notices)


def _later(here: Services, now: datetime, message: outbox.Message, most: int = MOST_TRIES) -> None:
    if message.tries >= most:
        here.db.write(lambda tx: outbox.done(tx, [message.id]))
    else:
        here.db.write(lambda tx: outbox.later(tx, now, message, "not understood"))


def fetch_keys(here: Services) -> int:
    """Fetch the keys of vendors that publish theirs, once a day; answers of how many vendors."""
    told = vendors(here.settings)
    return sum(_fetch_keys(here, told, name) for name in told.clients if cloud(name).CLOUD.keys)


def _fetch_keys(here: Services, told: Vendors, name: str) -> bool:
    now = here.now()
    with here.db.reading() as conn:
        kept = queries.keys(conn, name)
    if kept is not None and kept.fetched_at > now - rules.KEYS_FRESH:
        return False
    if not here.db.write(lambda tx: due.claim(tx, now, f"keys of {name}", KEYS_AGAIN)):
        return False
    try:
        keys = told.dance(name, key_set(cloud(name).CLOUD))
    except Ended as problem:  # those of the days before are used meanwhile
        log.warning("vendor's keys not fetched", topic=name, **traced(problem))
        return False
    here.db.write(lambda tx: queries.keep_keys(tx, name, keys, now))
    return True
