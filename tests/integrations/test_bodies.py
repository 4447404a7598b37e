"""Bodies of JSON: whatever a phone sends is parsed or a problem, and no value is taken for what it is not."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import bodies
from integrations.contract import DayCount, Problem, Sample
from tests.integrations.bodies import STRANGERS, body, recognised
from tests.integrations.files import HONG_KONG, outcome, part, readings

PUSHED = ("eplus_phone", "hc_webhook", "health_auto_export", "shortcut")
KEYS = (
    "eplus", "sources", "name", "offset", "days", "hours", "samples", "from", "starts", "lasts", "steps", "by_hand",
    "data", "metrics", "qty", "date", "source", "count", "start_time", "end_time", "2026-11-01",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("2026-11-01"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=40,
)


def parsed(content: bytes) -> object:
    """What a body says."""
    return bodies.parsed(io.BytesIO(content))


def test_a_byte_order_mark_and_blanks_around_a_body_are_nothing() -> None:
    content = b"\xef\xbb\xbf \n" + body({"eplus": 1}) + b"\r\n "
    assert parsed(content) == {"eplus": 1}
    assert bodies.begins(part(content)).startswith('{"eplus"')


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_body_cut_short_ends_early(share: float) -> None:
    whole = body([{"date": "2026-11-01", "steps": each} for each in range(50)])
    assert parsed(whole[: int(len(whole) * share)]) == Problem(None, "ends_early")


@pytest.mark.parametrize("content", [b'{"a" 1}', b"[1}", b"{'a':1}", b"[1,]", b'["\x01"]'])
def test_a_body_that_is_no_json_is_damaged(content: bytes) -> None:
    assert parsed(content) == Problem(None, "damaged")


@pytest.mark.parametrize("content", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000])
def test_depth_without_end_is_damage(content: bytes) -> None:
    assert parsed(content) == Problem(None, "damaged")


def test_a_body_larger_than_any_is_not_parsed() -> None:
    assert parsed(b"[" + b" " * bodies.MOST + b"]") == Problem(None, "too_much")


def test_broken_letters_cost_a_name_and_nothing_else() -> None:
    assert parsed(b'{"name":"a\xffb","steps":5}') == {"name": "a\N{REPLACEMENT CHARACTER}b", "steps": 5}


def test_a_number_of_thousands_of_digits_is_no_number_and_the_rest_is_kept() -> None:
    assert parsed(b"[1," + b"9" * 5_000 + b",NaN,-Infinity,3]")[1:2] == [inf]  # type: ignore[index]
    assert bodies.number(parsed(b"9" * 5_000)) is None


@pytest.mark.parametrize(("value", "steps"), [(0, 0), (8_123, 8_123), (512.0, 512), (511.6, 512), (-3, -3)])
def test_numbers_are_rounded(value: float, steps: int) -> None:
    assert bodies.number(value) == steps


@pytest.mark.parametrize("value", [None, True, False, "5", "", [], [5], {}, nan, inf, -inf])
def test_other_values_are_no_numbers(value: object) -> None:
    assert bodies.number(value) is None


@pytest.mark.parametrize(
    "text", ["2026-11-01T00:30:00Z", "2026-11-01 08:30:00 +0800", "2026-11-01T08:30:00", "2026-11-01T00:30:00.000000Z"]
)
def test_moments_as_phones_write_them(text: str) -> None:
    assert bodies.moment(text, HONG_KONG) == datetime(2026, 11, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 5, "", "yesterday", "2026-13-01T00:00:00Z", [], "\ud800"])
def test_other_values_are_no_moments_nor_days(value: object) -> None:
    assert bodies.moment(value, HONG_KONG) is None
    assert bodies.day(value) is None


def test_a_name_is_one_line_that_can_be_kept_and_at_most_100_letters() -> None:
    assert bodies.name(" 阿明的\n手錶\u0000 ") == "阿明的 手錶 "
    assert bodies.name("half \ud83d a letter").encode() == b"half   a letter"
    assert len(bodies.name("x" * 500)) == 100
    assert bodies.name(5) == ""


def test_a_reading_that_cannot_be_is_a_problem_of_its_record() -> None:
    at = datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert bodies.checked(3, DayCount("", date(2026, 11, 1), -1)) == Problem(3, "negative", "-1")
    assert bodies.checked(3, DayCount("", date(1970, 1, 1), 1)) == Problem(3, "not_a_date", "1970-01-01")
    early = Sample("", at, at - timedelta(hours=1), 1)
    assert bodies.checked(3, early) == Problem(3, "ends_before", "2026-11-01 08:00:00+00:00")
    assert bodies.checked(3, early._replace(ends=at)) == early._replace(ends=at)


@pytest.mark.parametrize("content", STRANGERS, ids=lambda content: repr(content[:30]))
def test_nobody_takes_a_strangers_body(content: bytes) -> None:
    assert not set(recognised(content)) & set(PUSHED)


@pytest.mark.parametrize("provider", PUSHED)
@given(said=VALUES)
def test_values_of_any_kind_anywhere_raise_nothing(provider: str, said: object) -> None:
    outcome(json.dumps(said).encode(), provider=provider)


@pytest.mark.parametrize("provider", PUSHED)
@pytest.mark.parametrize("key", ["sources", "steps", "data", "date"])
def test_what_is_deep_inside_a_body_is_not_shown(provider: str, key: str) -> None:
    deep = b"[" * 600 + b"]" * 600
    for content in (b'{"%s":%s}' % (key.encode(), deep), b'{"%s":[{"name":%s}]}' % (key.encode(), deep)):
        assert all(isinstance(each, Problem) and "[[" not in each.seen for each in readings(provider, content))
