"""Makes docs/screens.md and its pictures out of the catalogue; started by bin/workshop/screens.py."""

import base64
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.city import City, city
from tests.browser.conftest import CHROMIUM, DESKTOP, PHONE, QUIET
from tests.browser.guide import A4, Guide, guided, leave_screen, open_screen, resize, wear
from tests.browser.screens import CATALOGUE, PEOPLE, SCREENS

ROOT = Path(__file__).parents[2]
PAGE, FOLDER = ROOT / "docs" / "screens.md", ROOT / "docs" / "screens"
QUALITY, MOST_BYTES = 55, 2_500_000
PHONE_SCALE, WIDE_SCALE = 0.75, 0.6
COLUMNS = 4
FIRST = "zh-Hant"


@dataclass(frozen=True)
class Look:
    """Another way in which one of the screens is shown."""

    screen: str
    says: str
    language: str = FIRST
    theme: str = "light"
    elder: bool = False
    wide: bool = False

    @property
    def name(self) -> str:
        """The name of its picture."""
        told = (self.language, self.theme, "large" if self.elder else "", "wide" if self.wide else "")
        return "-".join([self.screen, *(each for each in told if each not in ("", FIRST, "light"))])


LOOKS = (
    Look("today", "In simplified Chinese.", language="zh-Hans"),
    Look("today", "In English.", language="en"),
    Look("today", "In the dark.", theme="dark"),
    Look("today", "In high contrast.", theme="contrast"),
    Look("today", "In large type: fewer things, larger ones, and one press that calls somebody.", elder=True),
    Look("board", "In English, in the dark.", language="en", theme="dark"),
    Look("board-family", "In simplified Chinese.", language="zh-Hans"),
    Look("steps-month", "In the dark.", theme="dark"),
    Look("steps-day", "In high contrast.", theme="contrast"),
    Look("family", "In English.", language="en"),
    Look("me", "In large type.", elder=True),
    Look("sign-in", "In large type, in simplified Chinese.", language="zh-Hans", elder=True),
    Look("today", "On a desktop the board is beside the park.", wide=True),
    Look("parks", "On a desktop.", wide=True),
    Look("class", "On a desktop, in English.", language="en", wide=True),
    Look("counter-person", "On a desktop.", wide=True),
    Look("welcome", "On a desktop, in English.", language="en", wide=True),
)


def main() -> None:
    """Take all pictures, and write the page that shows them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, city(Path(folder)) as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for who in PEOPLE:
            _photograph(browser, place, who)
        for look in LOOKS:
            _photograph_look(browser, place, look)
        browser.close()
    PAGE.write_text("\n".join(_page()) + "\n", "utf-8")
    size = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    sys.stdout.write(f"{len(SCREENS) + len(LOOKS)} pictures, {size / 1e6:.2f} MB\n")
    assert size < MOST_BYTES, "take a lower quality, or fewer looks"


def _photograph(browser: Browser, place: City, who: str) -> None:
    with guided(browser, place, who, FIRST) as guide:
        for screen in (each for each in SCREENS if each.who == who):
            open_screen(guide, screen)
            if screen.paper:
                resize(guide.page, A4)
            _take(guide.page, screen.name)
            resize(guide.page, PHONE)
            leave_screen(guide, screen)


def _photograph_look(browser: Browser, place: City, look: Look) -> None:
    screen = next(each for each in SCREENS if each.name == look.screen)
    with guided(browser, place, screen.who, look.language, elder=look.elder) as guide:
        if look.wide:
            resize(guide.page, DESKTOP)
        open_screen(guide, screen)
        wear(guide.page, look.theme)
        _drawn(guide)
        _take(guide.page, look.name)


def _drawn(guide: Guide) -> None:
    """What is wider or of another colour is fetched and drawn anew."""
    guide.settle()


def _take(page: Page, name: str) -> None:
    """A picture of what is in the window, as small as it can be read."""
    debugger = page.context.new_cdp_session(page)
    seen = debugger.send("Page.getLayoutMetrics")["cssVisualViewport"]
    wide = seen["clientWidth"]
    clip = {"x": seen["pageX"], "y": seen["pageY"], "width": wide, "height": seen["clientHeight"]}
    clip["scale"] = PHONE_SCALE if wide <= PHONE["width"] else WIDE_SCALE
    taken = debugger.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))
    debugger.detach()


def _page() -> Iterator[str]:
    yield "# Screens"
    yield ""
    yield "Every screen of the web app in each of its states, as the browser tests walk them: in traditional Chinese,"
    yield "on a phone, in light; some in other languages, themes and sizes at the end. All people in it are invented."
    yield "Made by `bin/workshop/run screens.py` out of the catalogue in `tests/browser/screens.py`, not by hand."
    for subject, screens in CATALOGUE:
        yield from ("", f"## {subject}", "")
        yield from _rows((screen.name, screen.says) for screen in screens)
    yield from ("", "## The same in other looks", "")
    yield from _rows((look.name, f"`{look.screen}`: {look.says}") for look in LOOKS)


def _rows(pictures: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Pictures in a table, each with its sentence below it."""
    told = list(pictures)
    yield "|" + "   |" * COLUMNS
    yield "|" + "---|" * COLUMNS
    for at in range(0, len(told), COLUMNS):
        row = told[at : at + COLUMNS]
        yield "| " + " | ".join(f"![{name}](screens/{name}.webp)" for name, _ in row) + " |"
        yield "| " + " | ".join(says for _, says in row) + " |"


if __name__ == "__main__":
    main()
