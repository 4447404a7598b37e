"""Looks: what the system asks for is worn without being asked again, and colours of one's own hide nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, looks_right, sign_in, staged


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One served world for all of these tests."""
    with staged(tmp_path_factory.mktemp("themes")) as stage:
        yield stage


def wears(page: Page, theme: str) -> None:
    """The page wears this theme."""
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_the_page_follows_the_system_until_something_is_chosen(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    sign_in(page, "mei")
    page.goto("/#/me")
    wears(page, "light")
    page.emulate_media(color_scheme="dark")
    wears(page, "dark")
    page.emulate_media(color_scheme="dark", contrast="more")
    wears(page, "contrast-dark")
    page.emulate_media(color_scheme="light", contrast="more")
    wears(page, "contrast")
    page.get_by_role("button", name="淺色").click()
    wears(page, "light")
    page.emulate_media(color_scheme="light", contrast="no-preference")
    page.get_by_role("button", name="高對比").click()
    wears(page, "contrast")
    page.reload()
    wears(page, "contrast")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_ones_own_hide_nothing(stage: Stage, device: Callable[..., Page], scheme: str) -> None:
    page = device(scheme=scheme)
    page.emulate_media(forced_colors="active")
    sign_in(page, "mei")
    wears(page, "contrast-dark" if scheme == "dark" else "contrast")

    def style(selector: str, name: str) -> str:
        return str(page.locator(selector).first.evaluate(f"(each) => getComputedStyle(each).{name}"))

    # A meter shows how far it is, and the tab where one is has its rim.
    assert style(".meter i", "backgroundColor") != style(".meter", "backgroundColor")
    assert style("nav a[aria-current] .spot", "boxShadow") != style("nav a:not([aria-current]) .spot", "boxShadow")
    page.goto("/#/board")
    page.locator("li.me").first.wait_for()
    assert style("li.me", "boxShadow") != style("li:not(.me)", "boxShadow")
    for pressed in (".segmented [aria-pressed=true]", ".choices [aria-pressed=true]"):
        assert style(pressed, "boxShadow") != style(pressed.replace("true", "false"), "boxShadow")
    looks_right(page)
    page.goto("/#/me")
    switch = page.get_by_role("switch")
    off = style(".track", "backgroundColor")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert style(".track", "backgroundColor") != off
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert style(":focus", "outlineStyle") == "solid"
