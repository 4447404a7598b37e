"""A little town with doors: a clock to move on, browsers, and the letters that were sent."""

import email
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any
from uuid import UUID

from apiflask import APIFlask
from flask.testing import FlaskClient

from challenges_app.app import create_app
from challenges_app.people.accounts.actions import find
from challenges_app.people.persons.queries import person_of
from challenges_app.people.post.jobs import carry_next
from challenges_app.people.sessions.jobs import answer_next
from tests.builders import MORNING, RING, World

HTTPS = "https://eplus.test"


class Clock:
    """A clock that a test can move on."""

    def __init__(self) -> None:
        self.moment = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **time: int) -> None:
        """Let time pass."""
        self.moment += timedelta(**time)


@dataclass
class Letter:
    """A letter as its reader sees it."""

    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        """What stands at the end of the link in it."""
        found = re.search(r"#/link/[a-z-]+/(\S+)", self.text)
        assert found, self.text
        return found[1]


@dataclass
class Town:
    """A world, and what its people see of it."""

    world: World
    clock: Clock
    seen: set[str] = field(default_factory=set)
    app: APIFlask | None = None

    @classmethod
    def on(cls, url: str) -> "Town":
        """A town on an empty database."""
        clock = Clock()
        return cls(World.on(url, clock), clock)

    def browser(self) -> "Browser":
        """A fresh browser at our own address."""
        self.app = self.app or create_app(self.world.here)
        client = self.app.test_client()
        client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "eplus.test", "HTTP_ORIGIN": HTTPS}
        return Browser(client)

    def signed_in(self, name: str) -> "Browser":
        """A browser in which somebody is signed in."""
        browser = self.browser()
        assert browser.sign_in(name)[0] == 200
        return browser

    def account(self, name: str) -> UUID:
        """The account that signs in with a name."""
        with self.world.db.reading() as conn:
            found: UUID = find(conn, RING, name).id
        return found

    def person(self, name: str) -> UUID:
        """The person who signs in with a name."""
        with self.world.db.reading() as conn:
            row = person_of(conn, self.account(name))
        assert row is not None
        return row.id

    def post(self) -> list[Letter]:
        """Let the worker do its rounds; answers the letters that have come since this was last asked."""
        while answer_next(self.world.here) or carry_next(self.world.here):
            pass
        folder = Path(self.world.here.settings.mail.removeprefix("folder:"))
        fresh = [path for path in sorted(folder.glob("*.eml")) if path.name not in self.seen]
        self.seen |= {path.name for path in fresh}
        return [_letter(path) for path in fresh]


@dataclass
class Browser:
    """A browser that speaks English and JSON."""

    client: FlaskClient

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and body of a request."""
        call: Callable[..., Any] = self.client.open
        answer = call(path, method=method, json=body, base_url=HTTPS, headers={"Accept-Language": "en"})
        return answer.status_code, answer.get_json(silent=True)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body of a GET."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and body of a POST."""
        return self.send("POST", path, body)

    def sign_in(self, name: str, password: str | None = None) -> tuple[int, Any]:
        """Sign in; people of the tests have their name twice for a password."""
        return self.post("/api/session", {"name": name, "password": password or name * 2})

    @property
    def me(self) -> Any:
        """Whom the server takes this browser for."""
        return self.get("/api/session")[1]["me"]


def _letter(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return Letter(str(message["To"]), str(message["Subject"]), message.get_content())


def code(answer: tuple[int, Any]) -> str:
    """The code of a refusal."""
    return str(answer[1]["error"]["code"])
