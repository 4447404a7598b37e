"""bin/lock: writes requirements/{run,build,test}.txt from pyproject.toml: names, versions and hashes, nothing else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from steps import ROOT, VAR, exit_with, one_at_a_time, run

UV = "uv==0.13.9"
TOOL = VAR / "lock"
# One list serves Linux and macOS and every Python from 3.11: lines that differ carry a marker.
COMPILE = (
    "pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url"
)
LISTS: dict[str, tuple[str, ...]] = {
    "run": ("pyproject.toml",),
    "build": ("--group", "build", "-c", "requirements/run.txt"),
    "test": ("pyproject.toml", "--group", "test", "-c", "requirements/run.txt", "-c", "requirements/build.txt"),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/lock",
        description="Writes the lock files in requirements/ anew from pyproject.toml, changing as little as possible.",
        epilog="Example: bin/lock --upgrade. Then run bin/test and commit requirements/ with pyproject.toml.",
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest version of everything that is allowed")
    options = parser.parse_args()
    network = "check that this machine reaches a Python package index, then start again"
    with one_at_a_time():
        if not (TOOL / "bin" / "uv").exists():
            run("Making a place for uv", [sys.executable, "-m", "venv", "--clear", TOOL], todo="install python3-venv")
            run("Installing uv", [TOOL / "bin" / "python", "-m", "pip", "install", UV], todo=network)
        for name, source in LISTS.items():
            target = Path("requirements", f"{name}.txt")
            (ROOT / target).parent.mkdir(exist_ok=True)
            newest = ["--upgrade"] if options.upgrade else []
            run(
                f"Writing {target}",
                [TOOL / "bin" / "uv", *COMPILE.split(), *source, "--output-file", target, *newest],
                todo=network,
            )
    return 0


if __name__ == "__main__":
    exit_with(main)
