"""iAM Smart: the whole way there and back over loopback with the twin, and each way in which it can go wrong."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from challenges_app import settings
from challenges_app.people.identity.calls import CONSOLE, RETURN_PATH, connect
from challenges_app.people.identity.rules import NUMBER_CLAIM, card_number, claims_of, is_for_us
from challenges_app.people.identity.tables import Identity
from challenges_app.people.persons.actions import own_ring
from challenges_app.twins.iam_smart import PERSONS, Client, Grant, Twin
from tests.builders import MORNING, RING, World
from tests.people.doors import HTTPS, Browser, Clock, Town, code
from tests.people.test_family import rows
from tests.people.test_identity import strong
from tests.servers import free_port

ADDRESS = "http://127.0.0.1:8000"  # our page's, as the settings have it
PERSON = "tai-man"


@dataclass
class Abroad:
    """A town, and a provider somewhere else on loopback, to which people go with another program than our tests'."""

    town: Town
    twin: Twin

    def go(self, me: Browser) -> str:
        """Begin; answers the address to which the browser goes."""
        status, told = me.post("/api/identity/iam-smart")
        assert status == 201, told
        return str(told["address"])

    def approve(self, address: str, person: str = PERSON) -> str:
        """Approve as somebody on the provider's page; answers where the browser is sent, below our address."""
        assert requests.get(address, timeout=10).status_code == 200
        answer = requests.post(address, data={"person": person}, allow_redirects=False, timeout=10)
        return home(answer.headers["Location"])

    def come(self, me: Browser, path: str) -> str:
        """Come back; answers what the page of identity is told."""
        answer: Any = me.client.get(path, base_url=HTTPS)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"]).removeprefix("/#/identity/")

    def whole(self, me: Browser) -> str:
        """There and back."""
        return self.come(me, self.approve(self.go(me)))


def home(location: str) -> str:
    """The path and query of an address that leads back to us."""
    assert location.startswith(ADDRESS + RETURN_PATH)
    return location.removeprefix(ADDRESS)


@contextmanager
def served(app: Any, port: int) -> Iterator[None]:
    """An application on a port of loopback."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def abroad(folder: Path, make: Callable[..., Twin] = Twin) -> Iterator[Abroad]:
    """A town with two grown-ups whose provider is a twin on loopback."""
    port, clock = free_port(), Clock()
    setting = f"http://us:secret@127.0.0.1:{port}/op"
    town = Town(World.on(f"sqlite:///{folder / 'eplus.sqlite'}", clock, iam_smart=setting), clock)
    for name in ("ho", "chan"):
        town.world.person(name)
    twin = make(f"http://127.0.0.1:{port}/op", Client("us", "secret", ADDRESS + RETURN_PATH), clock)
    with served(below("/op", twin.app), port):
        yield Abroad(town, twin)
    town.world.db.close()


def below(prefix: str, app: Any) -> Any:
    """An application that is served below a path."""

    def serve(environ: dict[str, Any], begin: Any) -> Any:
        assert environ["PATH_INFO"].startswith(prefix)
        return app({**environ, "SCRIPT_NAME": prefix, "PATH_INFO": environ["PATH_INFO"].removeprefix(prefix)}, begin)

    return serve


def signed_with_what_is_public(claims: dict[str, Any], public_key: bytes) -> str:
    """A token whose shared secret is the provider's public key, which a careless reader would take as signed by it."""
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "HS256"}, claims)]
    mark = hmac.new(public_key, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=")]).decode()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Abroad]:
    """The town and its provider."""
    with abroad(tmp_path) as made:
        yield made


@pytest.fixture
def ho(place: Abroad) -> Browser:
    """A grown-up."""
    return place.town.signed_in("ho")


def test_whoever_comes_back_from_there_is_known(place: Abroad, ho: Browser) -> None:
    assert place.whole(ho) == "done"
    told = ho.get("/api/identity")[1]
    assert (told["level"], told["checked"]["method"], told["iam_smart"]) == (2, "iam-smart", True)
    [row] = rows(place.town, Identity)
    with place.town.world.db.reading() as conn:
        own = own_ring(conn, RING, row.person_id)
    assert own.open(row.number_sealed, "identity", row.person_id, "number") == "A1234563"
    assert own.open(row.name_sealed, "identity", row.person_id, "name") == "CHAN Tai Man (invented)"
    assert [each["kind"] for each in ho.get("/api/profile/notices")[1]["notices"]] == ["identity.checked"]
    assert code(ho.post("/api/identity/iam-smart")) == "identity.already"


def test_what_is_sent_ahead_tells_nothing_of_the_person(place: Abroad, ho: Browser) -> None:
    asked = parse_qs(urlsplit(place.go(ho)).query)
    standard = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce"}
    assert set(asked) == standard | {"code_challenge", "code_challenge_method"}
    assert (asked["code_challenge_method"], len(asked["state"][0])) == (["S256"], 43)


def test_the_number_of_somebody_else_is_refused(place: Abroad, ho: Browser) -> None:
    assert place.whole(ho) == "done"
    chan = place.town.signed_in("chan")
    assert place.whole(chan) == "number_taken"
    assert chan.get("/api/identity")[1]["level"] == 0


def test_whoever_refuses_there_is_told_so_and_may_go_again(place: Abroad, ho: Browser) -> None:
    address = place.go(ho)
    answer = requests.post(address, data={"person": PERSON, "refuse": "1"}, allow_redirects=False, timeout=10)
    assert place.come(ho, home(answer.headers["Location"])) == "declined"
    assert place.whole(ho) == "done"


def test_a_state_belongs_to_the_session_in_which_it_was_made(place: Abroad, ho: Browser) -> None:
    back = place.approve(place.go(ho))
    assert place.come(place.town.signed_in("chan"), back) == "over"
    assert place.come(place.town.signed_in("ho"), back) == "over"
    assert place.come(place.town.browser(), back) == "over"
    assert place.come(ho, back) == "done"


def test_a_state_is_used_once_and_for_ten_minutes(place: Abroad, ho: Browser) -> None:
    back = place.approve(place.go(ho))
    assert place.come(ho, f"{RETURN_PATH}?code=x&state=made-up") == "over"
    place.town.clock.pass_by(minutes=10)
    assert place.come(ho, back) == "over"
    back = place.approve(place.go(ho))
    assert place.come(ho, back) == "done"
    assert place.come(ho, back) == "over"


def test_a_code_that_was_used_before_is_refused_there(place: Abroad, ho: Browser) -> None:
    first = parse_qs(urlsplit(place.approve(place.go(ho))).query)
    second = parse_qs(urlsplit(place.approve(place.go(ho))).query)
    # The code of the first approval comes back with the state of the second: its PKCE verifier does not fit.
    path = f"{RETURN_PATH}?code={first['code'][0]}&state={second['state'][0]}"
    assert place.come(ho, path) == "not_believed"
    assert first["code"][0] not in place.twin.grants
    assert place.come(ho, f"{RETURN_PATH}?code={first['code'][0]}&state={first['state'][0]}") == "not_believed"
    assert rows(place.town, Identity) == []


def test_a_code_without_its_verifier_is_worth_nothing(place: Abroad, ho: Browser) -> None:
    told = parse_qs(urlsplit(place.approve(place.go(ho))).query)
    form = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": ADDRESS + RETURN_PATH}
    url = f"{place.twin.issuer}/token"
    for verifier in ({}, {"code_verifier": "guessed"}):
        answer = requests.post(url, data={**form, **verifier}, auth=("us", "secret"), timeout=10)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
    assert requests.post(url, data=form, auth=("us", "wrong"), timeout=10).json() == {"error": "invalid_client"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "somebody-else"},
        {"aud": ["us", "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "https://elsewhere.example"},
        {"exp": (MORNING - timedelta(minutes=2)).timestamp()},
        {"iat": (MORNING + timedelta(minutes=2)).timestamp()},
        {"sub": "ka-yan"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_an_id_token_that_is_not_for_this_request_is_not_believed(tmp_path: Path, wrong: dict[str, Any]) -> None:
    class Crooked(Twin):
        def claims(self, grant: Grant) -> dict[str, Any]:
            return super().claims(grant) | wrong

    with abroad(tmp_path, Crooked) as place:
        ho = place.town.signed_in("ho")
        assert place.whole(ho) == "not_believed"
        assert ho.get("/api/identity")[1]["level"] == 0


def test_a_signature_by_another_key_is_not_believed(place: Abroad, ho: Browser) -> None:
    back = place.approve(place.go(ho))
    published = place.twin.key
    place.twin.key = RSAKey.generate_key(2048, {"kid": published.kid})
    place.twin.jwks = None  # type: ignore[assignment,method-assign]
    place.twin.app.view_functions["jwks"] = lambda: {"keys": [published.as_dict(private=False)]}
    assert place.come(ho, back) == "not_believed"


def test_a_profile_without_a_right_number_is_not_believed(tmp_path: Path) -> None:
    class Vague(Twin):
        def profile(self, person: str) -> dict[str, str]:
            return {NUMBER_CLAIM: "A123456(4)"}

    with abroad(tmp_path, Vague) as place:
        assert place.whole(place.town.signed_in("ho")) == "not_believed"


def test_a_provider_that_is_away_loses_nothing(tmp_path: Path) -> None:
    with abroad(tmp_path) as place:
        town, ho = place.town, place.town.signed_in("ho")
        back = place.approve(place.go(ho))
        stopped = Abroad(town, place.twin)
        port = urlsplit(place.twin.issuer).port
    with pytest.raises(requests.ConnectionError):
        requests.get(place.twin.issuer, timeout=10)
    assert code(ho.post("/api/identity/iam-smart")) == "identity.provider_away"
    assert stopped.come(ho, back) == "provider_away"
    assert ho.get("/api/identity")[0] == 200
    assert port is not None
    with served(below("/op", place.twin.app), port):
        assert stopped.whole(ho) == "done"
    town.world.db.close()


def test_a_provider_that_is_ill_is_away_and_one_that_talks_nonsense_is_not_believed(place: Abroad, ho: Browser) -> None:
    def answers(body: Any) -> None:
        place.twin.app.view_functions["discovery"] = lambda: body

    for told, refused in (
        (("ill", 503), "identity.provider_away"),
        (("no JSON", 200), "identity.not_believed"),
        (([1], 200), "identity.not_believed"),
        (("x" * 300_000, 200), "identity.not_believed"),
        (({"issuer": "https://elsewhere.example"}, 200), "identity.not_believed"),
        (("elsewhere", 302, {"Location": "https://elsewhere.example"}), "identity.not_believed"),
    ):
        answers(told)
        assert code(ho.post("/api/identity/iam-smart")) == refused


def test_keys_that_everybody_could_have_sign_nothing() -> None:
    key = RSAKey.generate_key(2048, {"kid": "one"})
    keys = {"keys": [key.as_dict(private=False)]}
    claims = {"iss": "i", "aud": "us", "sub": "s", "nonce": "n", "iat": 1, "exp": 2}
    assert claims_of(jwt.encode({"alg": "RS256", "kid": "one"}, claims, key), keys) == claims
    forged = signed_with_what_is_public(claims, key.as_pem(private=False))
    unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJpIn0."
    for token in (forged, unsigned, "", "a.b.c", "\u4e00"):
        assert claims_of(token, keys) is None
    for broken in ({}, {"keys": []}, {"keys": [{}]}, {"keys": 3}, []):
        assert claims_of(jwt.encode({"alg": "RS256", "kid": "one"}, claims, key), broken) is None


def test_a_token_holds_for_a_minute_beyond_its_end_since_clocks_differ() -> None:
    made = MORNING.timestamp()
    claims = {"iss": "i", "aud": ["us"], "sub": "s", "nonce": "n", "iat": made, "exp": made + 300}
    for seconds, holds in ((-61, False), (-60, True), (0, True), (359, True), (360, False)):
        assert is_for_us(claims, "i", "us", "n", MORNING + timedelta(seconds=seconds)) is holds


def test_the_twins_page_speaks_three_languages_and_its_people_have_right_numbers(place: Abroad, ho: Browser) -> None:
    address = place.go(ho)
    for asked, said in (("zh-HK", "替身"), ("zh-CN", "演示"), ("en", "Stand-in")):
        page = requests.get(address, headers={"Accept-Language": asked}, timeout=10)
        assert said in page.content.decode()
        assert all(person["name"] in page.text for person in PERSONS.values())
    assert all(card_number(person[NUMBER_CLAIM]) for person in PERSONS.values())


def test_the_twin_sends_nobody_to_an_address_that_it_does_not_know(place: Abroad, ho: Browser) -> None:
    address = place.go(ho).replace("redirect_uri=http", "redirect_uri=https")
    answer = requests.post(address, data={"person": PERSON}, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    unsafe = place.go(ho).replace("code_challenge_method=S256", "code_challenge_method=plain")
    answer = requests.get(unsafe, allow_redirects=False, timeout=10)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["invalid_request"]


def test_the_console_serves_the_twin_in_this_process(tmp_path: Path) -> None:
    clock = Clock()
    town = Town(World.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}", clock, iam_smart=CONSOLE), clock)
    town.world.person("ho")
    ho = town.signed_in("ho")
    address = urlsplit(ho.post("/api/identity/iam-smart")[1]["address"])
    assert f"{address.scheme}://{address.netloc}" == ADDRESS
    there = f"{address.path}?{address.query}"
    page: Any = ho.client.get(there, base_url=HTTPS)
    assert "CHAN Tai Man" in page.get_data(as_text=True)
    sent: Any = ho.client.post(there, base_url=HTTPS, data={"person": PERSON})
    answer: Any = ho.client.get(home(sent.headers["Location"]), base_url=HTTPS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/#/identity/done")
    assert ho.get("/api/identity")[1]["level"] == 2
    town.world.db.close()


def test_without_a_setting_there_is_no_such_way(tmp_path: Path) -> None:
    town = Town.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    town.world.person("ho")
    ho = town.signed_in("ho")
    assert ho.get("/api/identity")[1]["iam_smart"] is False
    assert code(ho.post("/api/identity/iam-smart")) == "identity.iam_smart_off"
    assert ho.get("/iam-smart-twin/jwks")[0] == 404
    assert connect("", ADDRESS) is None
    town.world.db.close()


@pytest.mark.parametrize(
    "setting", ["on", "https://issuer.example", "http://us:secret@issuer.example", "https://us:secret@i.example/?a=b", "https://us:secret@[::1"]
)  # fmt: skip
def test_a_setting_that_cannot_be_used_stops_the_start(setting: str) -> None:
    environ = {"EPLUS_KEYS": "k", "EPLUS_PEPPER": "p"}
    with pytest.raises(settings.SettingsError, match="EPLUS_IAM_SMART"):
        settings.read({**environ, "EPLUS_IAM_SMART": setting})
    assert settings.read({**environ, "EPLUS_IAM_SMART": "https://us:s%40@issuer.example/op"}).iam_smart


def test_a_counter_cannot_check_whom_iam_smart_has_checked(place: Abroad, ho: Browser) -> None:
    place.town.world.role(place.town.world.account("tam"), "counter")
    tam, shown = strong(place.town, "tam"), ho.post("/api/identity/code")[1]["code"]
    assert place.whole(ho) == "done"
    assert code(tam.post("/api/counter/look", {"code": shown})) == "identity.code_wrong"
