"""Classes in a real browser: a teacher opens one and prints its sheet, a child joins, its guardian agrees, it plays."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from challenges_app.kit import clock
from tests.browser.conftest import DESKTOP, SCHOOL, SHOTS, Stage, looks_right, sign_in, walk
from tests.browser.families import born
from tests.browser.test_steps import speaks

A4 = ViewportSize(width=703, height=1032)  # 210 mm by 297 mm within margins of 12 mm, at 96 dots an inch


@pytest.fixture
def teacher(stage: Stage) -> str:
    """The name of somebody who teaches at the school."""
    stage.world.role(stage.world.account("lee"), "teacher", SCHOOL)
    return "lee"


def staff_in(page: Page, name: str) -> None:
    """Sign in somebody who does not play, and so has no coins to wait for."""
    page.goto("/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(name * 2)
    page.locator("form button[type=submit]").click()
    page.get_by_role("navigation").wait_for()


def printed(page: Page, testid: str, picture: str) -> None:
    """What a printer gets: the sheet with its QR code on one page, and nothing of the page itself."""
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    paper = page.get_by_test_id(testid)
    expect(paper).to_be_visible()
    expect(paper.get_by_role("img").first).to_be_visible()
    expect(page.locator("#content")).to_be_hidden()
    sheets = page.pdf(format="A4", print_background=False)
    assert len(re.findall(rb"/Type /Page\b", sheets)) == 1
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{picture}.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size(ViewportSize(width=1280, height=900))


def button(where: Page | Locator, *names: str) -> Locator:
    """A button by its whole name, in one of the languages."""
    return where.get_by_role("button", name=re.compile("^(" + "|".join(map(re.escape, names)) + ")$"))


def make_code(page: Page) -> str:
    """Have a code made for the class on the page; answers it."""
    make = ("Make a code", "製作代碼", "生成代码")
    button(page, *make).click()
    button(page.get_by_role("dialog"), *make).click()
    told = page.get_by_test_id("class-code")
    told.wait_for()
    return told.inner_text()


def test_a_child_joins_a_class_its_guardian_agrees_and_it_plays(
    stage: Stage, device: Callable[..., Page], teacher: str
) -> None:
    desk, phone, parent = device(DESKTOP, "en"), device(language="en"), device(language="en")
    for page in (desk, phone, parent):
        speaks(page, "en")
    staff_in(desk, teacher)
    desk.goto("/#/me")
    desk.locator("#content").get_by_role("link", name="Classes").click()
    button(desk, "Open a class").click()
    desk.get_by_label("Name of the class").fill("5B")
    button(desk.get_by_role("dialog"), "Open a class").click()
    expect(desk.get_by_text("No pupils in this class yet")).to_be_visible()
    code = make_code(desk)
    printed(desk, "class-paper", "class-sheet")

    phone.goto(f"/#/join/{code.lower()}")
    born(phone, "2016", "7", "7")
    assert code.lower() not in phone.url
    with phone.expect_response(re.compile("/api/classes/join$")) as answer:
        button(phone, "Join").click()
    joined = answer.value.json()
    expect(phone.get_by_test_id("joined")).to_contain_text("5B")
    expect(phone.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    looks_right(phone)
    button(phone, "I have kept it: sign in with it").click()
    expect(phone.get_by_text("One more step and you can play")).to_be_visible()

    desk.reload()
    pupil = desk.get_by_test_id("pupil")
    expect(pupil).to_contain_text(joined["name"]["en"])
    expect(pupil).to_contain_text("Waiting")

    stage.world.family(stage.world.person("chan"))
    sign_in(parent, "chan")
    parent.goto("/#/family")
    button(parent, "Take in a child with a card").click()
    parent.get_by_label("Link or code of the card").fill(f"{stage.url}/#/card/{joined['card']}")
    parent.get_by_role("checkbox").check()
    button(parent.get_by_role("dialog"), "Add").click()
    expect(parent.locator("#content").get_by_text("Agreed")).to_be_visible()

    desk.reload()
    expect(pupil).to_contain_text("Agreed")
    phone.reload()
    button(phone, "Turn on location").click()
    walk(phone)
    phone.locator(f"#drop-{stage.drop}").get_by_role("button").click()
    expect(phone.get_by_test_id("coins")).to_have_text("5", timeout=5_000)


def test_cards_are_told_once_so_leaving_them_is_asked_about(
    stage: Stage, device: Callable[..., Page], teacher: str
) -> None:
    desk = device(DESKTOP, "en")
    speaks(desk, "en")
    staff_in(desk, teacher)
    (class_id,) = stage.world.school("510530", ("6A",))
    stage.world.role(stage.world.account("wong"), "teacher", "510530")
    for face in (("early", "kite"), ("kind", "crab")):
        stage.world.enrol(stage.world.person(born=clock.now().date() - timedelta(days=3300), face=face), class_id)
    other = device(DESKTOP, "en")
    speaks(other, "en")
    staff_in(other, "wong")
    other.goto(f"/#/classes/{class_id}")
    button(other, "Make cards for those without").click()
    button(other, "Make them now").click()
    expect(other.get_by_role("heading", name="2 sign-in cards are ready")).to_be_visible()
    printed(other, "cards-paper", "class-cards")
    other.keyboard.press("Escape")
    button(other, "Back to printing").click()
    button(other, "Print the cards").click()
    button(other, "Printed, finish").click()
    expect(other.get_by_test_id("pupil").filter(has_text=re.compile("Agreed ?Card"))).to_have_count(2)
    # A teacher of another school learns nothing of the class.
    desk.goto(f"/#/classes/{class_id}")
    expect(desk.get_by_text("There is no such class")).to_be_visible()


def test_a_guardian_scans_the_childs_card_and_takes_it_in(
    stage: Stage, device: Callable[..., Page], teacher: str
) -> None:
    desk, parent, child = device(DESKTOP, "en"), device(language="en"), device(language="en")
    for page in (desk, parent, child):
        speaks(page, "en")
    staff_in(desk, teacher)
    desk.goto("/#/classes")
    desk.get_by_role("link", name=re.compile("^4A")).click()
    code = make_code(desk)
    child.goto("/#/join")
    child.get_by_label("Class code").fill(code)
    born(child, "2016", "7", "7")
    with child.expect_response(re.compile("/api/classes/join$")) as answer:
        button(child, "Join").click()
    card = answer.value.json()["card"]

    stage.world.family(stage.world.person("chan"))
    sign_in(parent, "chan")
    parent.goto(f"/#/card/{card}")
    button(parent, "Take the child into my family").click()
    expect(parent.get_by_label("Link or code of the card")).to_have_value(card)
    assert card not in parent.url
    button(parent.get_by_role("dialog"), "Add").click()
    expect(parent.get_by_text("Waiting for consent")).to_be_visible()
    parent.goto("/#/join")
    parent.get_by_label("Class code").fill(code)
    expect(parent.get_by_role("radio").first).to_be_checked()
    button(parent, "Join").click()
    expect(parent.get_by_role("heading", name=re.compile("has joined$"))).to_be_focused()
