"""Makes docs/screens.md and its pictures anew, from a city that is built for it: bin/workshop/run screens.py."""

from __future__ import annotations

import sys

import browser_packages
import python_env
import web_app
from check import call
from steps import exit_with, one_at_a_time


def main() -> int:
    with one_at_a_time():
        python_env.ensure("test")
        web_app.ensure()
        browser_packages.ensure()
    return call("python", "-m", "tests.browser.book", *sys.argv[1:])


if __name__ == "__main__":
    exit_with(main)
