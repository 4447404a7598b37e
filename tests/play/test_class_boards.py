"""Boards of classes: ranked within their school, shown from five players on, by total, average and share."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from tests.builders import CHALLENGE, World
from tests.people.doors import Browser, Town, code

SCHOOL, TEN = "528781", date(2016, 7, 7)
BOARD = f"/api/boards/{CHALLENGE}:all:class:{SCHOOL}"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A school with four classes of five or six who play, and one of four; mei is in 4A."""
    town = Town.on(database_url)
    classes = town.world.school(SCHOOL, ("4A", "4B", "4C", "4D", "4E"))
    drops = [town.world.drop() for _ in range(3)]
    for class_id, size, taken in zip(classes, (6, 5, 5, 5, 4), (3, 2, 1, 1, 3), strict=True):
        for number in range(size):
            name = "mei" if class_id == classes[0] and number == 0 else None
            pupil = town.world.person(name, born=TEN)
            town.world.enrol(pupil, class_id)
            player = town.world.player(pupil, child=True, class_id=class_id, school_id=SCHOOL)
            for drop in drops[:taken]:
                town.world.take(player, drop)
    town.world.carry()
    yield town
    town.world.db.close()


def lines(browser: Browser, measure: str) -> list[tuple[int, str, float]]:
    """Place, name and value of the entries that somebody is shown."""
    status, page = browser.get(f"{BOARD}?measure={measure}")
    assert status == 200, page
    return [(line["place"], line["name"]["en"], line["value"]) for line in page["top"]]


def test_classes_are_ranked_by_total_and_by_average(town: Town) -> None:
    mei = town.signed_in("mei")
    assert lines(mei, "total")[:2] == [(1, "Class 4A", 180), (2, "Class 4B", 100)]
    assert lines(mei, "mean")[:2] == [(1, "Class 4A", 30), (2, "Class 4B", 20)]


def test_a_class_of_fewer_than_five_players_is_not_shown(town: Town) -> None:
    # The four of 4E have as many points a head as the best class.
    assert "Class 4E" not in [name for _, name, _ in lines(town.signed_in("mei"), "mean")]


def test_a_pupil_sees_the_own_class_s_place(town: Town) -> None:
    status, mine = town.signed_in("mei").get(f"{BOARD}/me?measure=total")
    assert (status, mine["mine"]["place"], mine["mine"]["name"]["zh-Hant"]) == (200, 1, "4A班")


def test_a_teacher_of_the_school_looks_and_others_do_not(town: Town) -> None:
    world: World = town.world
    world.role(world.account("lee"), "teacher", SCHOOL)
    world.person("ho")
    other: UUID = world.school("510530")[0]
    world.enrol(world.person("wing", born=TEN), other)
    assert lines(town.signed_in("lee"), "total")[0][1] == "Class 4A"
    for name in ("ho", "wing"):
        assert code(town.signed_in(name).get(BOARD)) == "board.unknown"


def test_today_offers_the_class_board_to_pupils_and_teachers_only(town: Town) -> None:
    def offered(name: str) -> set[str]:
        boards = town.signed_in(name).get("/api/today")[1]["boards"]
        return {board["subject"] for board in boards}

    town.world.person("ho")
    assert "class" in offered("mei")
    assert "class" not in offered("ho")
