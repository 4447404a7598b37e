"""Steps that were held, in a browser: asked about, looked at by the staff, counted, and seen by whoever asked."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.audit import axe, too_small
from tests.browser.conftest import DESKTOP, PHONE, Stage, at_work, keep, sign_in
from tests.browser.test_steps import speaks, today

ASK = {"zh-Hant": "申請覆核", "zh-Hans": "申请复核", "en": "Ask us to look"}
SEND = {"zh-Hant": "提交", "zh-Hans": "提交", "en": "Send"}
GRANT = {"zh-Hant": "計算", "zh-Hans": "计算", "en": "Let them count"}


def held(stage: Stage) -> date:
    """More steps than anybody walks, yesterday; answers the day."""
    on = today() - timedelta(days=1)
    stage.world.steps(stage.world.person("kim"), {on: 120_000}, "Kim's Band")
    return on


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_held_steps_are_asked_about_looked_at_and_count(
    stage: Stage, device: Callable[..., Page], language: str
) -> None:
    on = held(stage)
    kim = device(language=language)
    speaks(kim, language)
    sign_in(kim, "kim")
    kim.goto(f"/#/steps/{on}")
    kim.get_by_role("button", name=ASK[language], exact=True).click()
    kim.get_by_role("dialog").get_by_role("textbox").fill("A hundred kilometres, for charity.")
    keep(kim, "appeal-ask", "phone", language)
    kim.get_by_role("dialog").get_by_role("button", name=SEND[language], exact=True).click()
    expect(kim.get_by_role("dialog")).to_be_hidden()
    expect(kim.get_by_role("button", name=ASK[language], exact=True)).to_be_hidden()
    keep(kim, "appeal-open", "phone", language)
    assert list(axe(kim)) == []
    assert list(too_small(kim)) == []
    for size, name in ((PHONE, "phone"), (DESKTOP, "desk")):
        desk = device(size, language)
        speaks(desk, language)
        at_work(stage, desk, f"fung-{name}", "staff")
        desk.goto("/#/appeals")
        desk.reload()
        expect(desk.get_by_test_id("appeal")).to_contain_text("A hundred kilometres, for charity.")
        expect(desk.get_by_test_id("appeal")).not_to_contain_text("Kim's Band")
        keep(desk, "appeals", name, language)
        assert list(axe(desk)) == []
        assert list(too_small(desk)) == []
    desk.get_by_role("textbox").fill("Bravo!")
    desk.get_by_role("button", name=GRANT[language], exact=True).click()
    expect(desk.locator("#content .empty")).to_be_visible()
    keep(desk, "appeals-none", "desk", language)
    kim.reload()
    expect(kim.locator("#content")).to_contain_text("120,000")
    expect(kim.get_by_role("button", name=ASK[language], exact=True)).to_be_hidden()
