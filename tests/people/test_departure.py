"""Departure: forgotten after a week in which one may change one's mind, with the sums of all others unchanged."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from challenges_app import worker
from challenges_app.kit import rights
from challenges_app.people.access.actions import viewer
from challenges_app.people.departure import jobs, rules
from challenges_app.people.erasures.tables import Erasure
from challenges_app.people.households.tables import Household, HouseholdMember
from challenges_app.people.notices import jobs as notice_jobs
from challenges_app.people.notices.tables import Notice
from challenges_app.people.organisations import queries as organisations
from challenges_app.play.boards.actions import page
from challenges_app.play.deliveries import actions as deliveries
from challenges_app.play.deliveries.jobs import sweep
from challenges_app.play.standings.actions import differences
from challenges_app.play.standings.tables import Standing
from challenges_app.play.walks import actions as walks
from challenges_app.tables import METADATA
from tests.builders import CHALLENGE, RING
from tests.people.doors import Browser, Town, code

CHAN = {"password": "chanchan"}
SCHOOL = "528781"
SCHOOL_BOARD = f"{CHALLENGE}:all:player:{SCHOOL}"
CITY_BOARD = f"{CHALLENGE}:all:player:city"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with three grown-ups who have played, none of them in a family."""
    town = Town.on(database_url)
    drop = town.world.drop()
    for name, face in (("chan", ("laughing", "bulbul")), ("ho", ("wise", "egret")), ("lee", ("rainy", "crab"))):
        town.world.take(town.world.player(town.world.person(name, face=face)), drop)
    town.world.carry()
    yield town
    town.world.db.close()


def a_week_passes(town: Town) -> int:
    """Let the week of whoever asked pass, and the worker come by; answers how many were forgotten."""
    town.clock.pass_by(days=7)
    return jobs.erase(town.world.here)


def guardian(town: Town, name: str = "chan") -> tuple[Browser, str]:
    """A guardian with a child of nine; answers the browser and where the child's data is."""
    browser = town.signed_in(name)
    browser.post("/api/family")
    _, child = browser.post("/api/family/children", {"born_on": "2016-07-07", "consent": True})
    return browser, f"/api/family/children/{child['person_id']}"


def everything(town: Town) -> str:
    """All rows of all tables as a text in which an id can be looked for."""
    with town.world.db.reading() as conn:
        found = [str(tuple(row)) for table in METADATA.sorted_tables for row in conn.execute(select(table))]
    return "\n".join(found)


def rows(town: Town, table: Any) -> list[Any]:
    """All rows of a table."""
    with town.world.db.reading() as conn:
        return list(conn.execute(table.__table__.select()))


def board(town: Town, reader: str, board_id: str = CITY_BOARD) -> list[tuple[str, int, int]]:
    """A board as somebody sees it: names, places and points."""
    with town.world.db.reading() as conn:
        who = viewer(conn, town.clock(), RING, town.account(reader))
    lines = page(town.world.here, who, board_id, "total")["top"]
    return sorted((line["name"]["en"], line["place"], line["points"]) for line in lines)


def test_somebody_asks_changes_their_mind_and_asks_again(town: Town) -> None:
    chan = town.signed_in("chan")
    assert chan.me["erased_on"] is None
    assert chan.post("/api/profile/erasure", CHAN) == (202, {"erased_on": "2026-11-28"})
    town.clock.pass_by(days=2)
    assert chan.post("/api/profile/erasure", CHAN) == (202, {"erased_on": "2026-11-28"})
    assert chan.me["erased_on"] == "2026-11-28"
    assert chan.send("DELETE", "/api/profile/erasure")[0] == 204
    assert code(chan.send("DELETE", "/api/profile/erasure")) == "departure.not_asked"
    assert chan.me["erased_on"] is None
    assert a_week_passes(town) == 0
    assert chan.post("/api/profile/erasure", CHAN) == (202, {"erased_on": "2026-12-07"})
    told = [each["kind"] for each in chan.get("/api/profile/notices")[1]["notices"]]
    assert [each for each in told if each.startswith("erasure")] == ["erasure.asked", "erasure.kept", "erasure.asked"]


def test_asking_needs_the_password(town: Town) -> None:
    chan = town.signed_in("chan")
    assert code(chan.post("/api/profile/erasure", {"password": "wrong"})) == "session.wrong"
    assert code(town.browser().post("/api/profile/erasure", CHAN)) == "session.none"
    assert rows(town, Erasure) == []


def test_during_the_week_everything_works(town: Town) -> None:
    chan = town.signed_in("chan")
    chan.post("/api/profile/erasure", CHAN)
    town.clock.pass_by(days=6, hours=23)
    assert jobs.erase(town.world.here) == 0
    again = town.browser()
    assert again.sign_in("chan")[1]["me"]["erased_on"] == "2026-11-28"
    assert again.get("/api/today")[0] == 200
    assert board(town, "ho")[0][0] == "Clever Egret"
    assert len(board(town, "ho")) == 3


def test_after_the_week_nothing_of_them_is_left_and_the_sums_stay(town: Town) -> None:
    chan = town.signed_in("chan")
    town.world.family(town.person("chan"), town.person("ho"))
    person = town.person("chan")
    town.world.steps(person, {date(2026, 11, 20): 9_000})
    with town.world.db.reading() as conn:
        who = rights.somebody(conn, METADATA, "person", person)
        sums = {row.subject: row.points for row in conn.execute(select(Standing.subject, Standing.points))}
    before = [(place, points) for _, place, points in board(town, "ho")]
    chan.post("/api/profile/erasure", CHAN)
    assert a_week_passes(town) == 1
    left = everything(town)
    for kind in ("person", "account"):
        [gone] = who[kind]
        assert str(gone) not in left
        assert gone.hex not in left
    with town.world.db.reading() as conn:
        assert {table.name for table in rights.personal_tables(METADATA) if rights.rows_about(conn, table, who)} == {
            "score_event",
            "coin_entry",
            "standing",
        }
    with town.world.db.reading() as conn:
        assert differences(conn) == []
        assert sums == {row.subject: row.points for row in conn.execute(select(Standing.subject, Standing.points))}
    after = board(town, "ho")
    assert sorted((place, points) for _, place, points in after) == sorted(before)
    assert [name for name, _, _ in after] == ["A player who has left", "Clever Egret", "Rain-loving Fiddler Crab"]
    assert chan.me is None
    assert code(town.browser().sign_in("chan")) == "session.wrong"
    assert [each.person_id for each in rows(town, HouseholdMember)] == [town.person("ho")]
    assert jobs.erase(town.world.here) == 0


def test_a_board_that_was_looked_at_a_moment_ago_forgets_the_face_at_once(town: Town) -> None:
    """Consents and places are kept in memory for a day; a face must not be."""
    (class_id,) = town.world.school()
    pupil, mate = (town.world.person(name, date(2016, 1, 1)) for name in ("mei", "wing"))
    for each in (pupil, mate):
        town.world.enrol(each, class_id)
        town.world.take(town.world.player(each, child=True, school_id=SCHOOL), town.world.drop())
    town.world.carry()
    home = town.world.family(town.person("chan"), pupil)
    chan = town.signed_in("chan")
    assert chan.post(f"/api/family/children/{pupil}/erasure", CHAN)[0] == 202
    town.clock.pass_by(days=7)
    seen = board(town, "wing", SCHOOL_BOARD)
    assert jobs.erase(town.world.here) == 1
    assert [points for _, _, points in board(town, "wing", SCHOOL_BOARD)] == [points for _, _, points in seen]
    assert "A player who has left" in {name for name, _, _ in board(town, "wing", SCHOOL_BOARD)}
    assert [each.id for each in rows(town, Household)] == [home]


def test_a_letter_says_that_it_is_done_and_its_address_is_forgotten_too(town: Town) -> None:
    fong = town.browser()
    born = {"born_on": "1988-03-03", "language": "en"}
    fong.post("/api/accounts", {"name": "fong@example.hk", "password": "three blue bulbuls", **born})
    [letter] = town.post()
    assert fong.post("/api/links/sign-up", {"token": letter.token, "password": "three blue bulbuls"})[0] == 200
    fong.post("/api/profile/erasure", {"password": "three blue bulbuls"})
    assert ["will be erased on 2026-11-28" in each.subject for each in town.post()] == [True]
    assert a_week_passes(town) == 1
    assert [(each.to, each.subject) for each in town.post()] == [("fong@example.hk", "Erased")]
    town.clock.pass_by(days=1, minutes=1)
    notice_jobs.forget_links(town.world.here)
    assert rows(town, Notice) == []


def test_the_only_guardian_goes_after_the_children_or_after_another_has_joined(town: Town) -> None:
    chan, child = guardian(town)
    assert code(chan.post("/api/profile/erasure", CHAN)) == "departure.last_guardian"
    assert [each["obstacle"] for each in chan.get("/api/data")[1]["people"]] == ["last_guardian", None]
    assert chan.post(f"{child}/erasure", CHAN)[0] == 202
    assert chan.post("/api/profile/erasure", CHAN)[0] == 202
    assert a_week_passes(town) == 2
    assert (rows(town, Household), rows(town, HouseholdMember)) == ([], [])

    ho, _ = guardian(town, "ho")
    _, invited = ho.post("/api/family/invites", {"role": "guardian"})
    assert town.signed_in("lee").post("/api/family/join", {"code": invited["code"]})[0] == 200
    assert ho.post("/api/profile/erasure", {"password": "hoho"})[0] == 202
    refused = town.signed_in("lee").post("/api/profile/erasure", {"password": "leelee"})
    assert code(refused) == "departure.last_guardian"


def test_whoever_would_leave_a_child_alone_by_then_is_put_off_and_told_once(town: Town) -> None:
    chan, child = guardian(town)
    chan.post(f"{child}/erasure", CHAN)
    chan.post("/api/profile/erasure", CHAN)
    assert chan.send("DELETE", f"{child}/erasure")[0] == 204
    assert a_week_passes(town) == 0
    assert chan.me["erased_on"] == "2026-11-29"
    town.clock.pass_by(days=1)
    assert jobs.erase(town.world.here) == 0
    told = [each["kind"] for each in chan.get("/api/profile/notices")[1]["notices"]]
    assert told.count("erasure.put-off") == 1
    chan.post(f"{child}/erasure", CHAN)
    assert a_week_passes(town) == 2


def test_the_last_admin_of_an_organisation_hands_it_over_first(town: Town) -> None:
    town.world.role(town.account("chan"), "admin")
    chan = town.signed_in("chan")
    assert code(chan.post("/api/profile/erasure", CHAN)) == "departure.last_admin"
    with town.world.db.reading() as conn:
        [where] = organisations.others_in_role(conn, town.account("chan"), "admin", town.clock())
    held = {"account_id": town.account("ho"), "organisation_id": where, "role": "admin", "since": town.clock()}
    town.world.write(lambda tx: organisations.add_membership(tx, {**held, "until": None}))
    assert chan.post("/api/profile/erasure", CHAN)[0] == 202
    assert code(town.signed_in("ho").post("/api/profile/erasure", {"password": "hoho"})) == "departure.last_admin"
    assert a_week_passes(town) == 1


def test_a_guardian_lets_a_child_go_and_nobody_else_does(town: Town) -> None:
    chan, child = guardian(town)
    card = chan.post(f"{child}/card")[1]["code"]
    mei = town.browser()
    mei.post("/api/session/card", {"code": card})
    assert code(mei.send("DELETE", "/api/profile/erasure")) == "departure.by_guardian"
    assert code(town.signed_in("ho").post(f"{child}/erasure", {"password": "hoho"})) == "person.unknown"
    assert chan.post(f"{child}/erasure", CHAN)[0] == 202
    assert mei.me["erased_on"] == "2026-11-28"
    assert code(mei.send("DELETE", f"{child}/erasure")) == "person.unknown"
    assert code(town.signed_in("ho").send("DELETE", f"{child}/erasure")) == "person.unknown"
    assert a_week_passes(town) == 1
    assert mei.me is None
    [done, *_] = chan.get("/api/profile/notices")[1]["notices"]
    assert done["kind"] == "erasure.done"


def test_no_notice_of_others_keeps_the_id_of_somebody_forgotten(town: Town) -> None:
    chan, child = guardian(town)
    for _ in range(2):
        card = chan.post(f"{child}/card")[1]["code"]
        assert town.browser().post("/api/session/card", {"code": card})[0] == 200
    with town.world.db.reading() as conn:
        gone = rights.somebody(conn, METADATA, "person", UUID(child.rpartition("/")[2]))
    assert "device.child" in str(chan.get("/api/profile/notices")[1])
    chan.post(f"{child}/erasure", CHAN)
    assert a_week_passes(town) == 1
    kept = everything(town)
    assert [each for ids in gone.values() for each in ids if each.hex in kept or str(each) in kept] == []


def test_staff_without_a_person_are_told_that_this_is_not_for_them(town: Town) -> None:
    town.world.role(town.world.account("officer"), "member")
    officer = town.signed_in("officer")
    assert code(officer.post("/api/profile/erasure", {"password": "officerofficer"})) == "access.not_for_you"
    assert officer.get("/api/data") == (200, {"people": []})


def test_a_change_of_mind_and_the_worker_at_once_leave_one_winner(town: Town) -> None:
    for name in ("chan", "ho", "lee"):
        browser, ready = town.signed_in(name), Barrier(3)
        browser.post("/api/profile/erasure", {"password": name * 2})
        town.clock.pass_by(days=7)

        def change(browser: Browser = browser, ready: Barrier = ready) -> int:
            ready.wait(20)
            return browser.send("DELETE", "/api/profile/erasure")[0]

        def work(ready: Barrier = ready) -> int:
            ready.wait(20)
            return jobs.erase(town.world.here)

        with ThreadPoolExecutor(3) as pool:
            kept, *erased = [each.result(60) for each in [pool.submit(change), pool.submit(work), pool.submit(work)]]
        assert (kept, sum(erased)) in {(204, 0), (409, 1), (401, 1), (403, 1)}
        assert (town.browser().sign_in(name)[0] == 200) is (kept == 204)
    with town.world.db.reading() as conn:
        assert differences(conn) == []


def test_a_file_that_nobody_owns_any_more_cannot_be_opened_and_is_swept_away(town: Town) -> None:
    chan, person = town.signed_in("chan"), town.person("chan")
    deliveries.receive(town.world.here, town.clock(), person, [b"date,steps\n2026-11-01,7092\n"], None)
    chan.post("/api/profile/erasure", CHAN)
    assert a_week_passes(town) == 1
    later = town.clock() + timedelta(days=400 * 365)
    assert len(town.world.here.files.names_older_than(later)) == 1
    town.clock.pass_by(days=3650)  # files are dated by the machine's clock
    assert sweep(town.world.here) == 1
    assert town.world.here.files.names_older_than(later) == []


def test_a_child_for_whom_nobody_came_in_thirty_days_is_forgotten(town: Town) -> None:
    (class_id,) = town.world.school()
    people = {
        "waits": town.world.person("waits", date(2016, 7, 7), consent=False),
        "agreed": town.world.person("agreed", date(2016, 7, 7)),
        "taken-in": town.world.person("taken-in", date(2016, 7, 7), consent=False),
        "grown": town.world.person("grown", date(2008, 7, 7), consent=False),
    }
    for person in people.values():
        town.world.enrol(person, class_id)
    town.world.person("elsewhere", date(2016, 7, 7), consent=False)  # in no class
    town.world.family(town.person("ho"), people["taken-in"])
    town.clock.pass_by(days=29, hours=23)
    assert jobs.erase_unclaimed(town.world.here) == 0
    town.clock.pass_by(hours=2)
    assert jobs.erase_unclaimed(town.world.here) == 1
    assert town.browser().sign_in("waits")[0] == 401
    for name in ("agreed", "taken-in", "grown", "elsewhere"):
        assert town.signed_in(name).me is not None
    assert jobs.erase_unclaimed(town.world.here) == 0


def test_what_is_kept_is_told_to_everybody_in_three_languages(town: Town) -> None:
    status, told = town.browser().get("/api/retention")
    assert status == 200
    assert [each["key"] for each in told["kept"]] == [each.key for each in rules.KEPT]
    of = {each["key"]: each for each in told["kept"]}
    assert of["sessions"]["how_long"] == {"zh-Hant": "30 日", "zh-Hans": "30 天", "en": "30 days"}
    assert "10 minutes" in of["positions"]["how_long"]["en"]
    assert not [each for each in told["kept"] if "{" in str(each["how_long"].values())]


def test_old_notices_and_invitations_are_forgotten(town: Town) -> None:
    town.signed_in("chan").post("/api/profile/erasure", CHAN)
    town.signed_in("chan").send("DELETE", "/api/profile/erasure")
    kept = len(rows(town, Notice))
    assert kept > 0
    town.clock.pass_by(days=364)
    assert (jobs.forget(town.world.here), len(rows(town, Notice))) == (0, kept)
    town.clock.pass_by(days=1)
    assert (jobs.forget(town.world.here), rows(town, Notice)) == (kept, [])


def test_the_table_of_what_is_kept_is_what_the_worker_does() -> None:
    """A promise without a job is kept by nobody."""
    promised = {job for each in rules.KEPT for job in each.jobs}
    assert promised <= worker.JOBS.keys()
    assert notice_jobs.LINKS_LAST == rules.LETTERS_LAST
    assert timedelta(seconds=walks.REMEMBERED_S) == rules.WALKS_LAST
    tables = {table for each in rules.KEPT for table, *_ in each.rows}
    assert tables <= METADATA.tables.keys()


def test_the_operators_table_says_the_same() -> None:
    """Two lists of what is kept would soon be two answers."""
    text = (Path(__file__).parents[2] / "docs" / "operate.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z_]+)` \|", text.partition("## What is kept about people")[2], re.MULTILINE)
    assert listed == [each.key for each in rules.KEPT]
