"""bin/test: sets everything up and runs the tests part by part, then says in a table how each part went."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import browser_packages
import python_env
import web_app
from parts import DEFAULT, PARTS, folders
from steps import ROOT, StepFailed, exit_with, one_at_a_time, report, say

NO_TEST_MATCHED = 5  # pytest's exit code
MOST_PROCESSES = 4  # each starts servers of its own
GOOD = ("passed", "none yet", "no test matched")


@dataclass(frozen=True)
class Outcome:
    part: str
    word: str
    seconds: float


def main() -> int:
    chosen, passed_on = arguments()
    began = time.monotonic()
    with one_at_a_time():
        python_env.ensure("test")
    outcomes = [Outcome("set-up", "passed", time.monotonic() - began)]
    try:
        for part in chosen:
            outcomes.append(outcome(part, passed_on))
    finally:
        table(outcomes, chosen, time.monotonic() - began)
    words = [one.word for one in outcomes[1:]]
    if set(words) == {"no test matched"}:
        return NO_TEST_MATCHED
    return int(any(word not in GOOD for word in words))


def arguments() -> tuple[tuple[str, ...], list[str]]:
    """The parts to run, in their order, and the words that go on to pytest."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Sets everything up and runs the tests; without a PART all of them but the long ones.",
        epilog="parts:\n"
        + "\n".join(f"  {name:10} {part.about}" for name, part in PARTS.items())
        + "\n\nWhat follows -- goes to pytest, for example: bin/test unit -- -k fence -x\n"
        "DATABASE_URL (PostgreSQL) and REDIS_URL, when set, replace the servers that the tests start.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="one of the parts below")
    words = sys.argv[1:]
    own_words = words[: words.index("--")] if "--" in words else words
    passed_on = words[len(own_words) + 1 :]
    asked = parser.parse_args(own_words).parts
    for part in asked:
        if part not in PARTS:
            parser.error(f"there is no part {part!r}; the parts are {', '.join(PARTS)}")
    if asked:
        return tuple(part for part in PARTS if part in asked), passed_on
    # Words for pytest mean nothing to the other programs.
    return tuple(part for part in DEFAULT if not (passed_on and PARTS[part].commands)), passed_on


def outcome(part: str, passed_on: Sequence[str]) -> Outcome:
    say(f"\n──── {part}: {PARTS[part].about}")
    began = time.monotonic()
    try:
        word = run_part(part, passed_on)
    except StepFailed as failed:
        report(failed)
        word = "not possible"
    return Outcome(part, word, time.monotonic() - began)


def run_part(name: str, passed_on: Sequence[str]) -> str:
    part = PARTS[name]
    if part.commands:
        codes = [call(*command) for command in part.commands]
        return "failed" if any(codes) else "passed"
    found = folders(name)
    if not found and part.long:
        say(f"There are no tests of the part {name!r} yet.")
        return "none yet"
    if not found:
        # A part that vanished must not look like success.
        raise StepFailed(f"There are no tests of the part {name!r} in tests/.", "see bin/workshop/parts.py")
    if part.needs_web_build:
        web_app.ensure()
    if part.needs_browser:
        browser_packages.ensure()
    spread = (
        ("--numprocesses", str(min(os.cpu_count() or 1, MOST_PROCESSES)), "--dist", "loadfile") if part.spread else ()
    )
    code = call("pytest", *spread, *found, *passed_on)
    if code == NO_TEST_MATCHED and passed_on:
        return "no test matched"
    return "failed" if code else "passed"


def call(program: str, *words: str) -> int:
    """Runs a program of .venv in the repository's root, its output shown as it comes."""
    programs = python_env.VENV / "bin"
    env = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        # The Node inside Playwright needs Debian's libatomic1, which a bare machine lacks; the wheel's Node does not.
        "PLAYWRIGHT_NODEJS_PATH": str(python_env.node()),
    }
    return subprocess.run([programs / program, *words], cwd=ROOT, env=env, check=False).returncode


def table(outcomes: Sequence[Outcome], chosen: Sequence[str], seconds: float) -> None:
    say("\npart         outcome             seconds")
    for one in outcomes:
        say(f"{one.part:12} {one.word:16} {one.seconds:10.1f}")
    for part in chosen[len(outcomes) - 1 :]:
        say(f"{part:12} not run")
    failed = [one.part for one in outcomes if one.word not in GOOD]
    say(f"{'total':12} {f'failed: {len(failed)}' if failed else 'nothing failed':16} {seconds:10.1f}")


if __name__ == "__main__":
    exit_with(main)
