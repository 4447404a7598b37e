"""The command line, run as an operator runs it."""

import json
import os
import time
from datetime import datetime
from pathlib import Path

import pytest
import requests

from challenges_app.people.factors import actions as factors
from challenges_app.play.deliveries import actions, jobs
from tests.builders import RING, World
from tests.running import environment, eplus, process
from tests.servers import free_port

DATA = Path(__file__).parents[1] / "data"
WALK, TRUTH = DATA / "walk-hong-kong-park.json", DATA / "walk-hong-kong-park.truth.json"
BARE = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
COMMANDS = [
    ["serve"], ["worker"], ["db", "upgrade"], ["db", "check"], ["seed"], ["boards", "check"], ["boards", "rebuild"],
    ["parks", "build"], ["parks", "check"], ["geo", "replay"], ["openapi"], ["keys"], ["factors", "remove"],
    ["vendors", "serve"], ["vendors", "address"], ["deliveries", "list"], ["deliveries", "replay"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(words: list[str]) -> None:
    told = eplus(*words, "--help", env=BARE)
    assert told.returncode == 0
    assert "Example: eplus " + " ".join(words) in " ".join(told.stdout.split())


def test_replay_agrees_with_the_truth_and_needs_nothing() -> None:
    told = eplus("geo", "replay", str(WALK), "--json", env=BARE)
    found, truth = json.loads(told.stdout), json.loads(TRUTH.read_text())
    assert (found["verdict"], found["reasons"]) == (truth["verdict"], [])
    (visit,) = found["visits"]
    assert visit["park_id"] == truth["park_id"]
    for moment in ("entered_at", "left_at"):
        off = datetime.fromisoformat(visit[moment]) - datetime.fromisoformat(truth[moment])
        assert abs(off.total_seconds()) <= 20
    assert visit["seconds"] == pytest.approx(truth["seconds_inside_true_path"], rel=0.25)
    assert found["captures"]


def test_replay_finds_a_copy_of_an_earlier_trace() -> None:
    told = eplus("geo", "replay", str(WALK), "--after", str(WALK), "--json", env=BARE)
    assert json.loads(told.stdout)["verdict"] == "impossible"
    assert json.loads(told.stdout)["reasons"] == ["replayed"]


def test_replay_of_something_else_says_so_in_a_sentence() -> None:
    told = eplus("geo", "replay", __file__, env=BARE)
    assert told.returncode == 1
    assert told.stderr.startswith("Error: ")
    assert "Traceback" not in told.stderr


def test_parks_check_sees_the_parks_and_no_fault() -> None:
    told = eplus("parks", "check", "--json", env=BARE)
    found = json.loads(told.stdout)
    assert told.returncode == 0
    assert (found["parks"] >= 600, found["faults"]) == (True, 0)


def test_plain_http_is_not_served_to_the_world(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path / 'e.sqlite'}")
    told = eplus("serve", "--host", "0.0.0.0", env=env)  # noqa: S104 - that is what must be refused
    assert told.returncode == 1
    assert "--tls-behind" in told.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DATABASE_URL", "mysql://x"), ("REDIS_URL", "nonsense"), ("EPLUS_KEYS", "short"),
     ("EPLUS_PARKS", "/nowhere.geojson"), ("EPLUS_CURFEW", "22:00+08:00-06:00"), ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite"),
     ("EPLUS_TRACKERS", "withings?id=a"), ("EPLUS_VENDORS", "https://vendors.test"),
     ("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_stops_the_start_with_a_sentence(
    tmp_path: Path, setting: str, value: str
) -> None:
    url = f"sqlite:///{tmp_path / 'e.sqlite'}"
    World.on(url).db.close()
    told = eplus("serve", env={**environment(url), setting: value})
    assert told.returncode == 1
    assert told.stderr.startswith("Error: ")
    assert "Traceback" not in told.stderr


def test_stand_ins_for_vendors_say_with_which_settings_they_are_used(tmp_path: Path) -> None:
    log, port = tmp_path / "vendors.log", free_port()
    with process("vendors", "serve", "--port", str(port), env=environment("sqlite://"), log=log):
        until = time.monotonic() + 30
        while "EPLUS_TRACKERS" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        page = requests.get(f"http://127.0.0.1:{port}/account.withings.com/oauth2_user/authorize2", timeout=5)
    assert page.status_code == 200
    assert f"EPLUS_VENDORS='http://127.0.0.1:{port}'" in log.read_text()


def test_a_vendor_that_is_told_by_hand_is_told_an_address_that_stays_the_same(tmp_path: Path) -> None:
    env = {**environment(f"sqlite:///{tmp_path / 'e.sqlite'}"), "EPLUS_TRACKERS": "polar?id=a&secret=b&hook=c"}
    assert eplus("db", "upgrade", env=env).returncode == 0
    first, again = (eplus("vendors", "address", "polar", env=env).stdout for _ in range(2))
    assert "/api/vendors/polar/" in first
    assert first == again
    told = eplus("vendors", "address", "oura", env=env)
    assert (told.returncode, told.stderr.startswith("Error: EPLUS_TRACKERS does not name oura")) == (1, True)


def test_an_old_schema_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path / 'e.sqlite'}")
    told = eplus("serve", env=env)
    assert (told.returncode, "run `eplus db upgrade`" in told.stderr) == (1, True)
    assert json.loads(eplus("db", "check", "--json", env=env).stdout)["ok"] is False
    assert eplus("db", "upgrade", env=env).returncode == 0
    assert json.loads(eplus("db", "check", "--json", env=env).stdout)["ok"] is True


def test_what_came_is_listed_and_read_anew_without_saying_whose_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'e.sqlite'}"
    world = World.on(url)
    person = world.person()
    given = actions.receive(world.here, world.now(), person, [b"date,steps\n2026-11-01,7092\n"], None).delivery
    assert jobs.read_next(world.here)
    world.db.close()
    env = environment(url)
    [listed] = json.loads(eplus("deliveries", "list", "--state", "done", "--json", env=env).stdout)["deliveries"]
    assert (listed["id"], listed["provider"], listed["road"]) == (str(given["id"]), "csv_steps", "file")
    assert str(person) not in json.dumps(listed)
    assert json.loads(eplus("deliveries", "replay", listed["id"], "--json", env=env).stdout) == {"waiting": 1}
    assert "0 of 0" in eplus("deliveries", "replay", "--since", "2026-12-24", env=env).stdout
    assert eplus("deliveries", "replay", env=env).returncode == 2
    assert eplus("deliveries", "replay", "x", env=env).returncode == 1


def test_a_city_is_seeded_once_and_its_boards_are_right(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path / 'e.sqlite'}")
    eplus("db", "upgrade", env=env)
    first, again = (json.loads(eplus("seed", "--json", env=env).stdout) for _ in range(2))
    assert (first["seeded"], again["seeded"]) == (True, False)
    kept = [[{**each, "code": None} for each in told["sign_ins"]] for told in (first, again)]
    assert kept[0] == kept[1]
    assert [each["role"] for each in again["sign_ins"] if each["code"]] == ["staff", "clinician", "counter"]
    players = {"pupil", "parent", "adult"}
    assert {each["role"] for each in first["sign_ins"]} - players == {
        "teacher",
        "staff",
        "clinician",
        "booth",
        "counter",
    }
    assert json.loads(eplus("boards", "check", "--json", env=env).stdout) == {"ok": True, "differences": []}
    assert json.loads(eplus("boards", "rebuild", "--json", env=env).stdout)["events"] > 500


def test_an_operator_takes_lost_factors_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'e.sqlite'}"
    world, env = World.on(url), environment(url)
    account = world.account("officer")
    world.write(lambda tx: factors.give_app(tx, world.now(), RING, account, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"))
    world.db.close()
    counts = [json.loads(eplus("factors", "remove", "officer", "--json", env=env).stdout) for _ in range(2)]
    assert counts == [{"removed": 1}, {"removed": 0}]
    assert "Nobody signs in as nobody" in eplus("factors", "remove", "nobody", env=env).stderr


def test_fresh_keys_are_usable(tmp_path: Path) -> None:
    fresh = dict(line.split("=", 1) for line in eplus("keys", env=BARE).stdout.split())
    env = {**BARE, **fresh, "DATABASE_URL": f"sqlite:///{tmp_path / 'e.sqlite'}"}
    assert eplus("db", "upgrade", "--json", env=env).returncode == 0
