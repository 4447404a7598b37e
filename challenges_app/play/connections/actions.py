"""Connect a vendor's account, note what the vendor tells, keep what it answered, and end it."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.notices.actions import tell
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import actions as activity
from challenges_app.play.activity import queries as activity_rows
from challenges_app.play.arrivals import actions as arrivals
from challenges_app.play.arrivals import queries as arrival_rows
from challenges_app.play.arrivals.actions import Body, Sender
from challenges_app.play.connections import queries, rules
from challenges_app.play.connections.rules import Span
from integrations.cloud import Client, Cloud, Grant, Notice

UNKNOWN = refusal("connection.unknown", 404)
TAKEN = refusal("connection.taken", 409)

TOPIC = "vendor notice"
LYING = "vendor data"  # what lies at an address of a vendor's, and is still to be pulled


class Awaited(NamedTuple):
    """What is held against somebody's coming back from a vendor: their id for it, and the PKCE verifier."""

    member: str
    verifier: str


def ask(tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, provider: str) -> tuple[str, str]:
    """Note that somebody goes to a vendor from this session; answers the state and the PKCE verifier."""
    verifier = new_session_id()
    holds = {"provider": provider, "member": uuid4().hex, "verifier": verifier, "session": session.hex()}
    return accounts.make_once(tx, now, ring, "tracker", account_id, holds), verifier


def come_back(
    tx: Tx, now: datetime, ring: KeyRing, account_id: UUID, session: bytes, provider: str, state: str
) -> Awaited:
    """Use up the state with which a vendor sent somebody back.

    Raises `link.over` for one that was used, is too old, or was begun in another session or for another vendor.
    """
    whose, holds = accounts.follow_link(tx, now, ring, "tracker", state)
    if (whose, holds["session"], holds["provider"]) != (account_id, session.hex(), provider):
        raise accounts.LINK_OVER()
    return Awaited(holds["member"], holds["verifier"])


def connect(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, provider: str, cloud: Cloud, grant: Grant) -> UUID:
    """Keep what a person granted, in place of what was there, and have the vendor asked.

    Raises `connection.taken` where the vendor's account is connected with somebody else.
    """
    before = queries.of_person(tx.conn, person_id, provider)
    if before:
        queries.remove(tx, before.id)
    index = user_index(ring, provider, grant.user)
    # Of another account nothing was told yet, whatever the one before it had said.
    synced_at = before.synced_at if before and before.user_index == index else None
    connection_id = before.id if before else uuid4()
    first, last = rules.at_first(now.astimezone(HONG_KONG).date(), cloud.back, synced_at)
    row = {
        "id": connection_id,
        "person_id": person_id,
        "provider": provider,
        "user_index": index,
        **_granted(ring, now, connection_id, grant),
        "state": "on",
        "made_at": now,
        "synced_at": synced_at,
        "heard_at": None,
        "due_at": now,
        "lease_until": None,
        "failures": 0,
        "wanted_from": first,
        "wanted_to": last,
    }
    if not queries.add(tx, row):
        raise TAKEN()
    return connection_id


def user_index(ring: KeyRing, provider: str, user: str) -> bytes:
    """What is kept of a vendor's id of a person (32 bytes), to find them by."""
    return ring.fingerprint(user.encode(), "connection", provider)


def _granted(ring: KeyRing, now: datetime, connection_id: UUID, grant: Grant) -> dict[str, Any]:
    lasts = timedelta(seconds=min(grant.lasts_s, 10**9)) if grant.lasts_s is not None else None
    sealed = ring.seal(json.dumps(grant._asdict()), "connection", connection_id, "grant")
    return {"grant_sealed": sealed, "grant_ends_at": now + lasts if lasts else None}


def grant_of(ring: KeyRing, row: Row[Any]) -> Grant:
    """What a person granted."""
    return Grant(**json.loads(ring.open(row.grant_sealed, "connection", row.id, "grant")))


def renewed(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], grant: Grant) -> bool:
    """Keep new tokens; False when the connection is no longer ours to change."""
    if queries.held(tx, row.id, row.lease_until) is None:
        return False
    queries.change(tx, row.id, _granted(ring, now, row.id, grant))
    return True


def told(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], left: Span | None, texts: Sequence[str]) -> bool:
    """Keep what a vendor answered, before it is understood, and ask on for what is left.

    False when the connection is no longer ours to change.
    """
    held = queries.held(tx, row.id, row.lease_until)
    if held is None:
        return False
    _keep(tx, ring, now, held, texts)
    # While we asked, the vendor may have told of more, which is then asked for all the same.
    grew = (held.wanted_from, held.wanted_to) != (row.wanted_from, row.wanted_to)
    wanted = (held.wanted_from, held.wanted_to) if grew else left
    queries.change(tx, row.id, {
        "wanted_from": wanted[0] if wanted else None,
        "wanted_to": wanted[1] if wanted else None,
        "synced_at": now,
        "failures": 0,
        "lease_until": None,
        "due_at": now if wanted else now + rules.POLL,
    })  # fmt: skip
    return True


def _keep(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], texts: Sequence[str]) -> None:
    sender = Sender(row.id, row.person_id, "")
    bodies = [
        Body(hashlib.sha256(row.id.bytes + row.user_index + text.encode()).digest(), text, row.provider)
        for text in texts
    ]
    arrival_rows.add(tx, [arrivals.row(ring, now, sender, body) for body in bodies])


def failed(tx: Tx, now: datetime, row: Row[Any], pause: timedelta | None) -> None:
    """Note that a vendor did not answer, and when it is asked again."""
    if queries.held(tx, row.id, row.lease_until):
        wait = max(rules.wait(row.failures), pause or timedelta(0))
        queries.change(tx, row.id, {"failures": row.failures + 1, "lease_until": None, "due_at": now + wait})


def put_off(tx: Tx, now: datetime, row: Row[Any], wait: timedelta) -> None:
    """Let a connection wait for our own pace, which is no failure."""
    if queries.held(tx, row.id, row.lease_until):
        queries.change(tx, row.id, {"lease_until": None, "due_at": now + wait})


def over(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], brand: str, state: rules.State) -> None:
    """Note that a vendor refuses, or knows the person no longer, and tell the person once."""
    if queries.held(tx, row.id, row.lease_until) is None:
        return
    queries.change(tx, row.id, {"state": state, "lease_until": None})
    _tell_over(tx, ring, now, row, brand)


def _tell_over(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any], brand: str) -> None:
    for account_id in person_rows.accounts_of(tx.conn, [row.person_id]).values():
        reader = accounts.reader(tx.conn, ring, account_id)
        key = f"tracker:{row.id.hex}:{row.made_at.isoformat()}"
        tell(tx, now, ring, key, reader, "tracker.over", tracker=brand)


def connections(conn: Connection, person_id: UUID) -> list[dict[str, Any]]:
    """A person's connections: which vendor, in which state, and when it last answered and last told of something."""
    names = ("provider", "state", "made_at", "synced_at", "heard_at", "failures")
    return [
        {**{name: getattr(row, name) for name in names}, "busy": row.state == "on" and row.wanted_from is not None}
        for row in queries.connections(conn, person_id)
        if row.state != "leaving"
    ]


def sync_now(tx: Tx, now: datetime, person_id: UUID, provider: str) -> None:
    """Have a vendor asked for the last days at once; raises `connection.unknown`."""
    row = queries.of_person(tx.conn, person_id, provider)
    if row is None or row.state != "on":
        raise UNKNOWN()
    today = now.astimezone(HONG_KONG).date()
    _want(tx, now, row, (today - rules.OVERLAP, today))


def _want(tx: Tx, now: datetime, row: Row[Any], span: Span) -> None:
    first, last = rules.joined((row.wanted_from, row.wanted_to) if row.wanted_from else None, span)
    # Where the vendor fails, it is left alone as long as was said before.
    due_at = row.due_at if row.failures else min(row.due_at, now)
    queries.change(tx, row.id, {"wanted_from": first, "wanted_to": last, "due_at": due_at})


def disconnect(tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, provider: str, *, forget: bool) -> None:
    """End a connection: the vendor is told later. `forget`: its days are forgotten as well.

    Raises `connection.unknown`.
    """
    row = queries.of_person(tx.conn, person_id, provider)
    if row is None or row.state == "leaving":
        raise UNKNOWN()
    queries.change(
        tx, row.id, {"state": "leaving", "due_at": now, "failures": 0, "wanted_from": None, "wanted_to": None}
    )
    arrival_rows.forget(tx, row.id)
    for source in activity_rows.sources(tx.conn, person_id) if forget else ():
        if source.provider == provider:
            activity.remove_source(tx, ring, now, person_id, source.id)


def left(tx: Tx, row: Row[Any]) -> None:
    """Forget a connection that was given back, unless it was made anew meanwhile."""
    if queries.held(tx, row.id, row.lease_until):
        queries.remove(tx, row.id)


def hook_address(ours: str, ring: KeyRing, provider: str) -> str:
    """Where a vendor tells us of what is new, below our own address."""
    return f"{ours}/api/vendors/{provider}/{hook_secret(ring, provider)}"


def hook_secret(ring: KeyRing, provider: str) -> str:
    """The end of the address that only the vendor knows; there is no other proof where it does not sign."""
    return ring.fingerprint(b"", "vendor hook", provider).hex()[:40]


def with_keys(conn: Connection, now: datetime, provider: str, cloud: Cloud, client: Client) -> Client:
    """A client that knows the vendor's keys of today, if it publishes any and they are not too old."""
    row = queries.keys(conn, provider) if cloud.keys else None
    if row is None or row.fetched_at <= now - rules.KEYS_LAST:
        return client
    return replace(client, more={**client.more, "keys": row.keys})


def heard(tx: Tx, ring: KeyRing, now: datetime, provider: str, body: bytes) -> None:
    """Keep what a vendor told, sealed, until it is understood."""
    sealed = ring.seal(body.decode("latin-1"), "vendor_notice", provider, "body")
    outbox.put(tx, now, TOPIC, {"provider": provider, "sealed": base64.b64encode(sealed).decode()})


def heard_body(ring: KeyRing, message: outbox.Message) -> bytes:
    """What a vendor told."""
    sealed = base64.b64decode(message.body["sealed"])
    return ring.open(sealed, "vendor_notice", message.body["provider"], "body").encode("latin-1")


def release(tx: Tx, row: Row[Any]) -> None:
    """Let go of a connection that was only used."""
    if queries.held(tx, row.id, row.lease_until):
        queries.change(tx, row.id, {"lease_until": None})


def lying_at(ring: KeyRing, message: outbox.Message) -> tuple[str, str]:
    """Of which of a vendor's users data lies at which address."""
    sealed = base64.b64decode(message.body["sealed"])
    user, address = json.loads(ring.open(sealed, "vendor_notice", message.body["provider"], "address"))
    return user, address


def note(tx: Tx, ring: KeyRing, now: datetime, provider: str, brand: str, notices: Sequence[Notice]) -> int:
    """Keep the data that a vendor told, and have the days asked for of which it told; answers of how many we know."""
    today = now.astimezone(HONG_KONG).date()
    known = 0
    for each in sorted(notices, key=lambda notice: notice.user):
        row = queries.of_user(tx.conn, provider, user_index(ring, provider, each.user))
        if row is None or row.state != "on":
            continue
        known += 1
        queries.change(tx, row.id, {"heard_at": now})
        if each.gone or each.refused:
            queries.change(tx, row.id, {"state": "gone" if each.gone else "refused"})
            _tell_over(tx, ring, now, row, brand)
            continue
        if each.text is not None:
            _keep(tx, ring, now, row, [each.text])
            continue
        if each.address is not None:
            sealed = ring.seal(json.dumps([each.user, each.address]), "vendor_notice", provider, "address")
            outbox.put(tx, now, LYING, {"provider": provider, "sealed": base64.b64encode(sealed).decode()})
            continue
        last = min(each.last_on or today, today + timedelta(days=1))
        _want(tx, now, row, (min(each.first_on or today - rules.OVERLAP, last), last))
    return known
