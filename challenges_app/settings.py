"""What an operator may set: read once from the environment, checked, and never looked up again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting that is missing or cannot be read; the text says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the application; `docs/operate.md` has a paragraph for each variable."""

    database_url: str = field(metadata={"env": "DATABASE_URL"})
    redis_url: str | None = field(default=None, metadata={"env": "REDIS_URL"})
    keys: str = field(default="", repr=False, metadata={"env": "EPLUS_KEYS"})
    pepper: str = field(default="", repr=False, metadata={"env": "EPLUS_PEPPER"})
    parks: Path | None = field(default=None, metadata={"env": "EPLUS_PARKS"})
    web: Path | None = field(default=None, metadata={"env": "EPLUS_WEB"})
    address: str = field(default="http://127.0.0.1:8000", metadata={"env": "EPLUS_ADDRESS"})
    mail: str = field(default="console", repr=False, metadata={"env": "EPLUS_MAIL"})
    files: Path = field(default=Path("var/files"), metadata={"env": "EPLUS_FILES"})
    iam_smart: str = field(default="", repr=False, metadata={"env": "EPLUS_IAM_SMART"})
    trackers: str = field(default="", repr=False, metadata={"env": "EPLUS_TRACKERS"})
    vendors: str = field(default="", metadata={"env": "EPLUS_VENDORS"})
    push: str = field(default="", repr=False, metadata={"env": "EPLUS_PUSH"})
    curfew: tuple[time, time] | None = field(default=(time(22), time(6)), metadata={"env": "EPLUS_CURFEW"})


def names() -> list[str]:
    """The environment variables that are read, in the order of the fields."""
    return [str(each.metadata["env"]) for each in fields(Settings)]


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises `SettingsError` in one sentence where one cannot be used."""
    return Settings(
        database_url=_database(environ.get("DATABASE_URL") or "sqlite:///var/eplus.sqlite"),
        redis_url=environ.get("REDIS_URL") or None,
        keys=_required(environ, "EPLUS_KEYS"),
        pepper=_required(environ, "EPLUS_PEPPER"),
        parks=_path(environ.get("EPLUS_PARKS")),
        web=_path(environ.get("EPLUS_WEB")),
        address=(environ.get("EPLUS_ADDRESS") or "http://127.0.0.1:8000").rstrip("/"),
        mail=environ.get("EPLUS_MAIL") or "console",
        files=Path(environ.get("EPLUS_FILES") or "var/files"),
        iam_smart=_iam_smart(environ.get("EPLUS_IAM_SMART") or ""),
        trackers=environ.get("EPLUS_TRACKERS") or "",
        vendors=_vendors(environ.get("EPLUS_VENDORS") or ""),
        push=environ.get("EPLUS_PUSH") or "",
        curfew=_curfew(environ.get("EPLUS_CURFEW") or "22:00-06:00"),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise SettingsError(
            f"{name} is not set; `eplus keys` prints a fresh one, docs/operate.md says where to keep it."
        )
    return value


def _database(url: str) -> str:
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _iam_smart(text: str) -> str:
    try:
        parts = urlsplit(text)
        right = parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "127.0.0.1")
        right = right and bool(parts.username and parts.password) and not (parts.query or parts.fragment)
    except ValueError:
        right = False
    if text not in ("", "console") and not right:
        raise SettingsError("EPLUS_IAM_SMART must be console or https://CLIENT_ID:SECRET@issuer.")
    return text


def _vendors(text: str) -> str:
    try:
        parts = urlsplit(text)
        right = (parts.scheme, parts.hostname) == ("http", "127.0.0.1") and not (parts.query or parts.fragment)
    except ValueError:
        right = False
    if text and not right:
        raise SettingsError("EPLUS_VENDORS must be left out, or be http://127.0.0.1:PORT of stand-ins on this machine.")
    return text.rstrip("/")


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _curfew(text: str) -> tuple[time, time] | None:
    if text == "none":
        return None
    try:
        begins, ends = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError:
        raise SettingsError(f"EPLUS_CURFEW is {text!r}; write it as 22:00-06:00, or none.") from None
    if begins.tzinfo or ends.tzinfo:
        raise SettingsError("EPLUS_CURFEW is in Hong Kong time; write it as 22:00-06:00, without an offset.")
    return begins, ends
