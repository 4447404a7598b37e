"""Steps of the set-up: one at a time on a machine, told in a line each, their full output kept in var/setup.log."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOG = VAR / "setup.log"
STILL_WORKING_S = 15.0
TAIL_LINES = 15


class StepFailed(Exception):
    """Something in the set-up went wrong: what, in one sentence, and what to do about it."""

    def __init__(self, what: str, todo: str, tail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.tail = tail


def say(line: str) -> None:
    print(line, flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds the set-up lock of this repository, so that two starts at once wait for each other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is setting things up; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        LOG.write_text("")
        yield


def run(
    title: str,
    argv: Sequence[str | Path],
    *,
    todo: str,
    env: Mapping[str, str] | None = None,
) -> str:
    """Runs one long step in the repository's root and gives its output; raises StepFailed with the end of it."""
    say(f"· {title} …")
    began = time.monotonic()
    with LOG.open("ab") as log:
        log.write(f"\n=== {title}\n$ {' '.join(map(str, argv))}\n".encode())
        log.flush()
        start = log.tell()
        process = subprocess.Popen(
            list(map(str, argv)),
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            code = _wait(process, began)
        finally:
            if process.poll() is None:
                process.terminate()
    if code != 0:
        tail = "\n".join(_output(start).rstrip().splitlines()[-TAIL_LINES:])
        raise StepFailed(f"{title}: failed with exit code {code}.", todo, tail)
    say(f"  done in {time.monotonic() - began:.0f} s")
    return _output(start)


def _wait(process: subprocess.Popen[bytes], began: float) -> int:
    while True:
        try:
            return process.wait(timeout=STILL_WORKING_S)
        except subprocess.TimeoutExpired:
            say(f"  still working, {time.monotonic() - began:.0f} s so far (details in {LOG.relative_to(ROOT)})")


def _output(start: int) -> str:
    with LOG.open("rb") as log:
        log.seek(start)
        return log.read().decode(errors="replace")


def report(failed: StepFailed) -> None:
    print(f"\n{failed.what}\nWhat to do: {failed.todo}", file=sys.stderr)
    if failed.tail:
        print(f"The last lines of {LOG.relative_to(ROOT)}:\n\n{failed.tail}", file=sys.stderr)
    sys.stderr.flush()


def exit_with(main: Callable[[], int]) -> None:
    """Runs a command's main, and turns a failed step into a sentence, what to do, and exit code 1."""
    try:
        code = main()
    except StepFailed as failed:
        report(failed)
        code = 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        code = 130
    sys.exit(code)
