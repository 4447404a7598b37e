"""Notices in a real browser: turned on with a tap, shown once by the service worker; a password at 16.

Chromium cannot reach a push service here. In its place the page's push manager hands out an address on this machine,
and what the server really sends there is opened and given to the real service worker by the debugger.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from challenges_app.kit import clock
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.queries import set_language
from challenges_app.people.notices.actions import To, tell
from challenges_app.people.persons import actions as persons
from tests.browser.conftest import LOCALES, PHONE, sign_in
from tests.builders import RING, World
from tests.pushing import SETTING, PushService, push_service
from tests.running import environment, served

PUSH_MANAGER = """
(given) => {
  const plain = (key) => atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = (key) => Uint8Array.from(plain(key), (each) => each.charCodeAt(0));
  const made = (key) => ({
    toJSON: () => given, options: { applicationServerKey: bytes(key).buffer, userVisibleOnly: true },
    unsubscribe: async () => (localStorage.removeItem("subscribed"), true),
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.subscribed = applicationServerKey;
    return made(applicationServerKey);
  };
  PushManager.prototype.getSubscription = async () => (localStorage.subscribed ? made(localStorage.subscribed) : null);
}
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    """A push service on this machine."""
    with push_service() as found:
        yield found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world in which mei lives."""
    made = World.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}", clock.now)
    made.player(made.person("mei"))
    reads(made, "en")
    yield made
    made.db.close()


def reads(world: World, language: str) -> UUID:
    """Let mei read a language; answers her account."""
    with world.db.reading() as conn:
        account: UUID = accounts.find(conn, RING, "mei").id
    world.write(lambda tx: set_language(tx, account, language))
    return account


@pytest.fixture
def address(world: World, tmp_path: Path) -> Iterator[str]:
    """Where it is served, with push."""
    with served(environment(f"sqlite:///{tmp_path / 'eplus.sqlite'}", EPLUS_PUSH=SETTING), tmp_path) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Makes phones in a language that may show notifications."""
    contexts: list[BrowserContext] = []

    def make(language: str = "en", viewport: dict[str, int] = PHONE) -> Page:
        context = browser.new_context(
            viewport=viewport, locale=LOCALES[language], base_url=address, permissions=["notifications"],
            reduced_motion="reduce", device_scale_factor=2,
        )  # fmt: skip
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def worker_gets(page: Page, address: str, message: str) -> None:
    """Give the page's service worker a push message."""
    debugger = page.context.new_cdp_session(page)
    found: list[Any] = []
    debugger.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    debugger.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    push = {"origin": address, "registrationId": found[0]["registrationId"], "data": message}
    debugger.send("ServiceWorker.deliverPushMessage", push)


SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, lang, tag }) => ({ title, body, lang, tag }))"""


def shown(page: Page, count: int) -> list[dict[str, str]]:
    """The notifications that the browser shows, once there are so many."""
    page.wait_for_function(f"async () => (await ({SHOWN})()).length >= {count}")
    found: list[dict[str, str]] = page.evaluate(SHOWN)
    return found


def test_a_phone_is_told_after_a_tap_and_shows_each_notice_once(
    world: World, service: PushService, phone: Callable[..., Page], address: str
) -> None:
    page, mine = phone(), service.browser("phone")
    page.context.add_init_script(f"({PUSH_MANAGER})({mine.subscription!r})")
    sign_in(page, "mei")
    page.goto("/#/notices/how")
    on_this_device = page.get_by_role("switch", name="Notifications on this device")
    expect(on_this_device).not_to_be_checked()
    assert page.evaluate("localStorage.subscribed === undefined")
    on_this_device.click()
    expect(on_this_device).to_be_checked()

    to = To("en", reads(world, "en"))
    world.write(lambda tx: tell(tx, clock.now(), RING, "one", to, "password.changed"))
    for _ in range(100):
        if service.handed:
            break
        page.wait_for_timeout(100)
    [handed] = service.handed
    message = mine.open(handed.body).decode()
    for _ in range(2):
        worker_gets(page, address, message)
    [notification] = shown(page, 1)
    assert notification["title"] == "Your password was changed"
    assert notification["lang"] == "en"
    page.reload()
    on_this_device = page.get_by_role("switch", name="Notifications on this device")
    expect(on_this_device).to_be_checked()
    page.evaluate("localStorage.removeItem('subscribed')")
    page.reload()
    expect(on_this_device).not_to_be_checked()  # the browser was made to forget, and the page does not pretend
    on_this_device.click()
    expect(on_this_device).to_be_checked()
    on_this_device.click()
    expect(on_this_device).not_to_be_checked()


def test_hours_and_mail_are_chosen_and_kept(phone: Callable[..., Page]) -> None:
    page = phone()
    sign_in(page, "mei")
    page.goto("/#/notices/how")
    page.get_by_label("From").fill("21:30")
    page.get_by_label("Until").fill("21:30")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("The two times must differ.")).to_be_visible()
    page.get_by_label("Until").fill("06:45")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_role("button", name="Save the times")).to_have_count(0)
    page.get_by_role("switch", name="Notices by e-mail").click()
    expect(page.get_by_role("switch", name="Notices by e-mail")).not_to_be_checked()
    page.reload()
    expect(page.get_by_label("From")).to_have_value("21:30")
    expect(page.get_by_label("Until")).to_have_value("06:45")
    expect(page.get_by_role("switch", name="Notices by e-mail")).not_to_be_checked()
    page.get_by_role("switch", name="Quiet hours").click()
    expect(page.get_by_label("From")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("switch", name="Quiet hours")).not_to_be_checked()


def test_at_16_the_account_gets_a_password_of_its_own(world: World, phone: Callable[..., Page]) -> None:
    born = clock.now().date() - timedelta(days=16 * 366)

    def grown(tx: Any) -> str:
        account = accounts.open_without_password(tx, clock.now(), RING, "en")
        persons.add_person(tx, clock.now(), RING, account, ("early", "kite"), born)
        return accounts.make_card(tx, clock.now(), account)

    page = phone()
    page.goto(f"/#/card/{world.write(grown)}")
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/account")
    expect(page.get_by_text("You are 16: the account is yours to decide about.")).to_be_visible()
    expect(page.get_by_label("New e-mail address")).to_have_count(0)
    page.get_by_role("button", name="Save, and end the card").click()
    expect(page.get_by_label("Account name")).to_be_focused()
    page.get_by_label("Account name").fill("ka-yan")
    page.locator("input[name=password]").fill("three blue bulbuls")
    page.get_by_role("button", name="Save, and end the card").click()
    expect(page.get_by_label("New e-mail address")).to_be_visible()
    page.goto("/#/me")
    expect(page.get_by_text("1 unread")).to_be_visible()
