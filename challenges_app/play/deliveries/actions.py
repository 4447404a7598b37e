"""Take a file in before it is understood, tell how far it has come, and let its owner change their mind."""

import errno
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.files import FileTooLarge, Kept
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.departure.rules import FILES_LAST
from challenges_app.play.activity import actions as activity
from challenges_app.play.deliveries import queries, rules

UNKNOWN = refusal("delivery.unknown", 404)
EMPTY = refusal("delivery.empty", 422)
TOO_LARGE = refusal("delivery.too_large", 413)
NO_ROOM = refusal("delivery.no_room", 507)
CUT_SHORT = refusal("delivery.cut_short", 400)
MANY = refusal("delivery.many", 429)
OVER = refusal("delivery.over", 409)
GOING = refusal("delivery.going", 409)

PULSE = "delivery"
SHOWN = 10  # deliveries in the list


class Received(NamedTuple):
    """A delivery as it is told, and whether the same bytes had come before."""

    delivery: dict[str, Any]
    repeated: bool


def receive(here: Services, now: datetime, person_id: UUID, pieces: Iterable[bytes], size: int | None) -> Received:
    """Keep a file sealed and note its delivery; the same bytes again are told of the delivery that they made before.

    `size` is what the sender announced; raises `delivery.empty`, `.cut_short`, `.too_large`, `.many` or `.no_room`.
    """
    with here.db.reading() as conn:
        if queries.going(conn, person_id) >= rules.MOST_GOING:
            raise MANY(most=rules.MOST_GOING)
    digest = hashlib.sha256()
    try:
        kept = here.files.put(_digested(pieces, digest), rules.LARGEST)
    except FileTooLarge:
        raise TOO_LARGE(most_gb=rules.LARGEST // 1024**3) from None
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NO_ROOM() from None
    try:
        if kept.size == 0:
            raise EMPTY()
        if size is not None and kept.size != size:
            raise CUT_SHORT()
        index = here.ring.fingerprint(digest.digest(), "step_delivery", person_id.hex)
        ours = here.db.write(lambda tx: _note(tx, now, here.ring, person_id, index, kept))
    except BaseException:
        here.files.remove(kept.name)
        raise
    if not ours:
        here.files.remove(kept.name)
    with here.db.reading() as conn:
        row = queries.same_delivery(conn, person_id, index)
    assert row is not None  # noqa: S101 - just noted, and only its owner's erasure could take it away
    return Received(told(here.ring, row), not ours)


def _digested(pieces: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _note(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, digest: bytes, kept: Kept) -> bool:
    """Note a new delivery, or one that was cancelled or refused before; False when the same is there already."""
    delivery_id = uuid4()
    begun = {
        "received_at": now,
        "size": kept.size,
        "state": "waiting",
        "share": 0.0,
        "tries": 0,
        "lease_until": None,
        "spool": kept.name,
        "provider": None,
        "days": 0,
        "first_on": None,
        "last_on": None,
        "problems_sealed": None,
        "more_problems": 0,
    }
    sealed = _sealed_key(ring, delivery_id, kept)
    row = {**begun, "id": delivery_id, "person_id": person_id, "digest": digest, "spool_key_sealed": sealed}
    if queries.add_delivery(tx, row):
        return True
    earlier = queries.same_delivery(tx.conn, person_id, digest)
    assert earlier is not None  # noqa: S101 - it made the insert give way
    again = {**begun, "spool_key_sealed": _sealed_key(ring, earlier.id, kept)}
    return queries.deliver_again(tx, earlier.id, again)


def _sealed_key(ring: KeyRing, delivery_id: UUID, kept: Kept) -> bytes:
    return ring.seal(kept.key.hex(), "step_delivery", delivery_id, "spool_key")


def cancel(here: Services, person_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """Stop a delivery that is not over yet; raises `delivery.unknown` or `delivery.over`."""

    def stop(tx: Tx) -> str | None:
        row = queries.delivery(tx.conn, person_id, delivery_id)
        if row is None:
            raise UNKNOWN()
        if not queries.end_delivery(tx, delivery_id, {"state": "cancelled"}, states=rules.STOPPABLE):
            raise OVER()
        queries.let_go(tx, delivery_id)
        name: str | None = row.spool
        return name

    spool = here.db.write(stop)
    if spool:
        here.files.remove(spool)
    here.pulse.publish(PULSE, {"delivery": str(delivery_id), "state": "cancelled", "share": 0.0})
    return one(here, person_id, delivery_id)


def forget_file(here: Services, person_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """Remove a file that has been read before its time is over; what it told stays.

    Raises `delivery.unknown`, or `delivery.going` while it waits or is being read.
    """

    def let_go(tx: Tx) -> str | None:
        row = queries.delivery(tx.conn, person_id, delivery_id)
        if row is None:
            raise UNKNOWN()
        if not queries.let_go_of_read(tx, delivery_id):
            raise GOING()
        name: str | None = row.spool
        return name

    spool = here.db.write(let_go)
    if spool:
        here.files.remove(spool)
    return one(here, person_id, delivery_id)


def remove_source(tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, source_id: int) -> None:
    """Forget a source with its days, and let the files that told of it be given again."""
    provider = activity.remove_source(tx, ring, now, person_id, source_id)
    queries.let_again(tx, person_id, provider)


def one(here: Services, person_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """One delivery as it stands; raises `delivery.unknown`, also for somebody else's."""
    with here.db.reading() as conn:
        row = queries.delivery(conn, person_id, delivery_id)
    if row is None:
        raise UNKNOWN()
    return told(here.ring, row)


def latest(here: Services, person_id: UUID) -> list[dict[str, Any]]:
    """A person's last ten deliveries, the newest first."""
    with here.db.reading() as conn:
        return [told(here.ring, row) for row in queries.deliveries(conn, person_id, SHOWN)]


def told(ring: KeyRing, row: Row[Any]) -> dict[str, Any]:
    """A delivery as its owner is told of it."""
    names = ("id", "received_at", "size", "state", "share", "provider", "days", "first_on", "last_on", "more_problems")
    state = "reading" if row.state in rules.BEING_READ else row.state
    until = row.received_at + FILES_LAST if row.spool and row.state in rules.READ else None
    told = {**{name: getattr(row, name) for name in names}, "state": state, "file_until": until}
    return {**told, "problems": _problems(ring, row)}


def kept(
    conn: Connection, ring: KeyRing, state: str | None, provider: str | None, since: datetime | None, most: int
) -> list[dict[str, Any]]:
    """Files that can be read anew, as an operator is told of them: nothing in it says whose they are."""
    return [
        {
            "id": str(row.id),
            "received_at": row.received_at,
            "provider": row.provider,
            "state": row.state,
            "problems": [each["why"] for each in _problems(ring, row)],
        }
        for row in queries.kept(conn, state, provider, since, most)
    ]


def wait_again(tx: Tx, delivery_ids: Iterable[UUID]) -> int:
    """Have files that were read and are still there read once more, by the readers of today; answers how many."""
    return queries.wait_again(tx, delivery_ids)


def sealed_problems(ring: KeyRing, delivery_id: UUID, problems: Iterable[Mapping[str, Any]]) -> bytes:
    """Problems as they are kept: they show bits of a person's own file."""
    return ring.seal(json.dumps(list(problems), ensure_ascii=False), "step_delivery", delivery_id, "problems")


def _problems(ring: KeyRing, row: Row[Any]) -> list[dict[str, Any]]:
    if row.problems_sealed is None:
        return []
    problems: list[dict[str, Any]] = json.loads(ring.open(row.problems_sealed, "step_delivery", row.id, "problems"))
    return problems
