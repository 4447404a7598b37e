"""Each vendor's dance: the calls that it takes, in the vendor's own words."""

import hashlib
import hmac
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest

from integrations.cloud import Answer, Call, CameBack, Client, Failed, Grant, Heard, basic, bearer
from integrations.providers import oura, polar, withings
from tests.integrations.flows import answer, dance
from tests.integrations.test_clouds import client

US = Client("us", "known to both")
BACK = CameBack("the-code", "v" * 43, "https://us.hk/back", "m-1")
GRANT = Grant("475", "the-access", "the-refresh", 10800)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
TOLD = {"access_token": "a", "refresh_token": "r", "expires_in": 10800}


def form(call: Call) -> dict[str, str]:
    """What a call sends as a form."""
    return dict(call.form or {})


class TestWithings:
    def test_a_code_becomes_a_grant(self) -> None:
        told = {"status": 0, "body": {"userid": 475, **TOLD}}
        [call], grant = dance(withings.grant(US, BACK), [answer(told)])
        assert call.url == "https://wbsapi.withings.net/v2/oauth2"
        assert form(call) == {
            "action": "requesttoken", "grant_type": "authorization_code", "client_id": "us",
            "client_secret": "known to both", "code": "the-code", "redirect_uri": "https://us.hk/back",
        }  # fmt: skip
        assert grant == Grant("475", "a", "r", 10800)

    def test_tokens_are_renewed_with_the_old_one(self) -> None:
        told = {"status": 0, "body": {"userid": "475", "access_token": "a2", "refresh_token": "r2", "expires_in": 9}}
        [call], grant = dance(withings.renew(US, GRANT), [answer(told)])
        assert (form(call)["grant_type"], form(call)["refresh_token"]) == ("refresh_token", "the-refresh")
        assert grant == Grant("475", "a2", "r2", 9)

    def test_days_are_asked_for_page_by_page(self) -> None:
        pages = [
            answer({"status": 0, "body": {"activities": [], "more": True, "offset": 200}}),
            answer({"status": 0, "body": {"activities": [], "more": False, "offset": 0}}),
        ]
        calls, texts = dance(withings.fetch(US, GRANT, FIRST, LAST), pages)
        assert [form(call).get("offset") for call in calls] == [None, "200"]
        assert (form(calls[0])["startdateymd"], form(calls[0])["enddateymd"]) == ("2026-11-01", "2026-11-20")
        assert calls[0].headers == bearer(GRANT)
        assert texts == [page.text for page in pages]

    def test_pages_without_end_come_to_one(self) -> None:
        flow = withings.fetch(US, GRANT, FIRST, LAST)
        next(flow)
        asked = 1
        with suppress(StopIteration):
            while asked <= withings.PAGES:
                flow.send(answer({"status": 0, "body": {"more": True, "offset": 1}}))
                asked += 1
        assert asked == withings.PAGES

    def test_leaving_is_signed_with_a_number_that_is_good_once(self) -> None:
        at = datetime(2026, 11, 21, tzinfo=UTC)
        answers = [answer({"status": 0, "body": {"nonce": "n-1"}}), answer({"status": 0, "body": {}})]
        (nonce, revoke), _ = dance(withings.leave(US, GRANT, at), answers)
        assert form(nonce)["timestamp"] == str(int(at.timestamp()))
        message = b"revoke,us,n-1"
        assert form(revoke)["signature"] == hmac.new(b"known to both", message, hashlib.sha256).hexdigest()
        assert (form(revoke)["nonce"], form(revoke)["userid"]) == ("n-1", "475")

    @pytest.mark.parametrize(
        ("status", "means"), [(0, "ok"), (401, "refused"), (601, "too_often"), (2555, "no_answer")]
    )
    def test_its_answers_say_in_the_body_how_it_went(self, status: int, means: str) -> None:
        assert withings.outcome(answer({"status": status, "body": {}})) == means

    def test_it_asks_whether_we_are_there_and_tells_stretches_of_time(self) -> None:
        assert withings.hear(US, Heard("HEAD", {}, {}, b"")) == (200, "", False)
        [notice] = withings.notices(b"userid=475&appli=16&startdate=1795132800&enddate=1795219199")
        assert (notice.first_on, notice.last_on) == (date(2026, 11, 19), date(2026, 11, 21))

    def test_notices_of_other_things_than_activity_are_passed_over(self) -> None:
        assert list(withings.notices(b"userid=475&appli=1&date=2026-11-20")) == []


class TestOura:
    def test_a_code_becomes_a_grant_of_whom_the_vendor_names(self) -> None:
        calls, grant = dance(oura.grant(US, BACK), [answer(TOLD), answer({"id": "b2c3", "email": "x"})])
        assert [call.url.rpartition("/")[2] for call in calls] == ["token", "personal_info"]
        assert grant == Grant("b2c3", "a", "r", 10800)

    def test_the_new_refresh_token_replaces_the_used_one(self) -> None:
        _, grant = dance(oura.renew(US, GRANT), [answer({**TOLD, "refresh_token": "r2"})])
        assert (grant.refresh, grant.user) == ("r2", "475")

    def test_days_are_asked_for_page_by_page(self) -> None:
        pages = [answer({"data": [], "next_token": "more"}), answer({"data": [], "next_token": None})]
        calls, texts = dance(oura.fetch(US, GRANT, FIRST, LAST), pages)
        assert [call.query.get("next_token") for call in calls] == [None, "more"]
        assert (calls[0].query["start_date"], calls[0].query["end_date"]) == ("2026-11-01", "2026-11-21")
        assert len(texts) == 2

    def test_a_challenge_is_answered_for_whom_knows_our_token_only(self) -> None:
        us = client("oura")
        asks = {"verification_token": "chosen by us", "challenge": "c-1"}
        assert oura.hear(us, Heard("GET", {}, asks, b"")) == (200, '{"challenge": "c-1"}', False)
        assert oura.hear(us, Heard("GET", {}, {**asks, "verification_token": "guessed"}, b"")).status == 401

    def test_notices_of_sleep_are_passed_over(self) -> None:
        assert list(oura.notices(b'{"user_id": "b2c3", "data_type": "daily_sleep"}')) == []

    def test_leaving_takes_the_token_back(self) -> None:
        [call], _ = dance(oura.leave(US, GRANT, datetime(2026, 11, 21, tzinfo=UTC)), [answer()])
        assert (call.url, call.query) == ("https://api.ouraring.com/oauth/revoke", {"access_token": "the-access"})


class TestPolar:
    @pytest.mark.parametrize("status", [200, 409])
    def test_a_person_is_registered_once_and_may_have_been_before(self, status: int) -> None:
        told = {"access_token": "a", "x_user_id": 475, "expires_in": 315_359_999}
        (token, register), grant = dance(polar.grant(US, BACK), [answer(told), answer("", status)])
        assert token.headers == basic(US)
        assert register.accepts == (409,)
        assert register.body == {"member-id": "m-1"}
        assert grant == Grant("475", "a", None, 315_359_999)

    def test_no_content_is_nothing_new(self) -> None:
        [call], texts = dance(polar.fetch(US, GRANT, FIRST, LAST), [Answer(204, {}, "")])
        assert call.query == {"from": "2026-11-01", "to": "2026-11-20"}
        assert texts == []

    def test_its_first_word_is_answered_before_there_is_a_secret(self) -> None:
        assert polar.hear(US, Heard("POST", {}, {}, b'{"event": "PING"}')) == (200, "", False)

    def test_leaving_ends_the_registration_and_names_nobody_elses(self) -> None:
        strange = GRANT._replace(user="../1")
        [call], _ = dance(polar.leave(US, strange, datetime(2026, 11, 21, tzinfo=UTC)), [Answer(204, {}, "")])
        assert (call.method, call.url) == ("DELETE", "https://www.polaraccesslink.com/v3/users/..%2F1")


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"access_token": 5}', '{"body": {"access_token": ""}}'])
def test_a_token_endpoint_that_grants_nothing_says_so(told: str) -> None:
    for flow in (withings.grant(US, BACK), oura.grant(US, BACK), polar.grant(US, BACK)):
        next(flow)
        with pytest.raises(Failed):
            flow.send(answer(told))
