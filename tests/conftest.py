"""Fixtures that every test may ask for: the real servers, started when the first test wants them."""

import pytest

from tests import servers


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The URL of a PostgreSQL whose user may make databases; `servers.database()` gives a test one of its own."""
    return servers.postgres()


@pytest.fixture(scope="session")
def valkey_url() -> str:
    """The URL of a Valkey; `servers.empty_valkey()` gives a test an empty one."""
    return servers.valkey()
