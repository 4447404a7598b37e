"""Give a phone a key, take in what it pushes before it is understood, understand it, and take the key away."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.persons import queries as persons
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import actions as activity
from challenges_app.play.activity.actions import Receipt, Said
from challenges_app.play.phones import queries, rules
from integrations.contract import Why
from integrations.days import Days
from integrations.providers import providers
from integrations.reading import Outcome, known, take

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
    """A body that is to be kept: the digest of the key that it came with, and its row but for whose it is."""

    key_digest: bytes
    row: dict[str, Any]


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
    return Made(_told(ring, name, row, None), key)


def phones(conn: Connection, ring: KeyRing, person_id: UUID) -> list[dict[str, Any]]:
    """A person's phones that have a key, the newest first, each with what became of its last push."""
    rows = queries.phones(conn, person_id)
    latest = queries.latest(conn, [row.id for row in rows])
    return [
        _told(ring, ring.open(row.name_sealed, "phone", row.id, "name"), row._asdict(), latest.get(row.id))
        for row in rows
    ]


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
    provider = coming.row["provider"]
    if provider is None:
        raise NOBODY_KNOWS()
    return Pushed(provider, state or "waiting", bool(state))


def _coming(ring: KeyRing, now: datetime, key_digest: bytes, body: bytes) -> Coming:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NOT_TEXT() from None
    digest, provider = hashlib.sha256(key_digest + body).digest(), known(body)
    row = {
        "digest": digest,
        "received_at": now,
        "state": "waiting" if provider else "refused",
        "provider": provider,
        "body_sealed": ring.seal(text, "phone_push", digest.hex(), "body"),
        "problems_sealed": None,
    }
    return Coming(key_digest, row)


def keep_pushes(tx: Tx, coming: Sequence[Coming]) -> list[str | None]:
    """Keep bodies of many phones at once.

    Answers for each how far the same body has come that was there before: "" for a new one, None where nobody has the
    key any more.
    """
    phones = queries.by_keys(tx.conn, {each.key_digest for each in coming})
    before = queries.states(tx.conn, [each.row["digest"] for each in coming])
    rows = [
        {**each.row, "phone_id": phone.id}
        for each in coming
        if (phone := phones.get(each.key_digest)) and each.row["digest"] not in before
    ]
    queries.add_pushes(tx, rows)
    for row in rows:
        if row["state"] == "refused":  # nobody will understand it later, and its owner should see that it came
            queries.saw(tx, row["phone_id"], row["received_at"])
    return [before.get(each.row["digest"], "") if each.key_digest in phones else None for each in coming]


def understand(tx: Tx, ring: KeyRing, now: datetime, row: Row[Any]) -> bool:
    """Read a body that waits, and count it; False when another worker has."""
    if not queries.settle(tx, row.id, {"state": "done"}):
        return False
    body = ring.open(row.body_sealed, "phone_push", row.digest.hex(), "body").encode()
    name = ring.open(row.name_sealed, "phone", row.phone_id, "name")
    days = Days(unnamed=name)
    outcome = take(body, HONG_KONG, days)
    if outcome.provider:
        _keep(tx, ring, now, Receipt(row.person_id, outcome.provider, row.received_at), days)
    queries.note(tx, row.id, _ended(ring, row.digest, outcome))
    queries.saw(tx, row.phone_id, row.received_at)
    return True


def _keep(tx: Tx, ring: KeyRing, now: datetime, receipt: Receipt, days: Days) -> None:
    if providers()[receipt.provider].CAPABILITIES.increments:
        activity.keep_new(tx, ring, now, receipt, days)
    else:
        activity.keep(tx, ring, now, receipt, [Said(*each) for each in days.finish()])


def _ended(ring: KeyRing, digest: bytes, outcome: Outcome) -> dict[str, Any]:
    problems = [each._asdict() for each in outcome.problems]
    return {
        "state": "done" if outcome.readings else "refused",
        "provider": outcome.provider,
        "problems_sealed": _sealed(ring, digest, problems) if problems else None,
    }


def refuse(tx: Tx, ring: KeyRing, row: Row[Any], state: str, why: Why | None = None) -> None:
    """End a body of which nothing counts, and say why."""
    problems = [{"line": None, "why": why, "seen": ""}] if why else []
    sealed = _sealed(ring, row.digest, problems) if problems else None
    queries.settle(tx, row.id, {"state": state, "problems_sealed": sealed})


def _sealed(ring: KeyRing, digest: bytes, problems: Iterable[Mapping[str, Any]]) -> bytes:
    text = json.dumps(list(problems), ensure_ascii=False)
    return ring.seal(text, "phone_push", digest.hex(), "problems")


def _told(ring: KeyRing, name: str, row: Mapping[str, Any], latest: Row[Any] | None) -> dict[str, Any]:
    told = {"id": row["id"], "name": name, "made_at": row["made_at"], "last_seen_at": row["last_seen_at"]}
    problems: list[dict[str, Any]] = []
    if latest and latest.problems_sealed:
        problems = json.loads(ring.open(latest.problems_sealed, "phone_push", latest.digest.hex(), "problems"))
    return {
        **told,
        "provider": latest.provider if latest else None,
        "state": latest.state if latest else None,
        "problems": problems,
    }
