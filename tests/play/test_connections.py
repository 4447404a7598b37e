"""A person's account at a vendor: connected, told of, asked, refused, and given back, against the vendor's stand-in."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from challenges_app.kit import bucket
from challenges_app.play.connections import actions, queries, rules
from challenges_app.play.connections.calls import vendors
from challenges_app.settings import Settings, SettingsError, read
from tests.builders import World
from tests.people.doors import code
from tests.play.vendors import Fair, fair

TODAY, YESTERDAY, LONG_AGO = "2026-11-21", "2026-11-20", "2026-02-03"


@pytest.fixture
def ours(database_url: str) -> Iterator[Fair]:
    """A town with a vendor, on both engines."""
    with fair(database_url) as made:
        yield made


def test_an_account_is_connected_and_its_year_arrives(ours: Fair) -> None:
    for on, steps in ((LONG_AGO, 4_000), (YESTERDAY, 9_000), (TODAY, 1_200)):
        ours.walk(on, steps)
    assert ours.connect() == "done"
    assert ours.told()["busy"]
    assert (ours.counted(YESTERDAY), ours.counted(TODAY), ours.counted(LONG_AGO)) == (9_000, 1_200, 4_000)
    told = ours.told()
    assert (told["state"], told["busy"], told["failures"]) == ("on", False, 0)
    assert told["synced_at"] is not None


def test_what_the_vendor_tells_of_is_asked_for_at_once(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.told()["heard_at"] is not None


def test_a_notice_that_is_lost_is_caught_up_with_by_asking_every_six_hours(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.vendor.faults["lost"] = 1
    ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) is None
    ours.town.clock.pass_by(hours=6, minutes=1)
    assert ours.counted(YESTERDAY) == 5_000


def test_the_same_notice_again_asks_again_and_changes_nothing(ours: Fair) -> None:
    ours.connect()
    for _ in range(3):
        ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) == 5_000


def test_a_correction_downwards_is_believed_since_the_vendor_says_when(ours: Fair) -> None:
    ours.connect()
    ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) == 5_000
    ours.town.clock.pass_by(minutes=1)
    ours.walk(YESTERDAY, 4_000)
    assert ours.counted(YESTERDAY) == 4_000


def test_tokens_that_end_are_renewed_and_kept_before_they_are_used(ours: Fair) -> None:
    ours.connect()
    ours.work()
    before = ours.row().grant_sealed
    ours.town.clock.pass_by(hours=4)
    ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.vendor.asked["requesttoken"] == 2
    assert ours.row().grant_sealed != before


def test_a_token_that_ends_early_is_renewed_once_and_asked_with_again(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.vendor.access.clear()
    ours.walk(YESTERDAY, 5_000)
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.vendor.asked["requesttoken"] == 2


def test_whoever_refuses_at_the_vendor_is_asked_once_to_connect_anew_and_gets_only_the_gap(ours: Fair) -> None:
    ours.walk(LONG_AGO, 1)
    ours.connect()
    ours.work()
    ours.vendor.revoke("4711")
    ours.walk(YESTERDAY, 5_000)
    ours.town.clock.pass_by(hours=7)
    ours.work()
    assert ours.told()["state"] == "refused"
    asked = ours.vendor.asked.total()
    ours.town.clock.pass_by(days=2)
    ours.work()
    assert ours.vendor.asked.total() == asked  # nobody is asked who has refused
    notices = [each["kind"] for each in ours.browser.get("/api/profile/notices")[1]["notices"]]
    assert notices.count("tracker.over") == 1
    assert ours.connect() == "done"
    assert ours.row().wanted_from == date(2026, 11, 19)
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.told()["state"] == "on"


def test_a_vendor_that_is_down_or_busy_is_left_alone_and_nobody_is_asked_to_connect_anew(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.walk(YESTERDAY, 5_000)
    ours.vendor.faults["down"] = 1
    ours.work()
    assert (ours.told()["state"], ours.told()["failures"]) == ("on", 1)
    ours.vendor.faults["busy"] = 1
    ours.town.clock.pass_by(minutes=2)
    ours.work()
    assert (ours.told()["state"], ours.told()["failures"]) == ("on", 2)
    ours.town.clock.pass_by(minutes=10)
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.told()["failures"] == 0


def test_leaving_gives_back_what_was_granted_and_keeps_the_days(ours: Fair) -> None:
    ours.walk(YESTERDAY, 5_000)
    ours.connect()
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.browser.send("DELETE", "/api/steps/connections/withings")[0] == 204
    assert ours.browser.get("/api/steps/connections")[1]["connections"] == []
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.vendor.access == {}
    assert ours.vendor.asked["revoke"] == 1
    assert code(ours.browser.send("DELETE", "/api/steps/connections/withings")) == "connection.unknown"


def test_whoever_connects_again_while_the_vendor_is_being_told_stays_connected(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.browser.send("DELETE", "/api/steps/connections/withings")
    now = ours.town.clock()
    leaving = ours.town.world.write(lambda tx: queries.claim(tx, now, now + rules.LEASE))
    assert leaving is not None
    assert ours.connect() == "done"
    ours.town.world.write(lambda tx: actions.left(tx, leaving))
    assert ours.told()["state"] == "on"


def test_leaving_may_take_the_days_along(ours: Fair) -> None:
    ours.walk(YESTERDAY, 5_000)
    ours.connect()
    assert ours.counted(YESTERDAY) == 5_000
    assert ours.browser.send("DELETE", "/api/steps/connections/withings?forget=true")[0] == 204
    assert ours.counted(YESTERDAY) is None


def test_one_account_is_not_two_persons(ours: Fair) -> None:
    ours.connect()
    other = ours.town.world.person("mei")
    ours.town.world.player(other)
    mei = ours.town.signed_in("mei")
    assert ours.connect("4711", mei) == "taken"
    assert ours.connect("4712", mei) == "done"


def test_whoever_declines_or_comes_back_twice_or_from_elsewhere_is_told_so(ours: Fair) -> None:
    address = ours.browser.post("/api/steps/connections/withings", {})[1]["address"]
    assert ours.agree(address, {"refuse": "1"}) == "declined"
    assert ours.agree(address, {"person": "4711"}) == "over"  # the state was used
    address = ours.browser.post("/api/steps/connections/withings", {})[1]["address"]
    elsewhere = ours.town.signed_in("ho")
    assert ours.agree(address, {"person": "4711"}, elsewhere) == "over"
    assert ours.agree(address, {"person": "4711"}, ours.town.browser()) == "over"


def test_a_vendor_that_is_down_when_somebody_comes_back_connects_nothing(ours: Fair) -> None:
    ours.vendor.faults["down"] = 1
    assert ours.connect() == "away"
    assert ours.browser.get("/api/steps/connections")[1] == {"connections": [], "offered": ["withings"]}


def test_a_child_connects_no_account(ours: Fair) -> None:
    world = ours.town.world
    child = world.person("siu", born=date(2017, 3, 1))
    world.player(child)
    siu = ours.town.signed_in("siu")
    assert siu.get("/api/steps/connections")[1]["offered"] == []
    assert code(siu.post("/api/steps/connections/withings", {})) == "connection.too_young"


def test_a_tracker_that_is_not_offered_is_not_there(ours: Fair) -> None:
    for name in ("oura", "apple_health", "nobody"):
        assert code(ours.browser.post(f"/api/steps/connections/{name}", {})) == "connection.off"


def test_the_vendors_door_opens_by_its_secret_address_only(ours: Fair) -> None:
    ours.connect()
    address = ours.vendor.hooks["4711"]
    assert requests.post(address[:-1] + "x", data={"userid": "4711", "appli": "16"}, timeout=5).status_code == 404
    assert requests.post(address, data={"userid": "nobody", "appli": "16"}, timeout=5).status_code == 200
    assert requests.post(address, data=b"\xff\xfe", timeout=5).status_code == 200  # kept, and never understood
    ours.work()
    assert ours.told()["heard_at"] is None


def test_no_token_is_kept_open_and_none_is_exported(ours: Fair) -> None:
    ours.connect()
    ours.work()
    tokens = [*ours.vendor.access, *ours.vendor.refresh]
    kept = ours.row()
    assert not any(token.encode() in kept.grant_sealed for token in tokens)
    assert "4711" not in repr(tuple(kept))


def test_a_pace_of_our_own_is_kept_and_is_no_failure(ours: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    ours.connect()
    monkeypatch.setattr(bucket, "take", lambda *_, **more: timedelta(0) if more["must"] else timedelta(minutes=3))
    asked = ours.vendor.asked.total()
    ours.work()
    assert ours.vendor.asked.total() == asked
    assert (ours.row().failures, ours.row().due_at) == (0, ours.town.clock() + timedelta(minutes=3))


def test_the_state_goes_with_the_browser_and_no_secret_does(ours: Fair) -> None:
    told = ours.browser.post("/api/steps/connections/withings", {})[1]
    asked = parse_qs(urlsplit(told["address"]).query)
    assert "known" not in json.dumps(told)
    assert len(asked["state"][0]) >= 43


@pytest.mark.parametrize(
    ("trackers", "why"),
    [
        ("nobody?id=a&secret=b", "no tracker with a cloud"),
        ("apple_health?id=a&secret=b", "no tracker with a cloud"),
        ("withings?id=a", "needs secret"),
        ("oura?id=a&secret=b", "needs verification"),
        ("huawei_health?id=a&secret=b&host=health-api.cloud.example", "no host of huawei_health"),
        ("huawei_health?id=a&secret=b&host=evil.example/x.huawei.com", "no host of huawei_health"),
        ("withings?id=a&secret=b&host=health-api.cloud.huawei.com", "no host of withings"),
    ],
)
def test_trackers_that_cannot_be_are_refused_by_name(sqlite_world: World, trackers: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        vendors(Settings(database_url="sqlite://", trackers=trackers))


@pytest.mark.parametrize("at", ["https://twins.example", "http://twins.example", "http://127.0.0.1:1?x=1", "console"])
def test_stand_ins_listen_on_this_machine_only(at: str) -> None:
    with pytest.raises(SettingsError, match="EPLUS_VENDORS"):
        read({"EPLUS_KEYS": "k", "EPLUS_PEPPER": "p", "EPLUS_VENDORS": at})


def test_the_newest_days_come_first_and_none_is_left_out() -> None:
    wanted: rules.Span | None = (date(2026, 8, 1), date(2026, 11, 20))
    asked = []
    while wanted:
        asked.append(rules.newest(wanted, 28))
        wanted = rules.left(wanted, asked[-1])
    assert asked[0] == (date(2026, 10, 24), date(2026, 11, 20))
    days = [first + timedelta(days=n) for first, last in asked for n in range((last - first).days + 1)]
    assert sorted(days) == [date(2026, 8, 1) + timedelta(days=n) for n in range(112)]


def test_waiting_doubles_up_to_six_hours() -> None:
    assert [rules.wait(failures) for failures in (0, 1, 5)] == [timedelta(minutes=each) for each in (1, 2, 32)]
    assert rules.wait(100) == timedelta(hours=6)


def test_only_the_gap_is_asked_for_again() -> None:
    today = date(2026, 11, 21)
    assert rules.at_first(today, 365, None) == (today - timedelta(days=365), today)
    assert rules.at_first(today, 365, datetime(2026, 11, 10, tzinfo=UTC)) == (date(2026, 11, 8), today)
    assert rules.at_first(today, 28, datetime(2025, 1, 1, tzinfo=UTC)) == (today - timedelta(days=28), today)
