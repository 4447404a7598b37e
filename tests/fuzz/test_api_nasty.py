"""Requests that no honest page would send: each is refused in the one shape, and nothing breaks behind the door."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests import servers
from tests.builders import CHALLENGE, prepared
from tests.fuzz.bodies import BYTES, FIXES, GOOD, SIGN_IN, captures, written
from tests.fuzz.budget import examples
from tests.fuzz.doors import BOARDS, ROLES, SCHOOL, Doors, assert_answered, doors
from tests.fuzz.nasties import HEADERS, METHODS, PATHS, PIECES, TEXTS, TYPES

WHO = st.sampled_from(ROLES)
ROUTE = st.sampled_from(
    [
        ("POST", "/api/fixes"),
        ("POST", "/api/captures"),
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
        ("GET", "/api/session"),
        ("GET", "/api/today"),
        ("GET", "/api/health"),
    ]
)
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
HEADER = st.sampled_from(sorted(HEADERS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name]) | LATIN)
)
SEGMENT = st.sampled_from(PIECES) | st.sampled_from(TEXTS) | st.text(max_size=5)
BOARD = st.sampled_from(BOARDS) | st.builds(
    lambda *parts: ":".join(parts),
    st.just(CHALLENGE) | SEGMENT,
    st.sampled_from(["all", "2026-W47"]) | SEGMENT,
    st.sampled_from(["player", "household", "school"]) | SEGMENT,
    st.sampled_from(["city", SCHOOL]) | SEGMENT,
)
QUERY = st.sampled_from(
    ["", "?measure=mean", "?measure=share", "?measure=", "?measure=%00", "?measure=x&measure=total", "?%ff=%ff"]
)
JSON = "application/json"
AT_THE_GATE = {400, 401, 403, 413}  # see test_what_the_gate_says_is_documented


def _prepare(url: str) -> None:
    prepared(url).close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The application on a small city, on both engines: PostgreSQL is stricter about texts, SQLite about numbers."""
    if request.param == "sqlite":
        with doors(f"sqlite:///{tmp_path_factory.mktemp('api') / 'eplus.sqlite'}") as found:
            yield found
        return
    with servers.database(servers.template_database(_prepare)) as url, doors(url) as found:
        yield found


def quoted(segment: str) -> str:
    """A text as one segment of a path, even where it is no valid Unicode."""
    return quote_from_bytes(segment.encode("utf-8", "surrogatepass")[:4000], safe=":")


def assert_documented(opened: Doors, method: str, path: str, answer: TestResponse) -> None:
    """Answered well, and with a status that the description names for this route, or that the gate may give."""
    assert_answered(opened, answer)
    expected = opened.documented[(method, path)] | AT_THE_GATE
    assert answer.status_code in expected, (answer.status_code, answer.get_data()[:200])


@given(WHO, FIXES)
@examples(800)
def test_fixes(opened: Doors, who: str, body: Any) -> None:
    answer = opened.open(who, "POST", "/api/fixes", data=written(body), content_type=JSON)
    assert_documented(opened, "POST", "/api/fixes", answer)


@given(st.data(), WHO)
@examples(1000)
def test_captures(opened: Doors, data: st.DataObject, who: str) -> None:
    body = written(data.draw(captures(opened.drops)))
    answer = opened.open(who, "POST", "/api/captures", data=body, content_type=JSON)
    assert_documented(opened, "POST", "/api/captures", answer)


@given(WHO, SIGN_IN)
@examples(150)
def test_sign_in(opened: Doors, who: str, body: Any) -> None:
    answer = opened.open(who, "POST", "/api/session", data=written(body), content_type=JSON)
    assert_documented(opened, "POST", "/api/session", answer)


@given(WHO, ROUTE, st.sampled_from(TYPES), BYTES)
@examples(1000)
def test_bodies_and_content_types(opened: Doors, who: str, route: tuple[str, str], kind: str, body: bytes) -> None:
    assert_documented(opened, *route, opened.open(who, *route, data=body, content_type=kind))


@given(WHO, ROUTE, st.lists(HEADER, min_size=1, max_size=3))
@examples(1000)
def test_headers(opened: Doors, who: str, route: tuple[str, str], headers: list[tuple[str, str]]) -> None:
    answer = opened.open(who, *route, headers=headers, data=GOOD, content_type=JSON)
    assert_documented(opened, *route, answer)


@given(WHO, BOARD | SEGMENT, st.sampled_from(["", "/me"]), QUERY)
@examples(1000)
def test_boards(opened: Doors, who: str, board: str, own: str, query: str) -> None:
    assume(board and "/" not in board)  # else it is another address
    answer = opened.open(who, "GET", f"/api/boards/{quoted(board)}{own}{query}")
    assert_documented(opened, "GET", f"/api/boards/{{board_id}}{own}", answer)


@given(WHO, SEGMENT)
@examples(300)
def test_parks(opened: Doors, who: str, park: str) -> None:
    assume(park and "/" not in park)
    answer = opened.open(who, "GET", f"/api/parks/{quoted(park)}")
    assert_documented(opened, "GET", "/api/parks/{park_id}", answer)


@given(WHO, st.sampled_from(METHODS), st.sampled_from(PATHS) | SEGMENT.map(lambda text: f"/{quoted(text)}"))
@examples(800)
def test_addresses_and_methods(opened: Doors, who: str, method: str, path: str) -> None:
    answer = opened.open(who, method, path)
    assert answer.status_code < 500, opened.problems[-1:]
    if method != "HEAD":
        assert_answered(opened, answer)


GATE: list[tuple[str, str, str, dict[str, Any], int]] = [
    ("nobody", "GET", "/api/today", {}, 401),
    ("nobody", "POST", "/api/fixes", {"data": GOOD, "content_type": JSON}, 401),
    ("staff", "POST", "/api/fixes", {"data": GOOD, "content_type": JSON}, 403),
    ("pupil", "POST", "/api/fixes", {"data": GOOD, "content_type": JSON, "headers": [("Origin", "http://x")]}, 403),
    ("pupil", "DELETE", "/api/session", {"headers": [("Sec-Fetch-Site", "cross-site")]}, 403),
    ("pupil", "POST", "/api/captures", {"data": b"{", "content_type": JSON}, 400),
    ("pupil", "POST", "/api/fixes", {"data": b"{}" + b" " * 300_000, "content_type": JSON}, 413),
]


@pytest.mark.parametrize(("who", "method", "path", "more", "status"), GATE)
def test_what_the_gate_says_is_documented(
    opened: Doors, who: str, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    answer = opened.open(who, method, path, **more)
    assert_answered(opened, answer)
    assert answer.status_code == status
    assert status in opened.documented[(method, path)]
