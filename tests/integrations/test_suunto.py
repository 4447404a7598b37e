"""Suunto: the calls that it takes, its statistics of days, and its notices in two ways of writing a signature."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations.cloud import CameBack, Client, Failed, Grant, Notice, basic
from integrations.contract import DayCount
from integrations.providers import suunto
from tests.integrations.bodies import bad, good
from tests.integrations.flows import answer, dance, heard
from tests.integrations.test_clouds import client, hook

US = Client("us", "known to both", {"key": "of our subscription", "hook": "chosen"})
BACK = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
GRANT = Grant("tai.man", "the-access", "the-refresh", 86400)
FIRST, LAST = date(2026, 10, 24), date(2026, 11, 20)
ON = date(2026, 11, 20)


def jwt(says: dict[str, Any]) -> str:
    """A token that says something."""
    return f"h.{base64.urlsafe_b64encode(json.dumps(says).encode()).decode().rstrip('=')}.s"


def statistics(value: object, at: object = "2026-11-20T00:00:00.000+08:00", source: object = "Race") -> list[Any]:
    """An answer of one day."""
    return [{"Name": "stepcount", "Sources": [{"Name": source, "Samples": [{"TimeISO8601": at, "Value": value}]}]}]


class TestDance:
    @pytest.mark.parametrize(
        "told",
        [
            {"access_token": "a", "user": "tai.man"},
            {"access_token": jwt({"user": "tai.man", "sub": "x"})},
            {"access_token": jwt({"sub": "tai.man"})},
        ],
    )
    def test_a_code_becomes_a_grant_of_whom_the_token_names(self, told: dict[str, Any]) -> None:
        [call], grant = dance(suunto.grant(US, BACK), [answer({**told, "refresh_token": "r", "expires_in": 86400})])
        assert call.headers == basic(US)
        assert call.form == {
            "grant_type": "authorization_code", "code": "the-code", "redirect_uri": "https://us.hk/back",
        }  # fmt: skip
        assert (grant.user, grant.refresh) == ("tai.man", "r")

    @pytest.mark.parametrize("token", ["a", "a.b.c", "a.é.c", jwt({})])
    def test_nobody_is_no_grant(self, token: str) -> None:
        with pytest.raises(Failed):
            dance(suunto.grant(US, BACK), [answer({"access_token": token})])

    def test_a_renewed_grant_is_of_the_same_person(self) -> None:
        _, grant = dance(suunto.renew(US, GRANT), [answer({"access_token": jwt({"user": "else"}), "expires_in": 9})])
        assert (grant.user, grant.refresh, grant.lasts_s) == ("tai.man", "the-refresh", 9)

    def test_four_weeks_are_asked_for_with_the_key_of_our_subscription(self) -> None:
        told = answer(statistics(5))
        [call], texts = dance(suunto.fetch(US, GRANT, FIRST, LAST), [told])
        assert call.query == {"startdate": "2026-10-24T00:00:00+08:00", "enddate": "2026-11-20T23:59:59+08:00"}
        assert call.headers["Ocp-Apim-Subscription-Key"] == "of our subscription"
        assert texts == [told.text]
        assert suunto.CLOUD.window == (LAST - FIRST).days + 1 == 28

    def test_what_is_not_found_by_one_name_is_asked_for_by_the_other(self) -> None:
        calls, texts = dance(suunto.fetch(US, GRANT, FIRST, LAST), [answer("", 404), answer(statistics(5))])
        assert [call.url.partition(".com/")[2].partition("/")[0] for call in calls] == ["247", "247samples"]
        assert calls[1].accepts == ()
        assert len(texts) == 1

    def test_nothing_told_is_nothing_to_be_read(self) -> None:
        assert dance(suunto.fetch(US, GRANT, FIRST, LAST), [answer([])]).result == []

    def test_leaving_takes_back_what_was_granted(self) -> None:
        [call], _ = dance(suunto.leave(US, GRANT, datetime(2026, 11, 21, tzinfo=UTC)), [answer()])
        assert (call.url.rpartition("/")[2], call.query) == ("deauthorize", {"client_id": "us"})

    @pytest.mark.parametrize(
        ("status", "said", "means"),
        [
            (401, "Access denied due to missing subscription key.", "no_answer"),
            (401, "Unauthorized", "refused"),
            (403, "Out of call volume quota. Quota will be replenished in 01:00:00.", "too_often"),
            (403, "Forbidden", "refused"),
        ],
    )
    def test_what_is_wrong_with_our_subscription_asks_nobody_to_agree_anew(
        self, status: int, said: str, means: str
    ) -> None:
        assert suunto.outcome(answer({"statusCode": status, "message": said}, status)) == means


class TestDays:
    @pytest.mark.parametrize(
        "at",
        [
            "2026-11-20T00:00:00.000+08:00",
            "2026-11-20T02:00:00.000",
            "2026-11-19T16:00:00.000Z",
            "2026-11-20T00:00:00+09:00",
        ],
    )
    def test_a_time_names_its_day(self, at: str) -> None:
        assert good("suunto", statistics("4617", at)) == [DayCount("Race", ON, 4617)]

    def test_two_watches_are_two_sources_and_one_without_a_name_is_a_suunto(self) -> None:
        told = statistics(5) + statistics(6, source=None)
        assert good("suunto", told) == [DayCount("Race", ON, 5), DayCount("Suunto", ON, 6)]

    def test_no_value_is_not_zero_and_energy_is_no_steps(self) -> None:
        energy = [{**statistics(8368)[0], "Name": "energyconsumption"}]
        for told in (statistics(None), energy):
            assert good("suunto", told) == bad("suunto", told) == []

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            (statistics("many"), "not_a_number"), (statistics(-1), "negative"), (statistics(1, "today"), "not_a_date"),
            (statistics(1, 5), "not_a_date"), (statistics(1, "0001-01-01T00:00:00Z"), "not_a_date"), ([5], "damaged"),
            ([{"Name": "stepcount", "Sources": [5]}], "damaged"),
        ],
    )  # fmt: skip
    def test_what_is_no_day_is_said(self, told: list[Any], why: str) -> None:
        assert [each[1] for each in bad("suunto", told)] == [why]


class TestNotices:
    def test_a_signature_may_be_written_in_another_way(self) -> None:
        told = hook("suunto")
        digest = bytes.fromhex(told["headers"]["x-hmac-sha256-signature"])
        for written in (digest.hex().upper(), base64.b64encode(digest).decode()):
            assert suunto.hear(client("suunto"), heard(told, headers={"x-hmac-sha256-signature": written})).keep

    def test_notices_of_sleep_are_passed_over_and_one_without_times_tells_no_days(self) -> None:
        assert list(suunto.notices(b'{"type": "SUUNTO_247_SLEEP_CREATED", "username": "tai.man"}')) == []
        told = b'{"type": "SUUNTO_247_ACTIVITY_CREATED", "username": "tai.man", "samples": [5, {"timestamp": 5}]}'
        assert list(suunto.notices(told)) == [Notice("tai.man")]

    def test_what_names_nobody_is_said_so(self) -> None:
        with pytest.raises(Failed):
            list(suunto.notices(b'{"type": "SUUNTO_247_ACTIVITY_CREATED"}'))
