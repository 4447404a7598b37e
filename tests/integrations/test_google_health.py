"""Google Health: the calls that it takes, what its answers mean, and whom it believes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations.cloud import CameBack, Client, Failed, Grant, Notice, bearer
from integrations.contract import DayCount
from integrations.providers import google_health
from tests.integrations.bodies import bad, good
from tests.integrations.flows import answer, dance, heard
from tests.integrations.test_clouds import client, hook

US = Client("us", "known to both")
BACK = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
GRANT = Grant("b2c3", "the-access", "the-refresh", 3600)
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 20)
TOLD = {"access_token": "a", "refresh_token": "r", "expires_in": 3599}
VERIFICATION = '{"type": "verification"}'


def point(steps: object, starts: object = None, ends: object = None) -> dict[str, Any]:
    """A roll-up of 20 November, unless another day is said."""
    first = {"date": {"year": 2026, "month": 11, "day": 20}} if starts is None else starts
    last = {"date": {"year": 2026, "month": 11, "day": 21}} if ends is None else ends
    return {"civilStartTime": first, "civilEndTime": last, "steps": steps}


def points(*each: object) -> dict[str, Any]:
    """An answer."""
    return {"rollupDataPoints": list(each)}


def refused(status: int, reason: str) -> str:
    """What an error of that reason means."""
    told = {"error": {"code": status, "status": "FAILED_PRECONDITION", "details": [5, {"reason": reason}]}}
    return google_health.outcome(answer(told, status))


def test_a_code_becomes_a_grant_of_whom_notices_will_name() -> None:
    (token, identity), grant = dance(google_health.grant(US, BACK), [answer(TOLD), answer({"healthUserId": "b2c3"})])
    assert token.form == {
        "client_id": "us", "client_secret": "known to both", "grant_type": "authorization_code", "code": "the-code",
        "code_verifier": "v" * 43, "redirect_uri": "https://us.hk/back",
    }  # fmt: skip
    assert identity.url == "https://health.googleapis.com/v4/users/me/identity"
    assert grant == Grant("b2c3", "a", "r", 3599)


@pytest.mark.parametrize("identity", [{}, {"healthUserId": None}, {"healthUserId": ""}])
def test_nobody_is_no_grant(identity: dict[str, Any]) -> None:
    with pytest.raises(Failed):
        dance(google_health.grant(US, BACK), [answer(TOLD), answer(identity)])


def test_the_refresh_token_stays_as_it_is() -> None:
    _, grant = dance(google_health.renew(US, GRANT), [answer({"access_token": "a2", "expires_in": 3599})])
    assert grant == Grant("b2c3", "a2", "the-refresh", 3599)


def test_days_are_asked_for_to_the_day_after_the_last_page_by_page_and_from_wearables_alone() -> None:
    pages = [answer({**points(point({"countSum": "1"})), "nextPageToken": "more"}), answer({})]
    calls, texts = dance(google_health.fetch(US, GRANT, FIRST, LAST), pages)
    first, second = (call.body or {} for call in calls)
    assert first == {
        "range": {
            "start": {"date": {"year": 2026, "month": 9, "day": 1}},
            "end": {"date": {"year": 2026, "month": 11, "day": 21}},
        },
        "windowSizeDays": 1,
        "dataSourceFamily": "users/me/dataSourceFamilies/google-wearables",
    }
    assert second == {**first, "pageToken": "more"}
    assert calls[0].headers == bearer(GRANT)
    assert texts == [pages[0].text]  # nothing told is nothing to be read


def test_ninety_days_are_one_call() -> None:
    assert google_health.CLOUD.back + 1 == google_health.CLOUD.window == 90


def test_leaving_takes_back_all_tokens() -> None:
    [call], _ = dance(google_health.leave(US, GRANT, datetime(2026, 11, 21, tzinfo=UTC)), [answer()])
    assert (call.url, call.form) == ("https://oauth2.googleapis.com/revoke", {"token": "the-refresh"})


def test_who_has_no_health_account_yet_is_asked_again_and_our_own_faults_ask_nobody() -> None:
    assert refused(400, "ACCOUNT_NOT_LINKED") == "refused"
    assert refused(400, "INVALID_ROLLUP_QUERY_DURATION") == "no_answer"
    assert refused(403, "SERVICE_DISABLED") == "no_answer"
    assert refused(403, "RATE_LIMIT_EXCEEDED") == "too_often"
    assert refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT") == "refused"
    assert refused(401, "anything") == "refused"


class TestDays:
    def test_counts_are_text_and_zero_is_zero_and_missing_is_not(self) -> None:
        on = date(2026, 11, 20)
        assert good("google_health", points(point({"countSum": "8123"}))) == [DayCount("Google Health", on, 8123)]
        assert good("google_health", points(point({"countSum": "0"}))) == [DayCount("Google Health", on, 0)]
        for missing in ({}, None, 5):
            assert good("google_health", points(point(missing))) == []
            assert bad("google_health", points(point(missing))) == []

    def test_a_civil_time_may_be_text(self) -> None:
        [told] = good("google_health", points(point({"countSum": 5}, "2026-11-20T00:00:00", "2026-11-21T00:00:00")))
        assert told == DayCount("Google Health", date(2026, 11, 20), 5)

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            (point({"countSum": "many"}), "not_a_number"),
            (point({"countSum": "9" * 21}), "not_a_number"),
            (point({"countSum": "٣"}), "not_a_number"),
            (point({"countSum": "-5"}), "negative"),
            (point({"countSum": "5"}, {"date": {"year": 2026, "month": 13, "day": 1}}), "not_a_date"),
            (point({"countSum": "5"}, {"date": {"year": 10**30, "month": 1, "day": 1}}), "not_a_date"),
            (point({"countSum": "5"}, None, {"date": {"year": 2026, "month": 11, "day": 27}}), "too_long"),
            (5, "damaged"),
        ],
    )
    def test_what_is_no_day_is_said(self, told: object, why: str) -> None:
        assert [each[1] for each in bad("google_health", points(told))] == [why]


class TestNotices:
    def test_whether_we_ask_who_it_is_is_tried_first(self) -> None:
        us = client("google_health")
        knows = {"authorization": "Bearer chosen by us"}
        told = hook("google_health")
        assert google_health.hear(us, heard(told, headers=knows, body=VERIFICATION)) == (201, "", False)
        for headers in ({}, {"authorization": "Bearer guessed"}, {"authorization": "Bearer "}):
            assert google_health.hear(us, heard(told, headers=headers, body=VERIFICATION)).status == 401
        nobody = Client("us", "known to both")
        assert google_health.hear(nobody, heard(told, headers={}, body=VERIFICATION)).status == 401

    @pytest.mark.parametrize("name", google_health.SIGNATURES)
    def test_a_signature_is_enough_by_either_name(self, name: str) -> None:
        told = hook("google_health")
        signature = told["headers"]["x-healthapi-signature"]
        assert google_health.hear(client("google_health"), heard(told, headers={name: signature})).keep

    def test_a_wrong_signature_is_not_mended_by_knowing_what_to_say(self) -> None:
        told = hook("google_health")
        headers = {**told["headers"], "x-healthapi-signature": told["headers"]["x-healthapi-signature"][:-8]}
        assert not google_health.hear(client("google_health"), heard(told, headers=headers)).keep

    def test_while_its_keys_are_not_known_it_has_to_know_what_to_say(self) -> None:
        told, us = hook("google_health"), Client("us", "known to both", {"hook": "chosen by us"})
        assert google_health.hear(us, heard(told)).keep
        without = {"x-healthapi-signature": told["headers"]["x-healthapi-signature"]}
        assert not google_health.hear(us, heard(told, headers=without)).keep

    def test_one_object_is_as_good_as_a_list_and_other_times_are_read_as_far_as_they_go(self) -> None:
        interval = b'{"physicalTimeInterval": {"startTime": "2026-11-19T16:00:00Z", "endTime": "2026-11-20T02:00:00Z"}}'
        body = b'{"data": {"healthUserId": "b2c3", "dataType": "steps", "intervals": [5, %s]}}'
        assert list(google_health.notices(body % interval)) == [Notice("b2c3", date(2026, 11, 18), date(2026, 11, 21))]
        assert list(google_health.notices(body % b"{}")) == [Notice("b2c3")]

    @pytest.mark.parametrize("body", [b"[5]", b'{"data": {}}', b'{"data": {"healthUserId": []}}', b"\xff"])
    def test_what_names_nobody_is_said_so(self, body: bytes) -> None:
        with pytest.raises((Failed, ValueError)):
            list(google_health.notices(body))
