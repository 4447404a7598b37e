"""Decisions about passwords and session ids."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SESSION_LASTS = timedelta(days=30)

_hasher = PasswordHasher()  # argon2id with the library's current recommendation


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its own salt."""
    return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether a password is the right one; an unknown account (None) takes the same time and never fits."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_session_id() -> str:
    """A fresh 256-bit session id in URL-safe text; it exists only in the person's cookie."""
    return secrets.token_urlsafe(32)


def digest(session_id: str) -> bytes:
    """What is stored of a session id; 256 random bits need no salt."""
    return hashlib.sha256(session_id.encode()).digest()


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())
