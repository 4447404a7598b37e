"""Short memory: bytes that may be forgotten at any time, in process or in Redis."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Protocol

import redis

TURNS = 64  # locks shared by all keys of a process
TURN_S = 3
MOST_MEMORIES = 500
MOST = 100_000  # entries held in process; the oldest go first


class Cache(Protocol):
    """Values with an end; losing one must only cost work or certainty, never a fact."""

    def get(self, key: str) -> bytes | None:
        """The value, unless it is over or was forgotten."""

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Remember a value for at most so many seconds."""

    def alone(self, key: str) -> AbstractContextManager[object]:
        """While the context lasts, nobody else is in it for this key: for reading, thinking and putting back."""


class LocalCache:
    """The short memory of a single process."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(TURNS)]

    def get(self, key: str) -> bytes | None:
        with self._lock:
            until, value = self._held.get(key, (0.0, b""))
            return value if until > time.monotonic() else None

    def put(self, key: str, value: bytes, seconds: int) -> None:
        with self._lock:
            self._held[key] = (time.monotonic() + seconds, value)
            self._held.move_to_end(key)
            while self._held and (len(self._held) > MOST or next(iter(self._held.values()))[0] < time.monotonic()):
                self._held.popitem(last=False)

    def alone(self, key: str) -> AbstractContextManager[object]:
        return self._turns[hash(key) % TURNS]


class Memo:
    """What was worked out before, by key, in this process; at most 500 things, the oldest go first."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        return self._held.get(key)

    def keep(self, key: Hashable, value: object) -> None:
        """Keep something in place of what was there."""
        self._held[key] = value
        if len(self._held) > MOST_MEMORIES:
            self._held.popitem(last=False)


class RedisCache:
    """The short memory shared by many processes; when Redis is away nothing is remembered."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url)

    def get(self, key: str) -> bytes | None:
        try:
            value = self._redis.get(f"eplus:{key}")
        except redis.RedisError:
            return None
        return value if isinstance(value, bytes) else None

    def put(self, key: str, value: bytes, seconds: int) -> None:
        try:
            self._redis.set(f"eplus:{key}", value, ex=seconds)
        except redis.RedisError:
            return

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        turn = self._redis.lock(f"eplus:turn:{key}", timeout=TURN_S, blocking_timeout=TURN_S)
        held = False
        # Without Redis, or after waiting long enough, going on beats standing still: only certainty is at stake.
        with suppress(redis.RedisError):
            held = turn.acquire()
        try:
            yield
        finally:
            if held:
                with suppress(redis.RedisError):
                    turn.release()


def connect(redis_url: str | None) -> Cache:
    """The short memory for this deployment."""
    return RedisCache(redis_url) if redis_url else LocalCache()
