"""House rules on the shape of the source; each says the rule and the bug or cost that made it."""

import ast
import re
import subprocess
from pathlib import Path

from tests.house.conftest import ROOT

MOST_LINES, MOST_FUNCTION_LINES = 400, 60
ROOM_FILES = {
    "rules.py", "tables.py", "queries.py", "actions.py", "calls.py", "views.py", "jobs.py", "__init__.py",
}  # fmt: skip
WRITTEN_BY_HAND = {".py", ".ts", ".svelte", ".css", ".md"}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "base", "common", "misc"}


def tracked() -> list[Path]:
    """The files of the repository, from the root; those that a build leaves behind are not among them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_file_is_over_400_lines() -> None:
    """In the long tail of files people get lost: the admired code bases have medians of 90 and maxima of 4,000."""
    long = {
        str(path): lines
        for path in tracked()
        if path.suffix in WRITTEN_BY_HAND and ".generated." not in path.name and "versions" not in path.parts
        if (lines := len((ROOT / path).read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_function_is_over_60_lines(sources: dict[Path, ast.Module]) -> None:
    """A function that does not fit on a screen hides its second job."""
    long = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if node.end_lineno and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_begins_with_one_sentence(sources: dict[Path, ast.Module]) -> None:
    """Who opens a file reads in one line what it is for."""
    without = [str(path) for path, tree in sources.items() if not (ast.get_docstring(tree) or "").strip()]
    assert without == []


def test_every_public_function_says_what_it_does(sources: dict[Path, ast.Module]) -> None:
    """Types say the shape, the docstring the meaning; `_private` ones are read with their caller."""
    without = [
        f"{path}:{node.name}"
        for path, tree in sources.items()
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert without == []


def test_rooms_hold_only_the_known_files(sources: dict[Path, ast.Module]) -> None:
    """Who knows one room knows all: the file's name says what its lines may touch."""
    areas = {"people", "play", "city", "care", "staff"}
    odd = [
        str(path) for path in sources if len(path.parts) == 4 and path.parts[1] in areas and path.name not in ROOM_FILES
    ]
    assert odd == []


def test_no_room_is_empty(sources: dict[Path, ast.Module]) -> None:
    """A room is made when something moves in; an empty one is a promise nobody keeps."""
    rooms = {path.parent for path in sources}
    assert [
        str(room) for room in rooms if not any(path.name != "__init__.py" for path in sources if room in path.parents)
    ] == []


def test_names_say_what_a_thing_is(sources: dict[Path, ast.Module]) -> None:
    """`utils` grows for ever, since nothing is refused by its name."""
    assert [str(path) for path in sources if path.stem in FORBIDDEN_NAMES] == []


def test_no_lock_file_names_a_registry() -> None:
    """A lock with addresses installs from one mirror only, and tells where it was made."""
    locks = [path for path in tracked() if re.search(r"(lock|requirements).*\.(json|txt)$", str(path))]
    assert locks, "there are lock files"
    # npm writes addresses of packages under "resolved"; other addresses in its lock are packages' own home pages.
    address = {".json": re.compile('"resolved": "http'), ".txt": re.compile("https?://|--index-url|--find-links")}
    assert [str(path) for path in locks if address[path.suffix].search((ROOT / path).read_text("utf-8"))] == []


def test_the_kit_knows_no_word_of_the_domain(sources: dict[Path, ast.Module]) -> None:
    """What every room stands on must not lean on any of them; the first such word is the first such import."""
    domain = re.compile(r"\b(park|player|pupil|school|challenge|capture|board|coin|clinic|household|walk)s?\b", re.I)
    found = {
        f"{path}: {word}"
        for path in sources
        if path.parts[1:2] == ("kit",) and "migrations" not in path.parts
        for word in domain.findall((ROOT / path).read_text("utf-8"))
    }
    assert found == set()
