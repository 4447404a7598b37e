"""A walk over every screen in three languages: phone and desktop, all themes, large type, and 320 pixels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.audit import COLOURS, axe, sideways, too_small, unsaid
from tests.browser.city import City, city
from tests.browser.conftest import DESKTOP, LOCALES, PHONE, SHOTS, TAGS
from tests.browser.guide import A4, Guide, Screen, anew, guided, leave_screen, open_screen, resize, wear
from tests.browser.screens import PEOPLE, SCREENS

THEMES = ("light", "dark", "contrast")
SMALLEST = {"width": 320, "height": 640}
# The browser notes each refusal of the server. That the walk cut the network, and how fast WebGL is, is noted late.
REFUSED, OURS = "Failed to load resource", ("ERR_INTERNET_DISCONNECTED", "[.WebGL")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city, for all of the walk."""
    with city(tmp_path_factory.mktemp("city")) as made:
        yield made


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_screen_of_somebody(browser: Browser, place: City, who: str, language: str) -> None:
    found: list[str] = []
    for elder in (False, True):
        with guided(browser, place, who, language, elder=elder) as guide:
            for screen in shown_to(who, elder=elder):
                try:
                    open_screen(guide, screen)
                except Error as problem:
                    found.append(f"{screen.name} · {language} · does not come: {problem.message}")
                    anew(guide)
                    continue
                look = in_large_type if elder else on_paper if screen.paper else in_all_looks
                seen = dict.fromkeys(look(guide, screen))
                found += [f"{screen.name} · {language} · {each}" for each in seen]
                leave_screen(guide, screen)
    assert not found, "\n" + "\n".join(found)


def shown_to(who: str, *, elder: bool) -> list[Screen]:
    """The screens of somebody, of which some are not there in large type, and paper has one size of type."""
    return [each for each in SCREENS if each.who == who and not (elder and (each.paper or not each.large))]


def in_all_looks(guide: Guide, screen: Screen) -> Iterator[str]:
    """What is wrong with a screen on a phone in each theme, on the smallest phone, and on a desktop."""
    page = guide.page
    keep(page, screen.name, "phone", guide.language)
    tag = page.locator("html").get_attribute("lang")
    if tag != TAGS[guide.language]:
        yield f"phone: the page calls its language {tag}"
    yield from (f"phone: {each}" for each in (*unsaid(page), *sideways(page), *axe(page), *too_small(page)))
    for theme in THEMES[1:]:
        wear(page, theme)
        yield from (f"phone, {theme}: {each}" for each in axe(page, COLOURS))
    wear(page, THEMES[0])
    resize(page, SMALLEST)
    yield from (f"smallest phone: {each}" for each in sideways(page))
    resize(page, DESKTOP)
    keep(page, screen.name, "desktop", guide.language)
    yield from (f"desktop: {each}" for each in (*sideways(page), *axe(page)))
    resize(page, PHONE)
    for each in guide.complaints():
        if not (screen.refused and each.startswith(REFUSED)) and not any(ours in each for ours in OURS):
            yield f"the browser: {each}"


def on_paper(guide: Guide, screen: Screen) -> Iterator[str]:
    """What is wrong with what a printer gets; nobody reads it by ear, or presses anything on it."""
    resize(guide.page, A4)
    keep(guide.page, screen.name, "paper", guide.language)
    yield from (f"paper: {each}" for each in (*unsaid(guide.page), *sideways(guide.page)))
    resize(guide.page, PHONE)


def in_large_type(guide: Guide, _: Screen) -> Iterator[str]:
    """What is wrong with a screen in large type."""
    yield from (f"large type: {each}" for each in (*sideways(guide.page), *axe(guide.page)))


def keep(page: Page, name: str, size: str, language: str) -> None:
    """A picture to look at."""
    folder: Path = SHOTS / "walk"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{size}-{language}.png")
