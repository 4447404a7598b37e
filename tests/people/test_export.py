"""Exports: everything about a person is in the zip, opened and readable, and nothing of anybody else."""

import csv
import io
import json
import os
import stat
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Table, select
from sqlalchemy.engine import Connection

from challenges_app.kit import rights
from challenges_app.kit.archive import as_csv
from challenges_app.kit.db import Instant, Tx
from challenges_app.people.accounts.actions import make_card
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.companions import queries as companions
from challenges_app.people.exports.actions import gather
from challenges_app.people.persons.rules import nickname
from challenges_app.tables import METADATA
from integrations.days import SourceDay
from tests.builders import MORNING, RING, World
from tests.people.doors import HTTPS, Browser, Town, code
from tests.people.second_steps import set_up_app
from tests.people.test_identity import strong
from tests.running import environment, eplus

HOURS = (0,) * 9 + (812, 1430) + (0,) * 13
ON = date(2026, 11, 20)


@pytest.fixture
def town(database_url: str) -> Any:
    """A town with a mother who plays, a father, and somebody else who does all that she does."""
    town = Town.on(database_url)
    (class_id,) = town.world.school()
    for name, face in (("chan", ("laughing", "bulbul")), ("ho", ("wise", "egret")), ("lee", ("rainy", "crab"))):
        person = town.world.person(name, face=face)
        town.world.enrol(person, class_id)
    town.world.family(town.person("chan"), town.person("ho"))
    town.world.role(town.world.account("officer"), "member")
    yield town
    town.world.db.close()


def zipped(browser: Browser, path: str = "/api/profile/export", password: str = "chanchan") -> zipfile.ZipFile:
    """The zip that a door gives."""
    answer = browser.client.post(path, json={"password": password}, base_url=HTTPS)
    assert answer.status_code == 200, answer.get_data()
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="eplus-life-2026-11-21.zip"'
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def rows(found: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a zip."""
    return list(json.loads(found.read(f"data/{table}.json")))


def names(town: Town, name: str) -> dict[str, Any]:
    """The ids of somebody, by kind."""
    with town.world.db.reading() as conn:
        who = rights.somebody(conn, METADATA, "account", town.account(name))
    return {kind: next(iter(found)) for kind, found in who.items()}


def live(town: Town, name: str) -> Browser:
    """Everything that is kept of somebody who plays, made by its own doors; answers their browser."""
    world, person = town.world, town.person(name)
    with world.db.reading() as conn:
        [home] = conn.execute(select(METADATA.tables["household_member"].c.household_id).limit(1)).scalars()
    world.walking(ON, 7, challenge_id=f"walk-of-{name}")
    world.take(world.player(person, household_id=home, school_id="528781"), world.drop())
    world.steps(person, {ON: SourceDay(HOURS)}, source=f"phone of {name}")
    world.carry()
    world.write(lambda tx: make_card(tx, world.now(), town.account(name)))
    browser = town.signed_in(name)
    assert browser.post("/api/profile/erasure", {"password": name * 2})[0] == 202
    return browser


def fill(tx: Tx, mine: dict[str, Any], other: dict[str, Any], mark: str) -> None:
    """A row about somebody in every table of persons in which they have none yet."""
    for table in rights.personal_tables(METADATA):
        if not rights.rows_about(tx.conn, table, {kind: {name} for kind, name in mine.items()}):
            tx.execute(table.insert(), _row(tx.conn, table, mine, other, mark))


def _row(conn: Connection, table: Table, mine: dict[str, Any], other: dict[str, Any], mark: str) -> dict[str, Any]:
    whose = (table.info["rights"]["by"][0], *table.info["rights"]["ties"])
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = rights.kind_of(table, column)
        if kind in mine:
            row[column.name] = mine[kind] if column.name in whose else other[kind]
        elif column.foreign_keys:
            [key] = column.foreign_keys
            row[column.name] = conn.execute(select(key.column).limit(1)).scalar()
        elif column.autoincrement is not True:
            row[column.name] = _value(column, mark)
    for column in table.columns:
        if "opens" in column.info:
            by = row[column.info["opens"]]
            text = json.dumps([mark]) if column.info["as_json"] else mark
            place = by.hex() if isinstance(by, bytes) else by
            row[column.name] = RING.seal(text, table.name, place, column.name.removesuffix("_sealed"))
    return row


def _value(column: Any, mark: str) -> Any:
    if forms := column.info.get("packed"):
        form = forms[0]
        return struct.pack(form, *HOURS[: len(struct.unpack(form, bytes(struct.calcsize(form))))])
    if isinstance(column.type, JSON):
        return [mark]
    if isinstance(column.type, Instant):
        return MORNING
    made: dict[type, Any] = {bytes: os.urandom(16), date: ON, int: 7, float: 0.5, bool: True}
    made |= {UUID: uuid4(), str: f"{mark}{uuid4().hex}"[: getattr(column.type, "length", None) or 60]}
    return made[column.type.python_type]


def test_a_person_finds_every_table_that_holds_anything_of_theirs(town: Town) -> None:
    _, _, browser = live(town, "chan"), live(town, "lee"), strong(town, "chan")
    chan, lee = names(town, "chan"), names(town, "lee")
    town.world.write(lambda tx: fill(tx, chan, lee, "my"))
    found = zipped(browser)
    for table in rights.personal_tables(METADATA):
        told = rows(found, table.name)
        assert told, f"nothing of {table.name} is in the zip"
        columns = {each.name.removesuffix("_sealed") for each in table.columns if "left_out" not in each.info}
        assert columns - {"values"} <= told[0].keys(), table.name
        header, *lines = csv.reader(io.StringIO(found.read(f"data/{table.name}.csv").decode("utf-8-sig")))
        assert (header, len(lines)) == (list(told[0]), len(told))


def test_nothing_of_anybody_else_is_in_it_but_nicknames(town: Town) -> None:
    _, _, browser = live(town, "chan"), live(town, "lee"), strong(town, "chan")
    chan, lee = names(town, "chan"), names(town, "lee")
    town.world.write(lambda tx: fill(tx, lee, chan, "unhappy"))
    town.world.write(lambda tx: fill(tx, chan, lee, "my"))
    found = zipped(browser)
    everything = "".join(found.read(each).decode() for each in found.namelist())
    theirs = [str(each) for each in [*lee.values(), *names(town, "ho").values()]]
    assert [each for each in [*theirs, "phone of lee", '"lee"', '"ho"', "walk-of-lee"] if each in everything] == []
    [met] = rows(found, "companion")
    assert {met["person_id"], met["companion_id"]} == {str(chan["person"]), "愛雨天的招潮蟹"}


def test_only_those_are_named_whom_the_screens_name(town: Town) -> None:
    """Somebody met who has not agreed yet, the other side's guardian, and a carer of before stay somebody."""
    chan, lee, ho = (town.person(name) for name in ("chan", "lee", "ho"))
    wong, since, then = (
        town.world.person("wong"),
        town.clock(),
        {"ended_at": town.clock(), "until": None, "used_at": None},
    )

    def meet(tx: Tx) -> None:
        companions.meet(tx, chan, lee, since)
        companions.agree(tx, chan, lee, since, chan, None)
        link = {"id": uuid4(), "person_id": chan, "carer_id": lee, "kind": "friend", "scopes": [], "since": since}
        care_links.add_link(tx, {**link, "state": "ended", "evidence": "both-sides", **then})

    town.world.write(meet)
    browser, name = town.signed_in("chan"), "愛雨天的招潮蟹"
    found = zipped(browser)
    assert name not in "".join(found.read(each).decode() for each in found.namelist())
    town.world.write(lambda tx: companions.agree(tx, lee, chan, since, wong, None))
    met = rows(zipped(browser), "companion")
    assert {(each["person_id"], each["companion_id"], each["agreed_by"]) for each in met} == {
        (str(chan), name, str(chan)),
        (name, str(chan), "其他人"),
    }
    town.world.write(lambda tx: companions.agree(tx, chan, lee, since, ho, None))
    assert nickname("wise", "egret")["zh-Hant"] in str(rows(zipped(browser), "companion"))


def test_what_is_sealed_packed_or_in_another_zone_is_readable(town: Town) -> None:
    found = zipped(live(town, "chan"))
    [day] = rows(found, "step_day")
    assert (day["hours"], day["on"]) == (list(HOURS), "2026-11-20")
    [source] = rows(found, "step_source")
    assert source["name"] == "phone of chan"
    [account] = rows(found, "account")
    assert (account["name"], account["created_at"]) == ("chan", "2026-11-21T10:00:00+08:00")
    told = json.loads(found.read("person.json"))
    assert (told["born_on"], told["family"]["role"], told["class"]) == ("1990-05-17", "guardian", "4A")
    assert [each["nickname"]["en"] for each in told["family"]["members"]] == ["Laughing Bulbul", "Clever Egret"]


def test_notices_are_told_as_their_texts(town: Town) -> None:
    chan = town.signed_in("chan")
    chan.post("/api/profile/erasure", {"password": "chanchan"})
    told = rows(zipped(chan), "notice")
    assert any("2026-11-28" in each["text"] and "愛笑的紅耳鵯" in each["subject"] for each in told)


def test_secrets_are_left_out_and_named_with_the_reason_in_three_languages(town: Town) -> None:
    found = zipped(town.signed_in("chan"))
    assert "argon2" not in "".join(found.read(each).decode() for each in found.namelist())
    readme = found.read("README.txt").decode("utf-8-sig")
    assert "account.password_hash: a secret of signing in" in readme
    assert readme.count("account.password_hash") == 3
    assert readme.count("person.key_sealed") == 3


def test_an_export_needs_the_password_and_is_not_asked_for_without_end(town: Town) -> None:
    chan = town.signed_in("chan")
    assert code(chan.post("/api/profile/export", {"password": "wrong"})) == "session.wrong"
    for _ in range(9):
        zipped(chan)
    assert code(chan.post("/api/profile/export", {"password": "chanchan"})) == "rate.too_many"
    assert code(town.browser().post("/api/profile/export", {"password": "chanchan"})) == "session.none"


def test_whoever_has_a_second_factor_proves_it_before_taking_or_ending_everything(town: Town) -> None:
    """The zip holds an identity card's number in the clear; a found phone and its owner's password are not enough."""
    chan = town.signed_in("chan")
    app, _ = set_up_app(town, chan, "chan")
    town.clock.pass_by(hours=13)
    for what in ("export", "erasure"):
        told = chan.post(f"/api/profile/{what}", {"password": "chanchan"})
        assert (told[0], code(told)) == (403, "factor.prove_first")
    assert chan.post("/api/session/strong", {"code": app.code()})[0] == 200
    zipped(chan)


def test_a_guardian_takes_a_childs_data_and_nobody_else_does(town: Town) -> None:
    chan, lee = town.signed_in("chan"), town.signed_in("lee")
    _, child = chan.post("/api/family/children", {"born_on": "2016-07-07", "consent": True})
    path = f"/api/family/children/{child['person_id']}/export"
    told = json.loads(zipped(chan, path).read("person.json"))
    assert (told["born_on"], told["nickname"]) == ("2016-07-07", child["name"])
    assert code(lee.post(path, {"password": "leelee"})) == "person.unknown"
    assert code(chan.post(path, {"password": "wrong"})) == "session.wrong"
    card = chan.post(f"/api/family/children/{child['person_id']}/card")[1]["code"]
    mei = town.browser()
    mei.post("/api/session/card", {"code": card})
    assert mei.get("/api/data")[1] == {"people": []}
    assert [each["me"] for each in chan.get("/api/data")[1]["people"]] == [True, False]


def test_staff_without_a_person_take_what_their_account_holds(town: Town) -> None:
    found = zipped(town.signed_in("officer"), password="officerofficer")
    assert json.loads(found.read("person.json"))["sign_in_name"] == "officer"
    assert [each["role"] for each in rows(found, "membership")] == ["member"]


def test_a_cell_that_a_spreadsheet_would_work_out_is_only_text() -> None:
    told = as_csv([{"a": "=1+1", "b": "@SUM(A1)", "c": -5, "d": " +1", "e": "fine", "f": ["=1"]}])
    [line] = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert line == {"a": "'=1+1", "b": "'@SUM(A1)", "c": "-5", "d": "' +1", "e": "fine", "f": '["=1"]'}


def test_the_same_zip_is_made_from_either_end(town: Town) -> None:
    """A person is found by their account and by themselves; a child has only the one way."""
    with town.world.db.reading() as conn:
        by_account = gather(conn, MORNING, RING, "account", town.account("chan"), "en")
        by_person = gather(conn, MORNING, RING, "person", town.person("chan"), "en")
    assert by_account == by_person


def test_an_operator_makes_the_same_zip_for_somebody_who_cannot(sqlite_world: World, tmp_path: Path) -> None:
    sqlite_world.person("chan")
    env = environment(sqlite_world.db.engine.url.render_as_string(hide_password=False))
    made = tmp_path / "chan.zip"
    done = eplus("export", "chan", "--to", str(made), "--json", env=env)
    assert (done.returncode, json.loads(done.stdout)["tables"]) == (0, {"account": 1, "person": 1}), done.stderr
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert json.loads(zipfile.ZipFile(made).read("person.json"))["sign_in_name"] == "chan"
    again = eplus("export", "chan", "--to", str(made), env=env)
    assert (again.returncode, "Cannot write" in again.stderr) == (1, True)
    nobody = eplus("export", "nobody", env=env)
    assert (nobody.returncode, "Nobody signs in as nobody" in nobody.stderr) == (1, True)
