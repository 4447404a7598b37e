"""Web Push: what a push service is handed can be read by the one browser, proves who sent it, and goes nowhere else."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.kit.push import (
    LONGEST,
    Answer,
    Message,
    Pusher,
    Subscription,
    UnsafeEndpoint,
    fresh_push_key,
    is_public,
    seal,
)
from tests.builders import MORNING
from tests.pushing import CURVE, KEY, SETTING, PushBrowser, PushService, certificate_of, proved, push_service, raw, text

ADDRESS = "https://eplus.example.hk"
HELLO = Message(b"hello", "n" * 32, timedelta(hours=24), "high")
FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def service() -> Iterator[PushService]:
    """A push service on this machine."""
    with push_service() as found:
        yield found


def pusher(setting: str = SETTING) -> Pusher:
    """Our side with a fixed key."""
    found = Pusher.read(setting, ADDRESS)
    assert found is not None
    return found


def subscription(browser: PushBrowser) -> Subscription:
    """A subscription as a door reads it."""
    told = browser.subscription
    return Subscription.read(told["endpoint"], told["keys"]["p256dh"], told["keys"]["auth"])


def test_the_example_of_rfc_8291_comes_out_byte_for_byte() -> None:
    at = Subscription.read(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    own = ec.derive_private_key(int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), CURVE)
    made = seal(at, b"When I grow up, I want to be a watermelon", own, raw("DGv6ra1nlYgDCS1FRnbzlw"))
    assert text(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
        "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(max_size=LONGEST))
def test_only_the_browser_opens_what_was_sealed_for_it(payload: bytes) -> None:
    mine, other = PushBrowser(FCM), PushBrowser(FCM)
    made = seal(subscription(mine), payload)
    assert len(made) <= 4096
    assert mine.open(made) == payload
    with pytest.raises(InvalidTag):
        other.open(made)


def test_a_message_that_no_push_service_would_take_is_refused() -> None:
    with pytest.raises(ValueError):
        seal(subscription(PushBrowser(FCM)), b"x" * (LONGEST + 1))


def test_what_is_handed_over_proves_who_sent_it_to_this_service_alone(service: PushService) -> None:
    browser = service.browser("mei")
    assert pusher().send(MORNING, subscription(browser), HELLO) == Answer("sent")
    [handed] = service.handed
    assert browser.open(handed.body) == b"hello"
    claims = proved(handed.headers["Authorization"])
    assert claims == {
        "aud": f"http://127.0.0.1:{service.port}",
        "exp": int((MORNING + timedelta(hours=12)).timestamp()),
        "sub": "mailto:push@example.hk",
        "k": pusher().public_key,
    }
    sent = {name: handed.headers[name] for name in ("Content-Encoding", "TTL", "Topic", "Urgency")}
    assert sent == {"Content-Encoding": "aes128gcm", "TTL": "86400", "Topic": "n" * 32, "Urgency": "high"}


@pytest.mark.parametrize(
    ("status", "headers", "answer"),
    [
        (200, {}, Answer("sent")),
        (404, {}, Answer("gone")),
        (410, {}, Answer("gone")),
        (429, {"Retry_After": "90"}, Answer("later", timedelta(seconds=90))),
        (429, {"Retry_After": "Sat, 21 Nov 2026 02:05:00 GMT"}, Answer("later", timedelta(minutes=5))),
        (503, {"Retry_After": "99999999"}, Answer("later", timedelta(hours=6))),
        (503, {"Retry_After": "soon"}, Answer("later")),
        (500, {}, Answer("later")),
        (400, {}, Answer("refused")),
        (307, {"Location": "http://127.0.0.1:1/elsewhere"}, Answer("refused")),
    ],
)
def test_an_answer_says_whether_to_try_again(
    service: PushService, status: int, headers: dict[str, str], answer: Answer
) -> None:
    service.answer("mei", status, **headers)
    assert pusher().send(MORNING, subscription(service.browser("mei")), HELLO) == answer
    assert len(service.handed) == 1


def test_over_tls_the_certificate_must_be_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with push_service(certificate_of("localhost", tmp_path / "service.pem")) as service:
        browser = PushBrowser(f"https://localhost:{service.port}/send/mei")
        sender = pusher(f"{KEY},mailto:push@example.hk,localhost,127.0.0.1")
        with pytest.raises(OSError):
            sender.send(MORNING, subscription(browser), HELLO)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "service.pem"))
        assert sender.send(MORNING, subscription(browser), HELLO) == Answer("sent")
        with pytest.raises(OSError):
            sender.send(MORNING, subscription(PushBrowser(f"https://127.0.0.1:{service.port}/send/mei")), HELLO)
        assert len(service.handed) == 1


def test_a_service_that_is_not_there_is_an_oserror() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        browser = PushBrowser(f"http://127.0.0.1:{taken.getsockname()[1]}/x")
        with pytest.raises(OSError):
            pusher().send(MORNING, subscription(browser), HELLO)


@pytest.mark.parametrize(
    "endpoint",
    [
        FCM,
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://wns2-sg2p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com:443/abc",
    ],
)
def test_the_push_services_of_the_browsers_are_known(endpoint: str) -> None:
    pusher(KEY).check(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://user@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com.example.hk/abc",
        "https://evilnotify.windows.com/abc",
        "https://push.apple.com.evil.hk/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://2130706433/abc",
        "https://10.0.0.8/abc",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/abc",
        "https:///abc",
        "ftp://fcm.googleapis.com/abc",
    ],
)
def test_nothing_is_sent_to_any_other_address(endpoint: str, service: PushService) -> None:
    browser = PushBrowser(endpoint)
    with pytest.raises((UnsafeEndpoint, ValueError)):
        pusher(KEY).send(MORNING, subscription(browser), HELLO)
    with pytest.raises(UnsafeEndpoint):
        pusher(KEY).send(MORNING, subscription(service.browser("mei")), HELLO)
    assert service.handed == []


def test_a_known_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch, service: PushService) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", service.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(UnsafeEndpoint):
        pusher(KEY).send(MORNING, subscription(PushBrowser(FCM)), HELLO)
    assert service.handed == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("142.250.66.74", True), ("2404:6800:4005::5f", True), ("64:ff9b::8efa:424a", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.1.2.3", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("2001:0:1::", False),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_all_others(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "keys", [("", "BTBZMqHH6r4Tts7J_aSIgg"), ("AAAA", "AAAA"), ("é", "é"), (text(b"\4" * 65), "A" * 22)]
)
def test_what_is_no_browser_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(ValueError):
        Subscription.read(FCM, *keys)


@pytest.mark.parametrize(
    "endpoint", ["", "https://fcm.googleapis.com:x/", "https://fcm.googleapis.com/\r\nX: 1", "https://é"]
)
def test_what_is_no_address_is_refused(endpoint: str) -> None:
    told = PushBrowser(FCM).subscription["keys"]
    with pytest.raises(ValueError):
        Subscription.read(endpoint, told["p256dh"], told["auth"])


def test_the_setting_is_read_or_refused_in_a_sentence() -> None:
    assert Pusher.read("", ADDRESS) is None
    assert pusher(fresh_push_key()).contact == ADDRESS
    assert pusher(f"{KEY},mailto:a@b.hk").contact == "mailto:a@b.hk"
    plain = Pusher.read(KEY, "http://127.0.0.1:8000")
    assert plain is not None
    assert plain.contact.startswith("mailto:")
    for wrong in ("short", f"{KEY},a@b.hk", text(b"\0" * 32), text(b"\xff" * 32)):
        with pytest.raises(ValueError, match="EPLUS_PUSH"):
            Pusher.read(wrong, ADDRESS)
