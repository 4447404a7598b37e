"""Everybody asks for everything that the API's description offers, well and badly, on both engines."""

from collections.abc import Iterator

import pytest
from schemathesis import GenerationMode

from tests import servers
from tests.builders import prepared
from tests.fuzz.described import Operations, assert_every_answer_documented, operations
from tests.fuzz.doors import ROLES, Doors, doors


def _prepare(url: str) -> None:
    prepared(url).close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The application on a small city."""
    if request.param == "sqlite":
        with doors(f"sqlite:///{tmp_path_factory.mktemp('api') / 'eplus.sqlite'}") as found:
            yield found
        return
    with servers.database(servers.template_database(_prepare)) as url, doors(url) as found:
        yield found


@pytest.fixture(scope="module")
def offered(opened: Doors) -> Operations:
    """Everything that the description offers."""
    return operations(opened)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_documented(opened: Doors, offered: Operations, role: str, mode: GenerationMode) -> None:
    assert_every_answer_documented(opened, offered, role, mode, 250)
