"""Large type: offered before signing in, three tabs, no map first, large targets, and one press that calls somebody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import NAMES, PHONE, SHOTS, TAGS, Stage, looks_right, staged

SIZES = {
    "phone": ViewportSize(width=390, height=844),
    "narrow": ViewportSize(width=320, height=640),
    "desktop": ViewportSize(width=1280, height=900),
}
SCREENS = ("today", "board", "me", "steps", "family")
LARGE = 64

# What can be pressed, and how high it is: a tick has its label, and a link within a sentence is as high as its line.
TARGETS = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [role=switch]")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest(".skip, dialog:not([open])"))
  .filter((each) => !each.closest("p, li:not(:has(.card))") || each.matches("button, nav a, .rooms a"))
  .map((each) => each.closest("label") ?? each)
  .map((each) => ({
    name: each.textContent.trim() || each.ariaLabel, height: Math.round(each.getBoundingClientRect().height),
  }))
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One served world for all of these tests."""
    with staged(tmp_path_factory.mktemp("elder")) as stage:
        yield stage


def turn_large(page: Page) -> None:
    """Ask for large type on the first page, before signing in."""
    page.goto("/")
    switch = page.get_by_role("switch")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")


def enter(page: Page, name: str = "mei") -> None:
    """Sign in; large type has its own Today."""
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(name * 2)
    page.locator("form button[type=submit]").click()
    page.locator("#content .call").wait_for()


def see(page: Page, screen: str) -> None:
    """Open a screen, and wait until it is there."""
    page.goto(f"/#/{screen}")
    page.locator("#content").wait_for()
    page.wait_for_load_state("networkidle")


def test_large_type_is_offered_before_signing_in_and_kept(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    turn_large(page)
    box = page.get_by_role("switch").bounding_box()
    assert box
    assert box["y"] < PHONE["height"] / 2
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"
    page.reload()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")


def test_large_type_has_three_tabs_and_no_map_first(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    turn_large(page)
    enter(page)
    expect(page.get_by_role("navigation").first.get_by_role("link")).to_have_count(3)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("#content svg:not(.icon), #content canvas")).to_have_count(0)
    page.get_by_role("link", name="今日的公園").click()
    expect(page.get_by_test_id("drop").first).to_be_visible()
    expect(page.locator("#content canvas")).to_have_count(0)


def test_what_is_pressed_is_large(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    turn_large(page)
    enter(page)
    for screen in SCREENS:
        see(page, screen)
        targets: list[dict[str, Any]] = page.evaluate(TARGETS)
        assert len(targets) >= 4, screen
        assert [target for target in targets if target["height"] < LARGE] == [], screen


def test_one_press_calls_somebody_whom_only_this_device_knows(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    turn_large(page)
    enter(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.get_by_role("button", name="加入想打電話的人").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("稱呼").fill("女兒")
    sheet.get_by_label("電話號碼").fill("二三四五")
    sheet.get_by_role("button", name="儲存").click()
    expect(sheet.get_by_label("電話號碼")).to_be_focused()
    sheet.get_by_label("電話號碼").fill("+852 2345 6789")
    sheet.get_by_role("button", name="儲存").click()
    calls = page.get_by_role("link", name="打電話給女兒")
    expect(calls).to_have_attribute("href", "tel:+85223456789")
    # What opened the sheet has gone; the focus is where it stood.
    expect(calls).to_be_focused()
    page.reload()
    expect(calls).to_be_visible()
    assert not any("6789" in each for each in sent)
    page.context.clear_cookies()
    page.reload()
    enter(page, "wing")
    expect(page.get_by_role("button", name="加入想打電話的人")).to_be_visible()
    assert "女兒" not in page.locator("body").inner_text(), "whoever comes next sees nobody's number"
    page.context.clear_cookies()
    page.reload()
    enter(page, "mei")
    page.get_by_role("button", name="更改打電話的人").click()
    sheet.get_by_role("button", name="不再顯示").click()
    expect(page.get_by_role("button", name="加入想打電話的人")).to_be_focused()


def test_without_its_own_screen_large_type_has_the_ordinary_today(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    page.add_init_script("delete Navigator.prototype.serviceWorker")  # what it fetches passes by the page's routes
    page.route("**/ElderToday-*.js", lambda route: route.abort())
    turn_large(page)
    page.locator("input[name=name]").fill("mei")
    page.locator("input[name=password]").fill("meimei")
    page.locator("form button[type=submit]").click()
    expect(page.get_by_test_id("drop").first).to_be_visible()


@pytest.mark.parametrize("language", list(TAGS))
def test_large_screens_hold(stage: Stage, device: Callable[..., Page], language: str) -> None:
    page = device(language=language)
    turn_large(page)
    page.get_by_role("button", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", TAGS[language])
    enter(page)
    SHOTS.mkdir(exist_ok=True)
    for screen in SCREENS:
        see(page, screen)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            looks_right(page)
            page.screenshot(path=SHOTS / f"elder-{screen}-{size}-{language}.png")
