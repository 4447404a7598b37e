"""Decisions about identity: what a level means, which card numbers can be right, and which ID tokens are believed."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Level = Literal[0, 1, 2]  # a nickname only; an e-mail address was verified; identity was checked
Method = Literal["counter", "iam-smart"]

CODE_LASTS = timedelta(minutes=15)
LEEWAY = timedelta(seconds=60)  # between two machines' clocks

_NUMBER = re.compile(r"([A-Z]{1,2})([0-9]{6})([0-9A])")
_BESIDE = str.maketrans("", "", "()[]{}- \t\u3000")

# What the profile of iAM Smart is taken to call the number and the name. `name` is OpenID Connect's own. The other is
# to be confirmed: real names are told to registered services under agreement, and have to be put here.
NUMBER_CLAIM, NAME_CLAIM = "identity_card_number", "name"
SCOPE = "openid profile"
LONGEST_NAME = 200
SIGNED_BY = ("RS256", "PS256", "ES256")  # never by a shared secret, and never by nobody


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent ahead to a provider: the state that brings the answer home, the nonce, the PKCE challenge."""

    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is held against a provider's answer: the nonce of its ID token, and the PKCE verifier."""

    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a provider says of somebody: the number of their identity card, normalised, and their name."""

    number: str
    name: str | None


def level_of(*, email: bool, checked: bool) -> Level:
    """How well somebody is known; a checked identity is the highest level also without an e-mail address."""
    return 2 if checked else 1 if email else 0


def card_number(typed: str) -> str | None:
    """A Hong Kong identity card number as "A1234563", or None for one that cannot be right.

    However it was typed: with or without brackets and spaces, in small or full-width letters.
    """
    plain = unicodedata.normalize("NFKC", typed).translate(_BESIDE).upper()
    found = _NUMBER.fullmatch(plain)
    return plain if found and found[3] == _check_digit(found[1], found[2]) else None


def _check_digit(letters: str, digits: str) -> str:
    """Weights 9 to 2 from the left, a missing first letter as 36, A as 10; the whole with it is a multiple of 11."""
    values = [36] * (2 - len(letters)) + [int(each, 36) for each in letters + digits]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if rest == 10 else str(rest)


def pkce_challenge(verifier: str) -> str:
    """What is sent ahead of a PKCE verifier (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def claims_of(token: str, keys: Any) -> Mapping[str, Any] | None:
    """The claims of an ID token that one of a provider's keys (a JWK set) has signed; None for any other."""
    # Imported here: most servers never meet an ID token, and need not read the library.
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(SIGNED_BY)).claims
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):  # whatever a crooked token or key set raises
        return None
    return claims if isinstance(claims, dict) else None


def is_for_us(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str, now: datetime) -> bool:
    """Whether an ID token is this provider's, made for us, for this very request, and not over.

    OpenID Connect Core 1.0, 3.1.3.7.
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    made, ends = _moment(claims.get("iat")), _moment(claims.get("exp"))
    return (
        claims.get("iss") == issuer
        and client_id in audiences
        and (len(audiences) == 1 or claims.get("azp") == client_id)
        and claims.get("azp", client_id) == client_id
        and claims.get("nonce") == nonce
        and isinstance(claims.get("sub"), str)
        and made is not None
        and ends is not None
        and made <= (now + LEEWAY).timestamp()
        and ends > (now - LEEWAY).timestamp()
    )


def _moment(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def profile_of(told: Mapping[str, Any], subject: str) -> Profile | None:
    """What a provider's profile says of the person in the ID token; None for another's, or without a right number."""
    number, name = told.get(NUMBER_CLAIM), told.get(NAME_CLAIM)
    plain = card_number(number) if isinstance(number, str) else None
    if told.get("sub") != subject or plain is None:
        return None
    return Profile(plain, name[:LONGEST_NAME] if isinstance(name, str) and name else None)


def counter_link(address: str, code: str) -> str:
    """What the picture of a counter code says: the page of the counter with the code behind a #."""
    return f"{address}/#/counter/{code}"
