"""An account at an e-mail address in a real browser: a letter, its link on another device, and the password again."""

import email
import re
import time
from collections.abc import Iterator
from email import policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from challenges_app.kit import clock
from tests.browser.conftest import LOCALES, PHONE, looks_right
from tests.browser.families import GUARDIAN, born
from tests.browser.test_steps import speaks
from tests.builders import World
from tests.running import environment, served

PASSWORD = "three blue bulbuls"
PATIENCE_S = 30
SAYS = {
    "en": "This is not the password",
    "zh-Hant": "這不是開帳戶時選的密碼",
    "zh-Hans": "这不是注册时选的密码",
}


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Where letters are put."""
    return tmp_path / "letters"


@pytest.fixture
def address(tmp_path: Path, letters: Path) -> Iterator[str]:
    """A served world in which nobody lives yet."""
    url = f"sqlite:///{tmp_path / 'eplus.sqlite'}"
    World.on(url, clock.now).db.close()
    with served(environment(url, EPLUS_MAIL=f"folder:{letters}"), tmp_path) as port:
        yield f"http://127.0.0.1:{port}"


def page_in(browser: Browser, address: str, language: str) -> Page:
    """A page of a device of its own."""
    context = browser.new_context(
        viewport=PHONE, locale=LOCALES[language], reduced_motion="reduce", base_url=address, device_scale_factor=2
    )  # fmt: skip
    page = context.new_page()
    speaks(page, language)
    return page


def link_in_letter(letters: Path) -> str:
    """The part of the mailed link behind our own address."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := sorted(letters.glob("*.eml")) if letters.exists() else []:
            text = email.message_from_bytes(found[0].read_bytes(), policy=policy.default).get_content()
            link = re.search(r"https?://\S+", text)
            assert link, text
            return f"/#{urlsplit(link[0]).fragment}"
        time.sleep(0.1)
    raise AssertionError("no letter came")


@pytest.mark.parametrize("language", LOCALES)
def test_the_link_of_a_letter_asks_for_the_password_that_was_chosen(
    browser: Browser, address: str, letters: Path, language: str
) -> None:
    desktop, phone = page_in(browser, address, language), page_in(browser, address, language)
    desktop.goto("/#/sign-up")
    desktop.locator("input[name=name]").fill("ho@example.hk")
    desktop.locator("input[autocomplete=new-password]").fill(PASSWORD)
    born(desktop, *GUARDIAN)
    desktop.locator("form button[type=submit]").click()
    expect(desktop.get_by_text("ho@example.hk")).to_be_visible()

    phone.goto(link_in_letter(letters))
    submit = phone.locator("form button[type=submit]")
    submit.click()
    expect(phone.locator("input[name=password]")).to_be_focused()
    phone.locator("input[name=password]").fill("chosen by a stranger")
    submit.click()
    expect(phone.get_by_text(SAYS[language])).to_be_visible()
    looks_right(phone)
    phone.locator("input[name=password]").fill(PASSWORD)
    submit.click()
    phone.get_by_test_id("coins").wait_for()
