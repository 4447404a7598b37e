"""Signatures as Tink writes them, made here with a key of our own."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from integrations.tink import is_signed
from tests.integrations.test_clouds import hook

KEY = generate_private_key(SECP256R1())
NUMBER, MESSAGE = 7, b'{"data": 1}'


def field(number: int, value: bytes) -> bytes:
    """A field of bytes in a message of protocol buffers."""
    return bytes([number << 3 | 2, len(value)]) + value


def proto(encoding: int = 2, hashed: int = 3) -> bytes:
    """Our public key as Tink keeps it."""
    at = KEY.public_key().public_numbers()
    x, y = (b"\0" + each.to_bytes(32) for each in (at.x, at.y))
    return field(2, bytes([8, hashed, 16, 2, 24, encoding])) + field(3, x) + field(4, y)


def keys(value: bytes | None = None, **other: Any) -> str:
    """A set with our key, or one that differs in something."""
    kind = "type.googleapis.com/google.crypto.tink.EcdsaPublicKey"
    data = {"typeUrl": kind, "value": base64.b64encode(proto() if value is None else value).decode()}
    key = {"keyData": data, "status": "ENABLED", "keyId": NUMBER, "outputPrefixType": "TINK", **other}
    return json.dumps({"primaryKeyId": NUMBER, "key": [key]})


def signature(prefix: bytes = b"\1\0\0\0\7", raw: bool = False) -> str:
    """A signature of the message by our key."""
    signed = KEY.sign(MESSAGE, ECDSA(SHA256()))
    if raw:
        signed = b"".join(each.to_bytes(32) for each in decode_dss_signature(signed))
    return base64.b64encode(prefix + signed).decode()


def test_what_our_key_has_signed_is_believed_in_both_ways_of_writing_it() -> None:
    assert is_signed(keys(), signature(), MESSAGE) is True
    assert is_signed(keys(proto(encoding=1)), signature(raw=True), MESSAGE) is True
    assert is_signed(keys(), signature(), MESSAGE + b" ") is False
    assert is_signed(keys(), signature(raw=True), MESSAGE) is False


def test_of_two_keys_with_one_number_either_may_have_signed() -> None:
    [ours], [strange] = (json.loads(each)["key"] for each in (keys(), keys(proto(hashed=4))))
    for both in ([ours, strange], [strange, ours]):
        assert is_signed(json.dumps({"key": both}), signature(), MESSAGE) is True


@pytest.mark.parametrize(
    "unknown",
    [
        "", "[]", "{}", '{"key": 5}', '{"key": [5]}', '{"key": [{"keyId": 7}]}', keys(keyId=8), keys(status="DISABLED"),
        keys(outputPrefixType="RAW"), keys(b"\x1a"), keys(b"\x1b\0"), keys(b"\xff" * 12), keys(keyData=5), "[" * 5000,
    ],
    ids=range(14),  # the key is another one in each process
)  # fmt: skip
def test_without_a_key_of_that_number_nothing_is_said(unknown: str) -> None:
    assert is_signed(unknown, signature(), MESSAGE) is None


@pytest.mark.parametrize(
    "broken", [proto(hashed=4), b"", field(3, b"x"), proto()[:-3] + b"\0\0\0", proto() + proto()], ids=range(5)
)
def test_a_key_that_is_none_or_of_another_kind_has_signed_nothing(broken: bytes) -> None:
    assert is_signed(keys(broken), signature(), MESSAGE) is (broken == proto() + proto())


@pytest.mark.parametrize(
    "given", ["", "é", "AAAA", "AQAAAAc=", signature(b"\0\0\0\0\7"), signature()[:-8]], ids=range(6)
)
def test_what_is_no_signature_is_refused(given: str) -> None:
    assert is_signed(keys(), given, MESSAGE) is False


@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=60))
def test_noise_raises_nothing(told: str, given: str, body: bytes) -> None:
    is_signed(told, given, body)
    is_signed(keys(body), signature(), body)


def test_the_recorded_notice_was_signed_by_the_second_of_two_keys() -> None:
    told = hook("google_health")
    given = told["headers"]["x-healthapi-signature"]
    assert is_signed(told["client"]["more"]["keys"], given, told["body"].encode()) is True
