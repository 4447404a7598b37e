"""Organisations: roles of each kind, codes that work once, joining, ending, leaving; the commands for it."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.people.memberships.actions import member_code, new_invite
from challenges_app.people.organisations import queries
from challenges_app.people.organisations.rules import GIVES, KINDS, ROLES, Kind, leaves_admin, may_give
from challenges_app.people.organisations.tables import Membership, OrganisationInvite
from tests.builders import RING
from tests.people.doors import Browser, Town, code
from tests.people.test_family import at_once, rows
from tests.people.test_identity import strong
from tests.running import environment, eplus

# Written out by hand, beside the table that the product uses.
GIVEN = {
    "school": {"teacher", "admin", "member"},
    "department": {"staff", "admin", "counter"},
    "clinic": {"clinician", "counter", "admin", "member"},
    "care_team": {"booth", "counter", "admin"},
    "workplace": {"member", "admin"},
    "centre": {"booth", "counter", "admin"},
}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with staff who have no person, and one who plays too."""
    town = Town.on(database_url)
    for name in ("kwan", "yip", "fung"):
        town.world.account(name)
    town.world.person("ho", face=("early", "kite"))
    yield town
    town.world.db.close()


@pytest.fixture
def clinic(town: Town) -> UUID:
    """A clinic with nobody in it."""
    return organisation(town, "clinic")


@pytest.fixture
def kwan(town: Town, clinic: UUID) -> Browser:
    """The admin of the clinic, who has proved a second factor."""
    admin(town, clinic, "kwan")
    return strong(town, "kwan")


def organisation(town: Town, kind: Kind) -> UUID:
    """An organisation with nobody in it."""
    made = uuid4()
    row = {"id": made, "kind": kind, "name_en": f"A {kind}", "name_zh_hant": "機構", "name_zh_hans": "机构"}
    town.world.write(lambda tx: queries.add_organisation(tx, row))
    return made


def admin(town: Town, organisation_id: UUID, name: str) -> Browser:
    """Somebody who came in by an operator's code."""
    told = town.world.write(lambda tx: new_invite(tx, town.clock(), RING, organisation_id, "admin", None))
    browser = town.signed_in(name)
    assert join(browser, told["code"])[0] == 200
    return browser


def join(who: Browser, role_code: str, **more: str) -> tuple[int, Any]:
    """Take the role of a code."""
    return who.post("/api/organisations/join", {"code": role_code, **more})


def invited(leader: Browser, organisation_id: UUID, role: str) -> str:
    """A fresh code for a role."""
    status, told = leader.post(f"/api/organisations/{organisation_id}/invites", {"role": role})
    assert status == 201, told
    return str(told["code"])


def page(who: Browser, organisation_id: UUID) -> Any:
    """An organisation as somebody sees it."""
    return who.get(f"/api/organisations/{organisation_id}")[1]


@pytest.mark.parametrize(("kind", "role"), list(product(KINDS, ROLES)))
def test_which_roles_an_admin_gives(kind: Kind, role: str) -> None:
    assert may_give(["admin"], kind, role) is (role in GIVEN[kind])
    assert not may_give([each for each in ROLES if each != "admin"], kind, role)
    assert "admin" in GIVES[kind]


def test_only_the_last_admin_stays() -> None:
    assert not leaves_admin("admin", 1)
    assert leaves_admin("admin", 2)
    assert leaves_admin("clinician", 1)


def test_roles_that_need_a_second_factor_are_given_by_nobody_without_one(town: Town) -> None:
    for kind, role in (("clinic", "clinician"), ("clinic", "admin"), ("department", "staff"), ("centre", "counter")):
        made = organisation(town, cast(Kind, kind))
        name = f"{kind}-{role}"
        town.world.account(name)
        weak = admin(town, made, name)
        told = weak.post(f"/api/organisations/{made}/invites", {"role": role})
        assert (told[0], code(told)) == (403, "organisation.not_strong")
        assert invited(strong(town, name), made, role)
    school = organisation(town, "school")
    assert invited(admin(town, school, "yip"), school, "teacher")


def test_the_first_admin_comes_in_by_an_operators_code(town: Town, kwan: Browser, clinic: UUID) -> None:
    [told] = kwan.get("/api/organisations")[1]["organisations"]
    assert (told["id"], told["kind"], told["name"]["en"]) == (str(clinic), "clinic", "A clinic")
    assert [each["role"] for each in told["roles"]] == ["admin"]
    assert set(told["gives"]) == GIVEN["clinic"]
    assert kwan.me["roles"] == ["admin"]


def test_a_code_gives_one_account_its_role_once(town: Town, kwan: Browser, clinic: UUID) -> None:
    told = invited(kwan, clinic, "counter")
    assert plain_code(told) not in repr(rows(town, OrganisationInvite))
    ho, fung = town.signed_in("ho"), town.signed_in("fung")
    assert join(ho, told.lower())[1]["roles"][0]["role"] == "counter"
    assert code(join(fung, told)) == "organisation.code_wrong"
    assert strong(town, "ho").me["roles"] == ["counter"]
    assert page(ho, clinic)["members"] is page(ho, clinic)["invites"] is None
    assert code(join(ho, invited(kwan, clinic, "counter"))) == "organisation.already"


def test_two_who_use_a_code_at_once(town: Town, kwan: Browser, clinic: UUID) -> None:
    told = invited(kwan, clinic, "member")
    ho, fung = town.signed_in("ho"), town.signed_in("fung")
    answers = at_once(lambda: join(ho, told), lambda: join(fung, told))
    assert sorted(status for status, _ in answers) == [200, 404]
    assert len(rows(town, Membership)) == 2


def test_a_code_ends_after_seven_days(town: Town, kwan: Browser, clinic: UUID) -> None:
    told = invited(kwan, clinic, "member")
    town.clock.pass_by(days=7)
    assert code(join(town.signed_in("ho"), told)) == "organisation.code_wrong"


def test_an_invitation_is_taken_back(town: Town, kwan: Browser, clinic: UUID) -> None:
    told = invited(kwan, clinic, "member")
    [open_one] = page(kwan, clinic)["invites"]
    assert (open_one["role"], "code" in open_one) == ("member", False)
    path = f"/api/organisations/{clinic}/invites/{open_one['id']}"
    assert kwan.send("DELETE", path)[0] == 204
    assert code(kwan.send("DELETE", path)) == "organisation.invite_unknown"
    assert code(kwan.send("DELETE", f"/api/organisations/{clinic}/invites/no-hex")) == "organisation.invite_unknown"
    assert code(join(town.signed_in("ho"), told)) == "organisation.code_wrong"


def test_an_admin_gives_only_the_roles_of_the_kind(kwan: Browser, clinic: UUID) -> None:
    for role in set(ROLES) - GIVEN["clinic"]:
        refused = kwan.post(f"/api/organisations/{clinic}/invites", {"role": role})
        assert code(refused) == "organisation.not_given_here"
    assert code(kwan.post(f"/api/organisations/{clinic}/invites", {"role": "king"})) == "http.invalid"


def test_clinicians_give_their_registration_number_which_is_sealed(town: Town, kwan: Browser, clinic: UUID) -> None:
    told, yip = invited(kwan, clinic, "clinician"), town.signed_in("yip")
    assert code(join(yip, told)) == "organisation.needs_registration"
    assert code(join(yip, told, registration="<script>")) == "http.invalid"
    status, joined = join(yip, told, registration="m12345")
    assert (status, joined["roles"][0]["counts"]) == (200, False)
    [row] = [each for each in rows(town, Membership) if each.role == "clinician"]
    assert RING.open(row.registration_sealed, "membership", row.account_id, "registration") == "M12345"
    assert "12345" not in repr(row)
    assert "12345" not in str(page(kwan, clinic)) + str(page(yip, clinic))
    assert strong(town, "yip").me["roles"] == ["clinician"]


def test_members_are_shown_by_nickname_and_a_code_of_the_organisation(town: Town, kwan: Browser, clinic: UUID) -> None:
    ho = town.signed_in("ho")
    join(ho, invited(kwan, clinic, "member"))
    join(ho, invited(kwan, clinic, "counter"))
    first, second = page(kwan, clinic)["members"]
    assert (first["me"], first["name"], [each["role"] for each in first["roles"]]) == (True, None, ["admin"])
    assert (second["name"], second["avatar"]) == (ho.me["name"], "kite")
    assert {each["role"] for each in second["roles"]} == {"member", "counter"}
    account = town.account("ho")
    assert second["member"] == member_code(RING, clinic, account) != member_code(RING, uuid4(), account)
    assert str(account) not in str(page(kwan, clinic))
    assert str(town.person("ho")) not in str(page(kwan, clinic))


def test_an_admin_ends_a_role_and_the_member_is_told(town: Town, kwan: Browser, clinic: UUID) -> None:
    ho = town.signed_in("ho")
    join(ho, invited(kwan, clinic, "member"))
    path = f"/api/organisations/{clinic}/members/{page(kwan, clinic)['members'][1]['member']}"
    assert code(ho.send("DELETE", f"{path}/member")) == "organisation.not_admin"
    assert code(kwan.send("DELETE", f"{path}/counter")) == "organisation.member_unknown"
    assert kwan.send("DELETE", f"{path}/member")[0] == 204
    assert code(kwan.send("DELETE", f"{path}/member")) == "organisation.member_unknown"
    assert ho.get("/api/organisations")[1] == {"organisations": []}
    [told] = ho.get("/api/profile/notices")[1]["notices"]
    assert told["kind"] == "membership.ended"
    assert "機構" in told["text"]


def test_a_role_that_there_is_not_is_held_by_nobody(town: Town, kwan: Browser, clinic: UUID) -> None:
    [kwan_s] = page(kwan, clinic)["members"]
    for role in ("baker", "%00"):
        told = kwan.send("DELETE", f"/api/organisations/{clinic}/members/{kwan_s['member']}/{role}")
        assert code(told) == "organisation.member_unknown"


def test_whoever_left_may_come_back(town: Town, kwan: Browser, clinic: UUID) -> None:
    ho = town.signed_in("ho")
    for _ in range(2):
        assert join(ho, invited(kwan, clinic, "member"))[0] == 200
        town.clock.pass_by(minutes=1)
        assert ho.send("DELETE", f"/api/organisations/{clinic}/membership")[0] == 204
        town.clock.pass_by(minutes=1)
    assert code(ho.send("DELETE", f"/api/organisations/{clinic}/membership")) == "organisation.unknown"
    assert ho.me["roles"] == ["adult"]


def test_the_last_admin_stays_until_there_is_another(town: Town, kwan: Browser, clinic: UUID) -> None:
    [own] = page(kwan, clinic)["members"]
    for path in ("membership", f"members/{own['member']}/admin"):
        assert code(kwan.send("DELETE", f"/api/organisations/{clinic}/{path}")) == "organisation.last_admin"
    yip = town.signed_in("yip")
    join(yip, invited(kwan, clinic, "admin"))
    waiting = invited(kwan, clinic, "member")
    assert kwan.send("DELETE", f"/api/organisations/{clinic}/membership")[0] == 204
    assert code(join(town.signed_in("ho"), waiting)) == "organisation.code_wrong"
    assert code(yip.send("DELETE", f"/api/organisations/{clinic}/membership")) == "organisation.last_admin"


def test_two_admins_who_leave_at_once_leave_one(town: Town, kwan: Browser, clinic: UUID) -> None:
    yip = town.signed_in("yip")
    join(yip, invited(kwan, clinic, "admin"))
    path = f"/api/organisations/{clinic}/membership"
    answers = at_once(lambda: kwan.send("DELETE", path), lambda: yip.send("DELETE", path))
    assert sorted(status for status, _ in answers) == [204, 409]


def test_another_organisation_and_one_that_is_not_there_sound_alike(town: Town, kwan: Browser, clinic: UUID) -> None:
    foreign = organisation(town, "workplace")
    admin(town, foreign, "fung")
    answers = []
    for each in (foreign, uuid4()):
        answers += [
            kwan.get(f"/api/organisations/{each}"),
            kwan.post(f"/api/organisations/{each}/invites", {"role": "member"}),
            kwan.send("DELETE", f"/api/organisations/{each}/invites/00"),
            kwan.send("DELETE", f"/api/organisations/{each}/members/ACDE-3467/member"),
            kwan.send("DELETE", f"/api/organisations/{each}/membership"),
        ]
    assert len({str(each) for each in answers}) == 1
    assert code(answers[0]) == "organisation.unknown"


def test_children_hold_no_roles(town: Town, kwan: Browser, clinic: UUID) -> None:
    town.world.person("mei", born=date(2016, 7, 7))
    told = invited(kwan, clinic, "member")
    assert code(join(town.signed_in("mei"), told)) == "organisation.too_young"
    assert join(town.signed_in("ho"), told)[0] == 200


def test_codes_are_not_guessed(town: Town) -> None:
    ho = town.signed_in("ho")
    tries = [join(ho, fresh_code()) for _ in range(11)]
    assert {code(each) for each in tries[:10]} == {"organisation.code_wrong"}
    assert code(tries[10]) == "rate.too_many"


def test_a_school_as_an_employer_is_called_as_the_school_is(town: Town) -> None:
    town.world.school("528781")
    town.world.role(town.account("fung"), "teacher", "528781")
    [told] = town.signed_in("fung").get("/api/organisations")[1]["organisations"]
    assert (told["kind"], told["name"]["zh-Hant"], told["gives"]) == ("school", "學校528781", [])


def test_an_operator_adds_an_organisation_and_invites_its_first_admin(tmp_path: Path) -> None:
    town = Town.on(url := f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    town.world.account("kwan")
    env = environment(url)
    names = ("--name-en", "Lantern Clinic", "--name-zh-hant", "燈籠診所", "--name-zh-hans", "灯笼诊所")
    added = eplus("organisations", "add", "--kind", "clinic", *names, "--district", "CW", "--json", env=env)
    assert added.returncode == 0, added.stderr
    organisation_id = json.loads(added.stdout)["id"]
    [listed] = json.loads(eplus("organisations", "list", "--json", env=env).stdout)
    assert (listed["id"], listed["kind"], listed["district"]) == (organisation_id, "clinic", "CW")
    assert listed["admins"] == 0
    told = json.loads(eplus("organisations", "invite", organisation_id, "admin", "--json", env=env).stdout)
    kwan = town.signed_in("kwan")
    assert join(kwan, told["code"])[1]["name"]["zh-Hans"] == "灯笼诊所"
    for words, said in (
        (("invite", str(uuid4()), "admin"), "There is no organisation"),
        (("invite", organisation_id, "teacher"), "gives no teacher"),
        (("add", "--kind", "clinic", *names, "--district", "XX"), "district"),
        (("add", "--kind", "clinic", "--name-en", "Only English"), "three languages"),
        (("add", "--kind", "school", "--school", "000000"), "There is no school"),
    ):
        refused = eplus("organisations", *words, env=env)
        assert (refused.returncode > 0, said in refused.stderr) == (True, True), refused.stderr
    town.world.db.close()
