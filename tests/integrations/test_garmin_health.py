"""Garmin Health: the calls that it takes, which summary of a day holds, and what its unsigned notices may do."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.cloud import CameBack, Client, Failed, Grant, NotAllowed, Notice, bearer, consent_address, pull
from integrations.contract import DayCount
from integrations.providers import garmin_health
from tests.integrations.bodies import bad, body, good, recognised
from tests.integrations.flows import answer, dance, heard
from tests.integrations.test_clouds import client, hook

US = Client("us", "known to both")
BACK = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
GRANT = Grant("4aac", "the-access", "the-refresh", 86400)
FIRST, LAST = date(2026, 10, 22), date(2026, 11, 20)
TOLD = {"access_token": "a", "refresh_token": "r", "expires_in": 86400}
WHO, MAY = answer({"userId": "4aac"}), answer(["ACTIVITY_EXPORT", "HEALTH_EXPORT"])
FIRST_S, LAST_S = 1_792_598_400, 1_795_104_000  # midnights of Hong Kong


def daily(steps: object, lasts: object = 86_400, on: str = "2026-11-20", **other: object) -> dict[str, Any]:
    """A summary of a day."""
    return {"userId": "4aac", "calendarDate": on, "steps": steps, "durationInSeconds": lasts, **other}


def counted(*dailies: object) -> int:
    """The steps of the day that hold, of summaries in that order."""
    told = [each for each in good("garmin_health", {"dailies": list(dailies)}) if isinstance(each, DayCount)]
    return max(told, key=lambda each: (each.revised_at or datetime.min.replace(tzinfo=UTC), each.steps)).steps


class TestDance:
    def test_a_code_becomes_a_grant_of_whom_notices_will_name(self) -> None:
        (token, who, may), grant = dance(garmin_health.grant(US, BACK), [answer(TOLD), WHO, MAY])
        assert token.form == {
            "client_id": "us", "client_secret": "known to both", "grant_type": "authorization_code",
            "code": "the-code", "code_verifier": "v" * 43, "redirect_uri": "https://us.hk/back",
        }  # fmt: skip
        assert [each.url.partition("/rest/")[2] for each in (who, may)] == ["user/id", "user/permissions"]
        assert grant == Grant("4aac", "a", "r", 86400)

    @pytest.mark.parametrize("may", [[], {}, {"permissions": []}, {"permissions": 5}, ["ACTIVITY_EXPORT"]])
    def test_who_did_not_tick_daily_health_did_not_allow_it(self, may: object) -> None:
        with pytest.raises(NotAllowed):
            dance(garmin_health.grant(US, BACK), [answer(TOLD), WHO, answer(may)])

    def test_permissions_may_stand_under_a_name(self) -> None:
        told = [answer(TOLD), WHO, answer({"permissions": ["HEALTH_EXPORT"]})]
        assert dance(garmin_health.grant(US, BACK), told).result.user == "4aac"

    def test_no_scope_is_asked_for_where_there_is_none(self) -> None:
        assert "scope" not in consent_address(garmin_health.CLOUD, US, "https://us.hk/back", "s", "v" * 43)

    def test_the_new_refresh_token_replaces_the_used_one(self) -> None:
        _, grant = dance(garmin_health.renew(US, GRANT), [answer({**TOLD, "refresh_token": "r2"})])
        assert (grant.refresh, grant.user) == ("r2", "4aac")

    @pytest.mark.parametrize("status", [202, 409, 403])
    def test_days_are_sent_anew_and_come_later_if_at_all(self, status: int) -> None:
        [call], texts = dance(garmin_health.fetch(US, GRANT, FIRST, LAST), [answer("", status)])
        assert call.url == "https://apis.garmin.com/wellness-api/rest/backfill/dailies"
        assert call.query == {"summaryStartTimeInSeconds": str(FIRST_S), "summaryEndTimeInSeconds": str(LAST_S)}
        assert {202, status} - {202} <= set(call.accepts)
        assert texts == []

    def test_today_comes_by_itself(self) -> None:
        assert dance(garmin_health.fetch(US, GRANT, LAST, LAST), []).calls == []

    def test_days_before_the_earliest_are_left_out(self) -> None:
        early = answer({"errorMessage": "Start date before min start time of 2026-11-01T00:00:00.500Z"}, 400)
        (_, again), _ = dance(garmin_health.fetch(US, GRANT, FIRST, LAST), [early, answer("", 202)])
        assert again.query["summaryStartTimeInSeconds"] == str(int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) + 1)
        late = answer({"errorMessage": "start date before min start time of 2026-11-21T00:00:00Z"}, 400)
        assert len(dance(garmin_health.fetch(US, GRANT, FIRST, LAST), [late]).calls) == 1

    @pytest.mark.parametrize("told", ["", "min start time of 2026-13-01T00:00:00Z"])
    def test_another_mistake_is_ours(self, told: str) -> None:
        with pytest.raises(Failed):
            dance(garmin_health.fetch(US, GRANT, FIRST, LAST), [answer(told, 400)])

    def test_leaving_ends_the_registration(self) -> None:
        [call], _ = dance(garmin_health.leave(US, GRANT, datetime(2026, 11, 21, tzinfo=UTC)), [answer("", 204)])
        assert (call.method, call.url.partition("/rest/")[2]) == ("DELETE", "user/registration")


class TestDays:
    def test_a_summary_that_covers_more_of_the_day_holds_in_whichever_order_they_come(self) -> None:
        more, less = daily(4_000), daily(9_000, 40_000)
        assert counted(less, more) == counted(more, less) == 4_000
        assert counted(daily(4_000), daily(5_000)) == 5_000  # the same span again: two watches were put together

    @given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 40_000)), min_size=1))
    def test_the_longest_holds(self, told: list[tuple[int, int]]) -> None:
        assert counted(*(daily(steps, lasts) for lasts, steps in told)) == max(told)[1]

    def test_what_lies_at_an_address_is_a_list(self) -> None:
        assert len(good("garmin_health", [daily(5)])) == 1
        assert recognised([daily(5)]) == ["garmin_health"]
        assert recognised(body({"dailies": [daily(5)]})) == ["garmin_health"]

    def test_a_day_without_steps_is_unknown(self) -> None:
        assert (
            good("garmin_health", {"dailies": [daily(None)]}) == bad("garmin_health", {"dailies": [daily(None)]}) == []
        )

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            (daily("many"), "not_a_number"), (daily(-1), "negative"), (daily(5, on="today"), "not_a_date"),
            (5, "damaged"),
        ],
    )  # fmt: skip
    def test_what_is_no_day_is_said(self, told: object, why: str) -> None:
        assert [each[1] for each in bad("garmin_health", {"dailies": [told]})] == [why]

    @pytest.mark.parametrize("lasts", [None, "long", -5, 10**9])
    def test_a_span_that_is_none_holds_before_any_other(self, lasts: object) -> None:
        [told] = good("garmin_health", {"dailies": [daily(5, lasts)]})
        assert isinstance(told, DayCount)
        assert told.revised_at is None
        assert len(good("garmin_health", {"dailies": [daily(5, on="9999-12-31")]})) == 0


class TestNotices:
    def test_who_does_not_know_our_id_is_not_believed(self) -> None:
        for headers in ({}, {"garmin-client-id": "them"}, {"garmin-client-id": "é"}):
            assert (
                garmin_health.hear(client("garmin_health"), heard(hook("garmin_health"), headers=headers)).status == 401
            )

    def test_no_more_of_a_summary_is_kept_than_is_counted(self) -> None:
        told = {"dailies": [daily(5, restingHeartRateInBeatsPerMinute=61, summaryId="x")]}
        [notice] = garmin_health.notices(body(told))
        assert json.loads(notice.text or "") == {
            "dailies": [{"calendarDate": "2026-11-20", "steps": 5, "durationInSeconds": 86400}]
        }

    def test_what_is_told_of_somebody_comes_to_them_alone(self) -> None:
        told = {"dailies": [daily(5), daily(6, userId="5bbd"), daily(7, on="2026-11-19")]}
        notices = {each.user: json.loads(each.text or "")["dailies"] for each in garmin_health.notices(body(told))}
        assert [each["steps"] for each in notices["4aac"]] == [5, 7]
        assert [each["steps"] for each in notices["5bbd"]] == [6]

    def test_where_data_lies_is_looked_at_only_below_the_vendors_own_address(self) -> None:
        right = "https://apis.garmin.com/wellness-api/rest/dailies?uploadStartTimeInSeconds=1&token=t"
        wrong = [
            "http://apis.garmin.com/wellness-api/rest/dailies", "https://apis.garmin.com.evil.test/wellness-api/rest/dailies",
            "https://us@evil.test/wellness-api/rest/dailies", "https://apis.garmin.com:8443/wellness-api/rest/dailies",
            "https://apis.garmin.com/wellness-api/rest/../../x", "https://apis.garmin.com/wellness-api/rest/user/id",
            "https://evil.test\\@apis.garmin.com/wellness-api/rest/dailies", "https://[/", "//apis.garmin.com/x",
            5, None, "é",
        ]  # fmt: skip
        told = {"dailies": [{"userId": "4aac", "callbackURL": each} for each in (*wrong, right)]}
        assert list(garmin_health.notices(body(told))) == [Notice("4aac", address=right)]
        [call], texts = dance(pull(GRANT, right), [answer("[]")])
        assert (call.url, call.headers, texts) == (right, bearer(GRANT), ["[]"])

    def test_who_left_is_gone_and_who_no_longer_allows_it_is_asked_anew(self) -> None:
        told = {
            "deregistrations": [{"userId": "4aac"}, 5, {"userId": 5}],
            "userPermissionsChange": [
                {"userId": "5bbd", "permissions": ["ACTIVITY_EXPORT"]},
                {"userId": "6cce", "permissions": ["HEALTH_EXPORT"]},
            ],
        }
        assert list(garmin_health.notices(body(told))) == [Notice("5bbd", refused=True), Notice("4aac", gone=True)]

    def test_epochs_and_others_are_passed_over(self) -> None:
        assert list(garmin_health.notices(b'{"epochs": [{"userId": "4aac", "steps": 93}], "dailies": 5}')) == []
