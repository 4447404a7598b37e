"""Debian's packages for the browser tests: installed when missing and allowed, named in one sentence otherwise."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from steps import StepFailed, run

CHROMIUM = Path("/usr/bin/chromium")
FONTS = Path("/usr/share/fonts/opentype/noto")
# A machine that is just starting may hold apt's lock for a while.
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")


def ensure() -> None:
    """Makes sure of a Chromium and of fonts with Hong Kong's characters; raises StepFailed when they cannot be had."""
    missing = missing_packages()
    if not missing:
        return
    names = " ".join(missing)
    todo = f"as root: apt-get update && apt-get install {names}; then start again"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StepFailed(f"The browser tests need these packages of Debian: {names}.", todo)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("Reading Debian's list of packages", [*APT, "update"], env=quiet, todo=todo)
    run(
        f"Installing {names}",
        [*APT, "install", "--yes", "--no-install-recommends", *missing],
        env=quiet,
        todo=todo,
    )


def missing_packages() -> list[str]:
    missing = []
    if not CHROMIUM.exists():
        missing.append("chromium")
    if not any(FONTS.glob("NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    return missing
