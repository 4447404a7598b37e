"""Rate limits: so many of something in a time for one key, counted in process or in Redis."""

import math
import time
from contextlib import suppress

from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from challenges_app.kit.refusals import refusal

TOO_MANY = refusal("rate.too_many", 429)


class Limits:
    """Counts what was taken; a store that is away limits nobody, since it must never lock the door."""

    def __init__(self, redis_url: str | None) -> None:
        self._limiter = FixedWindowRateLimiter(storage_from_string(redis_url or "memory://", wrap_exceptions=True))

    def take(self, what: str, key: str, rate: str) -> None:
        """Count one; raises `rate.too_many` with the seconds to wait. `rate` reads like "10 per minute"."""
        limit = parse(rate)
        try:
            if self._limiter.hit(limit, what, key):
                return
            self._limiter.hit(limit, what, key, cost=-1)  # a refused try does not lengthen the wait
            reset = self._limiter.get_window_stats(limit, what, key).reset_time
        except StorageError:
            return
        raise TOO_MANY(seconds=max(1, math.ceil(reset - time.time())))

    def give_back(self, what: str, key: str, rate: str) -> None:
        """Take back one that turned out to be innocent."""
        with suppress(StorageError):
            self._limiter.hit(parse(rate), what, key, cost=-1)
