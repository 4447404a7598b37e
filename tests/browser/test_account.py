"""The account's own page in a real browser: empty forms say what is missing, and a language is kept by the account."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, looks_right, sign_in
from tests.browser.test_steps import speaks


def test_empty_forms_say_what_is_missing_and_send_nothing(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(language="en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/account")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    page.get_by_role("button", name="Send a letter to confirm").click()
    expect(page.get_by_label("New e-mail address")).to_be_focused()
    expect(page.get_by_text("Enter an e-mail address.")).to_be_visible()
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator("input[name=present]")).to_be_focused()
    expect(page.get_by_text("Choose a password of at least 10 characters.")).to_be_visible()
    looks_right(page)
    assert sent == []


def test_a_language_is_kept_by_the_account_and_by_the_page_though_the_server_fails(
    stage: Stage, device: Callable[..., Page]
) -> None:
    page, next_device = device(language="en"), device(language="en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/me")
    with page.expect_response("**/api/profile/language"):
        page.get_by_role("button", name="简体中文").click()
    sign_in(next_device, "mei")
    expect(next_device.locator("html")).to_have_attribute("lang", "zh-Hans")
    # What is followed is no choice of this device, whatever else is chosen on it.
    next_device.goto("/#/me")
    next_device.get_by_role("button", name="深色").click()
    assert next_device.evaluate("JSON.parse(localStorage.getItem('eplus.choices'))") == {"theme": "dark"}

    page.route("**/api/profile/language", lambda route: route.abort())
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Language")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
