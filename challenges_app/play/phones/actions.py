"""Give a phone a key, take in what it pushes before it is understood, and take the key away."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.persons import queries as persons
from challenges_app.play.arrivals import actions as arrivals
from challenges_app.play.arrivals import queries as arrival_rows
from challenges_app.play.arrivals.actions import Body, Sender
from challenges_app.play.phones import queries, rules
from integrations.reading import known

UNKNOWN = refusal("phone.unknown", 404)
MANY = refusal("phone.many", 409)
KEY_UNKNOWN = refusal("phone.key_unknown", 401)
NOT_TEXT = refusal("phone.not_text", 400)
NOBODY_KNOWS = refusal("phone.nobody_knows", 422)


class Pushed(NamedTuple):
    """A body that a phone pushed: whose it is, how far it has come, and whether the same had come before."""

    provider: str
    state: str
    repeated: bool


class Coming(NamedTuple):
    """A body that is to be kept, the digest of the key that it came with, when it came, and the ring that seals it."""

    key_digest: bytes
    body: Body
    received_at: datetime
    ring: KeyRing


class Made(NamedTuple):
    """A phone as its owner is told of it, and its key, which nobody is told again."""

    phone: dict[str, Any]
    key: str


def add(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, name: str) -> Made:
    """Give a phone a key; raises `phone.many`."""
    persons.hold(tx, person_id)  # or two at once would both be the tenth
    if queries.how_many(tx.conn, person_id) >= rules.MOST:
        raise MANY(most=rules.MOST)
    key, phone_id = rules.fresh_key(), uuid4()
    row = {
        "id": phone_id,
        "person_id": person_id,
        "name_sealed": ring.seal(name, "phone", phone_id, "name"),
        "key_digest": rules.key_digest(key),
        "made_at": now,
        "last_seen_at": None,
    }
    queries.add_phone(tx, row)
    return Made(_told(name, row, None), key)


def phones(conn: Connection, ring: KeyRing, person_id: UUID) -> list[dict[str, Any]]:
    """A person's phones that have a key, the newest first, each with what became of its last push."""
    rows = queries.phones(conn, person_id)
    latest = arrivals.latest(conn, ring, [row.id for row in rows])
    return [_told(_name(ring, row), row._asdict(), latest.get(row.id)) for row in rows]


def remove(tx: Tx, person_id: UUID, phone_id: UUID) -> None:
    """Take a phone's key away; what it told stays. Raises `phone.unknown`."""
    if not queries.end_key(tx, person_id, phone_id):
        raise UNKNOWN()


def receive(here: Services, now: datetime, key: str, body: bytes) -> Pushed:
    """Keep a body sealed before anybody understands it; the same again is told of the first.

    Raises `phone.key_unknown`, `rate.too_many`, `phone.not_text`, and `phone.nobody_knows` for a body that is kept and
    that no reader of today knows.
    """
    if not rules.is_key(key):
        raise KEY_UNKNOWN()
    coming = _coming(here.ring, now, rules.key_digest(key), body)
    limited = ("pushes", coming.key_digest.hex(), rules.RATE)
    here.limits.left(*limited)
    state = here.together(keep_pushes).put(coming)
    if state is None:
        raise KEY_UNKNOWN()
    here.limits.take(*limited)
    provider = coming.body.provider
    if provider is None:
        raise NOBODY_KNOWS()
    return Pushed(provider, state or "waiting", bool(state))


def _coming(ring: KeyRing, now: datetime, key_digest: bytes, body: bytes) -> Coming:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NOT_TEXT() from None
    return Coming(key_digest, Body(hashlib.sha256(key_digest + body).digest(), text, known(body)), now, ring)


def keep_pushes(tx: Tx, coming: Sequence[Coming]) -> list[str | None]:
    """Keep bodies of many phones at once.

    Answers for each how far the same body has come that was there before: "" for a new one, None where nobody has the
    key any more.
    """
    phones = queries.by_keys(tx.conn, {each.key_digest for each in coming})
    before = arrival_rows.states(tx.conn, [each.body.digest for each in coming])
    known_ones = [(each, phones[each.key_digest]) for each in coming if each.key_digest in phones]
    new = [(each, phone) for each, phone in known_ones if each.body.digest not in before]
    arrival_rows.add(tx, [_row(each, phone) for each, phone in new])
    if known_ones:  # they came within milliseconds, and one statement for each would cost more than keeping them
        queries.saw(tx, {phone.id for _, phone in known_ones}, max(each.received_at for each, _ in known_ones))
    return [before.get(each.body.digest, "") if each.key_digest in phones else None for each in coming]


def _row(coming: Coming, phone: Row[Any]) -> dict[str, Any]:
    sender = Sender(phone.id, phone.person_id, _name(coming.ring, phone))
    return arrivals.row(coming.ring, coming.received_at, sender, coming.body)


def _name(ring: KeyRing, phone: Row[Any]) -> str:
    return ring.open(phone.name_sealed, "phone", phone.id, "name")


def _told(name: str, row: Mapping[str, Any], latest: Mapping[str, Any] | None) -> dict[str, Any]:
    told = {"id": row["id"], "name": name, "made_at": row["made_at"], "last_seen_at": row["last_seen_at"]}
    return {**told, **(latest or {"provider": None, "state": None, "problems": []})}
