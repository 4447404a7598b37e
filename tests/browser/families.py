"""What a guardian does in a browser, in a few words: open an account, make a family, add a child, print its card."""

import re

from playwright.sync_api import Page, expect

GUARDIAN, CHILD = ("1986", "5", "17"), ("2017", "3", "1")


def sign_up(page: Page, name: str) -> None:
    """Open an account of one's own by the form, in English."""
    page.goto("/#/sign-up")
    page.get_by_label(re.compile("name", re.IGNORECASE)).first.fill(name)
    page.locator("input[autocomplete=new-password]").fill("three blue bulbuls")
    born(page, *GUARDIAN)
    page.locator("form button[type=submit]").click()
    page.get_by_test_id("coins").wait_for()


def make_family(page: Page) -> None:
    """Make a family, of which one is the guardian."""
    page.goto("/#/family")
    page.get_by_role("button", name="Make a family").click()
    expect(page.get_by_role("button", name="Add a child")).to_be_visible()


def add_child(page: Page, *, consent: bool) -> None:
    """Add a child, and agree in the same act if told so."""
    page.get_by_role("button", name="Add a child").click()
    born(page, *CHILD)
    if consent:
        page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Agreed" if consent else "Waiting for consent", exact=True)).to_be_visible()


def make_card(page: Page) -> str:
    """Make the only child's card; answers the code in its picture."""
    page.get_by_role("button", name=re.compile("^New card")).click()
    with page.expect_response(re.compile("/card$")) as made:
        page.get_by_role("button", name="Make a new card").click()
    expect(page.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    return str(made.value.json()["code"])


def born(page: Page, *date: str) -> None:
    """Write a date of birth: year, month, day."""
    for which, part in zip(("year", "month", "day"), date, strict=True):
        page.locator(f"fieldset label.{which} input").fill(part)
