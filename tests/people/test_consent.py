"""Consent: a child plays while a guardian agrees, and not a moment longer."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from challenges_app.people.consents.tables import Consent
from challenges_app.people.family.jobs import tell_of_hand_over
from challenges_app.people.persons.rules import turns
from challenges_app.play.deliveries.jobs import read_next
from challenges_app.play.players.actions import faces
from challenges_app.play.standings.jobs import check
from tests.builders import CHALLENGE, MORNING, RING
from tests.people.doors import Browser, Town, code

SCHOOL = "528781"
TEN = date(2016, 7, 7)
BIRTHDAY = date(2010, 12, 1)  # turns 16 in ten days
PLAYER = [
    ("POST", "/api/fixes"), ("POST", "/api/captures"), ("GET", "/api/steps/days/2026-11-21"),
    ("GET", "/api/steps/months/2026-11"), ("DELETE", "/api/steps/sources/1"), ("POST", "/api/steps/files"),
    ("GET", "/api/steps/deliveries"), ("PUT", "/api/profile/face"),
]  # fmt: skip


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with a mother, chan, and her child, mei, for whom nobody has agreed yet."""
    town = Town.on(database_url)
    chan, mei = town.world.person("chan"), town.world.person("mei", born=TEN, consent=False)
    town.world.family(chan, mei)
    yield town
    town.world.db.close()


def child_of(guardian: Browser) -> str:
    """The path of a guardian's first child."""
    members = guardian.get("/api/family")[1]["family"]["members"]
    return f"/api/family/children/{next(each['person_id'] for each in members if each['group'] == 'child')}"


@pytest.mark.parametrize(("method", "path"), PLAYER)
def test_a_child_for_whom_nobody_agreed_comes_through_no_door_of_play(town: Town, method: str, path: str) -> None:
    status, body = town.signed_in("mei").send(method, path, {})
    assert (status, body["error"]["code"]) == (403, "consent.missing")
    assert "Ask them" in body["error"]["message"]


def test_a_waiting_child_is_told_so_and_sees_no_players(town: Town) -> None:
    (class_id,) = town.world.school(SCHOOL)
    mei = town.signed_in("mei")
    town.world.enrol(town.person("mei"), class_id)
    assert mei.me["waiting_for_consent"] is True
    status, today = mei.get("/api/today")
    assert (status, {each["subject"] for each in today["boards"]}) == (200, {"household", "school"})
    assert code(mei.get(f"/api/boards/{CHALLENGE}:all:player:{SCHOOL}")) == "board.unknown"


def test_a_guardian_agrees_and_withdraws_and_both_hold_at_once(town: Town) -> None:
    mei, chan = town.signed_in("mei"), town.signed_in("chan")
    child = child_of(chan)
    assert chan.post(f"{child}/consent")[1]["consent"] is True
    assert mei.me["waiting_for_consent"] is False
    assert mei.get("/api/steps/months/2026-11")[0] == 200
    assert chan.send("DELETE", f"{child}/consent")[1]["consent"] is False
    assert code(mei.get("/api/steps/months/2026-11")) == "consent.missing"


def test_what_was_agreed_is_kept_with_its_end(town: Town) -> None:
    chan = town.signed_in("chan")
    child = child_of(chan)
    for _ in range(2):
        chan.post(f"{child}/consent")
        town.clock.pass_by(days=1)
    for _ in range(2):
        chan.send("DELETE", f"{child}/consent")
        town.clock.pass_by(days=1)
    chan.post(f"{child}/consent")
    with town.world.db.reading() as conn:
        rows = conn.execute(select(Consent).order_by(Consent.given_at)).all()
    assert [(row.given_at, row.withdrawn_at) for row in rows] == [
        (MORNING, MORNING + timedelta(days=2)),
        (MORNING + timedelta(days=4), None),
    ]


def test_nobody_of_sixteen_needs_consent(town: Town) -> None:
    town.world.person("ming", born=BIRTHDAY, consent=False)
    ming = town.signed_in("ming")
    assert ming.me["waiting_for_consent"] is True
    town.clock.moment = turns(16, BIRTHDAY) - timedelta(seconds=1)
    assert ming.me["waiting_for_consent"] is True
    town.clock.pass_by(seconds=1)
    assert ming.me["waiting_for_consent"] is False
    assert ming.get("/api/steps/months/2026-11")[0] == 200


def school_of_six(town: Town) -> dict[str, UUID]:
    """Six pupils of a school who play, mei the keenest; answers players by name."""
    world, (class_id,) = town.world, town.world.school(SCHOOL)
    names = ["mei", "wing", "lok", "yan", "hei", "sum"]
    found = {}
    for at, name in enumerate(names):
        person = town.person(name) if name == "mei" else world.person(name, born=TEN)
        world.enrol(person, class_id)
        player = world.player(person, child=True, school_id=SCHOOL)
        for _ in range(len(names) - at):
            world.take(player, world.drop())
        found[name] = player.player_id
    world.carry()
    return found


def test_a_withdrawn_child_leaves_the_board_at_once_and_the_sums_stay(town: Town) -> None:
    chan = town.signed_in("chan")
    child, players = child_of(chan), school_of_six(town)
    chan.post(f"{child}/consent")
    wing = town.signed_in("wing")
    pupils, schools = (f"/api/boards/{CHALLENGE}:all:{each}" for each in (f"player:{SCHOOL}", "school:city"))
    assert [each["subject"] for each in wing.get(pupils)[1]["top"]][:2] == [str(players["mei"]), str(players["wing"])]
    before = wing.get(schools)[1]["top"]
    chan.send("DELETE", f"{child}/consent")
    _, told = wing.get(pupils)
    assert str(players["mei"]) not in {each["subject"] for each in told["top"]}
    assert (told["top"][0]["subject"], told["top"][0]["place"]) == (str(players["wing"]), 1)
    assert str(players["mei"]) not in {each["subject"] for each in wing.get(f"{pupils}/me")[1]["around"]}
    assert wing.get(schools)[1]["top"] == before
    with town.world.db.reading() as conn:
        shown = faces(conn, town.world.now(), RING, players.values())
    assert [name for name, player in players.items() if shown[player].avatar is None] == ["mei"]
    assert check(town.world.here) == 0


def test_one_for_whom_it_is_given_again_comes_back_with_the_boards_next_change(town: Town) -> None:
    chan = town.signed_in("chan")
    child, players = child_of(chan), school_of_six(town)
    for method in ("POST", "DELETE", "POST"):
        chan.send(method, f"{child}/consent")
    wing, board = town.signed_in("wing"), f"/api/boards/{CHALLENGE}:all:player:{SCHOOL}"
    town.clock.pass_by(minutes=1)
    assert wing.get(board)[1]["top"][0]["subject"] == str(players["mei"])


def test_a_file_that_waits_is_not_read_once_nobody_agrees(town: Town) -> None:
    chan, mei = town.signed_in("chan"), town.signed_in("mei")
    child = child_of(chan)
    chan.post(f"{child}/consent")
    given = mei.client.post("/api/steps/files", data=b"date,steps\n2026-11-20,9000\n", base_url="https://eplus.test")
    assert given.status_code == 202
    chan.send("DELETE", f"{child}/consent")
    assert read_next(town.world.here)
    chan.post(f"{child}/consent")
    [delivery] = mei.get("/api/steps/deliveries")[1]["deliveries"]
    assert delivery["state"] == "cancelled"
    assert mei.get("/api/steps/days/2026-11-20")[1]["steps"] is None


def test_a_person_who_is_not_there_and_one_who_is_not_mine_sound_alike(town: Town) -> None:
    town.world.person("ho")
    town.world.person("wing", born=TEN)
    ho, wing = town.signed_in("ho"), town.person("wing")
    answers = [
        ho.send(method, f"/api/family/children/{each}/{what}")
        for each in (town.person("mei"), wing, uuid4())
        for method, what in (("POST", "consent"), ("DELETE", "consent"), ("POST", "card"), ("PUT", "face"))
    ]
    answers += [ho.send("DELETE", f"/api/family/members/{each}") for each in (town.person("mei"), uuid4())]
    assert len({str(each) for each in answers}) == 1
    assert (answers[0][0], code(answers[0])) == (404, "person.unknown")


@pytest.fixture
def ming(town: Town) -> tuple[Browser, Browser]:
    """A mother, yip, with ming who turns 16 in ten days: her browser and his."""
    town.world.family(town.world.person("yip"), town.world.person("ming", born=BIRTHDAY, consent=False))
    return town.signed_in("yip"), town.signed_in("ming")


def test_at_sixteen_a_guardians_powers_end_and_the_family_stays(town: Town, ming: tuple[Browser, Browser]) -> None:
    yip, young = ming
    child = child_of(yip)
    town.clock.moment = turns(16, BIRTHDAY) - timedelta(seconds=1)
    assert [yip.send("POST", f"{child}/consent")[0], yip.send("PUT", f"{child}/face")[0]] == [200, 200]
    town.clock.pass_by(seconds=1)
    for method, what in (("POST", "consent"), ("DELETE", "consent"), ("POST", "card"), ("PUT", "face")):
        assert code(yip.send(method, f"{child}/{what}")) == "person.unknown", what
    [_, grown] = yip.get("/api/family")[1]["family"]["members"]
    assert (grown["group"], grown["consent"], grown["may"]) == ("adult", None, ["remove"])
    [_, own] = young.get("/api/family")[1]["family"]["members"]
    assert (own["me"], own["may"]) == (True, ["remove"])


def test_the_hand_over_is_told_once_to_both_thirty_days_before(town: Town, ming: tuple[Browser, Browser]) -> None:
    yip, young = ming
    town.clock.moment = turns(16, BIRTHDAY) - timedelta(days=30, seconds=1)
    assert tell_of_hand_over(town.world.here) == 0
    town.clock.pass_by(seconds=1)
    for _ in range(3):
        assert tell_of_hand_over(town.world.here) == 1
        town.clock.pass_by(days=1)
    assert [each["kind"] for each in yip.get("/api/profile/notices")[1]["notices"]] == ["hand-over.guardian"]
    [notice] = young.get("/api/profile/notices")[1]["notices"]
    assert notice["kind"] == "hand-over.young"
    assert "2026-12-01" in notice["text"]
    assert town.signed_in("chan").get("/api/profile/notices")[1]["notices"] == []
    town.clock.moment = turns(16, BIRTHDAY)
    assert tell_of_hand_over(town.world.here) == 0
