"""Decisions about second factors: which code an app shows, which recovery codes there are, when a passkey is proved."""

import base64
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

Kind = Literal["totp", "passkey", "recovery"]
Credential = Mapping[str, Any]  # what a browser made of a key, as JSON

ISSUER = "e+ Life"
STEP = 30  # seconds (RFC 6238)
DIGITS = 6
SECRET_BYTES = 20  # of the digest that makes the codes (RFC 4226)
RECOVERY_CODES = 10
FEW = 3  # recovery codes left, at which somebody is told to make new ones
PATIENCE_MS = 300_000  # as long as a challenge is worth something
LONGEST_CREDENTIAL = 1023  # bytes (WebAuthn)
MOST_PASSKEYS = 20  # of one account
GUESSES = "10 per 5 minutes", "20 per 15 minutes", "60 per day"


class NotProved(Exception):
    """A passkey's answer that cannot be read, or does not prove what was asked."""


def limits(account: str, place: str) -> list[tuple[str, str, str]]:
    """What a wrong second factor counts against: three of a million codes are right at a time.

    Only whoever knows the password gets here, so that the narrow limits lock nobody out from afar.
    """
    from_place, often, daily = GUESSES
    return [
        ("second-from", f"{account}:{place}", from_place),
        ("second", account, often),
        ("second-daily", account, daily),
    ]


def new_secret() -> str:
    """A fresh secret for an app that shows codes, in base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def in_groups(secret: str) -> str:
    """A secret as somebody types it: groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def app_link(secret: str, name: str) -> str:
    """What an app reads from a picture: `otpauth://totp/…` with the account's name and whose codes these are."""
    told = {"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{quote(f'{ISSUER}:{name}')}?{urlencode(told, quote_via=quote)}"


def step_at(now: datetime) -> int:
    """How many steps of thirty seconds had begun at a moment."""
    return int(now.timestamp()) // STEP


def code_of(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 6238 with SHA-1, RFC 4226 section 5.3)."""
    made = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    at = made[-1] & 15
    return str((int.from_bytes(made[at : at + 4], "big") & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step to which a code belongs: this one, or one next to it, as clocks differ; None for a wrong code."""
    here = step_at(now)
    fits = [step for step in (here - 1, here, here + 1) if hmac.compare_digest(code_of(secret, step), code)]
    return fits[-1] if fits else None


def app_code(typed: str) -> str | None:
    """The six digits of an app, however they were typed; None for what must be a recovery code."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "")
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Party:
    """For which site passkeys are made, and at which address they are asked for."""

    id: str
    origin: str


def party(address: str) -> Party | None:
    """The party of our page's address; None where browsers make no passkeys, as at a bare IP address.

    A machine of one's own is known to browsers as localhost.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        if not ip_address(host).is_loopback:
            return None
        host = "localhost"
    except ValueError:
        pass
    port = f":{parts.port}" if parts.port else ""
    return Party(host, f"{parts.scheme}://{host}{port}") if host else None


def ask_for_new(party: Party, challenge: str, account_id: UUID, name: str, known: Sequence[bytes]) -> dict[str, Any]:
    """What a browser needs to make a passkey; it makes none on a device that holds one of the known."""
    found: dict[str, Any] = options_to_json_dict(
        generate_registration_options(
            rp_id=party.id,
            rp_name=ISSUER,
            user_id=account_id.bytes,
            user_name=name,
            challenge=base64url_to_bytes(challenge),
            timeout=PATIENCE_MS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
    )
    return found


def ask_for_proof(party: Party, challenge: str, known: Sequence[bytes]) -> dict[str, Any]:
    """What a browser needs to prove a passkey; without known ones it offers those that it keeps for our site."""
    found: dict[str, Any] = options_to_json_dict(
        generate_authentication_options(
            rp_id=party.id,
            challenge=base64url_to_bytes(challenge),
            timeout=PATIENCE_MS,
            allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )
    return found


def challenge_in(credential: Credential) -> str:
    """The challenge that a browser answers, unproved; raises `NotProved` where there is none."""
    try:
        told = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        found = told["challenge"]
    except Exception:
        raise NotProved from None
    if not isinstance(found, str):
        raise NotProved
    return found


def id_in(credential: Credential) -> bytes:
    """The id of the key that a browser used, unproved; raises `NotProved` where there is none."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except Exception:
        raise NotProved from None


def owner_in(credential: Credential) -> bytes | None:
    """Whose key a browser says it used: the bytes of an account's id, where the key keeps them; unproved."""
    try:
        return base64url_to_bytes(credential["response"]["userHandle"])
    except Exception:
        return None


@dataclass(frozen=True, slots=True)
class NewKey:
    """The public half of a key that a browser made."""

    credential_id: bytes
    public_key: bytes  # COSE
    sign_count: int


def read_new(credential: Credential, party: Party, challenge: str) -> NewKey:
    """The key that was made for a challenge; raises `NotProved`."""
    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as problem:  # besides its own kinds, whatever a crooked value breaks on the way
        raise NotProved from problem
    if len(found.credential_id) > LONGEST_CREDENTIAL:
        raise NotProved
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def read_proof(credential: Credential, party: Party, challenge: str, key: NewKey) -> int:
    """How often a key says it was used, once it is proved to have signed a challenge; raises `NotProved`.

    Also for a count that does not go on from the last: then there are two of the key.
    """
    try:
        found = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except Exception as problem:  # see read_new
        raise NotProved from problem
    return found.new_sign_count
