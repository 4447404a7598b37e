"""What a door may lean on: the store, the seals, the limits, the short memory, the pulse, the files and the clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import current_app

from challenges_app.kit import cache, clock, pulse
from challenges_app.kit.cache import Cache, Memo
from challenges_app.kit.clock import Clock
from challenges_app.kit.db import Database, Tx
from challenges_app.kit.files import Files
from challenges_app.kit.limits import Limits
from challenges_app.kit.mail import Send, transport
from challenges_app.kit.pulse import Pulse
from challenges_app.kit.push import Pusher
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.together import Together
from challenges_app.settings import Settings

# Runs a call that takes long without holding up the others: at once where each request has a thread of its own,
# in a few native threads where greenlets share one.
Apart = Callable[..., Any]
Item = TypeVar("Item")
Answer = TypeVar("Answer")


def at_once(call: Callable[..., Any], arguments: tuple[Any, ...] = ()) -> Any:
    """Run a call here and now."""
    return call(*arguments)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that outlives a request; made once per process."""

    settings: Settings
    db: Database
    ring: KeyRing
    limits: Limits
    cache: Cache
    pulse: Pulse
    files: Files
    send: Send
    push: Pusher | None
    now: Clock
    apart: Apart
    memo: Memo = field(default_factory=Memo)
    groups: dict[Callable[..., Any], Together[Any, Any]] = field(default_factory=dict)

    @classmethod
    def start(cls, settings: Settings, now: Clock = clock.now, apart: Apart = at_once) -> "Services":
        """Connect to what the settings name; nothing is read or written yet."""
        return cls(
            settings=settings,
            db=Database(settings.database_url),
            ring=KeyRing.read(settings.keys, settings.pepper),
            limits=Limits(settings.redis_url),
            cache=cache.connect(settings.redis_url),
            pulse=pulse.connect(settings.redis_url),
            send=transport(settings.mail),
            push=Pusher.read(settings.push, settings.address),
            files=Files(settings.files, apart),
            now=now,
            apart=apart,
        )

    def together(self, work: Callable[[Tx, Sequence[Item]], Sequence[Answer]]) -> Together[Item, Answer]:
        """Where requests of this process have their small writes of one kind committed together."""
        return self.groups.setdefault(work, Together(self.db, work))


def services() -> Services:
    """The services of the running Flask application."""
    found: Services = current_app.extensions["eplus"]
    return found
