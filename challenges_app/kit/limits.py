"""Rate limits: so many of something in a time for one key, counted in process or in Redis."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from challenges_app.kit.refusals import Refusal, Refused, refusal

Limit = tuple[str, str, str]  # what, key, rate

TOO_MANY = refusal("rate.too_many", 429)

_parsed = cache(parse)  # there are few rates, and each request asks for some


class Limits:
    """Counts what was taken; a store that is away limits nobody, since it must never lock the door."""

    def __init__(self, redis_url: str | None) -> None:
        self._limiter = FixedWindowRateLimiter(storage_from_string(redis_url or "memory://", wrap_exceptions=True))

    def take(self, what: str, key: str, rate: str) -> None:
        """Count one; raises `rate.too_many` with the seconds to wait. `rate` reads like "10 per minute"."""
        limit = _parsed(rate)
        try:
            if self._limiter.hit(limit, what, key):
                return
            self._limiter.hit(limit, what, key, cost=-1)  # a refused try does not lengthen the wait
            refused = self._too_many(limit, what, key)
        except StorageError:
            return
        raise refused

    def _too_many(self, limit: RateLimitItem, what: str, key: str) -> Refused:
        reset = self._limiter.get_window_stats(limit, what, key).reset_time
        return TOO_MANY(seconds=max(1, math.ceil(reset - time.time())))

    def left(self, what: str, key: str, rate: str) -> None:
        """Raise as `take` would, and count nothing: for keys of which it is not known yet whether anybody has them."""
        limit = _parsed(rate)
        with suppress(StorageError):
            if not self._limiter.test(limit, what, key):
                raise self._too_many(limit, what, key)

    @contextmanager
    def guess(self, counted: Sequence[Limit], *wrong: Refusal) -> Iterator[None]:
        """Let somebody try a secret: what ends in one of these refusals, or breaks, stays counted, all else does not.

        It counts before it is known to be wrong, so that many guesses at once are no more than one after another.
        Raises `rate.too_many`; a try that is not let through counts nowhere.
        """
        taken: list[Limit] = []
        try:
            for limit in counted:
                self.take(*limit)
                taken.append(limit)
            yield
        except Refused as no:
            if no.refusal not in wrong:
                self._give_all_back(taken)
            raise
        self._give_all_back(taken)

    def _give_all_back(self, taken: Sequence[Limit]) -> None:
        for limit in taken:
            self.give_back(*limit)

    def give_back(self, what: str, key: str, rate: str) -> None:
        """Take back one that turned out to be innocent."""
        with suppress(StorageError):
            self._limiter.hit(_parsed(rate), what, key, cost=-1)
