"""Leads a page through the catalogue of screens: opens each by its address, and does what makes its state."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FilePayload, Locator, Page, Request, ViewportSize

from challenges_app.people.persons.rules import nickname
from tests.browser.city import ADULTS, FIXES, City
from tests.browser.conftest import GEOLOCATION, LOCALES, PHONE, let_in, walk

WORDS = Path(__file__).parents[2] / "webapp" / "src" / "words"
ACTS = "acting for poon"  # behind the name of a person: whoever looks is chan, in her mother's place
WALKER = "walker"  # somebody new each time: who has just walked there cannot begin at the gate again
PATIENCE_MS = 15_000
A4 = {"width": 703, "height": 1032}  # 210 mm by 297 mm within margins of 12 mm, at 96 dots an inch


@dataclass
class Guide:
    """One page of somebody who reads a language, and what their browser has complained of since it was last asked."""

    page: Page
    city: City
    language: str
    heard: list[str] = field(default_factory=list)
    going: set[Request] = field(default_factory=set)

    def word(self, key: str) -> str:
        """What the page says for a key, up to the first place that is filled."""
        return words(self.language)[key].split("{")[0]

    def button(self, key: str, at: int = 0) -> Locator:
        """A button or a link by its word; within the sheet, where one is open."""
        open_sheet = self.page.locator("dialog[open]")
        where: Page | Locator = open_sheet if open_sheet.count() else self.page
        name = re.compile(f"^{re.escape(self.word(key))}")
        return where.get_by_role("button", name=name).or_(where.get_by_role("link", name=name)).nth(at)

    def settle(self) -> None:
        """Until nothing is fetched or waited for any more, and two frames have been drawn."""
        quiet = 0
        for _ in range(PATIENCE_MS // 40):
            quiet = 0 if self.going or self.page.locator(".blocks").count() else quiet + 1
            if quiet > 1:
                break
            self.page.wait_for_timeout(40)
        self.page.evaluate(DRAWN)

    def complaints(self) -> list[str]:
        """What the browser has complained of, once."""
        told, self.heard[:] = list(self.heard), []
        return told


DRAWN = """async () => {
  await document.fonts.ready;
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}"""
Step = Callable[[Guide], None]


@dataclass(frozen=True)
class Screen:
    """A screen in one state: its address, who looks at it, what must be there, and how its state is reached."""

    name: str
    who: str
    address: str | None  # None: where the screen before it has led
    ready: str  # what is waited for, as a CSS selector
    says: str  # what it is for, and for whom, in a sentence of docs/screens.md
    steps: tuple[Step, ...] = ()
    leave: tuple[Step, ...] = ()  # what takes the page out of the state again
    refused: bool = False  # whether a call fails here, of which every browser complains
    paper: bool = False  # whether it is what a printer gets
    large: bool = True  # whether the state is there in large type too, which shows fewer things


def press(key: str, at: int = 0) -> Step:
    """Press a button or link by the key of its word."""
    return lambda guide: guide.button(key, at).click()


def tap(selector: str, at: int = 0) -> Step:
    """Press something by a selector."""
    return lambda guide: guide.page.locator(selector).nth(at).click()


def fill(selector: str, text: str) -> Step:
    """Write into a field; places in the text are filled with what the city knows."""
    return lambda guide: guide.page.locator(selector).first.fill(guide.city.filled(text))


def see(selector: str) -> Step:
    """Wait for something."""
    return lambda guide: guide.page.locator(selector).first.wait_for(timeout=PATIENCE_MS)


def born(year: str, month: str, day: str) -> Step:
    """Write a date of birth."""

    def write(guide: Guide) -> None:
        for which, part in (("year", year), ("month", month), ("day", day)):
            guide.page.locator(f"fieldset label.{which} input").first.fill(part)

    return write


def give(name: str, text: str) -> Step:
    """Give a file of steps."""

    def choose(guide: Guide) -> None:
        buffer = text.format(day=guide.city.ids["day"]).encode()
        file = FilePayload(name=name, mimeType="text/csv", buffer=buffer)
        guide.page.locator("input[type=file]").set_input_files(file)

    return choose


def into_the_park(guide: Guide) -> None:
    """Turn location on and walk into the park, where something is to be found."""
    guide.city.find_near()
    guide.page.reload()
    guide.button("location.turn_on").click()
    walk(guide.page, FIXES, beside=guide.city.ordinal)


def phone(kind: str) -> tuple[Step, ...]:
    """Go to the name of a new phone that sends steps in one of the ways."""
    return (press("phones.add"), press(f"phones.{kind}"), see("input[name=phone]"))


def without_phones(guide: Guide) -> None:
    """Leave the page with a new key, and take away the phone that was made on it."""
    anew(guide)
    guide.city.remove_phones("sam")


def network(*, on: bool) -> Step:
    """Cut the network, or give it back."""
    return lambda guide: guide.page.context.set_offline(not on)


def resize(page: Page, size: dict[str, int]) -> None:
    """Give the page another size, and let it be drawn."""
    page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
    page.evaluate(DRAWN)


def wear(page: Page, theme: str) -> None:
    """Dress the page in a theme, as choosing it does."""
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)


def media(kind: Literal["print", "screen"]) -> Step:
    """Look at the page as a printer does, or as a screen."""
    return lambda guide: guide.page.emulate_media(media=kind)


def anew(guide: Guide) -> None:
    """Leave the page, so that nothing that was typed or asked is on the next one."""
    guide.page.goto("about:blank")


def open_screen(guide: Guide, screen: Screen) -> None:
    """Lead the page to a screen, and wait until all of it is there."""
    page = guide.page
    if screen.address is not None:
        target = f"{guide.city.url}/#/{guide.city.filled(screen.address)}"
        # The same address again does not load the page, and another one leaves what was open on it.
        if page.url.split("/")[:5] == target.split("/")[:5]:
            anew(guide)
        page.goto(target)
    for step in screen.steps:
        step(guide)
    page.locator(screen.ready).first.wait_for(timeout=PATIENCE_MS)
    guide.settle()


def leave_screen(guide: Guide, screen: Screen) -> None:
    """Take the page out of a state that the next screen is not to find."""
    for step in screen.leave:
        step(guide)


@contextmanager
def guided(
    browser: Browser, city: City, who: str, language: str, *, elder: bool = False, scale: float = 1
) -> Iterator[Guide]:
    """A page of somebody, signed in already, in a language."""
    size = ViewportSize(width=PHONE["width"], height=PHONE["height"])
    context = browser.new_context(
        viewport=size, locale=LOCALES[language], color_scheme="light", reduced_motion="reduce",
        permissions=["geolocation"], base_url=city.url, device_scale_factor=scale,
    )  # fmt: skip
    context.add_init_script(GEOLOCATION)
    context.add_init_script(_kept("localStorage", "choices", {"language": language, "theme": "light", "elder": elder}))
    if who.endswith(ACTS):
        context.add_init_script(_kept("sessionStorage", "acting", _acting(city)))
    name = city.newcomer() if who == WALKER else who.split()[0]
    if name in city.accounts:
        let_in(context, city.session(name))
    guide = Guide(context.new_page(), city, language)
    _listen(guide)
    try:
        yield guide
    finally:
        context.close()


def _kept(where: str, key: str, value: dict[str, object]) -> str:
    """A script that puts something where the page will look for it, unless it is there."""
    return f"if (location.protocol !== 'about:') {where}['eplus.{key}'] ??= JSON.stringify({json.dumps(value)});"


def _acting(city: City) -> dict[str, object]:
    face = next(face for name, face, _ in ADULTS if name == "poon")
    acted = {"person_id": city.ids["poon"], "name": nickname(*face), "avatar": face[1], "manage": True}
    return {"who": acted}


def _listen(guide: Guide) -> None:
    page, going = guide.page, guide.going
    page.on("console", lambda said: guide.heard.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: guide.heard.append(str(problem)))
    page.on("request", lambda request: None if "socket.io" in request.url else going.add(request))
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: going.discard(request))
    page.on("framenavigated", lambda _: going.clear())


@cache
def words(language: str) -> dict[str, str]:
    """All that the page can say in a language, of all its books."""
    found: dict[str, str] = {}
    for path in (WORDS / f"{language}.json", *WORDS.glob(f"*/{language}.json")):
        found |= json.loads(path.read_text("utf-8"))
    return found
