"""The step that makes sure that the web app is built, shared by bin/demo and bin/test."""

from __future__ import annotations

import functools
from pathlib import Path

import python_env
from steps import run


@functools.cache
def ensure() -> None:
    run(
        "Building the web app, unless it is built already",
        [python_env.PYTHON, Path(__file__).with_name("web_build.py")],
        todo="look at the lines below; the packages come from the npm registry, which this machine must reach",
    )
