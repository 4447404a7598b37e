"""At night what can wait waits, and everybody chooses when that is and how they are told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.people.accounts import actions as accounts
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.people.post.rules import quiet_until
from tests.builders import MORNING, RING
from tests.people.doors import Town, code
from tests.people.telling import CALM, EIGHT, NIGHT, subscribed, told, town_on
from tests.pushing import PushService, push_service


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    """A push service on this machine, for all tests; each has browsers of its own."""
    with push_service() as found:
        yield found


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with push on a database of each kind."""
    town = town_on(database_url)
    yield town
    town.world.db.close()


@pytest.fixture
def small_town(tmp_path: Any) -> Iterator[Town]:
    """Such a town on SQLite, for what does not depend on the engine."""
    town = town_on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    yield town
    town.world.db.close()


def test_at_night_what_can_wait_waits_and_what_is_urgent_does_not(small_town: Town, service: PushService) -> None:
    phone = service.browser("n-phone")
    mei = subscribed(small_town, service, phone)
    small_town.clock.moment = NIGHT
    told(small_town)
    assert (small_town.post(), service.told(phone)) == ([], [])
    assert [each["kind"] for each in mei.get("/api/profile/notices")[1]["notices"]] == [CALM]
    told(small_town, "two", "password.changed")
    [letter] = small_town.post()
    assert letter.subject == "Your password was changed"
    assert [each["subject"] for each in service.told(phone)] == [letter.subject]
    assert service.handed[-1].headers["Urgency"] == "high"
    small_town.clock.moment = EIGHT - timedelta(seconds=1)
    assert small_town.post() == []
    small_town.clock.moment = EIGHT
    [letter] = small_town.post()
    assert [each["subject"] for each in service.told(phone)][1:] == [letter.subject]
    assert service.handed[-1].headers["Urgency"] == "normal"


def test_a_link_goes_before_a_morning_of_held_notices(small_town: Town) -> None:
    small_town.clock.moment = NIGHT
    for each in range(3):
        told(small_town, f"n{each}")
    small_town.post()
    small_town.clock.moment = EIGHT
    small_town.browser().post("/api/password/forgotten", {"name": "mei@example.hk"})
    carried: list[str] = []
    small_town.world.here = replace(small_town.world.here, send=lambda mail: carried.append(mail.subject))
    small_town.post()
    assert (len(carried), carried[0]) == (4, "Choose a new password for e+ Life")


def test_everybody_chooses_how_to_be_told(town: Town) -> None:
    mei = town.signed_in("mei")
    path = "/api/profile/notices/choice"
    assert mei.get(path)[1] == {"mail": True, "quiet": {"begins": "22:00", "ends": "08:00"}}
    for chosen in ({"mail": False, "quiet": None}, {"mail": True, "quiet": {"begins": "13:30", "ends": "14:00"}}):
        assert mei.send("PUT", path, chosen) == (200, chosen)
        assert mei.get(path)[1] == chosen
    same = {"mail": True, "quiet": {"begins": "13:30", "ends": "13:30"}}
    assert code(mei.send("PUT", path, same)) == "notices.no_hours"
    for wrong in ("24:00", "8:00", "08:60", "noon"):
        assert mei.send("PUT", path, {"mail": True, "quiet": {"begins": wrong, "ends": "08:00"}})[0] == 422


def test_without_mail_only_what_is_urgent_is_mailed(small_town: Town) -> None:
    mei = small_town.signed_in("mei")
    mei.send("PUT", "/api/profile/notices/choice", {"mail": False, "quiet": None})
    told(small_town)
    assert small_town.post() == []
    told(small_town, "two", "password.changed")
    assert [letter.subject for letter in small_town.post()] == ["Your password was changed"]


def test_never_quiet_is_told_at_night(small_town: Town) -> None:
    mei = small_town.signed_in("mei")
    mei.send("PUT", "/api/profile/notices/choice", {"mail": True, "quiet": None})
    small_town.clock.moment = NIGHT
    told(small_town)
    assert len(small_town.post()) == 1


def test_a_reader_is_told_in_the_language_and_at_the_address_of_that_moment(small_town: Town) -> None:
    mei = small_town.signed_in("mei")
    small_town.clock.moment = NIGHT
    told(small_town)
    small_town.post()
    small_town.world.write(lambda tx: accounts.verify_email(tx, RING, small_town.account("mei"), "new@example.hk"))
    mei.send("PUT", "/api/profile/language", {"language": "zh-Hant"})
    small_town.clock.moment = EIGHT
    [letter] = small_town.post()
    assert (letter.to, letter.subject) == ("new@example.hk", "你的帳戶快將由自己管理")
    [shown] = mei.get("/api/profile/notices")[1]["notices"]
    assert (shown["subject"], shown["language"]) == (letter.subject, "zh-Hant")


def hong_kong(hour: int, minute: int = 0, second: int = 0, day: int = 21) -> datetime:
    """A moment of Hong Kong's November 2026."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=HONG_KONG)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (hong_kong(21, 59, 59), None),
        (hong_kong(22), hong_kong(8, day=22)),
        (hong_kong(23, 59, 59), hong_kong(8, day=22)),
        (hong_kong(0), hong_kong(8)),
        (hong_kong(7, 59, 59), hong_kong(8)),
        (hong_kong(8), None),
        (MORNING, None),
    ],
)
def test_the_night_begins_and_ends_on_the_minute(now: datetime, until: datetime | None) -> None:
    assert quiet_until(now.astimezone(UTC), (time(22), time(8))) == until


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = (time(12), time(13, 30))
    assert quiet_until(hong_kong(12, 10), noon) == hong_kong(13, 30)
    assert (quiet_until(hong_kong(11, 59), noon), quiet_until(hong_kong(13, 30), noon)) == (None, None)
    assert quiet_until(hong_kong(3), None) is None


TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, TIMES, TIMES)
def test_whoever_is_held_is_let_go_at_the_chosen_time_and_not_held_again(
    now: datetime, begins: time, ends: time
) -> None:
    until = quiet_until(now, (begins, ends))
    if until is not None and begins != ends:
        assert now < until <= now + timedelta(days=1)
        assert until.astimezone(HONG_KONG).time() == ends
        assert quiet_until(until, (begins, ends)) is None
