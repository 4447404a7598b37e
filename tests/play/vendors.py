"""A person with an account at a vendor: our application and the vendor's stand-in, each on a port of this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from sqlalchemy import select
from werkzeug.serving import make_server

from challenges_app.app import create_app
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.connections.jobs import hear_next, sync_next
from challenges_app.play.connections.tables import Connection
from challenges_app.twins.withings import Withings
from tests.builders import World
from tests.people.doors import HTTPS, Browser, Clock, Town

TRACKERS = "withings?id=us&secret=known"


@dataclass
class Served:
    """An application on a port; which one may be said after the port is known."""

    port: int = 0
    app: Any = None

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served() -> Iterator[Served]:
    """A port on which an application is to be served."""
    found = Served()
    server = make_server("127.0.0.1", 0, lambda environ, start: found.app(environ, start), threaded=True)
    found.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Fair:
    """A town, a vendor, and somebody who is signed in."""

    town: Town
    vendor: Withings
    person: UUID
    browser: Browser
    name: str = "withings"

    def connect(self, user: str = "4711", browser: Browser | None = None) -> str:
        """Connect an account as a person clicks through it; answers where one ends up."""
        mine = browser or self.browser
        status, told = mine.post(f"/api/steps/connections/{self.name}", {})
        assert status == 201, told
        return self.agree(told["address"], {"person": user}, mine)

    def agree(self, address: str, form: Mapping[str, str], browser: Browser | None = None) -> str:
        """Answer on the vendor's page, and go where it sends one; answers the last part of our page's address."""
        assert requests.get(address, timeout=5).status_code == 200
        sent = requests.post(address, data=form, timeout=5, allow_redirects=False).headers["Location"]
        back = urlsplit(sent)
        answer = (browser or self.browser).client.get(f"{back.path}?{back.query}", base_url=HTTPS)
        assert answer.status_code == 303
        return str(answer.headers["Location"]).rpartition("/")[2]

    def work(self) -> None:
        """Let the worker do what is due."""
        here = self.town.world.here
        while hear_next(here) or sync_next(here) or understand_next(here):
            pass

    def counted(self, on: str) -> int | None:
        """The steps of a day that count, once all is done that is due."""
        self.work()
        with self.town.world.db.reading() as conn:
            return steps_on(conn, self.person, date.fromisoformat(on))

    def walk(self, on: str, steps: int, user: str = "4711") -> None:
        """Walk, as the vendor's watch counts it."""
        self.vendor.walk(user, date.fromisoformat(on), steps)

    def told(self) -> dict[str, Any]:
        """The one connection as its owner is told of it."""
        [found] = self.browser.get("/api/steps/connections")[1]["connections"]
        return dict(found)

    def row(self) -> Any:
        """The one connection as it is kept."""
        with self.town.world.db.reading() as conn:
            return conn.execute(select(Connection)).one()


@contextmanager
def fair(database_url: str) -> Iterator[Fair]:
    """A town with a vendor, and ho who is signed in."""
    clock = Clock()
    with served() as ours, served() as theirs:
        world = World.on(database_url, clock, address=ours.address, vendors=theirs.address, trackers=TRACKERS)
        town = Town(world, clock)
        vendor = Withings("us", "known", clock)
        ours.app, theirs.app = create_app(world.here), vendor.app()
        person = world.person("ho")
        world.player(person)
        yield Fair(town, vendor, person, town.signed_in("ho"))
        world.db.close()
