"""How soon phones show the page: real Chromium, a processor four times slower, a slow network, by screen and visit."""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from benchmarks.telling import tell
from challenges_app.kit import clock
from tests.builders import World
from tests.running import environment, served
from tests.walking import always_open

CHROMIUM = "/usr/bin/chromium"
PHONE: ViewportSize = {"width": 390, "height": 844}
SCHOOL = "528781"
WORDS = ("early", "steady", "singing", "glowing", "brave", "quiet", "wise", "kind")
SLOWER = 4
# Lighthouse's slow 4G.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
QUIET_S = 1.5  # nothing more is fetched or painted after this
# One line from the same server: what this network and browser cost by themselves.
FLOOR = "floor"
OUT = {"sign-in": "/", "welcome": "/#/welcome"}
IN = {"today": "/#/today", "board": "/#/board", "parks": "/#/parks", "steps": "/#/steps"}
SCREENS = {FLOOR: "/api/health", **OUT, **IN}
MOST_LCP_MS, MOST_SHIFT = 2500, 0.05

WATCH = """
(() => {
  const seen = window.seen = {fcp: null, lcp: null, what: "", shift: 0, shifts: []};
  const watch = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({type, buffered: true});
  watch("paint", (entry) => { if (entry.name === "first-contentful-paint") seen.fcp = entry.startTime; });
  watch("largest-contentful-paint", (entry) => {
    seen.lcp = entry.startTime;
    const {element} = entry;
    seen.what = element ? `${element.tagName} ${(element.textContent || "").trim().slice(0, 40)}` : "";
  });
  watch("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    seen.shift += entry.value;
    const moved = entry.sources.map(({node}) => node && (node.className || node.nodeName) + "");
    seen.shifts.push({value: entry.value, at: entry.startTime, moved});
  });
})();
"""


def main() -> None:
    """Open every screen several times, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="visits to each screen, of which the median counts")
    parser.add_argument("--screens", nargs="*", choices=SCREENS, default=list(SCREENS), help="only these")
    parser.add_argument("--explain", action="store_true", help="also what was fetched when, and what moved")
    asked = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        known = signed_in(browser, url)
        for _ in range(asked.runs):
            for name in asked.screens:  # in turns, so that a busy minute is shared
                first, second = visits(browser, url + SCREENS[name], known if name in IN else None)
                found.setdefault(f"{name}, first visit", []).append(first)
                if second:
                    found.setdefault(f"{name}, second visit", []).append(second)
        browser.close()
    results = {name: result(runs, explain=asked.explain) for name, runs in found.items()}
    setting = {"viewport": PHONE, "processor_slower": SLOWER, "network": NETWORK, "runs": asked.runs}
    tell({**setting, "screens": results}, table(results))


@contextmanager
def stage(folder: Path) -> Iterator[str]:
    """A served school class with a board, drops and steps; answers the address."""
    url = f"sqlite:///{folder / 'eplus.sqlite'}"
    world = World.on(url, clock.now)
    today = clock.now().date()
    (class_id,) = world.school(SCHOOL)
    mei = world.person("mei", born=today - timedelta(days=3300))
    world.enrol(mei, class_id)
    player = world.player(mei, child=True, school_id=SCHOOL)
    others = [world.player(world.person(face=(word, "kite")), child=True, school_id=SCHOOL) for word in WORDS]
    drops = [world.drop(place=(22.2781, 114.1612 + number * 0.0003)) for number in range(8)]
    for number, other in enumerate([player, *others]):
        for drop in drops[: 4 - number // 2]:
            world.take(other, drop)
    world.walking(today - timedelta(days=20), 40)
    world.steps(mei, {today - timedelta(days=back): 6000 + 400 * back for back in range(14)})
    world.carry()
    world.db.close()
    with served(environment(url, EPLUS_PARKS=str(always_open(folder))), folder) as port:
        yield f"http://127.0.0.1:{port}"


def signed_in(browser: Browser, url: str) -> Any:
    """What a browser keeps of somebody who is signed in."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(url)
    page.locator("input[name=name]").fill("mei")
    page.locator("input[name=password]").fill("meimei")
    page.locator("form button[type=submit]").click()
    page.get_by_test_id("coins").wait_for()
    state = context.storage_state()
    context.close()
    return state


def visits(browser: Browser, url: str, known: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A first visit with nothing kept, and, where there is a page, a second one with its service worker."""
    context = browser.new_context(
        viewport=PHONE, locale="zh-HK", device_scale_factor=2, storage_state=known, is_mobile=True, has_touch=True
    )
    context.add_init_script(WATCH)
    first = visit(context, url)
    second = None
    if "/api/" not in url:
        page = context.new_page()
        page.goto(url)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        second = visit(context, url)
    context.close()
    return first, second


def visit(context: BrowserContext, url: str) -> dict[str, Any]:
    """One visit on the slow phone: paints, shifts and bytes."""
    page = context.new_page()
    fetched = slow(page)
    began = time.monotonic()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    while time.monotonic() - max([began, *(each["done"] for each in fetched.values())]) < QUIET_S:
        page.wait_for_timeout(100)
    seen: dict[str, Any] = page.evaluate("window.seen")
    page.close()
    started = min(each["asked"] for each in fetched.values())
    requests = [
        {
            "path": each["url"].split("/", 3)[3][:60],
            "type": each["type"],
            "bytes": each["bytes"],
            "asked_ms": round((each["asked"] - started) * 1000),
            "took_ms": round((each["done"] - each["asked"]) * 1000),
        }
        for each in fetched.values()
    ]
    return {**seen, "requests": requests}


def slow(page: Page) -> dict[str, dict[str, Any]]:
    """Make a page's processor and network slow; answers what it fetches, which fills as it does."""
    cdp = page.context.new_cdp_session(page)
    fetched: dict[str, dict[str, Any]] = {}

    def asked(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            now = time.monotonic()
            whose = {"url": event["request"]["url"], "type": event.get("type", "Other"), "bytes": 0}
            fetched[event["requestId"]] = {**whose, "asked": now, "done": now}

    def done(event: dict[str, Any]) -> None:
        if event["requestId"] in fetched:
            fetched[event["requestId"]] |= {"bytes": int(event["encodedDataLength"]), "done": time.monotonic()}

    cdp.on("Network.requestWillBeSent", asked)
    cdp.on("Network.loadingFinished", done)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", NETWORK)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return fetched


def result(runs: list[dict[str, Any]], *, explain: bool) -> dict[str, Any]:
    """Medians of the paints in milliseconds, the worst shift, and the bytes of one visit."""
    last = runs[-1]
    told: dict[str, Any] = {
        "fcp_ms": statistics.median(run["fcp"] for run in runs),
        "lcp_ms": statistics.median(run["lcp"] for run in runs),
        "lcp_ms_worst": max(run["lcp"] for run in runs),
        "lcp_of": last["what"],
        "shift": max(run["shift"] for run in runs),
        "requests": len(last["requests"]),
        "bytes": sum(each["bytes"] for each in last["requests"]),
    }
    for kind in ("Script", "Stylesheet"):
        told[f"{kind.lower()}_bytes"] = sum(each["bytes"] for each in last["requests"] if each["type"] == kind)
    told["good"] = told["lcp_ms"] < MOST_LCP_MS and told["shift"] <= MOST_SHIFT
    return {**told, **({"fetched": last["requests"], "shifts": last["shifts"]} if explain else {})}


def table(screens: dict[str, dict[str, Any]]) -> str:
    """What was measured, one screen and visit a line."""
    lines = [f"{'':24} {'FCP':>8} {'LCP':>8} {'worst':>8} {'shift':>7} {'script':>8} {'style':>7} {'all':>8}  LCP is"]
    for name, one in screens.items():
        kilobytes = [one[each] / 1000 for each in ("script_bytes", "stylesheet_bytes", "bytes")]
        lines.append(
            f"{name:24} {one['fcp_ms']:5.0f} ms {one['lcp_ms']:5.0f} ms {one['lcp_ms_worst']:5.0f} ms "
            f"{one['shift']:7.3f} {kilobytes[0]:5.1f} kB {kilobytes[1]:4.1f} kB {kilobytes[2]:5.1f} kB"
            f"  {json.dumps(one['lcp_of'], ensure_ascii=False)}{'' if one['good'] else '  MISSED'}"
        )
        for each in one.get("fetched", ()):
            lines.append(
                f"    {each['asked_ms']:6} ms +{each['took_ms']:5} {each['bytes']:8} {each['type']:12} {each['path']}"
            )
        lines += [f"    moved {each}" for each in one.get("shifts", ())]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
