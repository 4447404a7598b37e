"""Decisions about trackers: what is wrong with one, told by counts alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from challenges_app.play.connections.rules import POLL

# unset: there are accounts, but the operator names it no longer; failing: it does not answer; behind: accounts were not
# asked in time; silent: it tells of nothing by itself; slow: what came waits to be read; unread: much is not read.
Trouble = Literal["unset", "failing", "behind", "silent", "slow", "unread"]

SPAN = timedelta(days=1)  # that is counted
BEHIND = 2 * POLL  # since an account was last asked with success
FAILURES = 3  # in a row, after which a vendor fails for an account
SILENT = timedelta(days=2)  # in which somebody walks who is connected, so the vendor should have told of it
SLOW = timedelta(minutes=10)
FEW = 5  # of which nothing is concluded


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts at a vendor: how many stand how, and of those that are on how many fail or are behind.

    `settled`: those that are on long enough to have been told of; `synced_at`: of the one that waits longest.
    """

    on: int = 0
    refused: int = 0
    gone: int = 0
    failing: int = 0
    behind: int = 0
    settled: int = 0
    synced_at: datetime | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What came within the span: how much was read, and not; how much waits, of whatever age, and since when."""

    read: int = 0
    refused: int = 0
    waiting: int = 0
    since: datetime | None = None

    def and_more(self, other: "Came") -> "Came":
        """What came by two roads."""
        sinces = [each for each in (self.since, other.since) if each]
        return replace(
            self,
            read=self.read + other.read,
            refused=self.refused + other.refused,
            waiting=self.waiting + other.waiting,
            since=min(sinces, default=None),
        )


def troubles(now: datetime, accounts: Accounts, came: Came, *, cloud: bool, registered: bool) -> list[Trouble]:
    """What is wrong with a tracker, the worst first; empty where all is well."""
    found: dict[Trouble, bool] = {
        "unset": accounts.on > 0 and not registered,
        "failing": accounts.failing * 10 >= max(accounts.on, 1),
        "behind": accounts.behind > 0,
        "silent": cloud and accounts.settled > 0 and (accounts.heard_at is None or accounts.heard_at < now - SILENT),
        "slow": came.since is not None and came.since < now - SLOW,
        "unread": came.read + came.refused >= FEW and came.refused * 5 > came.read + came.refused,
    }
    return [trouble for trouble, there in found.items() if there]
