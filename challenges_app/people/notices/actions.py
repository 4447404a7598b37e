"""Tell people something: a notice is a row of the transaction that causes it, and its mail follows the commit."""

import json
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
from challenges_app.people.notices.rules import Kind

TOPIC = "notice"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class To:
    """Whom to tell: an account, an address, or both; in the language of the reader."""

    language: Language
    account_id: UUID | None = None
    address: str | None = None


def tell(tx: Tx, now: datetime, ring: KeyRing, key: str, to: To, kind: Kind, **values: str) -> None:
    """Tell somebody something once: the same key again does nothing.

    The text stands under `notice.<kind>.subject` and `.text`; `values` fill its places.
    """
    notice_id = uuid4()
    row = {
        "id": notice_id,
        "key": key,
        "account_id": to.account_id,
        "kind": kind,
        "language": to.language,
        "values_sealed": ring.seal(json.dumps(values), "notice", notice_id, "values"),
        "address_sealed": ring.seal(to.address, "notice", notice_id, "address") if to.address else None,
        "made_at": now,
        "mailed_at": None,
        "read_at": None,
    }
    if queries.add_notice(tx, row) and to.address:
        outbox.put(tx, now, TOPIC, {"notice": str(notice_id)})


def texts(ring: KeyRing, row: Any) -> tuple[str, str]:
    """The subject and text of a notice, in the language in which it was made."""
    values = json.loads(ring.open(row.values_sealed, "notice", row.id, "values"))
    return (
        say(f"notice.{row.kind}.subject", row.language, **values),
        say(f"notice.{row.kind}.text", row.language, **values),
    )


def latest(conn: Connection, ring: KeyRing, account_id: UUID) -> list[dict[str, Any]]:
    """An account's last fifty notices, the newest first."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "language": row.language,
            "subject": texts(ring, row)[0],
            "text": texts(ring, row)[1],
            "made_at": row.made_at,
            "read": row.read_at is not None,
        }
        for row in queries.of_account(conn, account_id, SHOWN)
    ]
