"""Every journey by keyboard alone: the focus can be seen, lies under nothing, and goes where the page goes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SCHOOL, Stage, staged, walk
from tests.browser.hands import Hands
from tests.browser.test_steps import today


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One served world for all of these tests, each of which has people of its own."""
    with staged(tmp_path_factory.mktemp("keyboard")) as stage:
        day = today()
        stage.world.walking(day - timedelta(days=day.weekday() + 14), 35)
        stage.world.role(stage.world.account("lee"), "teacher", SCHOOL)
        for name, face in (("lam", ("early", "egret")), ("ho", ("wise", "turtle"))):
            stage.world.person(name, face=face)
        yield stage


@pytest.fixture
def hands(device: Callable[..., Page]) -> Hands:
    """A phone with a keyboard, on which English was chosen by it."""
    return opened(device(language="en"))


def csv() -> bytes:
    """The steps of the five days before today."""
    day = today()
    return "\n".join(
        ["date,steps", *(f"{day - timedelta(days=ago)},{4_000 + ago}" for ago in range(1, 6)), ""]
    ).encode()


def opened(page: Page) -> Hands:
    """The first page, in English."""
    hands = Hands(page)
    page.goto("/")
    page.locator("form").wait_for()
    hands.choose("English")
    expect(page.locator("html")).to_have_attribute("lang", "en-HK")
    return hands


def enter(hands: Hands, name: str) -> None:
    """Sign in through the form."""
    hands.write("Account name", name)
    hands.write("Password", name * 2)
    hands.press("Enter")
    hands.page.locator("nav").first.wait_for()
    arrived(hands)


def arrived(hands: Hands, title: str = "") -> None:
    """The new screen has the focus, and the page its name."""
    expect(hands.page.locator("#content")).to_be_focused()
    if title:
        expect(hands.page).to_have_title(f"{title}·e+ Life")


def tab(hands: Hands, name: str) -> None:
    """Go to a tab from the top of the page."""
    hands.to("Skip to", back=True)
    hands.choose(name)
    arrived(hands, name)


def test_the_way_in_and_past_the_tabs(hands: Hands) -> None:
    expect(hands.page).to_have_title("Sign in·e+ Life")
    hands.to("Sign in", tag="button")
    hands.press("Enter")
    # What is wrong in the form has the focus.
    assert hands.here()["name"].startswith("Account name")
    hands.type("wing")
    hands.write("Password", "wrong")
    hands.press("Enter")
    expect(hands.page.locator("form [tabindex='-1']:has([role=alert])")).to_be_focused()
    hands.to("Account name", tag="input")
    hands.press("Control+a")
    hands.type("wing")
    hands.to("Password", tag="input")
    hands.press("Control+a")
    hands.type("wingwing")
    hands.press("Enter")
    arrived(hands, "Today")
    hands.page.get_by_test_id("drop").first.wait_for()
    hands.to("Skip to content", back=True)
    hands.press("Enter")
    arrived(hands)
    first = hands.step()
    assert first is not None
    assert hands.page.evaluate("document.activeElement.closest('main') !== null")


def test_a_guardian_signs_up_makes_a_family_adds_a_child_and_agrees(hands: Hands) -> None:
    page = hands.page
    hands.choose("Create an account")
    arrived(hands, "Create an account")
    hands.write("Account name", "chan.tai-man")
    hands.write("Password", "three blue bulbuls")
    for part, text in (("Day", "17"), ("Month", "5"), ("Year", "1986")):
        hands.write(part, text)
    hands.choose("Create the account")
    page.get_by_test_id("coins").wait_for()
    arrived(hands, "Today")
    tab(hands, "Me")
    hands.choose("Family")
    arrived(hands, "Family")
    hands.choose("Make a family")
    expect(page.get_by_role("button", name="Add a child")).to_be_visible()
    hands.choose("Add a child")
    for part, text in (("Day", "1"), ("Month", "3"), ("Year", "2017")):
        hands.write(part, text)
    hands.choose("Add")
    expect(page.get_by_text("Waiting for consent", exact=True)).to_be_visible()
    hands.choose("Agree")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    hands.choose("Agree", "Space")
    expect(page.locator("#content").get_by_text("Agreed", exact=True)).to_be_visible()
    expect(sheet).to_have_count(0)


def test_a_find_is_caught(hands: Hands, stage: Stage) -> None:
    page = hands.page
    enter(hands, "mei")
    hands.choose("Turn on location")
    walk(page)
    row = page.locator(f"#drop-{stage.drop}")
    before = int(page.get_by_test_id("coins").inner_text())
    for _ in range(20):
        hands.to("Catch")
        if row.evaluate("(row) => row.contains(document.activeElement)"):
            break
    hands.press("Enter")
    expect(page.get_by_test_id("coins")).to_have_text(str(before + 5), timeout=5_000)
    # The button has gone, and the focus has stayed in its row.
    assert row.evaluate("(row) => row.contains(document.activeElement)")
    expect(page.get_by_test_id("landed")).to_be_visible()
    hands.choose("Close")
    expect(page.get_by_test_id("landed")).to_have_count(0)
    assert hands.here() is not None


def test_a_board_is_read_and_another_chosen(hands: Hands) -> None:
    page = hands.page
    enter(hands, "mei")
    tab(hands, "Board")
    expect(page.get_by_test_id("board-row").first).to_be_visible()
    hands.choose("Classes", "Space")
    expect(page.get_by_role("button", name="Classes")).to_have_attribute("aria-pressed", "true")
    assert hands.here()["name"] == "Classes"
    hands.to("Players", back=True)
    hands.press("Enter")
    hands.choose("Week")
    expect(page.get_by_role("button", name=re.compile("^Week"))).to_have_attribute("aria-pressed", "true")
    hands.choose("See the top 10")
    expect(page.get_by_role("region", name="Top 10")).to_be_visible()


def test_a_sheet_takes_the_focus_holds_it_and_gives_it_back(hands: Hands) -> None:
    page = hands.page
    enter(hands, "wing")
    tab(hands, "Board")
    asked = hands.to("How places work")
    hands.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    for key in ["Tab"] * 5 + ["Shift+Tab"] * 7:
        at = hands.step(key)
        assert at is None or at["sheet"], at
    hands.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert hands.here()["name"] == asked["name"]
    hands.press("Enter")
    hands.choose("Close")
    assert hands.here()["name"] == asked["name"]


def test_a_file_of_steps_is_given_and_its_days_are_read(hands: Hands) -> None:
    page = hands.page
    enter(hands, "wing")
    hands.choose("Steps")
    arrived(hands, "Steps")
    hands.choose("Add a file")
    expect(page.get_by_role("heading", name="Add a file of steps")).to_be_visible()
    with page.expect_file_chooser() as asked:
        hands.choose("Choose a file")
    asked.value.set_files({"name": "steps.csv", "mimeType": "text/csv", "buffer": csv()})
    expect(page.get_by_text("5 days").first).to_be_visible(timeout=20_000)
    hands.to("Back", back=True)
    hands.press("Enter")
    hands.to("Month", back=True)
    hands.press("Enter")
    expect(page.locator("table").first).to_be_visible()
    hands.choose("See the table")
    expect(page.get_by_role("cell", name="4,001").first).to_be_visible()


def test_language_and_look_are_changed(hands: Hands) -> None:
    page = hands.page
    enter(hands, "wing")
    tab(hands, "Me")
    hands.choose("High contrast")
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    at = hands.here()
    assert at is not None
    assert at["pressed"] == "true"
    hands.to("简体中文", back=True)
    hands.press("Space")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert hands.here()["name"] == "简体中文"
    expect(page).to_have_title("我·e+ 生活")
    hands.to("English")
    hands.press("Enter")
    hands.choose("Large type", "Space")
    expect(page.locator("html")).to_have_attribute("data-elder", "")


def test_two_become_companions_by_a_typed_code(hands: Hands, device: Callable[..., Page]) -> None:
    lam, ho = hands, opened(device(language="en"))
    for each, name in ((lam, "lam"), (ho, "ho")):
        enter(each, name)
        tab(each, "Me")
        each.choose("Companions")
        arrived(each, "Companions")
        each.choose("Meet somebody")
    code = lam.page.get_by_test_id("meeting-code").inner_text()
    ho.choose("Scan theirs")
    ho.write("Their code", code)
    ho.press("Enter")
    ho.choose("Become companions")
    expect(ho.page.get_by_test_id("companion")).to_contain_text("Early Egret")


def test_a_teacher_makes_a_class_its_code(device: Callable[..., Page]) -> None:
    hands = opened(device(DESKTOP, "en"))
    enter(hands, "lee")
    hands.choose("Open a class")
    hands.write("Name of the class", "5B")
    hands.press("Enter")
    arrived(hands)
    hands.choose("Make a code")
    hands.choose("Make a code")
    expect(hands.page.get_by_test_id("class-code")).to_be_visible()
