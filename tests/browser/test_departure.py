"""Leaving in a real browser: take everything along, ask, change one's mind, ask again, and be gone after the week."""

import json
import re
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from challenges_app.kit import clock
from challenges_app.kit.due import DueWork
from challenges_app.people.erasures.tables import Erasure
from challenges_app.people.persons.tables import Person
from challenges_app.play.standings.actions import differences
from tests.browser.conftest import Stage, looks_right, sign_in
from tests.browser.test_steps import speaks

WITHIN = 60  # seconds for the server's own worker to look at what is due
LEAVING = "You leave on"


def played(stage: Stage) -> None:
    """Two grown-ups on the board of the city, one before the other."""
    for name, face, drops in (("chan", ("wise", "egret"), 3), ("ho", ("gentle", "turtle"), 2)):
        who = stage.world.player(stage.world.person(name, face=face))
        for number in range(drops):
            stage.world.take(who, stage.world.drop(place=(22.2781, 114.1612 + number * 0.0003)))
    stage.world.carry()


def the_week_passes(stage: Stage) -> None:
    """Move the day of the erasure back, and let the server's own worker come by."""
    past = clock.now() - timedelta(minutes=1)
    stage.world.write(lambda tx: tx.execute(update(Erasure).values(due_at=past)))
    stage.world.write(lambda tx: tx.execute(update(DueWork).where(DueWork.name == "erase").values(due_at=past)))
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        with stage.world.db.reading() as conn:
            if not conn.execute(select(Erasure.person_id)).all():
                return
        time.sleep(0.5)
    raise AssertionError("the worker has not come by")


def ask_to_leave(page: Page) -> None:
    """Through the sheet that asks once more, and for the password."""
    page.get_by_role("button", name="Leave for good…").click()
    sheet = page.get_by_role("dialog")
    sheet.locator("input[name=leave-password]").fill("chanchan")
    sheet.get_by_role("button", name="Erase in seven days").click()
    expect(sheet).to_be_hidden()
    expect(page.locator(".leaving")).to_contain_text(LEAVING)


def test_a_person_takes_everything_leaves_changes_their_mind_and_is_forgotten(
    stage: Stage, device: Callable[..., Page]
) -> None:
    played(stage)
    chan, ho = device(language="en"), device(language="en")
    for page, name in ((chan, "chan"), (ho, "ho")):
        speaks(page, "en")
        sign_in(page, name)
    ho.goto("/#/board")
    expect(ho.get_by_test_id("board-row").filter(has_text="Clever Egret")).to_contain_text("30")

    chan.goto("/#/data")
    looks_right(chan)
    chan.locator("input[name=password]").fill("not mine")
    chan.get_by_role("button", name="Download").click()
    expect(chan.get_by_role("alert")).to_be_visible()
    chan.locator("input[name=password]").fill("chanchan")
    with chan.expect_download() as coming:
        chan.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(coming.value.path()) as found:
        assert json.loads(found.read("person.json"))["nickname"]["en"] == "Clever Egret"
        assert len(json.loads(found.read("data/capture.json"))) == 3
    assert re.fullmatch(r"eplus-life-\d{4}-\d\d-\d\d\.zip", coming.value.suggested_filename)
    expect(chan.get_by_text("Downloaded", exact=True)).to_be_visible()

    ask_to_leave(chan)
    chan.goto("/#/today")
    expect(chan.locator(".leaving")).to_be_visible()
    chan.get_by_role("link", name="Change my mind").click()
    chan.get_by_role("button", name="I stay").click()
    expect(chan.locator(".leaving")).to_have_count(0)
    ask_to_leave(chan)
    looks_right(chan)

    the_week_passes(stage)
    chan.reload()
    chan.locator("input[name=name]").fill("chan")
    chan.locator("input[name=password]").fill("chanchan")
    chan.locator("form button[type=submit]").click()
    expect(chan.get_by_role("alert")).to_be_visible()
    ho.reload()
    expect(ho.get_by_test_id("board-row").filter(has_text="A player who has left")).to_contain_text("30")
    with stage.world.db.reading() as conn:
        assert differences(conn) == []
        assert conn.execute(select(Person.id).where(Person.adjective == "wise", Person.species == "egret")).all() == []


def test_what_is_kept_is_told_to_those_outside(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(language="en")
    speaks(page, "en")
    page.get_by_role("link", name=re.compile("^Privacy")).click()
    expect(page.get_by_role("heading", name="Privacy", level=1)).to_be_visible()
    expect(page.get_by_text("never stored; in memory only, at most 10 minutes")).to_be_visible()
    looks_right(page)
