"""Decisions about phones: how a key looks, what its code says, and how much may be pushed."""

import hashlib
import re
import secrets

LARGEST = 256 * 1024  # bytes of a pushed body: a month of minutes in our own form
MOST = 10  # phones of one person
RATE = "60 per 10 minute"  # of one phone; the busiest apps push every quarter of an hour
# The mark at its beginning lets a key be known for what it is where it should not be, as in a published file.
_KEY = re.compile(r"eplus_[A-Za-z0-9_-]{43}", re.ASCII)


def fresh_key() -> str:
    """A new key of 256 random bits."""
    return f"eplus_{secrets.token_urlsafe(32)}"


def is_key(text: str) -> bool:
    """Whether a text can be a key."""
    return _KEY.fullmatch(text) is not None


def key_digest(key: str) -> bytes:
    """What is kept of a key (32 bytes); 256 random bits need no slow digest."""
    return hashlib.sha256(key.encode()).digest()


def key_link(address: str, key: str) -> str:
    """What a key's code says: our page with the key behind a #, where no server's log sees it."""
    return f"{address}/#/phone-key/{key}"
