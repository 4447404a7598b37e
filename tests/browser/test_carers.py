"""Care in real browsers: an elder offers it by a code, her daughter takes it on, acts for her, and it is ended."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from challenges_app.kit import clock
from challenges_app.people.persons.rules import HONG_KONG
from tests.browser.conftest import DESKTOP, PHONE, SHOTS, Stage, looks_right, sign_in
from tests.browser.test_steps import speaks

ACTING = "Acting for Clever Turtle"


@pytest.fixture
def elder(stage: Stage, device: Callable[..., Page]) -> Page:
    """The page of poon, who has walked today, and whose daughter ling has an account of her own."""
    poon = stage.world.person("poon", face=("wise", "turtle"))
    stage.world.person("ling", face=("early", "egret"))
    stage.world.steps(poon, {clock.now().astimezone(HONG_KONG).date(): 4321})
    return signed_in(device, "poon")


def signed_in(device: Callable[..., Page], name: str, viewport: dict[str, int] = PHONE) -> Page:
    """A device of somebody who reads English."""
    page = device(viewport, language="en")
    speaks(page, "en")
    sign_in(page, name)
    return page


def offer(page: Page, *, manage: bool = False) -> str:
    """Offer one's care; answers the code that is shown once."""
    page.goto("/#/carers")
    page.get_by_role("button", name="Ask somebody to care").click()
    if manage:
        page.get_by_label("Add files of steps").check()
    shot(page, "carers-offer")
    page.get_by_role("button", name="Make the code").click()
    code = page.locator("output")
    expect(code).to_have_text(re.compile(r"^\w{4}-\w{4}$"))
    looks_right(page)
    return code.inner_text()


def take_on(page: Page, code: str) -> None:
    """Take the care on, in one's own browser."""
    page.goto("/#/carers")
    page.get_by_label("Care code").fill(code)
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_text("You look after Clever Turtle now")).to_be_visible()


def act(page: Page) -> None:
    """Act for poon; the page then is hers."""
    page.goto("/#/carers")
    page.get_by_role("button", name="Act for Clever Turtle").click()
    expect(page.get_by_role("region", name=ACTING)).to_be_visible()
    page.get_by_test_id("coins").wait_for()


def shot(page: Page, name: str) -> None:
    """A picture to look at."""
    SHOTS.mkdir(exist_ok=True)
    looks_right(page)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_a_daughter_acts_for_her_mother_until_that_is_ended(elder: Page, device: Callable[..., Page]) -> None:
    daughter = signed_in(device, "ling")
    take_on(daughter, offer(elder))
    shot(daughter, "carers")
    act(daughter)
    expect(daughter.get_by_test_id("steps-today")).to_have_text("4,321 steps")
    expect(daughter.locator("[aria-live=polite]").filter(has_text=ACTING)).to_have_count(1)
    expect(daughter).to_have_title(re.compile(ACTING))
    shot(daughter, "acting-today")
    expect(daughter.get_by_test_id("drop").first).to_be_visible()
    expect(daughter.get_by_role("button", name=re.compile("^Catch"))).to_have_count(0)
    expect(daughter.get_by_text("Early Egret")).to_have_count(0)
    daughter.goto("/#/steps")
    expect(daughter.get_by_test_id("steps")).to_have_text("4,321")
    expect(daughter.get_by_role("link", name="Add a file")).to_have_count(0)
    daughter.goto("/#/me")
    expect(daughter.get_by_text("Finds are caught by Clever Turtle")).to_be_visible()
    expect(daughter.get_by_role("button", name="Sign out")).to_have_count(0)
    shot(daughter, "acting-me")

    daughter.get_by_role("region", name=ACTING).get_by_role("button", name="Back to me").click()
    expect(daughter.get_by_role("region", name=ACTING)).to_have_count(0)
    expect(daughter.get_by_text("Early Egret")).to_be_visible()
    expect(daughter.locator("[aria-live=polite]").filter(has_text="You are yourself again")).to_have_count(1)

    act(daughter)
    elder.goto("/#/me")
    elder.goto("/#/carers")
    elder.get_by_role("button", name=re.compile("^End")).click()
    elder.get_by_role("dialog").get_by_role("button", name="End", exact=True).click()
    expect(elder.get_by_text("Nobody yet.", exact=False).first).to_be_visible()
    daughter.goto("/#/steps")
    expect(daughter.get_by_text("You are yourself again: you can no longer do this for Clever Turtle")).to_be_visible()
    expect(daughter.get_by_role("region", name=ACTING)).to_have_count(0)
    expect(daughter.get_by_text("Early Egret")).to_be_visible()
    shot(daughter, "acting-lost")


def test_who_may_manage_adds_a_file_for_the_person(elder: Page, device: Callable[..., Page]) -> None:
    daughter = signed_in(device, "ling", DESKTOP)
    take_on(daughter, offer(elder, manage=True))
    act(daughter)
    daughter.goto("/#/steps/add")
    content = f"date,steps\n{clock.now().astimezone(HONG_KONG).date()},9876\n".encode()
    daughter.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    expect(daughter.get_by_text("1 day").first).to_be_visible(timeout=20_000)
    shot(daughter, "acting-file")
    elder.goto("/#/steps/add")
    expect(elder.get_by_text("1 day").first).to_be_visible()
    daughter.goto("/#/today")
    expect(daughter.get_by_role("region", name=ACTING)).to_be_visible()
    shot(daughter, "acting-desktop")


def test_a_choice_to_act_ends_with_the_sign_in_and_is_this_tab_s_alone(
    elder: Page, device: Callable[..., Page]
) -> None:
    daughter = signed_in(device, "ling")
    take_on(daughter, offer(elder))
    act(daughter)
    other = daughter.context.new_page()
    other.goto("/")
    expect(other.get_by_text("Early Egret")).to_be_visible()
    other.goto("/#/me")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("input[name=password]")).to_be_visible()
    daughter.goto("/#/steps")
    expect(daughter.locator("input[name=password]")).to_be_visible()
    sign_in(daughter, "ling")
    expect(daughter.get_by_text("Early Egret")).to_be_visible()
    expect(daughter.get_by_role("region", name=ACTING)).to_have_count(0)
