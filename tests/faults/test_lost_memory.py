"""Valkey goes away, hangs or forgets everything while a class plays on two processes: nobody waits, nobody loses."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import servers
from tests.conftest import _prepare
from tests.faults.short_memory import ShortMemory, short_memory
from tests.faults.visitors import BOARD, Outing, in_turn
from tests.running import Browser, process, served

VISITORS, DROPS = 6, 14
PAUSE_S = 1.0  # between two captures of a visitor, at most
QUIET_S = 7.0  # longer than client libraries wait for an answer
SLOWEST_S = 3.0  # that a capture may take while Valkey is away
TICK_S = 10.0


@dataclass
class Play:
    """A class on two `serve --no-worker` and one worker."""

    outing: Outing
    memory: ShortMemory
    ports: tuple[int, int]


@pytest.fixture
def play(postgres_url: str, tmp_path: Path) -> Iterator[Play]:
    """Everything running, nobody playing yet."""
    assert postgres_url
    with ExitStack() as stack:
        url = stack.enter_context(servers.database(servers.template_database(_prepare)))
        memory = stack.enter_context(short_memory(tmp_path))
        outing = Outing.on(url, tmp_path, VISITORS, DROPS, memory.url)
        stack.callback(outing.world.db.close)
        for visitor in outing.visitors:
            visitor.pause_s = PAUSE_S
        stack.enter_context(process("worker", env=outing.env, log=tmp_path / "worker.log"))
        ports = tuple(stack.enter_context(served(outing.env, tmp_path, "--no-worker")) for _ in range(2))
        yield Play(outing, memory, (ports[0], ports[1]))


def killed(memory: ShortMemory) -> None:
    """Away for a while, then a new and empty one."""
    memory.kill()
    time.sleep(QUIET_S)
    memory.start()


def hanging(memory: ShortMemory) -> None:
    """Still there and saying nothing for a while."""
    memory.stop()
    time.sleep(QUIET_S)
    memory.go_on()


def emptied(memory: ShortMemory) -> None:
    """Forgets all, again and again."""
    for _ in range(5):
        memory.empty()
        time.sleep(QUIET_S / 10)


@pytest.mark.parametrize("trouble", [killed, hanging, emptied])
def test_play_goes_on(play: Play, trouble: Callable[[ShortMemory], None]) -> None:
    outing = play.outing
    with outing.under_way(in_turn(*play.ports)):
        time.sleep(1)
        trouble(play.memory)
        assert outing.answered < outing.expected, "all was done before the trouble was over"
    slowest = max(visitor.longest_s for visitor in outing.visitors)
    assert set(outing.statuses) <= {200, 201}, outing.statuses
    outing.wait_until_carried()
    outing.assert_all_there_once()
    assert_ticks_come(play)
    assert slowest < SLOWEST_S, f"the slowest capture took {slowest:.1f} s"


def assert_ticks_come(play: Play) -> None:
    """One more capture is heard of on both processes, also after a silence."""
    visitor = play.outing.visitors[0]
    one, other = (Browser(port, visitor.cookie) for port in play.ports)
    with one.listening(BOARD), other.listening(BOARD):
        for drop_number in range(2):
            one.heard.clear()
            other.heard.clear()
            visitor.wanted[f"late-{drop_number}"] = play.outing.world.drop(
                place=(visitor.walk.last["lat"] + 0.0002, visitor.walk.last["lon"])
            )
            status, answer = visitor.post(play.ports[0], f"late-{drop_number}")
            assert status == 201, answer
            assert one.wait_for_tick(BOARD, TICK_S)["rev"] == other.wait_for_tick(BOARD, TICK_S)["rev"]
            time.sleep(QUIET_S)
