"""Runs one server until its standard input closes, then stops it and removes its folder.

As a program: `server_keeper.py FOLDER UID PROGRAM ARGUMENT…`. The pipe to the standard input comes from the tests;
however they end, even killed, it closes, and nothing is left behind.
"""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

STOP_SECONDS = 15.0


def identity(uid: int) -> dict[str, Any]:
    """What `subprocess` needs to run a program as another user; -1 means as ourselves."""
    return {} if uid == -1 else {"user": uid, "group": uid, "extra_groups": []}


def main(folder: Path, uid: int, argv: list[str]) -> None:
    # Interrupts are for the tests; this process hears of their end through the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            argv,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            **identity(uid),
        )
    sys.stdin.buffer.read()
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
