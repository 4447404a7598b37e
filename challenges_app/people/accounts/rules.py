"""Decisions about names, passwords, session ids, links and devices."""

import base64
import hashlib
import re
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SESSION_LASTS = timedelta(days=30)
DEVICE_LASTS = timedelta(days=400)  # after its last sign-in a browser is known for so long
STRONG_LASTS = timedelta(hours=12)  # a working day, after which a second factor is asked for again
LINK_LASTS: dict[str, timedelta] = {
    "sign-up": timedelta(days=1),
    "email": timedelta(days=1),
    "password": timedelta(hours=1),
    "second": timedelta(minutes=5),
    "key-add": timedelta(minutes=5),
    "key-prove": timedelta(minutes=5),
    "iam-smart": timedelta(minutes=10),
    "tracker": timedelta(minutes=10),
}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
# What mail programs agree on: they take other signs for several addresses or for none, and a letter so addressed would
# go elsewhere or hold up the post. A domain in Chinese is written as its xn-- name.
EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
LONGEST_LOCAL_PART = 64
LONGEST_EMAIL = 254
SHORTEST_PASSWORD = 10
LETTERS = "5 per hour"  # that strangers may have sent to one address
COMMON = {"password", "1234567890", "qwertyuiop", "0123456789", "passw0rd", "iloveyou", "hongkong", "ehealth"}

_hasher = PasswordHasher()  # argon2id with the library's current recommendation


def is_email(text: str) -> bool:
    """Whether a text can be an e-mail address; only a letter that arrives proves it."""
    return (
        len(text) <= LONGEST_EMAIL
        and len(text.partition("@")[0]) <= LONGEST_LOCAL_PART
        and EMAIL.fullmatch(text) is not None
    )


def is_name(text: str) -> bool:
    """Whether a text can be a user name: 3 to 30 Latin letters, digits, dots, hyphens; capitals do not matter."""
    return NAME.fullmatch(text.lower()) is not None


def is_weak(password: str, name: str) -> bool:
    """Whether a password would be guessed: too short, one of the commonest with little added, or the name itself."""
    plain = password.casefold().strip("!?.0123456789 ")
    return (
        len(password) < SHORTEST_PASSWORD
        or len(set(password)) < 4
        or plain in {"", *COMMON}
        or plain == name.partition("@")[0].casefold()
    )


def device_of(user_agent: str) -> str:
    """A device as its owner would name it, as "Chrome · Android"; nothing finer is kept."""
    browsers = {
        "Edg": "Edge",
        "SamsungBrowser": "Samsung",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "Mac",
        "Linux": "Linux",
    }
    found = [next((name for mark, name in known.items() if mark in user_agent), "") for known in (browsers, systems)]
    return " · ".join(each for each in found if each)


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its own salt."""
    return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether a password is the right one; no account (None) or one without a password takes as long."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def _hash_of_nobody() -> str:
    """A hash that no password has, of the same cost as all others: chance where salt and digest stand."""
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    sizes = (_hasher.salt_len, _hasher.hash_len)
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in sizes)
    return f"$argon2id$v=19${cost}${salt}${digest}"


_NOBODY = _hash_of_nobody()


def new_session_id() -> str:
    """A fresh 256-bit session id in URL-safe text; it exists only in the person's cookie."""
    return secrets.token_urlsafe(32)


def digest(session_id: str) -> bytes:
    """What is stored of a session id; 256 random bits need no salt."""
    return hashlib.sha256(session_id.encode()).digest()
