"""The app on a phone, whose health plugin is played by the page: set up once, it sends its week when it is opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.audit import axe, too_small
from tests.browser.conftest import Stage, keep, sign_in
from tests.browser.test_steps import speaks, today

# Five hundred steps in each hour from eight to noon, of every day that is asked for.
PLUGIN = """
const asked = { read: false };
const buckets = (hours, start, end) => {
  const found = [];
  for (let day = new Date(start); day < end; day.setDate(day.getDate() + 1))
    for (const hour of hours) {
      const at = new Date(day); at.setHours(hour);
      if (at < end) found.push({ startDate: at.toISOString(), value: hours.length > 1 ? 500 : 2500 });
    }
  return found;
};
window.Capacitor = {
  isNativePlatform: () => true,
  getPlatform: () => "android",
  Plugins: { Health: {
    isAvailable: async () => ({ available: true }),
    checkAuthorization: async () => ({ readAuthorized: localStorage.allowed ? ["steps"] : [] }),
    requestAuthorization: async () => {
      if (!window.refuses) localStorage.allowed = 1;
      return { readAuthorized: window.refuses ? [] : ["steps"] };
    },
    queryAggregated: async ({ startDate, endDate, bucket }) =>
      ({ samples: buckets(bucket === "day" ? [0] : [8, 9, 10, 11, 12], new Date(startDate), new Date(endDate)) }),
  } },
};
"""
SEND = {"zh-Hant": "傳送這部流動電話的步數", "zh-Hans": "发送这部手机的步数", "en": "Send steps from this phone"}
STOP = {"zh-Hant": "停止傳送", "zh-Hans": "停止发送", "en": "Stop sending"}


def opened(page: Page, language: str, who: str) -> None:
    """The app, at the list of phones."""
    page.add_init_script(PLUGIN)
    speaks(page, language)
    sign_in(page, who)
    page.goto("/#/steps/phones")


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_a_phone_in_the_app_sends_its_week_and_stops(stage: Stage, device: Callable[..., Page], language: str) -> None:
    page, yesterday = device(language=language), today() - timedelta(days=1)
    opened(page, language, "mei")
    card = page.get_by_test_id("this-phone")
    expect(card).to_be_visible()
    keep(page, "native-off", "phone", language)
    card.get_by_role("button", name=SEND[language], exact=True).click()
    expect(card.get_by_role("button", name=STOP[language], exact=True)).to_be_visible()
    expect(page.get_by_test_id("phone")).to_contain_text("Android")
    keep(page, "native-on", "phone", language)
    assert list(axe(page)) == []
    assert list(too_small(page)) == []
    page.goto(f"/#/steps/{yesterday}")
    expect(page.get_by_test_id("steps")).to_contain_text("2,500", timeout=30_000)
    page.goto("/#/steps/phones")
    card.get_by_role("button", name=STOP[language], exact=True).click()
    expect(card.get_by_role("button", name=SEND[language], exact=True)).to_be_visible()
    expect(page.get_by_test_id("phone")).to_have_count(0)


def test_whoever_is_signed_in_next_on_the_phone_sends_nothing(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(language="en")
    stage.world.player(stage.world.person("kim"))
    opened(page, "en", "wing")
    card = page.get_by_test_id("this-phone")
    card.get_by_role("button", name=SEND["en"]).click()
    expect(card.get_by_role("button", name=STOP["en"])).to_be_visible()
    kept = page.evaluate("localStorage['eplus.this-phone']")
    page.context.clear_cookies()
    page.evaluate("kept => { localStorage['eplus.this-phone'] = kept }", kept.replace('"sentAt":', '"sentAt":0,"was":'))
    pushes: list[str] = []
    page.on("request", lambda each: pushes.append(each.url) if each.url.endswith("/api/device/steps") else None)
    page.goto("/")
    page.reload()
    sign_in(page, "kim")
    with page.expect_response("**/api/steps/phones"):
        page.goto("/#/steps/phones")
    expect(card.get_by_role("button", name=SEND["en"])).to_be_visible()
    assert pushes == []


def test_a_phone_that_may_not_read_steps_gets_no_key_and_says_what_to_do(
    stage: Stage, device: Callable[..., Page]
) -> None:
    page = device(language="en")
    page.add_init_script("window.refuses = true;")
    stage.world.player(stage.world.person("ho"))
    opened(page, "en", "ho")
    card = page.get_by_test_id("this-phone")
    card.get_by_role("button", name=SEND["en"]).click()
    expect(card.get_by_role("alert")).to_contain_text("Health Connect")
    expect(page.get_by_test_id("phone")).to_have_count(0)


def test_a_browser_knows_nothing_of_it(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(language="en")
    speaks(page, "en")
    sign_in(page, "mei")
    page.goto("/#/steps/phones")
    expect(page.get_by_role("button", name="Add a phone")).to_be_visible()
    expect(page.get_by_test_id("this-phone")).to_have_count(0)
