"""The park map and the list beside it: they agree, the list does without the map, and it looks right."""

import base64
import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import DESKTOP, NAMES, PHONE, QUIET, SIZES, Stage, keep, sign_in, walk
from tests.browser.test_offline import keeps_the_day, kept, until

SIZES_AND_LOOKS = [
    ("phone", "zh-Hant", "light"), ("desktop", "zh-Hant", "dark"), ("phone", "zh-Hans", "dark"),
    ("desktop", "zh-Hans", "light"), ("phone", "en", "light"), ("desktop", "en", "light"),
]  # fmt: skip
NO_COAST = """(() => {
  const { fetch } = window;
  window.lost = true;
  window.fetch = (asked, ...rest) =>
    window.lost && String(asked).includes("pmtiles") ? Promise.reject(new TypeError("lost")) : fetch(asked, ...rest);
})()"""
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null"
COLOURS = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
  const drawn = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const pen = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
  pen.drawImage(drawn, 0, 0);
  return new Set(new Uint32Array(pen.getImageData(0, 0, drawn.width, drawn.height).data.buffer)).size;
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Chromium that draws WebGL in software; the other tests' has none."""
    drawing = [each for each in QUIET if each != "--disable-gpu"] + [
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
    ]
    opened = playwright.chromium.launch(**{**browser_type_launch_args, "args": drawing})
    yield opened
    opened.close()


def open_parks(page: Page, language: str = "en") -> None:
    """Choose a language, sign in and go to the parks."""
    page.goto("/")
    page.get_by_role("button", name=NAMES[language]).click()
    sign_in(page, "mei")
    page.evaluate("location.hash = '#/parks'")


def complaints_of(page: Page) -> list[str]:
    """What the browser will complain about; a policy that is too strict shows itself here."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda problem: found.append(str(problem)))
    return found


@pytest.mark.parametrize(("size", "language", "scheme"), SIZES_AND_LOOKS)
def test_the_map_is_drawn(device: Callable[..., Page], size: str, language: str, scheme: str) -> None:
    page = device(SIZES[size], language, scheme)
    complaints = complaints_of(page)
    open_parks(page, language)
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    settled(page)
    keep(page, "parks", size, language, scheme)
    page.get_by_test_id("park").first.locator("button").click()
    page.locator(".pin").first.wait_for()
    settled(page)
    keep(page, "parks-chosen", size, language, scheme)
    page.get_by_test_id("park").first.locator("a").click()
    page.get_by_test_id("drop").first.wait_for()
    keep(page, "park-page", size, language, scheme)
    assert complaints == []


def test_map_and_list_agree(device: Callable[..., Page]) -> None:
    page = device(DESKTOP, "en")
    # Without flights the middle of the map is never another place than the one it was sent to.
    page.emulate_media(reduced_motion="reduce")
    open_parks(page)
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    expect(page.get_by_test_id("map").get_by_text("© OpenStreetMap")).to_be_visible()
    # Sea, land, borders, dots and letters: an empty canvas has one colour.
    expect_colours(page, at_least=12)
    canvas = page.locator(".maplibregl-canvas")
    assert canvas.get_attribute("tabindex") == "-1"
    page.get_by_role("searchbox").fill("香港公園")
    row = page.get_by_test_id("park").filter(has_text="Hong Kong Park").locator("button")
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    row.click()
    expect(page.locator(".row [aria-pressed=true]")).to_have_count(0)
    # A district is shown as far as what is looked for reaches, so the one park is in the middle of the map.
    page.get_by_label("District", exact=True).select_option("Central and Western")
    page.get_by_role("searchbox").fill("")
    box = canvas.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    first = page.get_by_test_id("park").first

    def picked() -> bool:
        """Whether the dot was hit; one that is not drawn yet cannot be, so it is tried again."""
        page.mouse.click(*middle)
        with contextlib.suppress(AssertionError):
            expect(first.locator("button")).to_have_attribute("aria-pressed", "true", timeout=1_000)
            return True
        return False

    until(page, picked)
    expect(first).to_contain_text("Hong Kong Park")


def settled(page: Page) -> None:
    """Until two pictures of the page, a quarter of a second apart, are the same."""
    pictures = [page.screenshot()]

    def same() -> bool:
        page.wait_for_timeout(250)
        pictures.append(page.screenshot())
        return pictures[-1] == pictures[-2]

    until(page, same)


def expect_colours(page: Page, at_least: int) -> None:
    """The middle of the map, where nothing lies over it, shows more than one plain colour.

    A screenshot is asked and not the canvas, which forgets its picture as soon as that is on the screen.
    """
    box = page.get_by_test_id("map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2 - 150, box["y"] + box["height"] / 2 - 100

    def coloured() -> bool:
        picture = page.screenshot(clip={"x": x, "y": y, "width": 300, "height": 200})
        count: int = page.evaluate(COLOURS, base64.b64encode(picture).decode())
        return count >= at_least

    until(page, coloured)


def test_my_position_is_on_the_map_only_while_it_is_switched_on(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    open_parks(page)
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    mine = page.get_by_role("button", name="Go to my position")
    expect(mine).to_have_count(0)
    page.locator(".ask button").click()
    walk(page, 20)
    expect(mine).to_be_visible()
    expect(page.get_by_test_id("park").first).to_contain_text(re.compile(r"\d (m|km)"))
    page.get_by_role("button", name="Stop").click()
    expect(mine).to_have_count(0)


def test_the_list_does_without_the_map(stage: Stage, device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(NO_WEBGL)
    open_parks(page)
    expect(page.get_by_text("This device cannot draw the map.")).to_be_visible()
    rows = page.get_by_test_id("park")
    rows.first.wait_for()
    before = rows.count()
    page.get_by_role("button", name=re.compile("^Show more")).press("Enter")
    expect(rows.nth(before).get_by_role("link")).to_be_focused()
    page.get_by_label("District", exact=True).select_option("Central and Western")
    page.get_by_role("searchbox").fill("hong kong park")
    page.get_by_role("link", name="Hong Kong Park").click()
    page.locator(f"#drop-{stage.drop}").wait_for()
    expect(page.get_by_role("heading", name="How to get there")).to_be_visible()
    keep(page, "parks-no-map", "phone", "en")
    assert [url for url in asked if "engine" in url or "pmtiles" in url] == [], "nothing of the map was fetched"


def test_a_link_to_no_park_leads_to_all_of_them(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    open_parks(page)
    page.evaluate("location.hash = '#/parks/00000000-0000-4000-8000-000000000000'")
    expect(page.get_by_role("heading", name="There is no such park")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.get_by_role("link", name="Map of all parks").click()
    expect(page.get_by_test_id("park").first).to_be_visible()


def test_an_open_page_of_a_park_follows_when_today_comes_later(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    page.add_init_script("delete Navigator.prototype.serviceWorker")  # what it fetches cannot be answered from here
    page.route("**/api/today", lambda route: route.fulfill(status=503))
    page.goto("/")
    page.get_by_role("button", name="English").click()
    page.locator("input[name=name]").fill("mei")
    page.locator("input[name=password]").fill("meimei")
    page.locator("form button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    today = page.request.get("/api/today").json()
    (park,) = today["parks"]
    page.evaluate(f"location.hash = '#/parks/{park['id']}'")
    expect(page.get_by_text("Nothing to find here today.")).to_be_visible()
    # Today loads its first park of itself; this one is the second.
    others = page.request.get("/api/parks").json()["parks"]
    first = next(each for each in others if each["id"] != park["id"])
    later = {**today, "parks": [{**park, "id": first["id"]}, park]}
    page.unroute("**/api/today")
    page.route("**/api/today", lambda route: route.fulfill(json=later))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text(re.compile(r"^\d+ of \d+ found"))).to_be_visible()
    expect(page.get_by_role("heading", name="How to get there")).to_be_visible()


def test_a_map_that_was_opened_once_needs_no_network(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    open_parks(page)
    keeps_the_day(page)
    page.reload()
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    until(page, lambda: any(path.endswith(".pmtiles") for path in kept(page)))
    until(page, lambda: any(path.endswith(".geojson") for path in kept(page)))
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    expect_colours(page, at_least=12)
    expect(page.get_by_text("620 parks")).to_be_visible()


def test_the_map_wears_the_systems_own_colours_where_it_has_them(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    page.emulate_media(forced_colors="active")
    open_parks(page)
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)
    expect_colours(page, at_least=4)
    page.emulate_media(forced_colors="none", color_scheme="dark")
    expect_colours(page, at_least=12)
    keep(page, "parks", "phone", "en", "dark")


def test_the_map_is_asked_for_again_where_its_first_way_failed(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    page.add_init_script(NO_COAST)
    open_parks(page)
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "failed", timeout=20_000)
    page.evaluate("window.lost = false")
    page.get_by_role("button", name="Show the map").click()
    expect(page.get_by_test_id("map")).to_have_attribute("data-state", "there", timeout=20_000)


def test_what_one_person_looked_for_is_not_shown_to_the_next(device: Callable[..., Page]) -> None:
    page = device(PHONE, "en")
    page.add_init_script(NO_WEBGL)
    open_parks(page)
    page.get_by_role("searchbox").fill("kowloon")
    page.goto("/#/me")
    page.get_by_role("button", name="Sign out").click()
    page.locator("input[name=name]").fill("wing")
    page.locator("input[name=password]").fill("wingwing")
    page.locator("form button[type=submit]").click()
    page.get_by_role("link", name="Parks").click()
    expect(page.get_by_test_id("park").first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")
