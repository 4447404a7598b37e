"""The contract of vendors with a cloud, held by every one that is found: whoever adds one adds a notice of its kind."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.cloud import Answer, CameBack, Client, Cloud, Failed, Flow, Grant, Heard, Notice, consent_address
from tests.integrations.flows import answer, cloud, clouds, heard, on

HOOKS = Path(__file__).parents[1] / "data" / "hooks"
each_cloud = pytest.mark.parametrize("name", clouds())
MOST_CALLS = 60
GRANT = Grant("475", "the-access", "the-refresh", 3600)


def hook(name: str) -> dict[str, Any]:
    """The recorded notice of a vendor, with the client that it is for."""
    told: dict[str, Any] = json.loads((HOOKS / f"{name}.json").read_text("utf-8"))
    return told


def client(name: str) -> Client:
    """We as the recorded notice knows us."""
    return Client(**hook(name)["client"])


@each_cloud
def test_what_it_needs_is_said_and_its_notice_is_believed(name: str) -> None:
    told, vendor = hook(name), cloud(name)
    assert {*vendor.CLOUD.needs, *(["keys"] if vendor.CLOUD.keys else [])} <= set(client(name).more)
    reply = vendor.hear(client(name), heard(told))
    assert (reply.status, reply.keep) == (told["status"], True)
    assert list(vendor.notices(told["body"].encode())) == [
        Notice(user, on(first), on(last), *text) for user, first, last, *text in told["notices"]
    ]


@pytest.mark.parametrize("name", [name for name in clouds() if cloud(name).CLOUD.signed])
def test_one_changed_byte_is_refused_wherever_it_is(name: str) -> None:
    told, vendor = hook(name), cloud(name)
    body = told["body"].encode()
    for at in range(len(body)):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert vendor.hear(client(name), heard(told)._replace(body=changed)) == (401, "", False)


@pytest.mark.parametrize("name", [name for name in clouds() if cloud(name).CLOUD.signed])
def test_a_notice_without_a_signature_or_for_another_client_is_refused(name: str) -> None:
    told, vendor, us = hook(name), cloud(name), client(name)
    assert not vendor.hear(us, heard(told, headers={})).keep
    other = Client(us.id, us.secret + "x", {key: value + "x" for key, value in us.more.items()})
    assert not vendor.hear(other, heard(told)).keep
    assert not vendor.hear(Client(us.id, "", {}), heard(told)).keep


@each_cloud
def test_the_consent_page_is_asked_as_oauth_says(name: str) -> None:
    vendor = cloud(name)
    address = urlsplit(consent_address(vendor.CLOUD, client(name), "https://us.hk/back", "the-state", "v" * 43))
    asked = {key: values[0] for key, values in parse_qs(address.query).items()}
    assert address.scheme == "https"
    assert (asked["response_type"], asked["client_id"]) == ("code", "us")
    assert (asked["redirect_uri"], asked["state"]) == ("https://us.hk/back", "the-state")
    assert ("code_challenge" in asked) == vendor.CLOUD.pkce
    assert "known to both" not in address.query


@each_cloud
def test_no_secret_is_shown_where_calls_and_clients_are_printed(name: str) -> None:
    flow = cloud(name).renew(client(name), GRANT)
    printed = repr((next(flow), client(name)))
    assert "known to both" not in printed
    assert "the-refresh" not in printed


@each_cloud
def test_a_token_that_ended_asks_for_another_and_a_busy_vendor_does_not(name: str) -> None:
    says = cloud(name).outcome
    assert says(answer({"error": "invalid_token"}, 401)) == "refused"
    assert says(answer({"error": "invalid_grant"}, 400)) == "refused"
    assert says(answer({"error": "invalid_client"}, 401)) == "no_answer"  # our mistake is nobody's to mend
    assert says(answer("", 410)) == "gone"
    assert says(answer("", 429)) == "too_often"
    assert {says(answer("<html>", status)) for status in (500, 502, 503, 404)} == {"no_answer"}


@each_cloud
@given(status=st.integers(100, 599), text=st.one_of(st.text(max_size=80), st.just("[" * 5000), st.just('{"status":0}')))
def test_no_answer_breaks_a_dance_otherwise_than_by_saying_so(name: str, status: int, text: str) -> None:
    vendor, told = cloud(name), Answer(status, {}, text)
    vendor.outcome(told)
    us, now = client(name), datetime(2026, 11, 7, tzinfo=UTC)
    back = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
    flows: list[Flow[Any]] = [
        vendor.renew(us, GRANT),
        vendor.fetch(us, GRANT, date(2026, 11, 1), date(2026, 11, 7)),
        vendor.grant(us, back),
        vendor.leave(us, GRANT, now),
    ]
    for flow in flows:
        with suppress(StopIteration, Failed):
            next(flow)
            for _ in range(MOST_CALLS):
                flow.send(told)
            pytest.fail("a dance without end")


@each_cloud
@given(body=st.one_of(st.binary(max_size=200), st.just(b"[" * 5000)), method=st.sampled_from(["POST", "GET", "HEAD"]))
def test_noise_at_the_door_raises_nothing(name: str, body: bytes, method: str) -> None:
    vendor = cloud(name)
    vendor.hear(client(name), Heard(method, {"x": "é"}, {}, body))
    with suppress(Failed, ValueError):
        list(vendor.notices(body))


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": "http://vendor.test"},
        {"keys": "http://vendor.test"},
        {"window": 0},
        {"calls_per_minute": 0},
        {"back": 0},
    ],
)
def test_a_vendor_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "brand": "Vendor",
        "consent": "https://vendor.test",
        "scope": "steps",
        "calls_per_minute": 1,
        "window": 1,
        "back": 1,
    }
    Cloud(**right)
    with pytest.raises(ValueError, match=r"no safe place|may not be asked"):
        Cloud(**{**right, **wrong})
