"""Identity in a real browser: a code is shown, a card is checked at a counter, and the person's own screen says so."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from challenges_app.people.persons.rules import nickname
from tests.browser.conftest import DESKTOP, Stage, at_work, looks_right, sign_in
from tests.browser.test_steps import speaks


def test_a_card_is_checked_at_a_counter(stage: Stage, device: Callable[..., Page]) -> None:
    stage.world.person("ho", face=("early", "kite"))
    name = nickname("early", "kite")["en"]
    phone, desk = device(language="en"), device(DESKTOP, language="en")
    speaks(phone, "en")
    sign_in(phone, "ho")
    phone.goto("/#/identity")
    expect(phone.get_by_role("heading", name="Now: Nickname only")).to_be_visible()
    phone.get_by_role("button", name="Make a code").press("Enter")
    # The button has other words now, and still the focus.
    expect(phone.get_by_role("button", name="Make a new code")).to_be_focused()
    code = phone.get_by_test_id("counter-code").inner_text()
    looks_right(phone)

    _at_the_counter(stage, desk)
    desk.goto(f"/#/counter/{code}")
    expect(desk.get_by_role("heading", name=name)).to_be_visible()
    assert code not in desk.url
    number, confirm = desk.locator("input[name=card-number]"), desk.get_by_role("button", name="Confirm")
    number.fill("A123456(4)")
    expect(desk.get_by_text("The check digit is wrong")).to_be_visible()
    number.fill("A123456(3)")
    expect(desk.get_by_text("The check digit is right")).to_be_visible()
    looks_right(desk)
    confirm.click()
    expect(number).to_be_visible()  # the card was not looked at yet
    desk.locator("input[name=seen]").check()
    confirm.click()
    expect(desk.locator("#content").get_by_text(f"{name}'s identity is checked")).to_be_visible()

    expect(phone.get_by_role("heading", name="Now: Identity checked")).to_be_visible(timeout=10_000)
    expect(phone.get_by_test_id("counter-code")).to_have_count(0)


def _at_the_counter(stage: Stage, page: Page) -> None:
    """Sign staff of a counter in who have proved a second factor."""
    speaks(page, "en")
    at_work(stage, page, "tam", "counter")
    page.reload()
    expect(page.get_by_role("navigation")).to_be_visible()
