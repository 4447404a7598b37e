"""One pure function over one sealed file, in a child process with little memory, telling what it says as it says it."""

import base64
import importlib
import json
import os
import resource
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from challenges_app.kit.files import open_sealed
from challenges_app.kit.logs import traced

Message = dict[str, Any]

MOST_MEMORY = 300 * 1024**2
MOST_LINE = 4 * 1024**2
_BLOCK = 256 * 1024
# Of a child that has imported pandas, 32 MB are mapped from the libraries' own files, which the limit does not count.
_MAPPED = 32 * 1024**2
_OUT_OF_MEMORY = 3
_FRAMES = 8

_COMMAND = [sys.executable, "-P", "-m", "challenges_app.kit.child"]
# All that a child is told of its surroundings; what is not named here may be a secret.
_TOLD = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME")
# Each thread that OpenBLAS starts counts 40 MB against the limit, and one file has no use for it.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class ChildStopped(Exception):
    """The child was told to stop; what it said until then is not all it had to say."""


class ChildDied(Exception):
    """The child did not come to its end: `reason` is "memory", "silent" or "crashed".

    `where` is the kind of a failure and its places in the code, for a log; neither ever quotes what was read.
    """

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


class Child:
    """A child that runs `function` ("package.module:name") as `name(file, **arguments)` and yields what that yields.

    It starts when the context is entered and has ended when the context is left, however that is; iterate once, in a
    native thread. `arguments` and all messages are JSON; a message is at most 4 MB. `most_memory` is in bytes.
    Iterating raises ChildStopped after `stop`, and ChildDied, also after `silent_s` seconds without a message.
    """

    def __init__(
        self,
        function: str,
        file: Path,
        key: bytes,
        arguments: Mapping[str, Any],
        most_memory: int = MOST_MEMORY,
        silent_s: float = 60,
    ) -> None:
        told = {"function": function, "file": str(file), "key": base64.b64encode(key).decode()}
        order = {**told, "arguments": dict(arguments), "most_memory": most_memory}
        self._order = json.dumps(order).encode() + b"\n"
        self._silent_s = silent_s
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Child":
        # A session of its own, so that Ctrl-C reaches the parent alone, which then ends the child.
        process = self._process = subprocess.Popen(  # noqa: S603 - a fixed command
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            start_new_session=True,
        )
        if self._stopped:
            process.kill()
        with suppress(BrokenPipeError):  # dead already, as iterating will tell
            _pipe(process.stdin).write(self._order)
            _pipe(process.stdin).flush()
        return self

    def __exit__(self, *_: object) -> None:
        process = self._started()
        process.kill()
        process.wait()
        _pipe(process.stdout).close()
        with suppress(BrokenPipeError):
            _pipe(process.stdin).close()

    def stop(self) -> None:
        """End the child at once; also from another thread, and before it started."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def __iter__(self) -> Iterator[Message]:
        process, last_word = self._started(), ""
        for line in self._lines(_pipe(process.stdout).fileno()):
            said = _understood(line)
            if self._stopped:
                break
            if isinstance(said, dict):
                yield said
            else:
                last_word = str(said)
        code = process.wait()
        if self._stopped:
            raise ChildStopped
        # Nobody else kills our children with SIGKILL but a system that is out of memory.
        if code in (_OUT_OF_MEMORY, -9):
            raise ChildDied("memory")
        if code:
            raise ChildDied("crashed", last_word)

    def _lines(self, out: int) -> Iterator[bytearray]:
        """Whole lines until the child's end; half a line, which only a killed child leaves, is dropped."""
        # Under gevent this is gevent's own poll, which in a native thread waits for that thread alone.
        ready = select.poll()
        ready.register(out, select.POLLIN)
        held = bytearray()
        until = time.monotonic() + self._silent_s
        while True:
            left = until - time.monotonic()
            if left <= 0 or not ready.poll(left * 1000):
                raise self._given_up("silent")
            block = os.read(out, _BLOCK)
            if not block:
                return
            held += block
            if b"\n" in block:
                *lines, held = held.split(b"\n")
                for line in lines:
                    yield self._bounded(line)
                until = time.monotonic() + self._silent_s
            self._bounded(held)

    def _bounded(self, line: bytearray) -> bytearray:
        if len(line) > MOST_LINE:
            raise self._given_up("crashed", "a message is too long")
        return line

    def _given_up(self, reason: str, where: str = "") -> Exception:
        self._started().kill()
        return ChildStopped() if self._stopped else ChildDied(reason, where)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise RuntimeError("the child starts when its context is entered")
        return self._process


def _surroundings() -> dict[str, str]:
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    # The child finds every module where the parent would, also one that somebody put on the path by hand.
    return {**told, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}


def _understood(line: bytearray) -> object:
    try:
        return json.loads(line)
    except ValueError:
        # The text of a JSON error quotes what was read.
        raise ChildDied("crashed", "a message is no JSON") from None


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None  # noqa: S101 - all are made with PIPE
    return end


def main() -> None:
    """The child's side: one order comes in as a line of JSON, messages go out as lines of JSON."""
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    _confine(order["most_memory"])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the messages
    # No tidying up: it takes time and nothing is left to tidy.
    os._exit(_run(order, out))


def _leave_with_the_parent() -> None:
    """The parent holds the other end for as long as it lives, and a parent killed with -9 still closes it."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _confine(most_memory: int) -> None:
    """Limit memory; write nothing for others to read, no core file either; step back behind whoever serves people.

    Measured on Linux, x86-64, with pandas 3.1 reading and grouping 200,000 lines: 103 MB resident, of them 31 MB mapped
    from files; address space 280 MB (320 with two OpenBLAS threads), data 102 MB (142). A limit on address space
    (RLIMIT_AS) of 300 MB would leave 20 for the work; RLIMIT_DATA counts what is private and may be written, which is
    near what is used: with 150 MB all of that ran, with 100 it ended in a MemoryError.
    """
    most = most_memory - _MAPPED
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.nice(5)


def _run(order: Message, out: BinaryIO) -> int:
    try:
        function = _found(order["function"])
        with open_sealed(Path(order["file"]), base64.b64decode(order["key"])) as file:
            for message in function(file, **order["arguments"]):
                if not isinstance(message, dict):
                    raise TypeError("a message is a dict")
                _say(out, message)
    except MemoryError:
        return _OUT_OF_MEMORY
    except BaseException as problem:
        _say(out, _where(problem))
        return 1
    return 0


def _where(problem: BaseException) -> str:
    told = traced(problem)
    frames = cast(list[str], told["frames"])
    return f"{told['problem']} at {' > '.join(frames[-_FRAMES:])}"


def _found(function: str) -> Callable[..., Iterable[Message]]:
    module, _, name = function.partition(":")
    found: Callable[..., Iterable[Message]] = getattr(importlib.import_module(module), name)
    return found


def _say(out: BinaryIO, said: Message | str) -> None:
    """A dict is a message, a text is a last word. Escapes keep any text whole, half a surrogate pair too."""
    out.write(json.dumps(said).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
