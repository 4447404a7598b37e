"""The safety switch: who may turn it, what it hides, and that nobody from whom it hides can tell or turn it off."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from challenges_app.people.care_links.tables import Safety
from challenges_app.people.households import queries as households
from challenges_app.people.persons.rules import turns
from tests.builders import CHALLENGE, World
from tests.people.doors import Browser, Town, code
from tests.people.test_carers import VIEW, care, offered, own, taken
from tests.people.test_family import rows
from tests.people.test_who_may import acting

SCHOOL = "528781"
BORN = date(2010, 12, 1)  # turns 16 in ten days
BOARD = f"{CHALLENGE}:all:player:{SCHOOL}"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with chan and lam, guardians of kit, 15, and may, both pupils; their neighbour ho; and wong, 50."""
    town = Town.on(database_url)
    world = town.world
    (class_id,) = world.school(SCHOOL)
    kit, may = world.person("kit", BORN, face=("quick", "frog")), world.person("may", date(2012, 4, 4))
    home = world.family(world.person("chan"), kit, may)
    join(world, home, world.person("lam", face=("early", "egret")), "guardian")
    for name in ("ho", "wong"):
        world.person(name)
    for pupil in (kit, may):
        world.enrol(pupil, class_id)
        world.take(world.player(pupil, child=True, school_id=SCHOOL), world.drop())
    world.carry()
    yield town
    world.db.close()


def join(world: World, home: UUID, person: UUID, role: str) -> None:
    """Put somebody into a household."""
    row = {"person_id": person, "household_id": home, "role": role, "since": world.now()}
    world.write(lambda tx: households.add_member(tx, row))


def switch(browser: Browser, town: Town, person: str, carer: str, method: str = "PUT") -> tuple[int, Any]:
    """Turn a switch: PUT hides, DELETE shows."""
    return browser.send(method, f"/api/carers/safety/{town.person(person)}/{town.person(carer)}")


def listed(browser: Browser, town: Town, person: str) -> dict[str, Any]:
    """The carers of a person, as somebody sees them, by who they are."""
    found = [each for each in care(browser)["looked_after"] if each["person_id"] == str(town.person(person))]
    names = {str(town.person(name)): name for name in ("chan", "lam", "ho", "kit", "may", "wong")}
    return {names[each["person_id"]]: each for each in found[0]["carers"]}


def school_seen(browser: Browser, town: Town, person: str) -> bool:
    """Whether somebody sees a person's school while acting for them."""
    status, today = acting(browser, town.person(person), "GET", "/api/today")
    assert status == 200, today
    boards = [acting(browser, town.person(person), "GET", f"/api/boards/{BOARD}{tail}")[0] for tail in ("", "/me")]
    assert boards in ([200, 200], [404, 404])
    assert (SCHOOL in str(today)) is (boards == [200, 200])
    return SCHOOL in str(today)


def test_a_guardian_hides_a_child_s_school_from_a_carer_who_notices_nothing(town: Town) -> None:
    chan, ho = town.signed_in("chan"), town.signed_in("ho")
    taken(ho, offered(chan, VIEW, person_id=str(town.person("kit"))))
    before = care(ho)
    assert school_seen(ho, town, "kit")
    assert switch(chan, town, "kit", "ho")[0] == 204
    assert not school_seen(ho, town, "kit")
    assert {**care(ho)["caring"][0], "link": None} == {**before["caring"][0], "link": None}
    assert listed(chan, town, "kit")["ho"]["hidden"] is True
    assert school_seen(chan, town, "kit")
    kinds = [each["kind"] for each in ho.get("/api/profile/notices")[1]["notices"]]
    assert kinds == ["care.begun"]
    assert switch(chan, town, "kit", "ho", "DELETE")[0] == 204
    assert school_seen(ho, town, "kit")


def test_what_is_left_has_the_shape_of_somebody_without_a_school(town: Town) -> None:
    chan, lam = town.signed_in("chan"), town.signed_in("lam")
    assert chan.post("/api/family/children", {"born_on": "2015-05-05", "consent": True})[0] == 201
    nowhere = next(each for each in care(chan)["caring"] if each["person_id"] not in known(town))
    switch(chan, town, "kit", "lam")
    hidden = acting(lam, town.person("kit"), "GET", "/api/today")[1]
    without = acting(lam, nowhere["person_id"], "GET", "/api/today")[1]
    assert isinstance(hidden, dict)
    assert isinstance(without, dict)
    assert hidden["boards"] == without["boards"]
    assert [each["id"] for each in hidden["parks"]] == [each["id"] for each in without["parks"]]


def known(town: Town) -> set[str]:
    """The persons whom the town began with."""
    return {str(town.person(name)) for name in ("kit", "may")}


def test_the_named_carer_can_neither_turn_it_off_nor_see_that_it_is_on(town: Town) -> None:
    chan, ho = town.signed_in("chan"), town.signed_in("ho")
    taken(ho, offered(chan, VIEW, person_id=str(town.person("kit"))))
    off = switch(ho, town, "kit", "ho", "DELETE")
    switch(chan, town, "kit", "ho")
    assert switch(ho, town, "kit", "ho", "DELETE") == off
    assert code(off) == "person.unknown"
    assert "hidden" not in str(care(ho)["caring"])
    assert not school_seen(ho, town, "kit")


def test_a_guardian_hides_from_another_who_can_neither_turn_it_off_nor_see_it(town: Town) -> None:
    chan, lam = town.signed_in("chan"), town.signed_in("lam")
    before, off = care(lam), switch(lam, town, "kit", "lam", "DELETE")
    assert switch(chan, town, "kit", "lam")[0] == 204
    assert care(lam) == before
    assert switch(lam, town, "kit", "lam", "DELETE") == off
    assert code(off) == "person.unknown"
    assert not school_seen(lam, town, "kit")
    assert school_seen(lam, town, "may")
    assert listed(chan, town, "kit")["lam"]["hidden"] is True


def test_a_guardian_from_whom_it_hides_comes_to_it_by_no_other_door(town: Town) -> None:
    chan, lam, kit = town.signed_in("chan"), town.signed_in("lam"), town.person("kit")
    switch(chan, town, "kit", "lam")
    assert code(lam.post(f"/api/family/children/{kit}/card")) == "person.unknown"
    for browser, acts in ((lam, ["consent", "face", "remove"]), (chan, ["consent", "card", "face", "remove"])):
        members = browser.get("/api/family")[1]["family"]["members"]
        assert [each["may"] for each in members if each["person_id"] == str(kit)] == [acts]
        assert SCHOOL not in str(members)


def test_a_carer_whom_such_a_guardian_brings_in_does_not_see_it_either(town: Town) -> None:
    chan, lam, ho = (town.signed_in(name) for name in ("chan", "lam", "ho"))
    switch(chan, town, "kit", "lam")
    taken(ho, offered(lam, VIEW, person_id=str(town.person("kit"))))
    assert not school_seen(ho, town, "kit")
    assert listed(lam, town, "kit")["ho"]["may"] == ["end"]
    assert code(switch(lam, town, "kit", "ho", "DELETE")) == "person.unknown"
    assert switch(chan, town, "kit", "ho", "DELETE")[0] == 204
    assert school_seen(ho, town, "kit")


def test_a_guardian_whom_such_a_guardian_brings_in_does_not_see_it_either(town: Town) -> None:
    chan, lam, wong = town.signed_in("chan"), town.signed_in("lam"), town.signed_in("wong")
    invited = lam.post("/api/family/invites", {"role": "guardian"})[1]["code"]
    assert switch(chan, town, "kit", "lam")[0] == 204
    assert wong.post("/api/family/join", {"code": invited})[0] == 200
    assert not school_seen(wong, town, "kit")
    assert school_seen(wong, town, "may")
    assert code(wong.post(f"/api/family/children/{town.person('kit')}/card")) == "person.unknown"
    assert listed(chan, town, "kit")["wong"]["may"] == ["show"]
    assert switch(chan, town, "kit", "wong", "DELETE")[0] == 204
    assert school_seen(wong, town, "kit")


def test_only_who_turned_it_on_turns_it_off_while_they_are_there(town: Town) -> None:
    chan, lam, ho = (town.signed_in(name) for name in ("chan", "lam", "ho"))
    taken(ho, offered(chan, VIEW, person_id=str(town.person("kit"))))
    switch(chan, town, "kit", "ho")
    assert listed(lam, town, "kit")["ho"]["may"] == ["end"]
    assert code(switch(lam, town, "kit", "ho", "DELETE")) == "person.unknown"
    assert chan.send("DELETE", f"/api/family/members/{town.person('chan')}")[0] == 204
    assert listed(lam, town, "kit")["ho"]["may"] == ["end", "show"]
    assert switch(lam, town, "kit", "ho", "DELETE")[0] == 204


def test_on_the_school_s_board_the_hidden_child_is_nobody(town: Town) -> None:
    chan, lam, may = town.signed_in("chan"), town.signed_in("lam"), town.person("may")
    for path in (f"/api/boards/{BOARD}", f"/api/boards/{BOARD}/me"):
        assert "'frog'" in str(acting(lam, may, "GET", path)[1])
    switch(chan, town, "kit", "lam")
    for path in (f"/api/boards/{BOARD}", f"/api/boards/{BOARD}/me"):
        status, seen = acting(lam, may, "GET", path)
        assert status == 200
        assert "'frog'" not in str(seen)
        assert "'frog'" in str(acting(chan, may, "GET", path)[1])
        assert "'frog'" in str(town.signed_in("may").get(path)[1])


def test_from_sixteen_on_it_is_the_person_s_own(town: Town) -> None:
    chan, kit = town.signed_in("chan"), town.signed_in("kit")
    switch(chan, town, "kit", "lam")
    assert code(switch(kit, town, "kit", "lam", "DELETE")) == "person.unknown"
    town.clock.moment = turns(16, BORN)
    assert code(switch(chan, town, "kit", "lam", "DELETE")) == "person.unknown"
    assert {name: each["may"] for name, each in listed(kit, town, "kit").items()} == {"lam": ["show"]}
    assert switch(kit, town, "kit", "lam", "DELETE")[0] == 204
    assert switch(kit, town, "kit", "chan")[0] == 204
    assert len(rows(town, Safety)) == 1


def test_somebody_grown_hides_from_their_carer(town: Town) -> None:
    wong, ho = town.signed_in("wong"), town.signed_in("ho")
    taken(ho, offered(wong))
    assert switch(wong, town, "wong", "ho")[0] == 204
    assert own(wong)["carers"][0]["may"] == ["end", "show"]
    assert switch(wong, town, "wong", "ho")[0] == 204
    wong.send("DELETE", f"/api/carers/{own(wong)['carers'][0]['link']['id']}")
    [left] = own(wong)["carers"]
    assert (left["link"], left["hidden"], left["may"]) == (None, True, ["show"])
    assert switch(wong, town, "wong", "ho", "DELETE")[0] == 204
    assert own(wong)["carers"] == []


def test_it_is_not_turned_against_strangers_nor_against_oneself(town: Town) -> None:
    chan = town.signed_in("chan")
    for carer in ("wong", "chan", "kit"):
        for method in ("PUT", "DELETE"):
            assert code(switch(chan, town, "kit", carer, method)) == "person.unknown"
    assert rows(town, Safety) == []
