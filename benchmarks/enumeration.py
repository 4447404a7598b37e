"""Whether the time of an answer tells if there is somebody: known and unknown names and codes, asked in turns."""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from benchmarks.beside import database
from benchmarks.telling import tell
from challenges_app.app import create_app
from challenges_app.kit import clock
from challenges_app.kit.codes import fresh_code
from challenges_app.kit.db import Tx
from challenges_app.people.access.actions import viewer
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import hash_password, new_session_id
from challenges_app.people.family.actions import invite
from tests.builders import RING, World
from tests.fuzz.doors import Unlimited

PEOPLE = 2000
HTTPS = "https://eplus.test"
SIGN_UP = {"password": "three blue bulbuls", "born_on": "1990-05-17"}
CHEAP = 10
MOST_SHARE = 0.05  # by which "known took longer" may stray from one half before it is called a difference


@dataclass
class Question:
    """Something a stranger, or somebody signed in, asks; `known` and `unknown` make one body after another."""

    client: FlaskClient
    path: str
    known: Callable[[], dict[str, Any]]
    unknown: Callable[[], dict[str, Any]]
    times: int = 1  # in one round; more of those that cost no hash
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {"known": [], "unknown": []})
    statuses: set[int] = field(default_factory=set)

    def ask(self) -> None:
        """Ask once about each, in an order of chance."""
        for which in random.sample(["known", "unknown"], 2):
            body = (self.known if which == "known" else self.unknown)()
            began = time.perf_counter()
            answer = self.client.post(self.path, json=body, base_url=HTTPS)
            self.milliseconds[which].append((time.perf_counter() - began) * 1000)
            self.statuses.add(answer.status_code)


def main() -> None:
    """Ask for so many seconds, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enumeration", description=__doc__)
    parser.add_argument("--seconds", type=float, default=50, help="how long to ask (default 50)")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL; else on SQLite")
    asked = parser.parse_args()
    with database(asked.postgresql) as (url, _):
        questions = prepared(url)
        until = time.monotonic() + asked.seconds
        while time.monotonic() < until:
            for question in questions.values():
                for _ in range(question.times):
                    question.ask()
    results = {name: result(question) for name, question in questions.items()}
    told = {
        "database": "postgresql" if asked.postgresql else "sqlite",
        "accounts": PEOPLE,
        "questions": results,
    }
    tell(told, table(results))


def prepared(url: str) -> dict[str, Question]:
    """A city of accounts with addresses, a family, and what can be asked about them; limits let everything through."""
    world = World.on(url, clock.now)
    hashed = hash_password("nobody guesses this")  # one for all: a hash of its own each would take minutes

    def people(tx: Tx) -> None:
        for number in range(PEOPLE):
            account = accounts.open_account(tx, clock.now(), RING, name(number), hashed, "en")
            accounts.verify_email(tx, RING, account, f"{name(number)}@example.hk")

    world.write(people)
    guardian = world.person("guardian")
    world.person("joiner")
    world.family(guardian)
    app = create_app(replace(world.here, limits=Unlimited(None)))
    stranger, joiner = browser(app), browser(app)
    joiner.post("/api/session", json={"name": "joiner", "password": "joiner" * 2}, base_url=HTTPS)
    codes, cards = old_codes(world), old_cards(world)
    wrong = {"password": "this is not the one"}
    return {
        "sign in by name": Question(
            stranger, "/api/session", lambda: {"name": known(), **wrong}, lambda: {"name": unknown(), **wrong}
        ),
        "sign in by address": Question(
            stranger,
            "/api/session",
            lambda: {"name": f"{known()}@example.hk", **wrong},
            lambda: {"name": f"{unknown()}@example.hk", **wrong},
        ),
        "forgotten password": Question(
            stranger, "/api/password/forgotten", lambda: {"name": known()}, lambda: {"name": unknown()}, CHEAP
        ),
        "sign up by address": Question(
            stranger,
            "/api/accounts",
            lambda: {"name": f"{known()}@example.hk", **SIGN_UP},
            lambda: {"name": f"{unknown()}@example.hk", **SIGN_UP},
        ),
        "family code that is over": Question(
            joiner, "/api/family/join", lambda: {"code": random.choice(codes)}, lambda: {"code": fresh_code()}, CHEAP
        ),
        "card that was replaced": Question(
            stranger,
            "/api/session/card",
            lambda: {"code": random.choice(cards)},
            lambda: {"code": new_session_id()},
            CHEAP,
        ),
    }


def old_codes(world: World) -> list[str]:
    """Codes of invitations that have ended, whose rows are still there."""
    long_ago = clock.now() - timedelta(days=30)

    def make(tx: Tx) -> list[str]:
        me = viewer(tx.conn, clock.now(), RING, accounts.find(tx.conn, RING, "guardian").id)
        return [invite(tx, long_ago, RING, me, "member")["code"] for _ in range(500)]

    return world.write(make)


def old_cards(world: World) -> list[str]:
    """Cards of somebody in whose place new ones were made."""

    def make(tx: Tx) -> list[str]:
        account = accounts.find(tx.conn, RING, "guardian").id
        return [accounts.make_card(tx, clock.now(), account) for _ in range(500)][:-1]

    return world.write(make)


def browser(app: Any) -> FlaskClient:
    """A browser at our own address."""
    client: FlaskClient = app.test_client()
    client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "eplus.test", "HTTP_ORIGIN": HTTPS}
    return client


def name(number: int) -> str:
    """A user name, of the same length for all."""
    return f"user{number:05}"


def known() -> str:
    """The name of somebody."""
    return name(random.randrange(PEOPLE))


def unknown() -> str:
    """The name of nobody."""
    return name(random.randrange(PEOPLE, 100_000))


def result(question: Question) -> dict[str, Any]:
    """Medians in milliseconds, their ratio, and how often a known one took longer than an unknown one of any time."""
    there, not_there = question.milliseconds["known"], question.milliseconds["unknown"]
    longer = sum((a > b) + (a == b) / 2 for a in there for b in not_there) / (len(there) * len(not_there))
    # The standard error of that share where there is no difference, after Mann and Whitney.
    error = ((len(there) + len(not_there) + 1) / (12 * len(there) * len(not_there))) ** 0.5
    medians = {"known_ms": statistics.median(there), "unknown_ms": statistics.median(not_there)}
    return {
        "asked": len(there),
        "statuses": sorted(question.statuses),
        **medians,
        "ratio": medians["known_ms"] / medians["unknown_ms"],
        "known_longer": longer,
        "by_chance_within": [0.5 - 2 * error, 0.5 + 2 * error],
        "told_apart": abs(longer - 0.5) > max(MOST_SHARE, 2 * error),
    }


def table(questions: dict[str, dict[str, Any]]) -> str:
    """What was measured, one question a line."""
    lines = [f"{'':26} {'asked':>6} {'known':>9} {'unknown':>9} {'ratio':>6} {'longer':>7}  by chance"]
    for what, one in questions.items():
        low, high = one["by_chance_within"]
        lines.append(
            f"{what:26} {one['asked']:6} {one['known_ms']:6.2f} ms {one['unknown_ms']:6.2f} ms {one['ratio']:6.3f} "
            f"{one['known_longer']:7.3f}  {low:.3f} to {high:.3f}{'  TOLD APART' if one['told_apart'] else ''}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
