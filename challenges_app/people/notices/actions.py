"""Tell people something: a notice is a row of the transaction that causes it, and its roads follow the commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language, say
from challenges_app.people.notices import queries
from challenges_app.people.notices.rules import TOPICS, URGENT, Kind, Road

SHOWN = 50

Value = str | Mapping[Language, str]  # what fills a place of a text: the same for every reader, or in their language


@dataclass(frozen=True, slots=True)
class To:
    """Whom to tell: an account, or an address without one in a language of its own.

    An account's language and address are looked up when it is told, whatever stands here.
    """

    language: Language
    account_id: UUID | None = None
    address: str | None = None


def tell(tx: Tx, now: datetime, ring: KeyRing, key: str, to: To, kind: Kind, **values: Value) -> None:
    """Tell somebody something once: the same key again does nothing.

    Of the key only a digest is kept: it may name somebody who is forgotten before whoever reads this. The text stands
    under `notice.<kind>.subject` and `.text`; `values` fill its places.
    """
    notice_id = uuid4()
    address = to.address if to.account_id is None else None
    row = {
        "id": notice_id,
        "key": ring.fingerprint(key.encode(), "notice", "key").hex(),
        "account_id": to.account_id,
        "kind": kind,
        "language": to.language,
        "values_sealed": ring.seal(json.dumps(values), "notice", notice_id, "values"),
        "address_sealed": ring.seal(address, "notice", notice_id, "address") if address else None,
        "made_at": now,
        "mailed_at": None,
        "read_at": None,
    }
    if not queries.add_notice(tx, row):
        return
    roads: tuple[Road, ...] = ("mail", "push") if to.account_id else ("mail",) if address else ()
    for road in roads:
        ask(tx, now, notice_id, kind, road)


def ask(tx: Tx, now: datetime, notice_id: UUID, kind: str, road: Road, **more: str) -> None:
    """Have a notice taken along a road once this transaction is committed, the urgent ones before all others."""
    outbox.put(tx, now, TOPICS[kind not in URGENT], {"notice": str(notice_id), "road": road, **more})


def texts(ring: KeyRing, row: Any, language: Language) -> tuple[str, str]:
    """The subject and text of a notice, in a language."""
    holds: dict[str, Value] = json.loads(ring.open(row.values_sealed, "notice", row.id, "values"))
    values = {name: value if isinstance(value, str) else value[language] for name, value in holds.items()}
    return say(f"notice.{row.kind}.subject", language, **values), say(f"notice.{row.kind}.text", language, **values)


def latest(conn: Connection, ring: KeyRing, account_id: UUID, language: Language) -> list[dict[str, Any]]:
    """An account's last fifty notices in its language, the newest first."""
    found = []
    for row in queries.of_account(conn, account_id, SHOWN):
        subject, text = texts(ring, row, language)
        told = {"id": row.id, "kind": row.kind, "language": language, "subject": subject, "text": text}
        found.append({**told, "made_at": row.made_at, "read": row.read_at is not None})
    return found
