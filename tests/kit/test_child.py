"""Children: they say what they read, are bounded in every way, and never outlive whoever asked."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from challenges_app.kit.child import MOST_LINE, Child, ChildDied, ChildStopped
from challenges_app.kit.files import Files
from tests.house.conftest import ROOT

MB = 1024**2
PLAIN = b"one\ntwo\nthree\n"
# What children run; they import no test, for a test's own imports would weigh more than the children.
FUNCTIONS = """
import os, resource, sys, time

def lines(file, **arguments):
    for line in file:
        yield {"line": line.decode().strip(), **arguments}

def surroundings(file):
    loaded = sorted({each.split(".")[0] for each in sys.modules})
    yield {"environ": dict(os.environ), "argv": sys.argv, "umask": os.umask(0), "nice": os.nice(0), "loaded": loaded,
           "core": resource.getrlimit(resource.RLIMIT_CORE)[0]}

def crash(file):
    yield {"before": 1}
    raise KeyError("Chan Mei, 92 bpm")

def segfault(file):
    os.kill(os.getpid(), 11)
    yield {}

def leave(file):
    yield {"before": 1}
    sys.exit(0)

def bomb(file, **_):
    held = []
    while True:
        held.append(bytearray(2**20))
        if len(held) % 16 == 0:
            yield {"held": len(held)}

def numbers(file):
    import pandas
    yield {"sum": int(pandas.read_csv(file, names=["word"]).word.str.len().sum())}

def busy(file):
    yield {"pid": os.getpid()}
    while True:
        pass

def trickle(file):
    yield {"pid": os.getpid()}
    while True:
        os.write(3, b" ")
        time.sleep(0.05)

def chatter(file, size, times):
    for number in range(times):
        yield {"number": number, "text": "x" * size}

def noisy(file):
    print("Chan Mei")
    os.system("echo from a library")
    yield {"quiet": True}

def odd(file):
    yield {"text": "half a pair \\udc80, 陳, a\\nline"}

def no_message(file):
    yield "Chan Mei"
"""
BOMBED_ON_IMPORT = "held = bytearray(2**30)\n"


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, bytes]:
    """A sealed file of three lines; the functions of children can be imported."""
    (tmp_path / "functions_of_children.py").write_text(FUNCTIONS)
    (tmp_path / "bombed_on_import.py").write_text(BOMBED_ON_IMPORT)
    monkeypatch.syspath_prepend(tmp_path)
    files = Files(tmp_path / "files")
    kept = files.put([PLAIN], MB)
    return files.path(kept.name), kept.key


def child(
    sealed: tuple[Path, bytes], function: str, *, silent_s: float = 30, memory: int = 100, **arguments: Any
) -> Child:
    """A child of one of the functions above."""
    return Child(f"functions_of_children:{function}", *sealed, arguments, memory * MB, silent_s)


def told(asked: Child, on_message: Callable[[Child, dict[str, Any]], object] | None = None) -> list[dict[str, Any]]:
    """All that a child says; `on_message(child, message)` is called for each as it comes."""
    said = []
    with asked as running:
        for message in running:
            said.append(message)
            if on_message is not None:
                on_message(running, message)
    return said


def alive(pid: int) -> bool:
    """Whether a process runs still; one that only waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def assert_goes(pid: int) -> None:
    """The process ends soon."""
    end = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < end, "the child lives on"
        time.sleep(0.01)


def test_messages_come_in_order_with_the_arguments(sealed: tuple[Path, bytes]) -> None:
    said = told(child(sealed, "lines", tz="Asia/Hong_Kong", least=3))
    assert said == [{"line": each, "tz": "Asia/Hong_Kong", "least": 3} for each in ("one", "two", "three")]


def test_a_message_arrives_before_the_child_ends(sealed: tuple[Path, bytes]) -> None:
    with child(sealed, "busy") as running:
        assert alive(next(iter(running))["pid"])


def test_any_text_arrives_whole(sealed: tuple[Path, bytes]) -> None:
    assert told(child(sealed, "odd")) == [{"text": "half a pair \udc80, 陳, a\nline"}]


def test_what_a_library_prints_is_no_message(sealed: tuple[Path, bytes]) -> None:
    assert told(child(sealed, "noisy")) == [{"quiet": True}]


def test_large_messages_arrive_whole(sealed: tuple[Path, bytes]) -> None:
    said = told(child(sealed, "chatter", size=50_000, times=400))
    assert [each["number"] for each in said] == list(range(400))
    assert {len(each["text"]) for each in said} == {50_000}


def test_a_message_may_be_large_but_not_endless(sealed: tuple[Path, bytes]) -> None:
    assert len(told(child(sealed, "chatter", size=MOST_LINE - 100, times=2))) == 2
    with pytest.raises(ChildDied, match=r"^crashed$"):
        told(child(sealed, "chatter", size=MOST_LINE, times=1))


def test_a_child_knows_no_secret_and_carries_little(
    sealed: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EPLUS_KEYS", "EPLUS_PEPPER", "DATABASE_URL", "REDIS_URL", "SOMETHING_NEW"):
        monkeypatch.setenv(name, "secret")
    (found,) = told(child(sealed, "surroundings"))
    allowed = {"PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE"}
    assert set(found["environ"]) <= allowed | {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
    assert len(found["argv"]) == 1, "the key and the path are in no list of processes"
    assert not {"sqlalchemy", "flask", "gevent", "pandas", "structlog"} & set(found["loaded"])


def test_a_child_writes_nothing_for_others_and_steps_back(sealed: tuple[Path, bytes]) -> None:
    (found,) = told(child(sealed, "surroundings"))
    assert (found["umask"], found["core"]) == (0o077, 0)
    assert found["nice"] >= min(os.nice(0) + 5, 19)


def test_a_failure_is_told_without_its_text(sealed: tuple[Path, bytes]) -> None:
    with pytest.raises(ChildDied, match=r"^crashed$") as died:
        told(child(sealed, "crash"))
    assert died.value.reason == "crashed"
    assert re.search(r"^KeyError at .*functions_of_children\.py:\d+ crash$", died.value.where)
    assert "Chan Mei" not in f"{died.value!r}{died.value.where}"


@pytest.mark.parametrize("function", ["segfault", "leave", "no_message", "not_there"])
def test_every_other_end_is_a_crash(sealed: tuple[Path, bytes], function: str) -> None:
    with pytest.raises(ChildDied, match=r"^crashed$"):
        told(child(sealed, function))


def test_a_damaged_file_is_a_crash_that_says_so(sealed: tuple[Path, bytes]) -> None:
    path, key = sealed
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ChildDied, match=r"^crashed$") as died:
        told(child((path, key), "lines"))
    assert died.value.where.startswith("DamagedFile at ")


def test_memory_is_bounded(sealed: tuple[Path, bytes]) -> None:
    held: list[int] = []
    with pytest.raises(ChildDied, match=r"^memory$"):
        told(child(sealed, "bomb", memory=100), lambda _, message: held.append(message["held"]))
    assert 16 <= max(held) < 100


def test_memory_is_bounded_before_the_functions_module_is_imported(sealed: tuple[Path, bytes]) -> None:
    with pytest.raises(ChildDied, match=r"^memory$"):
        told(Child("bombed_on_import:any", *sealed, {}, 100 * MB))


def test_a_child_that_the_system_killed_ran_out_of_memory(sealed: tuple[Path, bytes]) -> None:
    with pytest.raises(ChildDied, match=r"^memory$"):
        told(child(sealed, "busy"), lambda _, message: os.kill(message["pid"], signal.SIGKILL))


def test_pandas_finds_room_in_the_usual_memory(sealed: tuple[Path, bytes]) -> None:
    assert told(Child("functions_of_children:numbers", *sealed, {})) == [{"sum": 11}]


@pytest.mark.parametrize("function", ["busy", "trickle"])
def test_silence_ends_a_child(sealed: tuple[Path, bytes], function: str) -> None:
    pids: list[int] = []
    with pytest.raises(ChildDied, match=r"^silent$"):
        told(child(sealed, function, silent_s=0.7), lambda _, message: pids.append(message["pid"]))
    assert not any(alive(pid) for pid in pids)


def test_a_slow_listener_is_no_silence(sealed: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    steady, slept = time.monotonic, 0
    monkeypatch.setattr(time, "monotonic", lambda: steady() + slept)

    def listen(_: Child, __: dict[str, Any]) -> None:
        nonlocal slept
        slept += 1000

    assert len(told(child(sealed, "chatter", size=100_000, times=4), listen)) == 4


def test_another_thread_stops_a_child_that_says_nothing(sealed: tuple[Path, bytes]) -> None:
    pids: list[int] = []

    def stop_soon(running: Child, message: dict[str, Any]) -> None:
        pids.append(message["pid"])
        threading.Timer(0.1, running.stop).start()

    with pytest.raises(ChildStopped):
        told(child(sealed, "busy"), stop_soon)
    assert [alive(pid) for pid in pids] == [False]


def test_no_message_comes_after_stop(sealed: tuple[Path, bytes]) -> None:
    with child(sealed, "chatter", size=10, times=1000) as running:
        messages: Iterator[dict[str, Any]] = iter(running)
        next(messages)
        running.stop()
        with pytest.raises(ChildStopped):
            next(messages)


def test_a_child_stopped_before_it_began_says_nothing(sealed: tuple[Path, bytes]) -> None:
    asked = child(sealed, "lines")
    asked.stop()
    with pytest.raises(ChildStopped):
        told(asked)


def test_leaving_half_way_ends_the_child(sealed: tuple[Path, bytes]) -> None:
    pids: list[int] = []

    def fail(_: Child, message: dict[str, Any]) -> None:
        pids.append(message["pid"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        told(child(sealed, "busy"), fail)
    assert [alive(pid) for pid in pids] == [False]


def test_nothing_of_a_child_is_left_open(sealed: tuple[Path, bytes]) -> None:
    told(child(sealed, "lines"))
    before = len(os.listdir("/dev/fd"))
    for function in ("lines", "crash", "not_there"):
        try:
            told(child(sealed, function))
        except ChildDied:
            continue
    assert len(os.listdir("/dev/fd")) == before


PARENT = """
import sys, time
from pathlib import Path
from challenges_app.kit.child import Child

with Child("functions_of_children:busy", Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), {}) as child:
    for message in child:
        print(message["pid"], flush=True)
"""


def script(sealed: tuple[Path, bytes], text: str) -> "subprocess.Popen[str]":
    """A Python process of its own that knows where the sealed file is."""
    path, key = sealed
    command = [sys.executable, "-c", text, str(path), key.hex()]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def test_a_busy_child_goes_with_a_parent_that_was_killed(sealed: tuple[Path, bytes]) -> None:
    with script(sealed, PARENT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        parent.wait()
        assert_goes(pid)


SERVED = """
import sys
from gevent import monkey
{patch}
import gevent
from gevent.threadpool import ThreadPool
from pathlib import Path
from challenges_app.kit.child import Child, ChildDied, ChildStopped

sealed = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
pool, turns, running = ThreadPool(1), [], []

def turn():
    while True:
        turns.append(1)
        gevent.sleep(0.002)

def ask(function, silent_s=30, **arguments):
    try:
        with Child("functions_of_children:" + function, *sealed, arguments, silent_s=silent_s) as child:
            running.append(child)
            return [message for message in child]
    except (ChildDied, ChildStopped) as ended:
        return repr(ended)

gevent.spawn(turn)
print(len(pool.apply(ask, ("chatter",), dict(size=50000, times=400))))
before = len(turns)
print(pool.apply(ask, ("busy", 0.5)))
print("turned" if len(turns) - before > 20 else "stood still")
asked = pool.spawn(ask, "busy")
while len(running) < 3:
    gevent.sleep(0.01)
running[-1].stop()
print(asked.get())
print(pool.apply(ask, ("crash",)))
"""


def test_under_gevent_children_run_in_a_native_thread_while_the_server_goes_on(sealed: tuple[Path, bytes]) -> None:
    (patch,) = re.findall(r"monkey\.patch_all\(.*\)", (ROOT / "challenges_app" / "cli.py").read_text("utf-8"))
    with script(sealed, SERVED.format(patch=patch)) as server:
        said, _ = server.communicate(timeout=60)
    assert said.splitlines() == ["400", "ChildDied('silent')", "turned", "ChildStopped()", "ChildDied('crashed')"]
    assert server.returncode == 0
