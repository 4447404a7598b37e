"""What a stranger sees of an answer, byte for byte, and what the server did before it gave it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, select

from challenges_app.kit.outbox import Outbox
from challenges_app.people.accounts import rules
from tests.builders import World
from tests.people.doors import HTTPS, Browser, Letter, Town

NAME = "__Host-session"


@dataclass(frozen=True)
class Seen:
    """An answer as it travels, but for its date; cookies stand among the headers."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(browser: Browser, method: str, path: str, body: Any = None, **headers: str) -> Seen:
    """What comes back when somebody asks."""
    told = {"Accept-Language": "en", **headers}
    answer = browser.client.open(path, method=method, json=body, base_url=HTTPS, headers=told)
    kept = sorted((name, value) for name, value in answer.headers if name != "Date")
    return Seen(answer.status_code, tuple(kept), answer.get_data())


def at(browser: Browser, place: str) -> Browser:
    """The same browser, which asks from an address of the network."""
    browser.client.environ_base["REMOTE_ADDR"] = place
    return browser


def letter_to(town: Town, address: str) -> Letter:
    """The letter that has just come to an address."""
    [found] = [each for each in town.post() if each.to == address]
    return found


def cookie(browser: Browser) -> str | None:
    """The id of the session that a browser holds."""
    held = browser.client.get_cookie(NAME, domain="eplus.test")
    return held.value if held else None


def plant(browser: Browser, value: str, name: str = NAME) -> Browser:
    """The same browser, in which an attacker has put a cookie."""
    browser.client.set_cookie(name, value, domain="eplus.test", secure=True)
    return browser


@dataclass
class Work:
    """What was done: statements sent to the database, passwords hashed and checked, rows put into the outbox."""

    statements: list[str] = field(default_factory=list)
    hashing: Counter[str] = field(default_factory=Counter)
    outbox: list[tuple[str, int]] = field(default_factory=list)  # topic and size

    @property
    def writes(self) -> list[str]:
        """The statements that change something."""
        return [each for each in self.statements if each.startswith(("INSERT", "UPDATE", "DELETE"))]


@contextmanager
def watching(world: World) -> Iterator[Work]:
    """Note down what is done while the context lasts."""
    work, before = Work(), _outbox(world)

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        work.statements.append(statement)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("hash", "verify"):
            patch.setattr(PasswordHasher, name, _counted(name, work.hashing))
        event.listen(world.db.engine, "before_cursor_execute", note)
        try:
            yield work
        finally:
            event.remove(world.db.engine, "before_cursor_execute", note)
    work.outbox = [row for at, row in _outbox(world).items() if at not in before]


def _counted(name: str, counts: Counter[str]) -> Any:
    true = getattr(PasswordHasher, name)

    def call(*arguments: Any) -> Any:
        counts[name] += 1
        return true(*arguments)

    return call


def _outbox(world: World) -> dict[int, tuple[str, int]]:
    with world.db.reading() as conn:
        rows = conn.execute(select(Outbox.id, Outbox.topic, Outbox.body)).all()
    return {row.id: (row.topic, len(str(row.body))) for row in rows}


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let passwords be hashed at next to no cost, for tests that try hundreds."""
    patch.setattr(rules, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    patch.setattr(rules, "_NOBODY", rules._hash_of_nobody())
