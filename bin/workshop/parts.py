"""The parts of bin/test, fastest first: what each is for, what runs it, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps import ROOT

TESTS = ROOT / "tests"
WEB = ("python", "bin/workshop/web_build.py", "npm")


@dataclass(frozen=True)
class Part:
    """One part: either commands (programs of .venv), or a folder of tests/ for pytest; `unit` takes all the others."""

    about: str
    commands: tuple[tuple[str, ...], ...] = ()
    folder: str | None = None
    needs_web_build: bool = False
    needs_browser: bool = False
    long: bool = False
    spread: bool = False  # over the machine's cores, a file of tests in one process


PARTS: dict[str, Part] = {
    "lint": Part("ruff check and ruff format --check", (("ruff", "check", "."), ("ruff", "format", "--check", "."))),
    "contracts": Part("import directions, by import-linter", (("lint-imports",),)),
    "types": Part("mypy, strict", (("mypy",), ("mypy", "bin/workshop"))),
    "house": Part("the rules of the house", folder="house"),
    "unit": Part("each room by itself: every folder of tests/ that is not another part's", spread=True),
    "web": Part("the web app's own checks and tests", ((*WEB, "run", "check"), (*WEB, "test"))),
    "journey": Part("whole journeys through HTTP and sockets", folder="journeys", needs_web_build=True),
    "contract": Part("what others rely on: the API, the wheel", folder="contracts", needs_web_build=True),
    "races": Part("many processes at once, on SQLite and PostgreSQL", folder="races"),
    "browser": Part(
        "pages in a real Chromium", folder="browser", needs_web_build=True, needs_browser=True, spread=True
    ),
    "fuzz": Part("long: random input against the whole API", folder="fuzz", long=True),
    "faults": Part("long: killed processes, full disks, lost connections", folder="faults", long=True),
}
DEFAULT = tuple(name for name, part in PARTS.items() if not part.long)


def folders(name: str) -> list[str]:
    """The folders that pytest gets for a part, relative to the repository's root; empty when there is none."""
    own = PARTS[name].folder
    if own is not None:
        return [f"tests/{own}"] if _tests_in(TESTS / own) else []
    taken = {part.folder for part in PARTS.values()}
    return [f"tests/{each.name}" for each in sorted(TESTS.iterdir()) if each.name not in taken and _tests_in(each)]


def _tests_in(path: Path) -> bool:
    if path.is_dir():
        return any(path.rglob("test_*.py"))
    return path.match("test_*.py")
