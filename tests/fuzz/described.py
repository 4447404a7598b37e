"""Requests made from the description of the API: each answer must be one that it documents, and none a failure."""

from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests.fuzz.budget import examples
from tests.fuzz.doors import Doors, assert_refusal_shape

Operations = Sequence[APIOperation[Any, Any, Any, Any]]
FEWEST = 40  # routes in the description
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def operations(opened: Doors) -> Operations:
    """Everything that the description offers."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", opened.app)
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(found) >= FEWEST
    return found


def assert_every_answer_documented(
    opened: Doors, offered: Operations, role: str, mode: GenerationMode, count: int
) -> None:
    """Ask so many times as somebody, well (positive) or badly (negative)."""

    @given(_cases(offered, mode, opened.known_to(role)))
    @examples(count)
    def ask(case: Case[Any]) -> None:
        # A browser of its own: schemathesis's would keep a cookie of the one before. It does not undo gzip either.
        browser: Any = opened.app.test_client(use_cookies=False)
        answer = case.call(headers={"Accept-Encoding": "identity", **opened.identity(role)}, session=browser)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert_refusal_shape(answer.content)

    ask()


@st.composite
def _cases(draw: st.DrawFn, offered: Operations, mode: GenerationMode, known: Mapping[str, list[Any]]) -> Case[Any]:
    """A request, most of its ids and codes right, for a random one never comes past the first check."""
    right = 9 if mode is GenerationMode.POSITIVE else 2  # times as often as chance
    case: Case[Any] = draw(st.one_of([each.as_strategy(generation_mode=mode) for each in offered]))
    for part in (case.path_parameters, case.body):
        if isinstance(part, dict):
            for name in sorted(part.keys() & known.keys()):
                if draw(st.integers(0, right)):
                    part[name] = draw(st.sampled_from(known[name]))
    return case
