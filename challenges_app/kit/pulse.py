"""The pulse: how anything announces a change without knowing who listens; in process, or through Redis for many."""

import json
import threading
from collections.abc import Callable
from typing import Any, Protocol

import redis
import structlog

Listener = Callable[[dict[str, Any]], None]

log = structlog.get_logger()


class Pulse(Protocol):
    """Announcements by topic; they may be lost at any time without losing a fact, since facts are rows."""

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        """Tell whoever listens now."""

    def subscribe(self, topic: str, listener: Listener) -> None:
        """Have `listener` called for each message; it must be quick and safe to call from another thread."""


class LocalPulse:
    """The pulse of a single process: listeners are called by the thread that publishes."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        for listener in self._listeners.get(topic, []):
            listener(message)

    def subscribe(self, topic: str, listener: Listener) -> None:
        self._listeners.setdefault(topic, []).append(listener)


class RedisPulse:
    """The pulse of many processes: one channel per topic; a listener's thread reconnects for ever."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url)

    def publish(self, topic: str, message: dict[str, Any]) -> None:
        try:
            self._redis.publish(f"eplus:{topic}", json.dumps(message))
        except redis.RedisError as problem:
            log.warning("pulse lost", topic=topic, problem=type(problem).__name__)

    def subscribe(self, topic: str, listener: Listener) -> None:
        threading.Thread(target=self._listen, args=(topic, listener), daemon=True).start()

    def _listen(self, topic: str, listener: Listener) -> None:
        pause = threading.Event()
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
                    channel.subscribe(f"eplus:{topic}")
                    for message in channel.listen():
                        listener(json.loads(message["data"]))
            except Exception as problem:  # whatever it was, the next message must be heard
                log.warning("pulse not heard", topic=topic, problem=type(problem).__name__)
                pause.wait(1)


def connect(redis_url: str | None) -> Pulse:
    """The pulse for this deployment."""
    return RedisPulse(redis_url) if redis_url else LocalPulse()
