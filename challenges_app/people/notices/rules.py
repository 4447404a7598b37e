"""Decisions about notices: which kinds there are, and by which roads they travel."""

from typing import Literal

# Each has a subject and a text under `notice.<kind>` in the word lists.
Kind = Literal[
    "link.sign-up",
    "link.email",
    "link.password",
    "known",
    "hand-over.young",
    "hand-over.guardian",
    "totp.added",
    "totp.removed",
    "passkey.added",
    "passkey.removed",
    "recovery.used",
    "recovery.few",
    "recovery.made",
    "device.new",
    "device.child",
    "password.changed",
    "password.own",
    "email.changed",
    "card.new",
    "companion.asked",
    "companion.agreed",
    "care.begun",
    "care.ended",
    "care.rests",
    "identity.checked",
    "membership.ended",
    "tracker.over",
    "appeal.granted",
    "appeal.declined",
    "erasure.asked",
    "erasure.kept",
    "erasure.put-off",
    "erasure.done",
]

# What somebody must know at once, also at night: they asked for it this minute, or it may be a theft.
URGENT: frozenset[Kind] = frozenset(
    {
        "link.sign-up",
        "link.email",
        "link.password",
        "known",
        "totp.added",
        "totp.removed",
        "passkey.added",
        "passkey.removed",
        "recovery.used",
        "recovery.few",
        "recovery.made",
        "device.new",
        "device.child",
        "password.changed",
        "password.own",
        "email.changed",
        "card.new",
        "erasure.asked",
    }
)
Road = Literal["mail", "push", "browser"]  # push: to all of somebody's browsers; browser: to one of them
TOPICS = ("notice.urgent", "notice")  # of the outbox; a morning's worth of held notices never stands before a link
