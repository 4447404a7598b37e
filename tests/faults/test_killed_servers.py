"""`eplus serve` killed again and again in the middle of play: nothing is lost, nothing counts twice."""

import random
import time
from concurrent.futures import wait
from pathlib import Path

from tests import servers
from tests.faults.budget import scaled
from tests.faults.visitors import AWAY, CUT_OFF, Outing
from tests.running import process, wait_until_healthy

VISITORS, DROPS = 8, 20
KILLS = scaled(16)
LIFE_MOST_S = 20.0


def live_until(outing: Outing, answered: int) -> None:
    """Until so many captures are answered, and a moment more, so that others are under way."""
    until = time.monotonic() + LIFE_MOST_S
    while outing.answered < answered and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(outing.visitors[0].chance.uniform(0, 0.03))


def test_every_capture_survives_the_servers(database_url: str, tmp_path: Path) -> None:
    outing = Outing.on(database_url, tmp_path, VISITORS, DROPS)
    port, log, chance = servers.free_port(), tmp_path / "serve.log", random.Random(len(database_url))
    with outing.under_way(lambda: port) as going:
        for _ in range(KILLS):
            with process("serve", "--port", str(port), env=outing.env, log=log) as server:
                wait_until_healthy(port, server, log)
                live_until(outing, outing.answered + chance.randint(1, outing.expected // KILLS))
                server.kill()
                server.wait(10)
        with process("serve", "--port", str(port), env=outing.env, log=log) as server:
            wait_until_healthy(port, server, log)
            wait(going, 120)
            server.kill()
            server.wait(10)
    statuses = outing.statuses
    with process("serve", "--port", str(port), env=outing.env, log=log) as server:
        wait_until_healthy(port, server, log)
        outing.post_everything_again(port)
        outing.wait_until_carried()
    assert statuses[CUT_OFF] > 0, "no request was under way when a server died"
    assert set(statuses) <= {AWAY, CUT_OFF, 200, 201}, statuses
    outing.assert_all_there_once()
    outing.world.db.close()
