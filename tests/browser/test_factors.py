"""Second factors in a real browser: an app is set up and asked for, a passkey signs in, and staff are led to theirs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from challenges_app.kit import clock
from challenges_app.people.accounts.tables import Session
from challenges_app.people.factors.rules import code_of, step_at
from tests import servers
from tests.browser.conftest import DESKTOP, LOCALES, PHONE, SHOTS, looks_right
from tests.browser.test_steps import speaks
from tests.builders import World
from tests.running import environment, process, wait_until_healthy

# A device that shows nobody's finger and asks for none: it says at once that its owner was there.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An adult, and a member of staff who does not play."""
    world = World.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}", clock.now)
    world.person("ho.mantin")
    world.role(world.account("officer"), "staff")
    yield world
    world.db.close()


@pytest.fixture
def site(world: World, tmp_path: Path) -> Iterator[str]:
    """The world, served under a name: browsers make no passkeys for a bare address."""
    port, log = servers.free_port(), tmp_path / "serve.log"
    address = f"http://localhost:{port}"
    env = environment(str(world.db.engine.url), EPLUS_ADDRESS=address)
    with process("serve", "--port", str(port), env=env, log=log) as child:
        wait_until_healthy(port, child, log)
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Makes devices: a page of a size in a language, with its own cookies."""
    contexts: list[BrowserContext] = []

    def make(viewport: dict[str, int] = PHONE, language: str = "en") -> Page:
        context = browser.new_context(
            viewport=viewport, locale=LOCALES[language], reduced_motion="reduce", base_url=site, device_scale_factor=2
        )
        contexts.append(context)
        page = context.new_page()
        speaks(page, language)
        return page

    yield make
    for context in contexts:
        context.close()


def give_password(page: Page, name: str) -> None:
    """Sign in by the form, as far as the password goes."""
    page.goto("/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(name * 2)
    page.locator("form button[type=submit]").click()


def sign_out(page: Page) -> None:
    """Sign out by the button on Me, and go back to the front."""
    page.goto("/#/me")
    page.get_by_role("button", name="Sign out").click()
    page.locator("input[name=name]").wait_for()
    page.goto("/")


def confirm(page: Page, name: str) -> None:
    """Give the password that a change of the account takes."""
    page.get_by_role("dialog").locator("input[name=password]").fill(name * 2)
    page.get_by_role("dialog").locator("button[type=submit]").click()


def set_up_app(page: Page, name: str) -> str:
    """Set up an app on the screen of security; answers its secret."""
    page.get_by_role("button", name="Set up an app").click()
    confirm(page, name)
    secret = page.get_by_test_id("key").inner_text().replace(" ", "")
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    give_code(page, secret, "Finish")
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_focused()
    return secret


def give_code(page: Page, secret: str, act: str = "Go on", after: int = 0) -> None:
    """Type the code of now, or of so many steps later."""
    field = page.locator("input[name=code]")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_have_attribute("inputmode", "numeric")
    field.fill(code_of(secret, step_at(clock.now()) + after))
    page.get_by_role("button", name=act, exact=True).click()


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, to look at."""
    SHOTS.mkdir(exist_ok=True)
    looks_right(page)
    page.screenshot(path=SHOTS / f"factors-{name}.png", full_page=True)


def test_an_app_is_set_up_and_asked_for_and_paper_stands_in_for_it(visit: Callable[..., Page]) -> None:
    page = visit()
    give_password(page, "ho.mantin")
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/security")
    expect(page.get_by_role("button", name="Set up an app")).to_be_visible()
    shoot(page, "none-en")
    page.get_by_role("button", name="Set up an app").click()
    confirm(page, "guess")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("password is not right")
    page.keyboard.press("Escape")
    secret = set_up_app(page, "ho.mantin")
    shoot(page, "codes-en")
    paper = page.locator("#content ul.codes li").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 codes left")).to_be_visible()

    sign_out(page)
    give_password(page, "ho.mantin")
    expect(page.get_by_role("heading", name="One more step")).to_be_focused()
    shoot(page, "second-en")
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    give_code(page, secret, after=1)
    page.get_by_test_id("coins").wait_for()

    sign_out(page)
    give_password(page, "ho.mantin")
    page.get_by_role("button", name="Use a recovery code instead").click()
    page.locator("input[name=code]").fill(paper.lower())
    page.get_by_role("button", name="Go on").click()
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/security")
    expect(page.get_by_text("9 codes left")).to_be_visible()


def test_a_passkey_is_added_and_signs_in(visit: Callable[..., Page]) -> None:
    page = visit()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    give_password(page, "ho.mantin")
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/security")
    page.get_by_role("button", name="Add a passkey").click()
    confirm(page, "ho.mantin")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("button", name="Remove Chrome")).to_be_visible()
    shoot(page, "passkey-en")
    page.get_by_role("button", name="Add a passkey").click()
    confirm(page, "ho.mantin")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("has a passkey of this account already")

    sign_out(page)
    shoot(page, "sign-in-en")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_test_id("coins").wait_for()

    sign_out(page)
    give_password(page, "ho.mantin")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/security")
    page.get_by_role("button", name="Remove Chrome").click()
    confirm(page, "ho.mantin")
    expect(page.get_by_role("status").get_by_text("The passkey was removed")).to_be_visible()
    expect(page.get_by_role("heading", name="Recovery codes")).to_have_count(0)


def test_staff_are_led_to_a_second_factor_and_asked_for_it_again(world: World, visit: Callable[..., Page]) -> None:
    page = visit(DESKTOP)
    give_password(page, "officer")
    expect(page.get_by_role("status").get_by_text("Set up a second step first")).to_be_visible()
    shoot(page, "staff-missing-en")
    page.goto("/#/board")
    page.get_by_role("link", name="Set up a second step to begin working").click()
    secret = set_up_app(page, "officer")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Set up a second step")).to_have_count(0)

    proved = clock.now() - timedelta(hours=13)
    world.write(lambda tx: tx.execute(update(Session).values(strong_at=proved)))
    page.goto("/")
    expect(page.get_by_role("heading", name="Show again that it is you")).to_be_visible()
    expect(page.get_by_role("button", name="Remove the app")).to_have_count(0)
    shoot(page, "staff-due-en")
    give_code(page, secret, after=1)
    expect(page.get_by_role("status").get_by_text("That worked")).to_be_visible()
    expect(page.get_by_role("button", name="Remove the app")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_the_screens_speak_both_scripts(visit: Callable[..., Page], language: str) -> None:
    page = visit(PHONE if language == "zh-Hant" else DESKTOP, language)
    give_password(page, "ho.mantin")
    page.get_by_test_id("coins").wait_for()
    page.goto("/#/security")
    page.locator("#content .part button").first.click()
    confirm(page, "ho.mantin")
    secret = page.get_by_test_id("key").inner_text().replace(" ", "")
    shoot(page, f"app-{language}")
    page.locator("input[name=code]").fill(code_of(secret, step_at(clock.now())))
    page.locator("form button[type=submit]").click()
    page.locator("ul.codes").first.wait_for()
    shoot(page, f"codes-{language}")
    page.goto("/#/me")
    page.get_by_role("button").last.click()
    give_password(page, "ho.mantin")
    page.locator("input[name=code]").wait_for()
    shoot(page, f"second-{language}")
