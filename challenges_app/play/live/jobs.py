"""The ticker: carries what the pulse tells to the sockets, of each board at most once a second."""

import time
from collections import deque
from collections.abc import Collection
from typing import Any

import gevent
import structlog
from flask_socketio import SocketIO

from challenges_app.kit.pulse import Pulse
from challenges_app.play.deliveries.actions import PULSE as DELIVERY
from challenges_app.play.live.rules import Coalescer, room_of, spread_ms
from challenges_app.play.standings.actions import PULSE

log = structlog.get_logger()

STEP = 0.05  # seconds between two looks at what has changed


class Ticker:
    """One greenlet per process; `heard` may be called from any thread."""

    def __init__(self, sockets: SocketIO) -> None:
        self._sockets = sockets
        self._heard: deque[tuple[str, int]] = deque(maxlen=100_000)
        self._progress: deque[dict[str, Any]] = deque(maxlen=100_000)
        self._coalescer = Coalescer()

    def heard(self, message: dict[str, Any]) -> None:
        """Note a change; appending to a deque is safe from the projector's own thread."""
        self._heard.append((message["board"], message["rev"]))

    def start(self, pulse: Pulse) -> None:
        """Listen to the pulse and begin to tick; called from within the hub."""
        pulse.subscribe(PULSE, self.heard)
        pulse.subscribe(DELIVERY, self._progress.append)
        gevent.spawn(self._run)

    def _run(self) -> None:
        while True:
            gevent.sleep(STEP)
            while self._heard:
                self._coalescer.changed(*self._heard.popleft())
            for board, rev in self._coalescer.due(time.monotonic()).items():
                try:
                    self._tick(board, rev)
                except Exception as problem:  # one board's trouble is not the others'
                    log.error("tick not sent", problem=type(problem).__name__)

            self._tell_progress()

    def _tell_progress(self) -> None:
        newest = {}
        while self._progress:
            message = self._progress.popleft()
            newest[message["delivery"]] = message
        for delivery, message in newest.items():
            if self._listeners(room_of(delivery)):
                self._sockets.emit("delivery:progress", message, to=room_of(delivery))

    def _listeners(self, room: str) -> Collection[str]:
        found: Collection[str] = self._sockets.server.manager.rooms.get("/", {}).get(room, ())
        return found

    def _tick(self, board: str, rev: int) -> None:
        listeners = self._listeners(board)
        if listeners:
            self._sockets.emit(
                "board:tick", {"board": board, "rev": rev, "spread_ms": spread_ms(len(listeners))}, to=board
            )
