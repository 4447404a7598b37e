"""The pages for everybody, as those outside and inside see them, and where each role lands after signing in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SCHOOL, Stage, at_work, sign_in
from tests.browser.test_steps import speaks

PAGES = ("welcome", "institutions", "rules", "privacy", "accessibility")


def _complaints(page: Page) -> list[str]:
    """What the browser will complain of."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: heard.append(str(problem)))
    return heard


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_everybody_reads_the_pages_for_everybody(stage: Stage, device: Callable[..., Page], language: str) -> None:
    page = device(PHONE, language)
    complaints = _complaints(page)
    speaks(page, language)
    titles = set()
    for name in PAGES:
        page.goto(f"/#/{name}")
        expect(page.locator(f'footer a[href="#/{name}"][aria-current=page]')).to_be_visible()
        expect(page.locator("h1")).to_have_count(1)
        if name == "privacy":
            page.locator("dl div").first.wait_for()
        titles.add(page.title())
    assert len(titles) == len(PAGES)
    assert all("·e+" in title for title in titles)
    assert complaints == []


def test_the_pages_are_reached_from_the_ways_in_by_keyboard(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    speaks(page, "en")
    _tab_to(page, "#/welcome")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="What e+ Life is")).to_be_visible()
    for name in PAGES[1:]:
        _tab_to(page, f"#/{name}")
        page.keyboard.press("Enter")
        expect(page.locator(f'footer a[href="#/{name}"][aria-current=page]')).to_be_visible()
    _tab_to(page, "#/")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=name]")).to_be_visible()


def _tab_to(page: Page, href: str) -> None:
    """Press Tab until a link to a place has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == href:
            return
    raise AssertionError(f"no way by Tab to {href}")


def test_whoever_is_signed_in_reads_them_within_their_shell(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/me")
    page.locator("footer").get_by_role("link", name="Rules of play").click()
    expect(page.get_by_role("heading", level=1, name="Rules of play")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
    page.goto("/#/me")
    page.get_by_role("heading", name="Care and data").wait_for()
    expect(page.locator('a[href="#/identity"], a[href="#/organisations"], a[href="#/classes"]')).to_have_count(0)


def test_a_board_tells_why_one_stands_where_one_stands(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/board")
    page.get_by_test_id("my-place").wait_for()
    page.get_by_role("button", name="How places work").click()
    why = page.get_by_test_id("why-mine")
    expect(why).to_contain_text(re.compile(r"Place \d+ with \d+ points"))
    expect(why).to_contain_text(re.compile(r"points to place \d+\."))
    expect(why).to_contain_text("Reached on")
    expect(why).to_contain_text("The place is shared")
    page.get_by_role("link", name="All rules of play").click()
    expect(page.get_by_role("heading", level=1, name="Rules of play")).to_be_visible()


# Where somebody with a role lands, and the tabs that they have.
LANDS = {
    "teacher": ("#/classes", ["Classes", "Board", "Me"]),
    "staff": ("#/board", ["Boards", "Me"]),
    "clinician": ("#/organisations", ["Work", "Me"]),
    "booth": ("#/organisations", ["Work", "Me"]),
    "counter": ("#/counter", ["Counter", "Me"]),
}


@pytest.mark.parametrize("role", LANDS)
def test_each_role_lands_on_what_it_works_with(stage: Stage, device: Callable[..., Page], role: str) -> None:
    page = device(DESKTOP if role == "staff" else PHONE, "en")
    complaints = _complaints(page)
    speaks(page, "en")
    at_work(stage, page, "tam", role, SCHOOL if role == "teacher" else None)
    page.goto("about:blank")
    page.goto("/")
    hash_, tabs = LANDS[role]
    expect(page).to_have_url(re.compile(f"{re.escape(hash_)}$"))
    rail = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert rail.all_inner_texts() == tabs
    expect(rail.first).to_have_attribute("aria-current", "page")
    page.locator("#content").wait_for()
    assert complaints == []


def test_a_teacher_signs_in_and_is_at_the_classes(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    stage.world.role(stage.world.account("lam"), "teacher", SCHOOL)
    speaks(page, "en")
    page.locator("input[name=name]").fill("lam")
    page.locator("input[name=password]").fill("lamlam")
    page.locator("form button[type=submit]").click()
    expect(page).to_have_url(re.compile("#/classes$"))
    expect(page.get_by_role("heading", level=1, name="Classes")).to_be_visible()
