"""Phones that push steps: each with a key, every body kept before it is understood, and nothing counted twice."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from challenges_app.app import create_app
from challenges_app.kit.refusals import Refused
from challenges_app.people.consents import actions as consents
from challenges_app.people.departure.jobs import forget
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.activity.queries import sources
from challenges_app.play.activity.tables import StepStretches
from challenges_app.play.arrivals import actions as arrivals
from challenges_app.play.arrivals import jobs
from challenges_app.play.arrivals.tables import StepArrival
from challenges_app.play.deliveries.actions import remove_source
from challenges_app.play.phones import actions
from challenges_app.play.phones.rules import LARGEST, MOST, fresh_key, is_key
from tests.builders import MORNING, RING, World
from tests.people.doors import Town, code

YESTERDAY = "2026-11-20"  # as the clock of tests has it


def shortcut(steps: int, on: str = YESTERDAY) -> bytes:
    """A day as a Shortcut pushes it."""
    return json.dumps({"date": on, "steps": steps, "tz": "Asia/Hong_Kong"}).encode()


def records(*told: tuple[str, str, int], at: str = "2026-11-20T12:00:00Z") -> bytes:
    """Records of Health Connect as its bridge pushes them: start and end in UTC, on the 20th."""
    steps = [
        {"count": count, "start_time": f"2026-11-20T{start}:00Z", "end_time": f"2026-11-20T{end}:00Z"}
        for start, end, count in told
    ]
    return json.dumps({"timestamp": at, "app_version": "1.9.0", "steps": steps}).encode()


@dataclass
class Pocket:
    """A person's phone with a key."""

    world: World
    person: UUID
    key: str
    phone: UUID

    def push(self, body: bytes) -> actions.Pushed:
        """Push a body now."""
        return actions.receive(self.world.here, self.world.now(), self.key, body)

    def counted(self, on: str = YESTERDAY) -> int | None:
        """The steps of a day that count, once all that waits was understood."""
        understand_all(self.world)
        with self.world.db.reading() as conn:
            return steps_on(conn, self.person, date.fromisoformat(on))

    def told(self) -> dict[str, Any]:
        """The phone as its owner is told of it."""
        with self.world.db.reading() as conn:
            return next(each for each in actions.phones(conn, RING, self.person) if each["id"] == self.phone)


def pocket(world: World, person: UUID | None = None, name: str = "Pixel") -> Pocket:
    """A person with a phone."""
    whose = person or world.person()
    made = world.write(lambda tx: actions.add(tx, world.now(), RING, whose, name))
    return Pocket(world, whose, made.key, made.phone["id"])


def understand_all(world: World) -> None:
    """Let the worker understand what waits."""
    while jobs.understand_next(world.here):
        pass


def pushes(world: World) -> list[Any]:
    """All bodies that are kept."""
    with world.db.reading() as conn:
        return list(conn.execute(select(StepArrival).order_by(StepArrival.id)))


def test_a_push_is_kept_sealed_understood_and_counted(world: World) -> None:
    phone = pocket(world)
    assert phone.told()["last_seen_at"] is None
    assert phone.push(shortcut(8_123)) == ("shortcut", "waiting", False)
    [kept] = pushes(world)
    assert b"8123" not in kept.body_sealed
    assert phone.counted() == 8_123
    told = phone.told()
    assert (told["provider"], told["state"], told["last_seen_at"]) == ("shortcut", "done", MORNING)


def test_the_same_body_again_is_told_of_the_first_and_changes_nothing(world: World) -> None:
    phone = pocket(world)
    phone.push(shortcut(5_000))
    assert phone.push(shortcut(5_000)).repeated
    assert phone.counted() == 5_000
    assert phone.push(shortcut(5_000)) == ("shortcut", "done", True)
    assert len(pushes(world)) == 1


def test_a_fuller_reading_replaces_the_smaller_in_whichever_order_they_come(world: World) -> None:
    phone = pocket(world)
    for steps in (3_000, 9_000, 4_000):
        phone.push(shortcut(steps))
    assert phone.counted() == 9_000


def test_what_is_new_of_an_hour_is_added_to_what_was_told_of_it_before(world: World) -> None:
    phone = pocket(world)
    phone.push(records(("01:00", "01:15", 500)))
    assert phone.counted() == 500
    phone.push(records(("01:15", "01:30", 400), ("01:30", "01:45", 300)))
    assert phone.counted() == 1_200


def test_a_record_that_is_told_again_beside_new_ones_counts_once(world: World) -> None:
    phone = pocket(world)
    phone.push(records(("01:00", "01:15", 500)))
    phone.push(records(("01:00", "01:15", 500), ("01:15", "01:30", 400)))
    assert phone.counted() == 900


def test_pushes_that_come_late_and_out_of_order_are_the_same_day(world: World) -> None:
    told = [("15:50", "16:10", 600), ("01:00", "01:15", 500), ("16:10", "16:20", 100), ("01:15", "01:30", 400)]
    in_order, late = pocket(world), pocket(world)
    for each in sorted(told):
        in_order.push(records(each))
        understand_all(world)
    for each in told:
        late.push(records(each))
    for on in (YESTERDAY, "2026-11-21"):  # 16:00 in UTC is midnight in Hong Kong
        assert late.counted(on) == in_order.counted(on)
    assert (late.counted(), late.counted("2026-11-21")) == (1_200, 400)


def test_a_source_that_names_itself_nothing_goes_by_the_name_of_the_phone(world: World) -> None:
    person = world.person()
    one, other = pocket(world, person, "Pixel"), pocket(world, person, "iPhone")
    one.push(shortcut(5_000))
    other.push(shortcut(7_000))
    assert one.counted() == 7_000  # two phones of one pocket are never added
    with world.db.reading() as conn:
        names = {
            RING.open(row.name_sealed, "step_source", row.name_index.hex(), "name") for row in sources(conn, person)
        }
    assert names == {"Pixel", "iPhone"}


def test_the_same_body_of_two_phones_is_two_pushes(world: World) -> None:
    pocket(world).push(shortcut(5_000))
    pocket(world).push(shortcut(5_000))
    assert len(pushes(world)) == 2


def test_a_key_that_was_taken_away_opens_nothing_and_what_it_told_stays(world: World) -> None:
    phone = pocket(world)
    phone.push(shortcut(5_000))
    world.write(lambda tx: actions.remove(tx, phone.person, phone.phone))
    with pytest.raises(Refused, match=r"phone\.key_unknown"):
        phone.push(shortcut(6_000))
    assert phone.counted() == 5_000
    with world.db.reading() as conn:
        assert actions.phones(conn, RING, phone.person) == []
    with pytest.raises(Refused, match=r"phone\.unknown"):
        world.write(lambda tx: actions.remove(tx, phone.person, phone.phone))


@pytest.mark.parametrize("key", ["", "eplus_", "x" * 49, "eplus_" + "k" * 43, "eplus_" + "/" * 43])
def test_a_key_that_nobody_has_is_refused(sqlite_world: World, key: str) -> None:
    with pytest.raises(Refused, match=r"phone\.key_unknown"):
        actions.receive(sqlite_world.here, MORNING, key, shortcut(1))
    assert is_key(fresh_key())


def test_nobody_takes_away_the_key_of_somebody_else(world: World) -> None:
    phone, other = pocket(world), world.person()
    with pytest.raises(Refused, match=r"phone\.unknown"):
        world.write(lambda tx: actions.remove(tx, other, phone.phone))
    assert phone.push(shortcut(1)).state == "waiting"


def test_there_is_an_end_to_phones_and_a_removed_one_makes_room(world: World) -> None:
    first = pocket(world)
    for _ in range(MOST - 1):
        pocket(world, first.person)
    with pytest.raises(Refused, match=r"phone\.many"):
        pocket(world, first.person)
    world.write(lambda tx: actions.remove(tx, first.person, first.phone))
    pocket(world, first.person)


def test_a_body_that_nobody_knows_is_refused_and_kept(world: World) -> None:
    phone = pocket(world)
    for _ in range(2):
        with pytest.raises(Refused, match=r"phone\.nobody_knows"):
            phone.push(b'{"walked": 5000}')
    [kept] = pushes(world)
    assert (kept.state, kept.provider) == ("refused", None)
    assert phone.told()["last_seen_at"] == MORNING
    assert RING.open(kept.body_sealed, "step_arrival", kept.digest.hex(), "body") == '{"walked": 5000}'
    assert phone.counted() is None


def test_bytes_that_are_no_text_are_refused(sqlite_world: World) -> None:
    with pytest.raises(Refused, match=r"phone\.not_text"):
        pocket(sqlite_world).push(shortcut(5)[:-1] + b"\xff")


def test_a_body_of_which_a_part_is_bad_counts_the_rest_and_says_why(world: World) -> None:
    phone = pocket(world)
    body = json.loads(records(("01:00", "01:15", 500)))
    body["steps"].append({"count": "many", "start_time": "2026-11-20T02:00:00Z", "end_time": "2026-11-20T02:05:00Z"})
    phone.push(json.dumps(body).encode())
    assert phone.counted() == 500
    told = phone.told()
    assert (told["state"], [each["why"] for each in told["problems"]]) == ("done", ["not_a_number"])


def test_a_body_that_breaks_its_reader_does_not_hold_up_the_next(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = pocket(sqlite_world)
    phone.push(shortcut(4_000))
    phone.push(shortcut(5_000))
    read = arrivals.take

    def breaks(body: bytes, *rest: Any) -> Any:
        if b"4000" in body:
            raise ZeroDivisionError
        return read(body, *rest)

    monkeypatch.setattr(arrivals, "take", breaks)
    assert phone.counted() == 5_000
    assert [each.state for each in pushes(sqlite_world)] == ["refused", "done"]


def test_what_waits_when_consent_is_withdrawn_counts_nothing(world: World) -> None:
    child = world.person(born=date(2017, 3, 1), consent=False)
    world.write(lambda tx: consents.give(tx, MORNING, child, "play", None))
    phone = pocket(world, child)
    phone.push(shortcut(5_000))
    world.write(lambda tx: consents.withdraw(tx, MORNING, child, "play"))
    assert phone.counted() is None
    assert [each.state for each in pushes(world)] == ["cancelled"]


def test_a_removed_source_begins_anew(world: World) -> None:
    phone = pocket(world)
    phone.push(records(("01:00", "01:15", 500)))
    assert phone.counted() == 500
    with world.db.reading() as conn:
        [source] = sources(conn, phone.person)
    world.write(lambda tx: remove_source(tx, RING, MORNING, phone.person, source.id))
    assert phone.counted() is None
    phone.push(records(("01:15", "01:30", 400)))
    assert phone.counted() == 400


def test_bodies_and_stretches_are_forgotten_after_thirty_days_and_days_stay(tmp_path: Path) -> None:
    town = Town.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    phone = pocket(town.world)
    phone.push(records(("01:00", "01:15", 500)))
    assert phone.counted() == 500
    town.clock.pass_by(days=29)
    assert forget(town.world.here) == 0
    town.clock.pass_by(days=2)
    forget(town.world.here)
    with town.world.db.reading() as conn:
        left = [conn.execute(select(func.count()).select_from(each)).scalar() for each in (StepArrival, StepStretches)]
    assert left == [0, 0]
    assert phone.counted() == 500


def send(town: Town, key: str, body: bytes) -> tuple[int, Any]:
    """Push through the door, as an app does that is no browser."""
    app = create_app(town.world.here)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept-Language": "en"}
    answer = app.test_client().post("/api/device/steps", data=body, headers=headers)
    return answer.status_code, answer.get_json()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town in which ho can sign in."""
    made = Town.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    made.world.player(made.world.person("ho"))
    return made


def test_a_phone_is_added_pushes_and_is_removed_through_the_doors(town: Town) -> None:
    ho = town.signed_in("ho")
    status, made = ho.post("/api/steps/phones", {"name": " Pixel 8 "})
    assert (status, made["phone"]["name"]) == (201, "Pixel 8")
    assert made["link"].endswith(made["key"])
    assert made["address"].endswith("/api/device/steps")
    assert send(town, made["key"], shortcut(8_000)) == (202, {"provider": "shortcut", "state": "waiting"})
    understand_all(town.world)
    assert send(town, made["key"], shortcut(8_000)) == (200, {"provider": "shortcut", "state": "done"})
    [phone] = ho.get("/api/steps/phones")[1]["phones"]
    assert (phone["state"], "key" in phone) == ("done", False)
    assert ho.get(f"/api/steps/days/{YESTERDAY}")[1]["steps"] == 8_000
    assert ho.send("DELETE", f"/api/steps/phones/{phone['id']}")[0] == 204
    status, refused = send(town, made["key"], shortcut(9_000))
    assert (status, refused["error"]["code"]) == (401, "phone.key_unknown")
    assert "Make a new one" in refused["error"]["message"]


def test_what_is_pushed_too_often_or_too_large_is_refused(town: Town) -> None:
    made = town.signed_in("ho").post("/api/steps/phones", {"name": "Pixel"})[1]
    assert send(town, made["key"], b" " * (LARGEST + 1))[0] == 413
    answers = [send(town, made["key"], shortcut(at))[0] for at in range(61)]
    assert (set(answers[:60]), answers[60]) == ({202}, 429)


def test_a_session_is_no_key(town: Town) -> None:
    assert code(town.signed_in("ho").post("/api/device/steps", {"date": YESTERDAY, "steps": 5})) == "phone.key_unknown"


def test_a_phone_without_a_name_is_refused(town: Town) -> None:
    assert town.signed_in("ho").post("/api/steps/phones", {"name": "  "})[0] == 422
