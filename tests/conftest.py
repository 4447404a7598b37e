"""What all tests share: real databases, each test its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.builders import World, prepared


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A real PostgreSQL server."""
    return servers.postgres()


@pytest.fixture(scope="session")
def valkey_url() -> str:
    """A real Valkey server."""
    return servers.valkey()


def _prepare(url: str) -> None:
    prepared(url).close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An up-to-date database of the test's own: every test that asks for it runs on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'eplus.sqlite'}"
        return
    with servers.database(servers.template_database(_prepare)) as url:
        yield url


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A world with one challenge, on both engines."""
    made = World.on(database_url)
    yield made
    made.db.close()


@pytest.fixture
def sqlite_world(tmp_path: Path) -> Iterator[World]:
    """A world with one challenge, on SQLite, for what does not depend on the engine."""
    made = World.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    yield made
    made.db.close()
