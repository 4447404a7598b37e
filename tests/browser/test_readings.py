"""Pedometer readings in a browser: typed down the list, saved at once, corrected, undone, and seen by the pupil."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.audit import axe, too_small
from tests.browser.conftest import DESKTOP, PHONE, SCHOOL, Stage, keep, looks_right, sign_in
from tests.browser.test_classes import button, staff_in
from tests.browser.test_steps import speaks, today


def line(page: Page, name: str) -> Locator:
    """Where a pupil's number is typed."""
    return page.get_by_label(name)


def at_the_table(stage: Stage, page: Page, language: str = "en") -> None:
    """A teacher comes from the class to its table of readings."""
    stage.world.role(stage.world.account("lee"), "teacher", SCHOOL)
    speaks(page, language)
    staff_in(page, "lee")
    page.goto("/#/classes")
    page.locator("#content").get_by_role("link", name="4A").first.click()
    page.get_by_role("link", name=re.compile("^(Pedometer readings|計步器讀數|计步器读数)$")).click()
    page.get_by_test_id("reading").first.wait_for()


def test_a_class_is_typed_with_the_keyboard_and_the_pupil_sees_who_entered_it(
    stage: Stage, device: Callable[..., Page]
) -> None:
    day = today()
    stage.world.walking(day - timedelta(days=7), 28, {"by_hand": True})
    desk, phone = device(DESKTOP, "en"), device(language="en")
    at_the_table(stage, desk)
    first, second = (desk.get_by_test_id("reading").nth(at).get_by_role("textbox") for at in range(2))
    first.focus()
    desk.keyboard.type("8,200")
    desk.keyboard.press("Enter")
    expect(second).to_be_focused()
    desk.keyboard.type("4800")
    expect(desk.get_by_test_id("readings-sum")).to_contain_text("13,000 steps together, 6,500 steps on average")
    desk.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")  # on the last line it saves
    expect(desk.get_by_text("2 readings saved")).to_be_visible()
    expect(button(desk, "Nothing to save")).to_be_visible()
    assert [*axe(desk), *too_small(desk)] == []
    desk.reload()
    expect(first).to_have_value("8200")

    speaks(phone, "en")
    sign_in(phone, "mei")
    phone.goto(f"/#/steps/{day}")
    expect(phone.get_by_text("Pedometer, read by the teacher").first).to_be_visible()
    expect(phone.get_by_text("counts in Walk every day only")).to_be_visible()


def test_what_was_typed_outlives_another_day_and_what_was_saved_can_be_undone(
    stage: Stage, device: Callable[..., Page]
) -> None:
    page = device(language="en")
    at_the_table(stage, page)
    mei = line(page, "Laughing")
    mei.fill("7000")
    button(page, "Previous day").click()
    expect(mei).to_have_value("")
    button(page, "Next day").click()
    expect(mei).to_have_value("7000")
    button(page, "Save 1 change").click()
    expect(page.get_by_text("1 reading saved")).to_be_visible()
    mei.fill("9000")
    button(page, "Save 1 change").click()
    button(page, "Undo").click()
    expect(mei).to_have_value("7000")
    expect(button(page, "Next day")).to_be_disabled()


def test_bad_rows_stay_with_their_reasons_and_good_ones_are_saved(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(language="en")
    at_the_table(stage, page)
    mei, wing = line(page, "Laughing"), line(page, "Curious")
    mei.fill("6000")
    wing.fill("150000")
    button(page, "Save 2 changes").click()
    expect(page.get_by_text("1 row was not saved")).to_be_visible()
    expect(wing).to_be_focused()
    expect(wing).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("No pedometer shows more than 100,000 steps")).to_be_visible()
    wing.fill("many")
    button(page, "Nothing to save").click()
    expect(page.get_by_text("Type a number such as 8200")).to_be_visible()
    wing.fill("5000")
    button(page, "Save 1 change").click()
    expect(page.get_by_text("1 reading saved")).to_be_visible()


def test_two_teachers_on_two_desks_do_not_write_over_each_other(stage: Stage, device: Callable[..., Page]) -> None:
    one, other = device(DESKTOP, "en"), device(DESKTOP, "en")
    at_the_table(stage, one)
    speaks(other, "en")
    staff_in(other, "lee")
    other.goto(one.url)
    # Who opens the table after the first has saved sees what was saved, and writes over it knowingly.
    expect(line(other, "Laughing")).to_have_value("")
    line(one, "Laughing").fill("7000")
    button(one, "Save 1 change").click()
    expect(one.get_by_text("1 reading saved")).to_be_visible()
    line(other, "Laughing").fill("500")
    button(other, "Save 1 change").click()
    expect(other.get_by_text("It now says 7,000.")).to_be_visible()
    button(other, "Save 1 change").click()
    expect(other.get_by_text("1 reading saved")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_the_table_looks_right_on_a_phone_and_a_desk(stage: Stage, device: Callable[..., Page], language: str) -> None:
    page = device(PHONE, language)
    at_the_table(stage, page, language)
    page.get_by_test_id("reading").first.get_by_role("textbox").fill("123456")
    page.locator("form button[type=submit]").click()
    page.get_by_role("status").filter(has_text=re.compile("1")).first.wait_for()
    looks_right(page)
    assert [*axe(page), *too_small(page)] == []
    keep(page, "readings", "phone", language)
    page.set_viewport_size({"width": 1280, "height": 900})
    keep(page, "readings", "desk", language)
