"""Files of steps: kept sealed before they are understood and for a month after, and read apart."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from challenges_app.kit.refusals import Refused
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.activity.queries import sources
from challenges_app.play.deliveries import actions, jobs, queries
from tests.builders import MORNING, RING, World

CSV = b"date,steps,source\n2026-11-01,7092,phone\n2026-11-02,eight,phone\n2026-11-03,4623,watch\n"


def give(world: World, person: UUID, content: bytes) -> dict[str, Any]:
    """Give a file in small pieces, as a network brings it."""
    pieces = (content[at : at + 7] for at in range(0, len(content), 7))
    return actions.receive(world.here, world.now(), person, pieces, len(content)).delivery


def read_all(world: World) -> None:
    """Let the worker read what waits."""
    while jobs.read_next(world.here):
        pass


def files(world: World) -> list[str]:
    """The sealed files that lie there."""
    return world.here.files.names_older_than(world.now() + timedelta(days=400 * 365))


def counted(world: World, person: UUID, on: str) -> int | None:
    """The steps of a day that count."""
    with world.db.reading() as conn:
        return steps_on(conn, person, date.fromisoformat(on))


def test_a_file_is_kept_read_and_counted(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    assert (given["state"], len(files(world))) == ("waiting", 1)
    read_all(world)
    told = actions.one(world.here, person, given["id"])
    assert (told["state"], told["provider"], told["days"]) == ("done", "csv_steps", 2)
    assert [(each["line"], each["why"], each["seen"]) for each in told["problems"]] == [(3, "not_a_number", "eight")]
    assert (counted(world, person, "2026-11-01"), counted(world, person, "2026-11-02")) == (7_092, None)
    assert told["file_until"] == MORNING + timedelta(days=30)


def test_a_file_is_gone_after_thirty_days_and_its_days_stay(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    read_all(world)
    later = [replace(world.here, now=lambda days=days: MORNING + timedelta(days=days)) for days in (29, 31)]
    jobs.sweep(later[0])
    assert actions.one(world.here, person, given["id"])["file_until"] == MORNING + timedelta(days=30)
    jobs.sweep(later[1])
    assert actions.one(world.here, person, given["id"])["file_until"] is None
    assert counted(world, person, "2026-11-01") == 7_092


def test_its_owner_may_remove_a_file_as_soon_as_it_was_read(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    with pytest.raises(Refused, match=r"delivery\.going"):
        actions.forget_file(world.here, person, given["id"])
    read_all(world)
    for _ in range(2):
        assert actions.forget_file(world.here, person, given["id"])["file_until"] is None
    assert (files(world), counted(world, person, "2026-11-01")) == ([], 7_092)
    with pytest.raises(Refused, match=r"delivery\.unknown"):
        actions.forget_file(world.here, world.person(), given["id"])


def test_what_was_read_is_read_anew_and_counts_by_when_it_came(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    read_all(world)
    assert world.write(lambda tx: actions.wait_again(tx, [given["id"]])) == 1
    assert world.write(lambda tx: actions.wait_again(tx, [given["id"]])) == 0
    read_all(world)
    told = actions.one(world.here, person, given["id"])
    assert (told["state"], told["days"], told["received_at"]) == ("done", 2, MORNING)
    assert counted(world, person, "2026-11-01") == 7_092


def test_a_reader_that_was_mended_counts_what_it_missed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = world.person()
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "READ", "integrations.nowhere:tell")
        given = give(world, person, CSV)
        read_all(world)
    assert actions.one(world.here, person, given["id"])["state"] == "refused"
    world.write(lambda tx: actions.wait_again(tx, [given["id"]]))
    read_all(world)
    assert actions.one(world.here, person, given["id"])["state"] == "done"
    assert counted(world, person, "2026-11-01") == 7_092


def test_an_operator_sees_what_became_of_a_file_and_not_whose_it_is(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    give(world, world.person(), b"nonsense")
    read_all(world)
    with world.db.reading() as conn:
        [kept] = actions.kept(conn, RING, "done", "csv_steps", MORNING, 10)
        assert len(actions.kept(conn, RING, None, None, None, 10)) == 2
        assert actions.kept(conn, RING, None, None, MORNING + timedelta(days=1), 10) == []
    assert kept == {
        "id": str(given["id"]), "received_at": MORNING, "provider": "csv_steps", "state": "done",
        "problems": ["not_a_number"],
    }  # fmt: skip


def test_the_same_file_again_is_told_of_the_first(world: World) -> None:
    person = world.person()
    first = give(world, person, CSV)
    assert give(world, person, CSV)["id"] == first["id"]
    read_all(world)
    again = actions.receive(world.here, MORNING, person, [CSV], None)
    assert (again.repeated, again.delivery["state"], len(files(world))) == (True, "done", 1)


def test_the_same_file_of_somebody_else_is_another_delivery(world: World) -> None:
    one, other = give(world, world.person(), CSV), give(world, world.person(), CSV)
    assert one["id"] != other["id"]


def test_a_cancelled_file_counts_nothing_and_may_be_given_again(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    assert actions.cancel(world.here, person, given["id"])["state"] == "cancelled"
    assert files(world) == []
    read_all(world)
    assert counted(world, person, "2026-11-01") is None
    assert give(world, person, CSV)["state"] == "waiting"
    read_all(world)
    assert counted(world, person, "2026-11-01") == 7_092


def test_what_is_over_cannot_be_cancelled(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    read_all(world)
    with pytest.raises(Refused, match=r"delivery\.over"):
        actions.cancel(world.here, person, given["id"])


def test_a_file_that_is_cancelled_while_it_is_read_stops(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    row = world.write(lambda tx: queries.claim(tx, MORNING, MORNING + jobs.LEASE))
    assert row is not None
    actions.cancel(world.here, person, given["id"])
    assert not world.write(lambda tx: queries.hold(tx, row.id, row.tries, MORNING + jobs.LEASE, 0.5))


def test_what_was_stopped_is_never_kept_and_what_is_being_kept_is_never_stopped(world: World) -> None:
    person, other = world.person(), world.person()
    stopped, kept = give(world, person, CSV), give(world, other, CSV)
    one, two = (world.write(lambda tx: queries.claim(tx, MORNING, MORNING + jobs.LEASE)) for _ in range(2))
    assert one is not None
    assert two is not None
    actions.cancel(world.here, person, stopped["id"])
    ours = {row.id: world.write(lambda tx, row=row: queries.begin_keeping(tx, row.id, row.tries)) for row in (one, two)}  # type: ignore[misc]
    assert ours == {stopped["id"]: False, kept["id"]: True}
    with pytest.raises(Refused, match=r"delivery\.over"):
        actions.cancel(world.here, other, kept["id"])


@pytest.mark.parametrize("content", [b"\x00" * 500, b"%PDF-1.7 nothing here", b"PK\x03\x04 broken", b"<HealthData>"])
def test_a_file_that_nobody_knows_is_refused_with_a_reason(world: World, content: bytes) -> None:
    person = world.person()
    given = give(world, person, content)
    read_all(world)
    told = actions.one(world.here, person, given["id"])
    assert told["state"] == "refused"
    assert told["problems"]


def test_a_bomb_is_refused_unopened(sqlite_world: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", b"<HealthData>" + b" " * 40_000_000)
    person = sqlite_world.person()
    given = give(sqlite_world, person, packed.getvalue())
    read_all(sqlite_world)
    told = actions.one(sqlite_world.here, person, given["id"])
    assert (told["state"], [each["why"] for each in told["problems"]]) == ("refused", ["bomb"])


def test_an_empty_file_and_a_cut_one_are_refused_and_leave_nothing(world: World) -> None:
    person = world.person()
    with pytest.raises(Refused, match=r"delivery\.empty"):
        give(world, person, b"")
    with pytest.raises(Refused, match=r"delivery\.cut_short"):
        actions.receive(world.here, MORNING, person, [CSV], len(CSV) + 1)
    assert files(world) == []


def test_a_person_has_three_files_under_way_at_most(world: World) -> None:
    person = world.person()
    for number in range(3):
        give(world, person, CSV + b"2026-11-05,%d,phone\n" % number)
    with pytest.raises(Refused, match=r"delivery\.many"):
        give(world, person, CSV)
    read_all(world)
    assert give(world, person, CSV)["state"] == "waiting"


def test_a_removed_source_comes_back_when_its_file_is_given_again(world: World) -> None:
    person = world.person()
    first = give(world, person, CSV)
    read_all(world)
    with world.db.reading() as conn:
        phone = sources(conn, person)[0]
    world.write(lambda tx: actions.remove_source(tx, RING, MORNING, person, phone.id))
    assert (counted(world, person, "2026-11-01"), counted(world, person, "2026-11-03")) == (None, 4_623)
    assert actions.one(world.here, person, first["id"])["state"] == "removed"
    assert give(world, person, CSV)["state"] == "waiting"
    read_all(world)
    assert (counted(world, person, "2026-11-01"), counted(world, person, "2026-11-03")) == (7_092, 4_623)


def test_nobody_sees_the_files_of_another(world: World) -> None:
    given = give(world, world.person(), CSV)
    stranger = world.person()
    for door in (actions.one, actions.cancel):
        with pytest.raises(Refused, match=r"delivery\.unknown"):
            door(world.here, stranger, given["id"])
    assert actions.latest(world.here, stranger) == []


def test_a_delivery_whose_reader_died_is_read_by_the_next(world: World) -> None:
    person = world.person()
    give(world, person, CSV)
    assert world.write(lambda tx: queries.claim(tx, MORNING - timedelta(minutes=5), MORNING - timedelta(minutes=4)))
    read_all(world)
    assert counted(world, person, "2026-11-01") == 7_092


def test_a_file_that_takes_every_reader_down_is_given_up(world: World) -> None:
    person = world.person()
    given = give(world, person, CSV)
    for tries in range(3):
        long_ago = MORNING - timedelta(minutes=30 - tries)
        assert world.write(lambda tx, at=long_ago: queries.claim(tx, at, at + timedelta(seconds=1)))  # type: ignore[misc]
    read_all(world)
    told = actions.one(world.here, person, given["id"])
    assert (told["state"], len(files(world))) == ("refused", 1)


def test_two_workers_never_take_the_same_delivery(world: World) -> None:
    give(world, world.person(), CSV)
    first, second = (
        world.write(lambda tx: queries.claim(tx, MORNING, MORNING + jobs.LEASE)),
        world.write(lambda tx: queries.claim(tx, MORNING, MORNING + jobs.LEASE)),
    )
    assert first is not None
    assert second is None


def test_files_that_no_delivery_needs_are_swept_up_after_a_while(world: World) -> None:
    person = world.person()
    give(world, person, CSV)
    needed = set(files(world))
    orphan = world.here.files.put([b"left behind"], 100).name
    # The file system has a clock of its own.
    soon, later = (replace(world.here, now=lambda h=h: datetime.now(UTC) + timedelta(hours=h)) for h in (1, 7))
    assert jobs.sweep(soon) == 0
    assert set(files(world)) == {*needed, orphan}
    assert jobs.sweep(later) == 1
    assert set(files(world)) == needed
