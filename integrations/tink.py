"""Signatures as Google's Tink writes them: which key of a published set has signed, and whether it has.

Facts: the wire format and key proto of Tink. A signature is a byte 1, four bytes that number the key, and ECDSA in DER.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ECDSA_KEY = "type.googleapis.com/google.crypto.tink.EcdsaPublicKey"
PREFIX = 5  # bytes before the signature itself
RAW, DER = 1, 2  # how Tink numbers the two ways of writing two numbers
HASH, CURVE, ENCODING, PARAMS, X, Y = 1, 2, 3, 2, 3, 4  # fields of its messages
SHA_256, P_256 = 3, 2
LONGEST = 80  # bytes of both coordinates, of which Tink writes 33 each
Fields = Mapping[int, int | bytes]


def is_signed(keys: str, signature: str, message: bytes) -> bool | None:
    """Whether a signature in base64 is one of the message; None where no key of the set has its number.

    `keys` is a public key set in Tink's JSON. Raises nothing.
    """
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(given) <= PREFIX or given[0] != 1:
        return False
    verdict = None
    for key in _keys(keys, int.from_bytes(given[1:PREFIX])):
        verdict = _has_signed(key, given[PREFIX:], message) or bool(verdict)
    return verdict


def _keys(keys: str, number: int) -> Iterator[Fields]:
    """The keys of a set with a number, as far as we know their kind."""
    try:
        told = json.loads(keys)
        listed = told["key"] if isinstance(told, dict) else []
    except (ValueError, RecursionError, KeyError):
        return
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("keyId") == number and _is_in_use(each):
            try:
                yield dict(_fields(base64.b64decode(str(each["keyData"].get("value")), validate=True)))
            except (binascii.Error, ValueError, IndexError):
                continue


def _is_in_use(key: Mapping[str, Any]) -> bool:
    data = key.get("keyData")
    usable = (key.get("status"), key.get("outputPrefixType")) == ("ENABLED", "TINK")
    return usable and isinstance(data, dict) and data.get("typeUrl") == ECDSA_KEY


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message of protocol buffers; raises IndexError or ValueError for what is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value, at = _varint(message, at)
        if tag & 7 == 0:
            yield tag >> 3, value
        elif tag & 7 == 2 and at + value <= len(message):  # so many bytes
            yield tag >> 3, message[at : at + value]
            at += value
        else:
            raise ValueError("no field of a key")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        piece = message[at]
        value |= (piece & 0x7F) << shift
        at += 1
        if piece < 0x80:
            return value, at
    raise ValueError("no number")


def _has_signed(key: Fields, signature: bytes, message: bytes) -> bool:
    params, x, y = key.get(PARAMS), key.get(X), key.get(Y)
    if not isinstance(params, bytes) or not isinstance(x, bytes) or not isinstance(y, bytes) or len(x + y) > LONGEST:
        return False
    try:
        said = dict(_fields(params))
        if (said.get(HASH), said.get(CURVE)) != (SHA_256, P_256):
            return False
        if said.get(ENCODING) == RAW:
            half = len(signature) // 2
            signature = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
        numbers = EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), SECP256R1())
        numbers.public_key().verify(signature, message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError, IndexError):
        return False
    return True
