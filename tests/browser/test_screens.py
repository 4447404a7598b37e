"""Every screen in three languages, on phone and desktop, in light and dark; pictures stay in tests/browser/shots."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SHOTS, Stage, looks_right, sign_in, walk

TAGS = {"zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans", "en": "en-HK"}
SIZES = {"phone": PHONE, "desktop": DESKTOP}


def keep(page: Page, *names: str) -> None:
    """Look for what would be ugly anywhere, and keep a picture."""
    looks_right(page)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{'-'.join(names)}.png")


# Colours do not depend on the language, so dark is looked at in one.
LOOKS = [(language, "light") for language in ("zh-Hant", "zh-Hans", "en")] + [("zh-Hant", "dark")]
NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "en": "English"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_screens(stage: Stage, device: Callable[..., Page], language: str, size: str, scheme: str) -> None:
    page = device(SIZES[size], language, scheme)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    told = (size, language, scheme)

    page.goto("/")
    page.get_by_role("button", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", TAGS[language])
    keep(page, "sign-in", *told)
    sign_in(page, "mei")
    expect(page.locator("html")).to_have_attribute("lang", TAGS[language])
    page.locator(f"#drop-{stage.drop}").wait_for()
    keep(page, "today-off", *told)
    page.evaluate("document.querySelector('.ask button').click()")
    walk(page)
    capture = page.locator(f"#drop-{stage.drop} button")
    expect(capture).to_be_enabled()
    keep(page, "today-near", *told)
    capture.click()
    expect(page.get_by_test_id("coins")).to_have_text("15", timeout=5_000)
    keep(page, "today-captured", *told)
    page.goto("/#/board")
    expect(page.get_by_test_id("my-place")).to_be_visible(timeout=5_000)
    keep(page, "board", *told)
    page.goto("/#/me")
    page.locator("dl").first.wait_for()
    keep(page, "me", *told)
    # The browser itself notes each 404 and 409 as an error; these pages have none.
    assert complaints == []
