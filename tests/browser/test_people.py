"""People in a real browser: a guardian adds a child, who signs in by card and plays; two families join a challenge."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import SHOTS, Stage, looks_right
from tests.browser.families import add_child, make_card, make_family, sign_up
from tests.browser.test_steps import given, speaks, today

NEIGHBOURS = (("early", "egret"), ("steady", "turtle"), ("brave", "crab"))  # families who walked less


def test_a_guardian_adds_a_child_who_signs_in_by_card(stage: Stage, device: Callable[..., Page]) -> None:
    parent, phone = device(language="en"), device(language="en")
    speaks(parent, "en")
    sign_up(parent, "chan.tai-man")
    make_family(parent)
    add_child(parent, consent=False)
    looks_right(parent)
    code = make_card(parent)

    speaks(phone, "en")
    phone.goto(f"/#/card/{code}")
    expect(phone.get_by_text("One more step and you can play")).to_be_visible()
    assert code not in phone.url
    expect(phone.get_by_test_id("drop")).to_have_count(0)

    parent.keyboard.press("Escape")
    parent.get_by_role("button", name=re.compile("^Agree")).first.click()
    parent.get_by_role("dialog").get_by_role("button", name="Agree", exact=True).click()
    expect(parent.locator("#content").get_by_text("Agreed")).to_be_visible()
    phone.reload()
    expect(phone.get_by_test_id("drop").first).to_be_visible()


def test_two_families_join_a_challenge_and_stand_on_its_board(stage: Stage, device: Callable[..., Page]) -> None:
    day = today()
    stage.world.walking(day - timedelta(days=day.weekday() + 14), 35)
    for face in NEIGHBOURS:
        members = stage.world.person(), stage.world.person()
        stage.world.family(*members, face=face)
        for member in members:
            stage.world.steps(member, {day - timedelta(days=1): 4_000})
    homes = [family(device, name, days) for name, days in (("chan.tai-man", 3), ("wong.siu-ling", 6))]
    for parent, first in zip(homes, (False, True), strict=True):
        parent.goto("/#/board")
        parent.get_by_role("button", name="Walk every day").click()
        parent.get_by_role("button", name="Families", exact=True).click()
        parent.get_by_role("button", name="Season", exact=True).click()
        # The other family walked on more days.
        expect(parent.get_by_test_id("my-place")).to_have_text("1" if first else "2", timeout=10_000)
        looks_right(parent)
    SHOTS.mkdir(exist_ok=True)
    homes[0].screenshot(path=SHOTS / "families-board.png")


def family(device: Callable[..., Page], name: str, days: int) -> Page:
    """A guardian with one child, both of whom gave a file of so many days; answers the guardian's page."""
    parent, phone = device(language="en"), device(language="en")
    speaks(parent, "en")
    sign_up(parent, name)
    make_family(parent)
    add_child(parent, consent=True)
    code = make_card(parent)
    speaks(phone, "en")
    phone.goto(f"/#/card/{code}")
    phone.get_by_test_id("coins").wait_for()
    for page in (parent, phone):
        walked = [f"{today() - timedelta(days=ago)},8000" for ago in range(1, days + 1)]
        given(page, "\n".join(["date,steps", *walked, ""]).encode(), "steps.csv")
        expect(page.get_by_text(f"{days} days").first).to_be_visible(timeout=20_000)
    return parent
