"""A real Chromium before a real server, and a phone that walks through Hong Kong Park."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from challenges_app.kit import clock
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts.actions import open_session
from challenges_app.people.accounts.rules import new_session_id
from tests.builders import World
from tests.running import environment, served
from tests.walking import Walk, always_open

SHOTS = Path(__file__).parent / "shots"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
LOCALES = {"zh-Hant": "zh-HK", "zh-Hans": "zh-CN", "en": "en-GB"}
TAGS = {"zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans", "en": "en-HK"}
NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "en": "English"}
SIZES = {"phone": PHONE, "desktop": DESKTOP}
SCHOOL = "528781"

# The phone's positions come from here: recorded fixes, moved in time so that the last one is made now.
GEOLOCATION = """
(() => {
  const watches = new Map();
  let next = 1, latest = null;
  navigator.geolocation.watchPosition = (found) => {
    watches.set(next, found);
    if (latest) setTimeout(() => found(latest));
    return next++;
  };
  navigator.geolocation.clearWatch = (id) => watches.delete(id);
  window.walkTo = (fix, at) => {
    const coords = {latitude: fix.lat, longitude: fix.lon, accuracy: fix.accuracy_m, speed: null, heading: null};
    latest = {coords, timestamp: at};
    for (const found of watches.values()) found(latest);
  };
})();
"""


@dataclass
class Stage:
    """A served world with two classmates who can sign in, and a drop that one of them will reach."""

    world: World
    port: int
    drop: UUID

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, without any traffic of its own."""
    return {"executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The served world."""
    with staged(tmp_path) as stage:
        yield stage


@contextlib.contextmanager
def staged(folder: Path, **settings: str) -> Iterator[Stage]:
    """Make the served world in a folder; a module whose tests do not disturb each other makes one for all of them."""
    url = f"sqlite:///{folder / 'eplus.sqlite'}"
    world = World.on(url, clock.now)
    (class_id,) = world.school(SCHOOL)
    for name, face in (("mei", ("laughing", "bulbul")), ("wing", ("curious", "civet"))):
        child = world.person(name, born=clock.now().date() - timedelta(days=3300), face=face)
        world.enrol(child, class_id)
        if name == "mei":
            mei = world.player(child, child=True, school_id=SCHOOL)
    others = [world.player(world.person(face=(word, "kite")), child=True, school_id=SCHOOL) for word in WORDS]
    spots = [world.drop(place=(22.2781, 114.1612 + number * 0.0003)) for number in range(4)]
    for number, other in enumerate(others):
        for spot in spots[: 4 - number // 2]:
            world.take(other, spot)
    for spot in spots[:2]:
        world.take(mei, spot)
    last = Walk.until(clock.now(), FIXES).last
    drop = world.drop(place=(last["lat"] + 0.0002, last["lon"]))
    world.carry()
    env = environment(url, EPLUS_PARKS=str(always_open(folder)), **settings)
    with served(env, folder) as port:
        yield Stage(world, port, drop)
    world.db.close()


WORDS = ("early", "steady", "singing", "glowing", "brave", "quiet", "wise", "kind")
FIXES = 150  # of the walk: seven and a half minutes, the last five of them in the park


@pytest.fixture
def device(browser: Browser, stage: Stage) -> Iterator[Callable[..., Page]]:
    """Makes devices: a page of a size in a language, with its own cookies."""
    contexts: list[BrowserContext] = []

    def make(viewport: dict[str, int] = PHONE, language: str = "zh-Hant", scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport=viewport, locale=LOCALES[language], color_scheme=scheme, reduced_motion="reduce",
            permissions=["geolocation"], base_url=stage.url, device_scale_factor=2,
        )  # fmt: skip
        context.add_init_script(GEOLOCATION)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str) -> None:
    """Sign in through the form."""
    page.goto("/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(name * 2)
    page.locator("form button[type=submit]").click()
    page.get_by_test_id("coins").wait_for()


def let_in(context: BrowserContext, session_id: str) -> None:
    """Sign a browser in by a session that is open already."""
    context.add_cookies(
        [{"name": COOKIE, "value": session_id, "domain": "127.0.0.1", "path": "/", "secure": True, "httpOnly": True}]
    )


def at_work(stage: Stage, page: Page, name: str, role: str, scope: str | None = None) -> None:
    """Sign in somebody with a role who has proved a second factor; the next page that is opened is theirs."""
    account, session_id = stage.world.account(name), new_session_id()
    stage.world.role(account, role, scope)
    stage.world.write(lambda tx: open_session(tx, clock.now(), account, session_id, None, strong=True))
    let_in(page.context, session_id)


def walk(page: Page, count: int = FIXES, beside: int | None = None) -> None:
    """Walk through the park: the recorded fixes, twenty a second, with the times at which they would have been made.

    Whoever walks where somebody else has walked goes `beside`, with other noise: one phone is not two walkers.
    """
    recorded = Walk.until(clock.now(), count)
    page.evaluate(
        """async (fixes) => {
          const last = Date.parse(fixes.at(-1).fixed_at), ends = Date.now() + fixes.length * 50;
          for (const fix of fixes) {
            window.walkTo(fix, ends - (last - Date.parse(fix.fixed_at)));
            await new Promise((go) => setTimeout(go, 50));
          }
        }""",
        (recorded if beside is None else recorded.beside(beside)).fixes,
    )


def looks_right(page: Page) -> None:
    """Nothing sticks out sideways, and nothing is said that has no text."""
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"the page is {sideways} px wider than the screen"
    assert "undefined" not in page.locator("body").inner_text()


def keep(page: Page, *names: str) -> None:
    """Look for what would be ugly anywhere, and keep a picture."""
    looks_right(page)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{'-'.join(names)}.png")
