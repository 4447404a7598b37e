"""Decisions about notices: which kinds there are."""

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
    "companion.asked",
    "companion.agreed",
    "care.begun",
    "care.ended",
    "care.rests",
]
