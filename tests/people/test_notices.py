"""Notices travel by mail and Web Push, each exactly once in effect, not at night unless they are urgent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.kit.push import Answer, Message, Pusher, Subscription
from challenges_app.people.post.jobs import carry_next
from challenges_app.people.post.rules import pushed
from tests.people.doors import Town, code
from tests.people.telling import ids, push_state, subscribed, subscriptions, told, town_on, waiting
from tests.pushing import PushBrowser, PushService, proved, push_service


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    """A push service on this machine, for all tests; each has browsers of its own."""
    with push_service() as found:
        yield found


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """Such a town on a database of each kind."""
    town = town_on(database_url)
    yield town
    town.world.db.close()


@pytest.fixture
def small_town(tmp_path: Any) -> Iterator[Town]:
    """Such a town on SQLite, for what does not depend on the engine."""
    town = town_on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    yield town
    town.world.db.close()


def test_a_notice_goes_by_mail_and_to_every_browser_that_asked_for_it(town: Town, service: PushService) -> None:
    phone, tablet = service.browser("a-phone"), service.browser("a-tablet")
    subscribed(town, service, phone)
    subscribed(town, service, tablet)
    told(town)
    told(town)  # the same key again
    [letter] = town.post()
    assert (letter.to, letter.subject) == ("mei@example.hk", "Your account will soon be yours alone")
    [shown] = service.told(phone)
    assert service.told(tablet) == [shown]
    assert (shown["subject"], shown["lang"]) == (letter.subject, "en")
    assert shown["text"].startswith("You turn 16 on 2026-12-01.")
    assert UUID(shown["id"]) in ids(town)
    assert proved(service.handed[-1].headers["Authorization"])["sub"] == "mailto:push@example.hk"
    assert (town.post(), len(service.told(phone)), waiting(town)) == ([], 1, 0)


def test_workers_side_by_side_hand_each_notice_over_once(town: Town, service: PushService) -> None:
    phone, tablet = service.browser("b-phone"), service.browser("b-tablet")
    subscribed(town, service, phone)
    subscribed(town, service, tablet)
    for each in range(6):
        told(town, f"n{each}")

    def work() -> None:
        while carry_next(town.world.here):
            pass

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(60)
    work()
    assert len(town.post()) == 6
    for browser in (phone, tablet):
        shown = [each["id"] for each in service.told(browser)]
        assert (len(shown), len(set(shown))) == (6, 6)
    assert waiting(town) == 0


class Dying(Exception):
    """Stands for a worker that is killed."""


class Killed(Pusher):
    """Hands over, and dies before it can say so."""

    def send(self, now: datetime, to: Subscription, message: Message) -> Answer:
        super().send(now, to, message)
        raise Dying


def test_a_worker_that_dies_after_the_hand_over_repeats_only_itself(
    town: Town, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = service.browser("c-phone")
    subscribed(town, service, phone)
    told(town)
    here = town.world.here
    assert here.push is not None
    dying = replace(here, push=Killed(here.push.key, here.push.contact, here.push.hosts))
    # A killed process writes nothing more: neither that it is done, nor that it failed.
    monkeypatch.setattr("challenges_app.people.post.jobs.outbox.later", lambda *_: None)
    while carry_next(dying):
        pass
    monkeypatch.undo()
    assert (len(service.told(phone)), waiting(town)) == (1, 1)
    town.post()
    assert len(service.told(phone)) == 1, "it is still in the hand of the dead"
    town.clock.pass_by(minutes=3)
    town.post()
    first, again = service.told(phone)
    assert first == again, "a browser shows the same id once"
    topics = [each.headers["Topic"] for each in service.handed if each.path.startswith("/send/c-phone")]
    assert topics == [UUID(first["id"]).hex] * 2
    assert waiting(town) == 0


def test_a_browser_that_is_gone_is_forgotten(small_town: Town, service: PushService) -> None:
    phone = service.browser("d-phone")
    mei = subscribed(small_town, service, phone)
    service.answer("d-phone", 410)
    told(small_town)
    small_town.post()
    assert (subscriptions(small_town), waiting(small_town)) == ([], 0)
    assert mei.get("/api/push")[1] == push_state(small_town, on=False)


def test_a_push_service_in_trouble_is_asked_again_when_it_says(small_town: Town, service: PushService) -> None:
    phone = service.browser("e-phone")
    subscribed(small_town, service, phone)
    service.answer("e-phone", 503, Retry_After="600")
    told(small_town)
    small_town.post()
    service.answer("e-phone", 201)
    small_town.clock.pass_by(minutes=9)
    small_town.post()
    assert len(service.told(phone)) == 1
    small_town.clock.pass_by(minutes=2)
    small_town.post()
    assert (len(service.told(phone)), waiting(small_town)) == (2, 0)


def test_what_is_refused_for_good_is_not_repeated(small_town: Town, service: PushService) -> None:
    phone = service.browser("f-phone")
    subscribed(small_town, service, phone)
    service.answer("f-phone", 403)
    told(small_town)
    small_town.post()
    assert (len(service.told(phone)), waiting(small_town), len(subscriptions(small_town))) == (1, 0, 1)


def test_after_three_days_the_list_alone_has_it(small_town: Town, service: PushService) -> None:
    phone = service.browser("g-phone")
    mei = subscribed(small_town, service, phone)
    service.answer("g-phone", 500)
    told(small_town)
    small_town.post()
    for _ in range(4):
        small_town.clock.pass_by(hours=20)
        small_town.post()
    tries = len(service.told(phone))
    assert (tries < 5, waiting(small_town)) == (True, 0)
    assert len(mei.get("/api/profile/notices")[1]["notices"]) == 1


def test_a_browser_is_told_nothing_while_its_reader_is_signed_out(town: Town, service: PushService) -> None:
    phone = service.browser("h-phone")
    mei = subscribed(town, service, phone)
    elsewhere = town.signed_in("mei")
    town.post()
    before = len(service.told(phone))
    assert before == 1, "the new device was told of"
    assert elsewhere.send("DELETE", "/api/profile/devices")[0] == 204
    told(town)
    town.post()
    assert len(service.told(phone)) == before
    assert mei.sign_in("mei")[0] == 200
    assert mei.get("/api/push")[1]["on"] is True
    told(town, "two")
    town.post()
    assert len(service.told(phone)) == before + 1


def test_a_browser_belongs_to_whoever_asked_last(town: Town, service: PushService) -> None:
    town.world.person("wing")
    phone = service.browser("i-phone")
    shared = subscribed(town, service, phone)
    assert shared.sign_in("wing")[0] == 200
    assert shared.get("/api/push")[1]["on"] is False, "nobody asked for wing's notices here"
    assert shared.post("/api/push/subscriptions", phone.subscription)[0] == 200
    assert len(subscriptions(town)) == 1
    told(town)
    told(town, "two", name="wing")
    town.post()
    assert len(service.told(phone)) == 1
    assert shared.sign_in("mei")[0] == 200
    assert shared.get("/api/push")[1]["on"] is False


def test_a_browser_that_subscribes_anew_is_told_once(town: Town, service: PushService) -> None:
    old, new = service.browser("j-old"), service.browser("j-new")
    mei = subscribed(town, service, old)
    for _ in range(2):
        assert mei.post("/api/push/subscriptions", new.subscription)[0] == 200
    told(town)
    town.post()
    assert (len(service.told(old)), len(service.told(new))) == (0, 1)


def test_a_browser_takes_notices_no_longer_when_asked(small_town: Town, service: PushService) -> None:
    phone, tablet = service.browser("k-phone"), service.browser("k-tablet")
    mei = subscribed(small_town, service, phone)
    subscribed(small_town, service, tablet)
    assert mei.send("DELETE", "/api/push/subscriptions")[0] == 204
    told(small_town)
    small_town.post()
    assert (len(service.told(phone)), len(service.told(tablet))) == (0, 1)


def test_addresses_and_keys_of_browsers_are_sealed(small_town: Town, service: PushService) -> None:
    phone = service.browser("l-phone")
    subscribed(small_town, service, phone)
    [row] = subscriptions(small_town)
    assert b"127.0.0.1" not in row.holds_sealed
    assert phone.auth.hex() not in str(row)


@pytest.mark.parametrize(
    "endpoint",
    ["https://169.254.169.254/latest", "https://intranet.example.hk/x", "http://fcm.googleapis.com/x", "no address"],
)
def test_only_push_services_are_taken(small_town: Town, endpoint: str) -> None:
    mei = small_town.signed_in("mei")
    body = {**PushBrowser("").subscription, "endpoint": endpoint}
    assert code(mei.post("/api/push/subscriptions", body)) == "push.unknown"
    assert subscriptions(small_town) == []


def test_without_a_key_there_is_no_push(tmp_path: Any, service: PushService) -> None:
    town = Town.on(f"sqlite:///{tmp_path / 'plain.sqlite'}")
    town.world.person("mei")
    mei = town.signed_in("mei")
    assert mei.get("/api/push") == (200, {"public_key": None, "on": False})
    assert code(mei.post("/api/push/subscriptions", service.browser("m").subscription)) == "push.off"
    told(town)
    assert (town.post(), waiting(town)) == ([], 0)
    town.world.db.close()


def test_unread_notices_are_counted_until_they_are_read(small_town: Town) -> None:
    mei = small_town.signed_in("mei")
    told(small_town)
    told(small_town, "two")
    assert mei.get("/api/profile/notices/unread")[1] == {"count": 2}
    assert mei.send("PUT", "/api/profile/notices/read")[0] == 204
    assert mei.get("/api/profile/notices/unread")[1] == {"count": 0}


@given(st.text(), st.text())
def test_whatever_a_notice_says_fits_into_a_push_message(subject: str, text: str) -> None:
    assert len(pushed(UUID(int=1), "zh-Hant", subject * 50, text * 100)) <= 3900


def test_a_long_text_is_cut_for_a_small_window() -> None:
    made = pushed(UUID(int=1), "en", "s", "word " * 100).decode()
    assert made.endswith('word…"}')
