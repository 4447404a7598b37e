"""Huawei Health: the calls that it takes, its statistics of days, and its notices that sign three values."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations.cloud import CameBack, Client, Failed, Grant, Notice
from integrations.contract import DayCount
from integrations.providers import huawei_health
from tests.integrations.bodies import bad, good
from tests.integrations.flows import answer, dance, heard
from tests.integrations.test_clouds import client, hook

US = Client("us", "known to both")
BACK = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
GRANT = Grant("MDFA", "the-access", "the-refresh", 3600)
FIRST, LAST = date(2026, 10, 21), date(2026, 11, 20)
TOLD = {"access_token": "a", "refresh_token": "r", "expires_in": 3600}
MIDNIGHT = 1_795_104_000_000  # of 20 November 2026 in Hong Kong, in milliseconds
DAY = 86_400_000
TOTAL = "com.huawei.continuous.steps.total"


def jwt(says: dict[str, Any]) -> str:
    """A token that says something."""
    return f"h.{base64.urlsafe_b64encode(json.dumps(says).encode()).decode().rstrip('=')}.s"


def point(*fields: tuple[str, object], kind: str = TOTAL, unit: str = "integerValue") -> dict[str, Any]:
    """A point of the day, with its values."""
    return {
        "startTime": MIDNIGHT * 10**6,
        "endTime": (MIDNIGHT + DAY) * 10**6 - 1,
        "dataTypeName": kind,
        "value": [{"fieldName": name, unit: value} for name, value in fields],
    }


def day(*points: object, **other: object) -> dict[str, Any]:
    """An answer of one day."""
    group = {"startTime": MIDNIGHT, "endTime": MIDNIGHT + DAY - 1, "sampleSet": [{"samplePoints": list(points)}]}
    return {"group": [{**group, **other}]}


class TestDance:
    def test_a_code_becomes_a_grant_of_whom_the_vendor_names(self) -> None:
        (token, whose), grant = dance(huawei_health.grant(US, BACK), [answer(TOLD), answer({"open_id": "MDFA"})])
        assert token.url == "https://oauth-login.cloud.huawei.com/oauth2/v3/token"
        assert whose.query["nsp_svc"] == "huawei.oauth2.user.getTokenInfo"
        assert whose.form == {"open_id": "OPENID", "access_token": "a"}
        assert grant == Grant("MDFA", "a", "r", 3600)

    def test_who_is_not_named_there_is_named_by_the_id_token(self) -> None:
        told = {**TOLD, "id_token": jwt({"sub": "MDFB"})}
        _, grant = dance(huawei_health.grant(US, BACK), [answer(told), answer({"error": "invalid session"})])
        assert grant.user == "MDFB"

    @pytest.mark.parametrize("token", [None, "", "a.b", "a.é.c", "a.YQ.c", jwt({})])
    def test_nobody_is_no_grant(self, token: object) -> None:
        with pytest.raises(Failed):
            dance(huawei_health.grant(US, BACK), [answer({**TOLD, "id_token": token}), answer({})])

    def test_days_are_those_of_hong_kong_and_statistics_alone_are_asked_for(self) -> None:
        given = answer(day(point(("steps", 5))))
        [call], texts = dance(huawei_health.fetch(US, GRANT, FIRST, LAST), [given])
        assert call.url == "https://health-api.cloud.huawei.com/healthkit/v2/sampleSet:polymerize"
        assert call.body == {
            "polymerizeWith": [{"dataTypeName": "com.huawei.continuous.steps.delta"}],
            "startTime": MIDNIGHT - 30 * DAY,
            "endTime": MIDNIGHT + DAY - 1,
            "groupByTime": {"groupPeriod": {"timeZone": "+0800", "unit": "day", "value": 1}},
        }
        assert call.headers["x-client-id"] == "us"
        assert texts == [given.text]
        assert huawei_health.CLOUD.window == (LAST - FIRST).days + 1 == 31

    def test_nothing_told_is_nothing_to_be_read(self) -> None:
        assert dance(huawei_health.fetch(US, GRANT, FIRST, LAST), [answer({"group": []})]).result == []

    def test_the_operator_may_name_the_host_of_a_region(self) -> None:
        there = Client("us", "known to both", {"host": "health-api.cloud.huawei.eu"})
        call = next(huawei_health.fetch(there, GRANT, FIRST, LAST))
        assert call.url.startswith("https://health-api.cloud.huawei.eu/healthkit/")

    def test_who_has_a_subscriber_asks_to_be_told_and_others_ask_nothing(self) -> None:
        assert dance(huawei_health.subscribe(US, GRANT, "https://us.hk/hook"), []).calls == []
        us = Client("us", "known to both", {"subscriber": "s-1"})
        [call], _ = dance(huawei_health.subscribe(us, GRANT, "https://us.hk/hook"), [answer()])
        told_of = (call.body or {})["eventTypes"]
        assert {"type": "SAMPLESET_EVENT", "subType": f"UPDATE${TOTAL}"} in told_of
        assert {"type": "USER_EVENT", "subType": "REVOKE_ALL"} in told_of

    def test_leaving_takes_the_token_back(self) -> None:
        [call], _ = dance(huawei_health.leave(US, GRANT, datetime(2026, 11, 21, tzinfo=UTC)), [answer()])
        assert (call.url.rpartition("/")[2], call.form) == ("revoke", {"token": "the-refresh"})

    @pytest.mark.parametrize(
        ("status", "told", "means"),
        [
            (400, {"error": 1203, "sub_error": 11205}, "refused"),
            (400, {"error": 1203, "sub_error": 31204}, "refused"),
            (400, {"error": 1203, "sub_error": 20001}, "no_answer"),
            (400, {"error": 1101, "sub_error": 20001}, "no_answer"),
            (403, {"error": {"code": 121001}}, "no_answer"),
            (403, {"error": {"code": 5}}, "refused"),
            (200, {}, "ok"),
        ],
    )
    def test_its_errors_have_numbers_of_their_own(self, status: int, told: dict[str, Any], means: str) -> None:
        assert huawei_health.outcome(answer(told, status)) == means


class TestDays:
    on = date(2026, 11, 20)

    def test_a_statistic_beats_details_and_is_never_added_to_another(self) -> None:
        several = day(point(("steps", 7118), ("duration", 70)), point(("steps", 6280)), point(("steps_delta", 9999)))
        assert good("huawei_health", several) == [DayCount("Huawei Health", self.on, 7118)]

    def test_details_alone_are_no_statistic_unless_there_is_but_one(self) -> None:
        assert good("huawei_health", day(point(("steps_delta", 40), kind="com.huawei.continuous.steps.delta"))) != []
        details = day(*(point(("steps_delta", 40)) for _ in range(3)))
        assert bad("huawei_health", details) == [(1, "not_a_number", "steps")]

    @pytest.mark.parametrize("unit", ["longValue", "floatValue"])
    def test_a_number_may_be_of_another_kind(self, unit: str) -> None:
        assert good("huawei_health", day(point(("steps", 12), unit=unit))) == [DayCount("Huawei Health", self.on, 12)]

    @pytest.mark.parametrize("starts", [MIDNIGHT // 1000, str(MIDNIGHT), MIDNIGHT * 1000, MIDNIGHT * 10**6])
    def test_a_moment_may_be_told_in_any_unit(self, starts: object) -> None:
        [told] = good("huawei_health", day(point(("steps", 12)), startTime=starts))
        assert told == DayCount("Huawei Health", self.on, 12)

    def test_a_day_without_points_or_with_those_of_something_else_is_unknown(self) -> None:
        for points in ([], [point(("steps", 1), kind="com.huawei.continuous.distance.total")], [5]):
            assert good("huawei_health", day(*points)) == []
            assert bad("huawei_health", day(*points)) == []

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            (day(point(("steps", "many"))), "not_a_number"),
            (day(point(("steps", -1))), "negative"),
            (day(point(("steps", 1)), startTime="soon"), "not_a_date"),
            (day(point(("steps", 1)), startTime=10**40), "not_a_date"),
            (day(point(("steps", 1)), endTime=MIDNIGHT + 7 * DAY), "too_long"),
            ({"group": [5]}, "damaged"),
        ],
    )
    def test_what_is_no_day_is_said(self, told: dict[str, Any], why: str) -> None:
        told = {"group": told["group"], "sampleSet": []}
        assert [each[1] for each in bad("huawei_health", told)] == [why]


class TestNotices:
    def test_whether_we_are_there_is_tried_without_a_signature(self) -> None:
        reply = huawei_health.hear(client("huawei_health"), heard(hook("huawei_health"), headers={}, body="{}"))
        assert reply == (204, "", False)

    @pytest.mark.parametrize(
        ("kind", "over"),
        [
            ("REVOKE_ALL", Notice("MDFA", gone=True)),
            ("DELETE_USER", Notice("MDFA", gone=True)),
            ("REFRESH_TOKEN_INVALID", Notice("MDFA", refused=True)),
        ],
    )
    def test_who_is_gone_is_gone_and_whose_token_was_lost_is_asked_anew(self, kind: str, over: Notice) -> None:
        body = json.dumps({"openId": "MDFA", "eventType": f"USER_EVENT${kind}", "eventTime": 1})
        assert list(huawei_health.notices(body.encode())) == [over]

    def test_notices_of_sleep_are_passed_over(self) -> None:
        body = b'{"openId": "MDFA", "eventType": "SAMPLESET_EVENT$UPDATE$com.huawei.sleep", "eventTime": "1"}'
        assert list(huawei_health.notices(body)) == []

    def test_a_secret_that_is_none_believes_nothing(self) -> None:
        for secret in ("", "not base64"):
            us = Client("us", "known to both", {"hook": secret})
            assert huawei_health.hear(us, heard(hook("huawei_health"))) == (401, "", False)
