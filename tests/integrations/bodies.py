"""Bodies as phones push them, and what every provider of them must bear."""

import json
from typing import Any

from integrations.contract import Problem, Reading
from integrations.providers import providers
from tests.integrations.files import part, readings

Json = dict[str, Any] | list[Any]

# Told apart only by what they say; a provider whose body begins like another's is seen here.
STRANGERS = (
    b"", b"{}", b"[]", b"[{}]", b"null", b"8123", b'"eplus"', b'{"data":[]}', b'{"data":{"sleep":[]}}', b'{"eplus":2}',
    b'{"steps":[]}', b'{"date":"2026-11-01"}', b'[{"date":"2026-11-01","steps":1,"calories":2}]', b"[" * 4096,
    b'[{"dateTime":"11/01/26 00:00:00","value":"3"}]', b'{"dailies":[{"userId":"a","steps":5}]}',
    b'{"Data Source":"derived:com.google.step_count","Data Points":[]}', b"date,steps\n", b"<HealthData>",
    b'{"timestamp":"2026-11-01T00:00:00Z","steps":[]}', b'{"note":"eplus","eplus":1}', b'[{"eplus":1,"sources":[]}]',
)  # fmt: skip


def body(said: Json) -> bytes:
    """JSON as phones write it."""
    return json.dumps(said, ensure_ascii=False).encode()


def good(provider: str, said: Json | bytes) -> list[Reading]:
    """The readings of a body, without its problems."""
    return [each for each in _all(provider, said) if not isinstance(each, Problem)]


def bad(provider: str, said: Json | bytes) -> list[tuple[int | None, str, str]]:
    """The problems of a body: number of the record, why, and what was seen."""
    return [(each.line, each.why, each.seen) for each in _all(provider, said) if isinstance(each, Problem)]


def _all(provider: str, said: Json | bytes) -> list[Reading]:
    return readings(provider, said if isinstance(said, bytes) else body(said))


def recognised(said: Json | bytes) -> list[str]:
    """Who knows a body, of those that are no readers of any table."""
    content = said if isinstance(said, bytes) else body(said)
    return [n for n, each in providers().items() if each.recognises(part(content)) and not each.CAPABILITIES.generic]
