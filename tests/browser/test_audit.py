"""What the walk looks for is found where it is, and not where it is not: pages made for that."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.audit import axe, sideways, too_small

SMALL = "<button style='width: 30px; height: 60px'>Go</button>"
# A press beside the button still lands on it: its ground reaches further than its frame.
REACHING = """<style>a::after { content: ""; position: absolute; inset: -20px }</style>
  <div style="margin: 50px"><a href="#" style="position: relative; display: inline-block">Go</a></div>"""
LABELLED = "<label style='display: block; width: 90px; height: 50px'><input type='checkbox'> Yes</label>"
SENTENCE = "<p>All that is told <a href='#'>elsewhere</a> is told there.</p>"
ALONE = "<p><a href='#'>Elsewhere</a></p>"


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """A page with nothing on it."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(("body", "found"), [(SMALL, 1), (ALONE, 1), (REACHING, 0), (LABELLED, 0), (SENTENCE, 0)])
def test_what_a_finger_would_miss(blank: Page, body: str, found: int) -> None:
    blank.set_content(f"<body style='margin: 40px'>{body}")
    assert len(list(too_small(blank))) == found


def test_what_sticks_out(blank: Page) -> None:
    blank.set_content("<div class='wide' style='width: 3000px'>x</div>")
    assert "wide" in next(sideways(blank))


def test_what_axe_finds(blank: Page) -> None:
    blank.set_content("<html lang='en'><title>x</title><main><h1>x</h1><input></main>")
    assert any("axe label" in each for each in axe(blank))
    blank.set_content("<html lang='en'><title>x</title><main><p style='color: #aaa; background: #fff'>Pale</p>")
    assert any("axe color-contrast" in each for each in axe(blank, ["color-contrast"]))
