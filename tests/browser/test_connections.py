"""A watch's account in a browser, with the vendor's stand-in: connected, told of, lost, caught up with, refused."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from challenges_app.kit import clock
from challenges_app.play.connections.tables import Connection
from challenges_app.twins.withings import Withings
from tests.browser.conftest import DESKTOP, NAMES, PHONE, SHOTS, Stage, looks_right, sign_in, staged
from tests.browser.test_steps import today
from tests.play.vendors import TRACKERS, served

SOON = 30_000  # the worker looks every second, and the page every three


@pytest.fixture
def vendor() -> Withings:
    """The vendor, at which somebody walked yesterday."""
    made = Withings("us", "known", clock.now)
    made.steps["4711"] = {today() - timedelta(days=1): 9_876}
    return made


@pytest.fixture
def stage(tmp_path: Path, vendor: Withings) -> Iterator[Stage]:
    """The served world, which knows the vendor, with an adult in it."""
    with served() as theirs:
        theirs.app = vendor.app()
        with staged(tmp_path, EPLUS_VENDORS=theirs.address, EPLUS_TRACKERS=TRACKERS) as made:
            made.world.player(made.world.person("ho"))
            yield made


def ask_now(stage: Stage) -> None:
    """Let the six hours pass after which a vendor is asked that has told nothing."""
    stage.world.write(lambda tx: tx.execute(update(Connection).values(due_at=clock.now())) and None)


def entered(device: Callable[..., Page], viewport: dict[str, int] = PHONE, language: str = "en") -> Page:
    """A page on which ho is signed in."""
    page = device(viewport, language)
    page.goto("/")
    page.get_by_role("button", name=NAMES[language]).click()
    sign_in(page, "ho")
    return page


def test_an_account_is_connected_told_of_lost_caught_up_with_and_refused(
    stage: Stage, vendor: Withings, device: Callable[..., Page]
) -> None:
    page, day = entered(device), today()
    page.goto("/#/steps")
    page.get_by_role("link", name="Accounts of a watch or ring").click()
    card = page.get_by_test_id("connection")
    expect(card).to_contain_text("Gives the steps of each day")
    page.get_by_role("button", name="Connect Withings").click()
    page.get_by_role("radio", name="CHAN Tai Man").check()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Your steps are on their way")).to_be_visible()
    expect(card).to_contain_text("Last updated", timeout=SOON)
    looks_right(page)
    page.goto(f"/#/steps/{day - timedelta(days=1)}")
    expect(page.get_by_test_id("steps")).to_contain_text("9,876")

    vendor.walk("4711", day, 1_234)
    arrives(page, "1,234")

    vendor.faults["lost"] = 1
    vendor.walk("4711", day, 2_345)
    assert vendor.faults["lost"] == 0
    ask_now(stage)
    arrives(page, "2,345")

    vendor.revoke("4711")
    ask_now(stage)
    for _ in range(SOON // 1_000):
        page.goto("/#/steps")
        page.goto("/#/steps/connections")
        card.wait_for()
        if "Stopped" in card.inner_text():
            break
        page.wait_for_timeout(1_000)
    expect(card).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Connect again")).to_have_count(1)
    looks_right(page)


def arrives(page: Page, steps: str) -> None:
    """Look at today again and again until the steps are there."""
    for _ in range(SOON // 1_000):
        page.goto("/#/steps/connections")
        page.goto("/#/steps")
        page.wait_for_timeout(1_000)
        if steps in page.locator("#content").inner_text():
            return
    expect(page.locator("#content")).to_contain_text(steps)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_cards_look_right(
    stage: Stage, vendor: Withings, device: Callable[..., Page], language: str, size: dict[str, int]
) -> None:
    page = entered(device, size, language)
    page.goto("/#/steps/connections/declined")
    card = page.get_by_test_id("connection")
    card.get_by_role("button").wait_for()
    looks_right(page)
    name = f"connections-{language}-{'phone' if size is PHONE else 'desktop'}"
    page.screenshot(path=SHOTS / f"{name}-none.png")
    card.get_by_role("button").click()
    page.locator("form button").last.click()
    page.wait_for_url("**/steps/connections/done")
    card.get_by_role("button").nth(1).click()
    page.get_by_role("dialog").wait_for()
    looks_right(page)
    page.screenshot(path=SHOTS / f"{name}-leave.png")
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(card.get_by_role("button")).to_have_count(1)
    for _ in range(SOON // 100):
        if vendor.asked["revoke"]:
            break
        page.wait_for_timeout(100)
    assert (vendor.asked["revoke"], vendor.access) == (1, {})
