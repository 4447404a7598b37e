"""The lock files say what pyproject.toml asks for; `bin/lock` writes them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "run": PROJECT["project"]["dependencies"],
    "build": [*GROUPS["build"], *PROJECT["build-system"]["requires"]],
    "test": [*PROJECT["project"]["dependencies"], *GROUPS["build"], *(x for x in GROUPS["test"] if isinstance(x, str))],
}


def pins(name: str) -> dict[str, set[str]]:
    """What a lock file pins: every package with its versions (several, when they differ by Python or system)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==(\S+)", (LOCKS / f"{name}.txt").read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", ASKED)
def test_a_lock_file_pins_what_is_asked_for(name: str) -> None:
    pinned = pins(name)
    for each in map(Requirement, ASKED[name]):
        versions = pinned.get(canonicalize_name(each.name), set())
        assert versions, f"{each} is not in requirements/{name}.txt: run bin/lock"
        assert all(each.specifier.contains(version) for version in versions), f"{each}, {versions}: run bin/lock"


def test_the_lock_files_agree_with_each_other() -> None:
    everything = pins("test")
    for name in ("run", "build"):
        assert pins(name).items() <= everything.items()


@pytest.mark.parametrize("name", ASKED)
def test_a_lock_file_holds_names_versions_and_hashes_only(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text()
    line = re.compile(r"(?P<pin>[\w.-]+==[\w.]+( ; [^\\:/]+)?|    --hash=sha256:[0-9a-f]{64})( \\)?")
    assert [each for each in text.splitlines() if not line.fullmatch(each)] == []
    assert not {"gevent-websocket", "eventlet"} & pins(name).keys(), "they break Flask-SocketIO's own websockets"
