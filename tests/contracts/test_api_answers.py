"""Everybody asks for everything that the API offers, for less than a minute; `bin/test fuzz` asks for longer."""

import re
from collections.abc import Iterator

import pytest
from schemathesis import GenerationMode

from tests.fuzz.described import Operations, assert_every_answer_documented, operations
from tests.fuzz.doors import ROLES, Doors, doors

TIMES = 60  # in each way by each role


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The application on a small city."""
    with doors(f"sqlite:///{tmp_path_factory.mktemp('api') / 'eplus.sqlite'}") as found:
        yield found


@pytest.fixture(scope="module")
def offered(opened: Doors) -> Operations:
    """Everything that the description offers."""
    return operations(opened)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_documented(opened: Doors, offered: Operations, role: str, mode: GenerationMode) -> None:
    assert_every_answer_documented(opened, offered, role, mode, TIMES)


def test_a_wish_to_speak_another_protocol_is_let_lie(opened: Doors) -> None:
    wish = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    assert opened.open("adult", "GET", "/api/session", headers=wish).status_code == 200


def test_an_id_that_is_none_leads_nowhere(opened: Doors) -> None:
    doors_with_ids = [each for each in opened.app.url_map.iter_rules() if "<uuid:" in each.rule]
    assert doors_with_ids
    for each in doors_with_ids:
        path = re.sub(r"<uuid:\w+>", "no-id", each.rule)
        for method in (each.methods or set()) - {"HEAD", "OPTIONS"}:
            assert opened.open("guardian", method, path).status_code == 404, (method, path)
