"""People in a real browser: a guardian signs up, adds a child and agrees; the child signs in by its card and plays."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, looks_right
from tests.browser.test_steps import speaks


def test_a_guardian_adds_a_child_who_signs_in_by_card(stage: Stage, device: Callable[..., Page]) -> None:
    parent, phone = device(language="en"), device(language="en")
    speaks(parent, "en")
    parent.goto("/#/sign-up")
    parent.get_by_label(re.compile("name", re.IGNORECASE)).first.fill("chan.tai-man")
    parent.locator("input[autocomplete=new-password]").fill("three blue bulbuls")
    _born(parent, "1986", "5", "17")
    parent.locator("form button[type=submit]").click()
    parent.get_by_test_id("coins").wait_for()

    parent.goto("/#/family")
    parent.get_by_role("button", name="Make a family").click()
    parent.get_by_role("button", name="Add a child").click()
    _born(parent, "2017", "3", "1")
    parent.get_by_role("button", name="Add", exact=True).click()
    expect(parent.get_by_text("Waiting for consent")).to_be_visible()
    looks_right(parent)
    parent.get_by_role("button", name=re.compile("^New card")).click()
    with parent.expect_response(re.compile("/card$")) as made:
        parent.get_by_role("button", name="Make a new card").click()
    expect(parent.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    code = made.value.json()["code"]

    speaks(phone, "en")
    phone.goto(f"/#/card/{code}")
    expect(phone.get_by_text("One more step and you can play")).to_be_visible()
    assert code not in phone.url
    expect(phone.get_by_test_id("drop")).to_have_count(0)

    parent.keyboard.press("Escape")
    parent.get_by_role("button", name=re.compile("^Agree")).first.click()
    parent.get_by_role("dialog").get_by_role("button", name="Agree", exact=True).click()
    expect(parent.locator("#content").get_by_text("Agreed")).to_be_visible()
    phone.reload()
    expect(phone.get_by_test_id("drop").first).to_be_visible()


def _born(page: Page, *date: str) -> None:
    for which, part in zip(("year", "month", "day"), date, strict=True):
        page.locator(f"fieldset label.{which} input").fill(part)
