"""Who is asking: the signed-in account of a request, or nobody."""

from dataclasses import dataclass
from uuid import UUID

from flask import g

from challenges_app.kit.refusals import refusal

NOT_SIGNED_IN = refusal("session.none", 401)


@dataclass(frozen=True, slots=True)
class Who:
    """The account behind a request, the digest of its session, and whether that is a strong one."""

    account_id: UUID
    session: bytes
    strong: bool = False  # a second factor was proved not long ago


def set_who(who: Who | None) -> None:
    """Remember for this request who is asking; called once, before any door opens."""
    g.who = who


def maybe_who() -> Who | None:
    """Who is asking, or None."""
    return g.get("who")  # type: ignore[no-any-return]


def who() -> Who:
    """Who is asking; raises `session.none`."""
    found = maybe_who()
    if found is None:
        raise NOT_SIGNED_IN()
    return found
