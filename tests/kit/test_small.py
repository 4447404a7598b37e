"""Small parts of the kit: languages, limits, short memory, settings."""

import pytest
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from challenges_app.kit import words
from challenges_app.kit.cache import LocalCache, RedisCache
from challenges_app.kit.limits import Limits
from challenges_app.kit.refusals import Refused
from challenges_app.settings import SettingsError, read
from tests import servers
from tests.builders import KEYS, PEPPER

SECRETS = {"EPLUS_KEYS": KEYS, "EPLUS_PEPPER": PEPPER}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN,en", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh-Hant"),
        ("", "zh-Hant"),
    ],
)
def test_the_reader_gets_their_script(header: str, language: str) -> None:
    assert words.choose(parse_accept_header(header, LanguageAccept)) == language


def test_a_limit_refuses_the_one_too_many_and_says_how_long_to_wait() -> None:
    limits = Limits(None)
    limits.take("try", "a", "2 per minute")
    limits.take("try", "a", "2 per minute")
    limits.take("try", "b", "2 per minute")
    with pytest.raises(Refused) as problem:
        limits.take("try", "a", "2 per minute")
    assert 1 <= problem.value.details["seconds"] <= 60


def test_limits_are_shared_through_valkey(valkey_url: str) -> None:
    with servers.empty_valkey() as url:
        Limits(url).take("try", "a", "1 per minute")
        with pytest.raises(Refused):
            Limits(url).take("try", "a", "1 per minute")


def test_a_store_that_is_away_locks_nobody_out() -> None:
    away = f"redis://127.0.0.1:{servers.free_port()}"
    Limits(away).take("try", "a", "1 per minute")
    Limits(away).take("try", "a", "1 per minute")
    RedisCache(away).put("k", b"v", 60)
    assert RedisCache(away).get("k") is None


def test_short_memory_ends() -> None:
    cache = LocalCache()
    cache.put("a", b"1", 60)
    cache.put("b", b"2", 0)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"1", None, None)


def test_short_memory_is_shared_through_valkey(valkey_url: str) -> None:
    with servers.empty_valkey() as url:
        RedisCache(url).put("a", b"1", 60)
        assert RedisCache(url).get("a") == b"1"


def test_settings_have_defaults_save_the_secrets() -> None:
    settings = read(SECRETS)
    assert settings.database_url == "sqlite:///var/eplus.sqlite"
    assert settings.curfew is not None
    assert (settings.curfew[0].hour, settings.curfew[1].hour) == (22, 6)


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_uses_our_driver(url: str) -> None:
    assert read({**SECRETS, "DATABASE_URL": url}).database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "EPLUS_KEYS"),
        ({**SECRETS, "DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({**SECRETS, "EPLUS_CURFEW": "late"}, "EPLUS_CURFEW"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        read(environ)


def test_settings_do_not_print_secrets() -> None:
    assert KEYS.split(":")[1] not in repr(read(SECRETS))
