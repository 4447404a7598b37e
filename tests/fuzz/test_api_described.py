"""Requests made from the description of the API, good and bad, as everybody: each answer is one that it documents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests.fuzz.budget import examples
from tests.fuzz.doors import ROLES, Doors, assert_refusal_shape, doors

FEWEST = 10  # routes in the description
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The application on a small city."""
    folder: Path = tmp_path_factory.mktemp("api")
    with doors(f"sqlite:///{folder / 'eplus.sqlite'}") as found:
        yield found


@pytest.fixture(scope="module")
def operations(opened: Doors) -> list[APIOperation[Any, Any, Any, Any]]:
    """Everything that the description offers."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", opened.app)
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(found) >= FEWEST
    return found


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_documented(
    opened: Doors, operations: list[APIOperation[Any, Any, Any, Any]], role: str, mode: GenerationMode
) -> None:
    cases = st.one_of([each.as_strategy(generation_mode=mode) for each in operations])

    @given(cases)
    @examples(250)
    def ask(case: Case[Any]) -> None:
        answer = case.call(headers=opened.identity(role))
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert_refusal_shape(answer.content)

    ask()
