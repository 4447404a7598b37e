"""Short memory: bytes that may be forgotten at any time, in process or in Redis."""

import threading
import time
from collections import OrderedDict
from typing import Protocol

import redis

MOST = 100_000  # entries held in process; the oldest go first


class Cache(Protocol):
    """Values with an end; losing one must only cost work or certainty, never a fact."""

    def get(self, key: str) -> bytes | None:
        """The value, unless it is over or was forgotten."""

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Remember a value for at most so many seconds."""


class LocalCache:
    """The short memory of a single process."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

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


def connect(redis_url: str | None) -> Cache:
    """The short memory for this deployment."""
    return RedisCache(redis_url) if redis_url else LocalCache()
