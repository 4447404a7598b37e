"""Outbound calls to vendors: carries a tracker's dance, and tells apart the ways in which it can end."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import requests

from challenges_app.settings import Settings
from integrations.cloud import Answer, Call, Client, CloudProvider, Failed, Flow, NotAllowed, Outcome
from integrations.providers import providers

T = TypeVar("T")

PATIENCE_S = (3.05, 10)  # to connect, and between two pieces of an answer
LONGEST_ANSWER = 4 * 1024 * 1024  # bytes
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
MOST_PAUSE_S = 6 * 3600


class Ended(Exception):
    """A dance that did not come to its end; `pause_s` where the vendor says how long to leave it alone."""

    def __init__(self, outcome: Outcome, pause_s: float | None = None) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Vendors:
    """The vendors with whom this installation is registered; `twins` is where stand-ins for all of them listen."""

    clients: Mapping[str, Client] = field(repr=False)
    twins: str = ""

    def dance(self, name: str, flow: Flow[T], before: Callable[[], None] = lambda: None) -> T:
        """Carry a dance to its end, with `before` ahead of each call; raises `Ended`."""
        vendor = cloud(name)
        with requests.Session() as web:
            try:
                call = next(flow)
                while True:
                    before()
                    call = flow.send(self._believed(vendor, web, call))
            except StopIteration as over:
                return cast(T, over.value)
            except NotAllowed:
                raise Ended("refused") from None
            except Failed:
                raise Ended("no_answer") from None

    def at(self, url: str) -> str:
        """An address as it is called: the vendor's own, or where its stand-in listens."""
        parts = urlsplit(url)
        return url if not self.twins else f"{self.twins}/{parts.netloc}{url.partition(parts.netloc)[2]}"

    def _believed(self, vendor: CloudProvider, web: requests.Session, call: Call) -> Answer:
        answer = self._sent(web, call)
        if answer.status in call.accepts:
            return answer
        outcome = vendor.outcome(answer)
        if outcome != "ok":
            raise Ended(outcome, _pause(answer))
        return answer

    def _sent(self, web: requests.Session, call: Call) -> Answer:
        try:
            # A redirect would take a token to an address that nobody has checked.
            with web.request(
                call.method, self.at(call.url), params=dict(call.query), data=call.form, json=call.body,
                headers=dict(call.headers), timeout=PATIENCE_S, allow_redirects=False, stream=True,
            ) as told:  # fmt: skip
                body = b""
                for piece in told.iter_content(64 * 1024):
                    body += piece
                    if len(body) > LONGEST_ANSWER:
                        raise Ended("no_answer")
                headers = {name.lower(): value for name, value in told.headers.items()}
                return Answer(told.status_code, headers, body.decode("utf-8", "replace"))
        except (requests.RequestException, OSError):
            raise Ended("no_answer") from None


def _pause(answer: Answer) -> float | None:
    """What Retry-After says in seconds, as far as anybody may be believed."""
    said = answer.headers.get("retry-after", "")
    return float(min(int(said[:6]), MOST_PAUSE_S)) if said.isascii() and said.isdigit() else None


def cloud(name: str) -> CloudProvider:
    """A tracker that has a cloud."""
    return cast(CloudProvider, providers()[name])


@cache
def vendors(settings: Settings) -> Vendors:
    """The vendors that EPLUS_TRACKERS names, as `name?id=…&secret=…`, apart by spaces; raises ValueError."""
    clients = {}
    for each in settings.trackers.split():
        name, _, told = each.partition("?")
        if name not in providers() or "cloud" not in providers()[name].CAPABILITIES.roads:
            raise ValueError(f"EPLUS_TRACKERS names {name!r}, which is no tracker with a cloud.")
        more = dict(parse_qsl(told))
        needed = ("id", "secret", *cloud(name).CLOUD.needs)
        if missing := [key for key in needed if not more.get(key)]:
            raise ValueError(f"EPLUS_TRACKERS: {name} needs {', '.join(missing)} besides.")
        hosts, host = cloud(name).CLOUD.hosts, more.get("host")
        if host is not None and (not host.endswith(hosts or "-") or not HOST.fullmatch(host)):
            raise ValueError(f"EPLUS_TRACKERS: {host} is no host of {name}.")
        clients[name] = Client(more.pop("id"), more.pop("secret"), more)
    return Vendors(clients, settings.vendors)
