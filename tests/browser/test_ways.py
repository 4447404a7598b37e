"""Ways on: tabs that fit, an address that leads nowhere, a screen not one's own, a refusal that can be put right."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Stage, at_work, looks_right, sign_in
from tests.browser.test_steps import speaks

# The lines that each tab's word takes, and whether it is wider than its tab.
CROWDED = """() => [...document.querySelectorAll('nav:has(.brand) a')].filter((tab) => {
  const range = document.createRange();
  range.selectNodeContents([...tab.childNodes].find((each) => each.nodeType === 3 && each.textContent.trim()));
  return range.getClientRects().length > 1 || range.getBoundingClientRect().width > tab.clientWidth;
}).map((tab) => tab.textContent)"""


def test_the_most_tabs_that_anybody_has_fit_on_the_smallest_phone(stage: Stage, device: Callable[..., Page]) -> None:
    page = device({"width": 320, "height": 640}, "en")
    speaks(page, "en")
    sign_in(page, "mei")

    def with_work(plays: bool) -> Callable[[Route], None]:
        def answer(route: Route) -> None:
            got = route.fetch()
            me = got.json()["me"] | {"roles": ["teacher", "counter", "clinician"]}
            route.fulfill(response=got, json={"me": me if plays else me | {"name": None}, "second": None})

        return answer

    for plays in (True, False):
        page.context.unroute_all()
        page.context.route("**/api/session", with_work(plays))
        for language in ("zh-Hant", "zh-Hans", "en"):
            for elder in (False, True):
                kept = json.dumps({"language": language, "elder": elder})
                page.evaluate("(kept) => localStorage.setItem('eplus.choices', kept)", kept)
                page.goto("about:blank")
                page.goto("/#/me")
                page.get_by_role("link", name=re.compile("^(櫃位|柜台|Counter)$")).first.wait_for()
                assert page.evaluate(CROWDED) == []


def test_an_address_that_leads_nowhere_says_so_and_leads_home(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/nonsense")
    expect(page.get_by_text("There is nothing at this address")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="Back to the start").click()
    expect(page.get_by_test_id("coins")).to_be_visible()


def test_a_work_account_is_told_that_identity_is_not_for_it(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    speaks(page, "en")
    at_work(stage, page, "kwan", "clinician")
    page.goto("about:blank")
    page.goto("/#/identity")
    expect(page.get_by_text("This account needs no identity check")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.get_by_role("link", name="Back to the start").click()
    expect(page).to_have_url(re.compile("#/organisations$"))


def test_a_refusal_that_wants_a_second_factor_leads_to_where_it_is_proved(
    stage: Stage, device: Callable[..., Page]
) -> None:
    stage.world.person("ho")
    page = device(PHONE, "en")
    speaks(page, "en")
    sign_in(page, "ho")
    refused = {"error": {"code": "factor.prove_first", "message": "Prove first that it is you."}}
    page.route("**/api/profile/export", lambda route: route.fulfill(status=403, json=refused))
    page.goto("/#/data")
    page.locator("input[name=password]").fill("hoho")
    page.get_by_role("button", name="Download").click()
    page.get_by_role("link", name="To sign-in and security").click()
    expect(page.get_by_role("heading", level=1, name="Sign-in and security")).to_be_visible()
