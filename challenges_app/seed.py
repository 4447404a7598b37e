"""A small believable city: three real schools with invented pupils, families, adults, and two weeks of play."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypedDict
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import hash_password
from challenges_app.people.consents import actions as consents
from challenges_app.people.factors import actions as factors
from challenges_app.people.factors.rules import code_of, in_groups, step_at
from challenges_app.people.households import queries as households
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.organisations.rules import NEED_REGISTRATION, NEED_SECOND_FACTOR
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons.rules import ADJECTIVES, ANIMALS, HONG_KONG
from challenges_app.people.schools import actions as school_list
from challenges_app.people.schools import queries as schools
from challenges_app.play.activity.actions import Receipt, Said, keep
from challenges_app.play.captures.actions import Attempt, take
from challenges_app.play.challenges import actions as challenges
from challenges_app.play.challenges import queries as drops
from challenges_app.play.ledger.actions import Earner
from challenges_app.play.parks.queries import catalogue
from challenges_app.play.players import queries as players
from challenges_app.play.standings.jobs import project
from geo.parks.park import Park
from integrations.days import SourceDay

# Those of the list that have classes and players here: Bonham Road, Kwun Tong and Sha Tin Government Primary School.
SCHOOLS = ("528781", "510530", "510602")
CLASSES = ("4A", "5A")
PUPILS = 12  # in each class
ADULTS = 16  # who play without a family
DAYS = 14
PLAYED = {"park", "promenade", "recreation_ground", "garden"}
WALKING = {"zh-Hant": "日行萬步", "zh-Hans": "日行万步", "en": "Walk every day"}
# Steps of a common day: to school or work, lunch, home, and a walk after dinner.
HOURS = (
    0, 0, 0, 0, 0, 0, 120, 1_600, 700, 250, 300, 280, 1_100, 420, 260, 300, 700, 1_500, 1_200, 500, 650, 300, 90, 0,
)  # fmt: skip
CHALLENGE = {"zh-Hant": "e+去公園", "zh-Hans": "e+去公园", "en": "e+ Go to Park"}


class SignIn(TypedDict):
    """An account of the seeded city."""

    role: str
    name: str
    password: str
    what: str
    code: str | None  # of now, where a second step follows
    key: str | None  # that an app can be given, to show these codes


SIGN_INS = (
    ("pupil", "mei", "Primary 4 pupil in a family, Bonham Road"),
    ("pupil", "wing", "her classmate, for a second browser"),
    ("parent", "chan", "mei's mother"),
    ("adult", "ho", "an adult who plays alone"),
    ("teacher", "lee", "teacher at Bonham Road"),
    ("staff", "dh", "staff of the Department of Health"),
    ("clinician", "kwan", "doctor and admin of an invented clinic"),
    ("booth", "fung", "measures at booths of an invented care team, and is its admin"),
    ("counter", "tam", "checks identity cards for the same team"),
)
# Kind, names in English, traditional and simplified Chinese, district, and who holds which role; a school has its names
# from the list.
INSTITUTIONS: tuple[tuple[str, tuple[str, str, str], str | None, tuple[tuple[str, str], ...]], ...] = (
    ("school", ("", "", ""), None, (("lee", "teacher"),)),
    ("department", ("Department of Health", "衞生署", "卫生署"), None, (("dh", "staff"),)),
    (
        "clinic",
        ("Lantern Lane Clinic (invented)", "燈籠里診所（虛構）", "灯笼里诊所（虚构）"),
        "CW",
        (("kwan", "clinician"), ("kwan", "admin"), ("yip", "clinician")),
    ),
    (
        "care_team",
        ("Central and Western Booth Team (invented)", "中西區攤位隊（虛構）", "中西区摊位队（虚构）"),
        "CW",
        (("fung", "booth"), ("fung", "admin"), ("so", "booth"), ("tam", "counter")),
    ),
)


@dataclass(slots=True)
class City:
    """What has been made so far: who plays, how keenly, and in which parks."""

    random: Random
    now: datetime
    classes: dict[str, list[UUID]] = field(default_factory=dict)
    players: list[tuple[UUID, Earner, str]] = field(default_factory=list)  # person, earner, district
    faces: list[tuple[str, str]] = field(default_factory=list)
    districts: dict[str, str] = field(default_factory=dict)  # of SCHOOLS


def sign_ins(ring: KeyRing, now: datetime) -> list[SignIn]:
    """The accounts to try; what signs them in comes from this installation's own secret, so no two cities share it."""
    found = []
    for role, name, what in SIGN_INS:
        secret = _app_secret(ring, name) if role in NEED_SECOND_FACTOR else None
        code, key = (code_of(secret, step_at(now)), in_groups(secret)) if secret else (None, None)
        found.append(SignIn(role=role, name=name, password=_password(ring, name), what=what, code=code, key=key))
    return found


def seed(here: Services) -> bool:
    """Fill an empty database in one transaction, then carry its play to the boards; False when somebody lives there."""
    now = here.now()
    hashes = {each["name"]: hash_password(each["password"]) for each in sign_ins(here.ring, now)}
    made = here.db.write(lambda tx: _build(tx, here, now, hashes))
    while made and project(here):
        pass
    return made


def _build(tx: Tx, here: Services, now: datetime, hashes: dict[str, str]) -> bool:
    try:
        ids = {
            name: accounts.open_account(tx, now, here.ring, name, hashes[name], "zh-Hant") for _, name, _ in SIGN_INS
        }
    except Exception as problem:
        if getattr(problem, "refusal", None) is accounts.NAME_TAKEN:
            return False
        raise
    city = City(Random(20261123), now)  # noqa: S311 - a believable city needs no secrets
    city.faces = [(adjective, species) for adjective in ADJECTIVES for species in ANIMALS]
    city.random.shuffle(city.faces)
    _schools(tx, city)
    _people(tx, here.ring, city, ids)
    _staff(tx, here.ring, city, ids)
    for role, name, _ in SIGN_INS:
        if role in NEED_SECOND_FACTOR:
            factors.give_app(tx, now, here.ring, ids[name], _app_secret(here.ring, name))
    parks = catalogue(here.settings.parks).parks
    challenge_id = _challenge(tx, city, parks.values())
    _play(tx, city, challenge_id, [park for park in parks.values() if _is_played(park)])
    _walking(tx, here.ring, city)
    return True


def _schools(tx: Tx, city: City) -> None:
    listed = {school.id: school for school in school_list.listed()}
    school_list.load(tx, list(listed.values()))
    for school_id in SCHOOLS:
        city.districts[school_id] = listed[school_id].district_code
        for name in CLASSES:
            class_id = uuid4()
            schools.add_class(tx, {"id": class_id, "school_id": school_id, "name": name})
            city.classes.setdefault(school_id, []).append(class_id)


def _people(tx: Tx, ring: KeyRing, city: City, ids: dict[str, UUID]) -> None:
    own = {("528781", 0, 0): ids["mei"], ("528781", 0, 1): ids["wing"]}
    for school_id, district in city.districts.items():
        for at, class_id in enumerate(city.classes[school_id]):
            for number in range(PUPILS):
                account = own.get((school_id, at, number))
                pupil = _person(tx, ring, city, account, born=date(city.now.year - 9 - at, 1 + number % 12, 7))
                schools.add_enrolment(
                    tx, {"person_id": pupil, "class_id": class_id, "since": _start(city), "until": None}
                )
                parent = ids["chan"] if account == ids["mei"] else None
                home = _family(tx, ring, city, pupil, parent, district) if number % 2 == 0 else None
                consents.give(tx, _start(city), pupil, "play", None)  # on paper, where there is no family here
                _plays(tx, city, pupil, Earner(uuid4(), True, home, class_id, school_id), district)
    for number in range(ADULTS):
        adult = _person(tx, ring, city, ids["ho"] if number == 0 else None, born=date(1960 + 2 * number, 5, 17))
        _plays(tx, city, adult, Earner(uuid4(), False, None, None, None), city.districts[SCHOOLS[number % 3]])


def _family(tx: Tx, ring: KeyRing, city: City, pupil: UUID, account: UUID | None, district: str) -> UUID:
    parent = _person(tx, ring, city, account, born=date(1984, 9, 2))
    home, face = uuid4(), city.faces.pop()
    households.add_household(tx, {"id": home, "adjective": face[0], "species": face[1], "created_at": _start(city)})
    for person, role in ((parent, "guardian"), (pupil, "member")):
        row = {"person_id": person, "household_id": home, "role": role, "since": _start(city)}
        households.add_member(tx, row)
    consents.give(tx, _start(city), pupil, "play", parent)
    _plays(tx, city, parent, Earner(uuid4(), False, home, None, None), district)
    return home


def _person(tx: Tx, ring: KeyRing, city: City, account_id: UUID | None, born: date) -> UUID:
    return persons.add_person(tx, _start(city), ring, account_id, city.faces.pop(), born)


def _plays(tx: Tx, city: City, person: UUID, earner: Earner, district: str) -> None:
    players.make_player(tx, _start(city), person)
    player = players.player_of(tx.conn, person)
    assert player is not None  # noqa: S101 - made in the line above
    city.players.append(
        (person, Earner(player, earner.child, earner.household_id, earner.class_id, earner.school_id), district)
    )


def _staff(tx: Tx, ring: KeyRing, city: City, ids: dict[str, UUID]) -> None:
    # Two more who work there and whom nobody signs in as.
    known = {**ids, **{name: accounts.open_without_password(tx, city.now, ring, "zh-Hant") for name in ("yip", "so")}}
    for kind, names, district, members in INSTITUTIONS:
        organisation = uuid4()
        school = SCHOOLS[0] if kind == "school" else None
        row = {"id": organisation, "kind": kind, "school_id": school, "district_code": district}
        organisations.add_organisation(
            tx, row | dict(zip(("name_en", "name_zh_hant", "name_zh_hans"), names, strict=True))
        )
        for name, role in members:
            number = "M00000" if role in NEED_REGISTRATION else None
            held = {"account_id": known[name], "organisation_id": organisation, "role": role, "since": _start(city)}
            sealed = ring.seal(number, "membership", known[name], "registration") if number else None
            organisations.add_membership(tx, {**held, "until": None, "registration_sealed": sealed})


def _challenge(tx: Tx, city: City, parks: Iterable[Park]) -> str:
    opens = _start(city)
    challenge_id = f"go-to-park-{opens:%Y-%m-%d}"
    designated = sorted(park.id for park in parks if _is_played(park))
    span = (opens, opens + timedelta(weeks=10))
    challenges.open_challenge(tx, challenge_id, "park_collect", {}, CHALLENGE, span, designated)
    return challenge_id


def _play(tx: Tx, city: City, challenge_id: str, parks: Sequence[Park]) -> None:
    today = city.now.astimezone(HONG_KONG).date()
    near = {code: [park for park in parks if park.district_code == code] for code in city.districts.values()}
    for on in _days(city):
        played = [park for some in near.values() for park in city.random.sample(some, 3)]
        challenges.place_drops(tx, challenge_id, parks if on == today else played, on)
        for _, earner, district in city.players:
            if city.random.random() < 0.35:
                park = city.random.choice([each for each in played if each.district_code == district])
                _walk(tx, city, challenge_id, park, on, earner)


def _walk(tx: Tx, city: City, challenge_id: str, park: Park, on: date, earner: Earner) -> None:
    at = datetime.combine(on, time(15), HONG_KONG) + timedelta(minutes=city.random.randrange(180))
    visit = uuid4().hex
    for drop_id in _some_drops(tx.conn, city, challenge_id, park, on):
        at += timedelta(minutes=city.random.randrange(2, 9))
        if at < city.now:
            take(tx, at, Attempt(uuid4().hex, drop_id, at, visit, earner))


def _some_drops(conn: Connection, city: City, challenge_id: str, park: Park, on: date) -> list[UUID]:
    found = [row.id for row in drops.drops_in(conn, challenge_id, park.id, on)]
    return city.random.sample(found, city.random.randint(0, len(found)))


def _walking(tx: Tx, ring: KeyRing, city: City) -> None:
    opens = _start(city)
    span = (opens, opens + timedelta(weeks=6))
    challenges.open_challenge(tx, f"walk-every-day-{opens:%Y-%m-%d}", "steps_goal", {}, WALKING, span, [])
    today = city.now.astimezone(HONG_KONG)
    for number, (person, _, _) in enumerate(city.players):
        said = [each for on in _days(city) for each in _steps(city, on, today, with_watch=number % 3 == 0)]
        keep(tx, ring, city.now, Receipt(person, "apple_health", city.now), said)


def _steps(city: City, on: date, today: datetime, *, with_watch: bool) -> list[Said]:
    """What a phone, and perhaps a watch that sleeps from eight, says of a day; now and then a day is forgotten."""
    if city.random.random() < 0.08:
        return []
    last = today.hour if on == today.date() else 24
    keen = city.random.uniform(0.4, 1.6)
    walked = [round(keen * each * city.random.uniform(0.5, 1.5)) for each in HOURS[:last]] + [0] * (24 - last)
    phone = tuple(round(each * city.random.choice((0.0, 0.6, 0.9, 1.0))) for each in walked)
    typed = 1_500 if city.random.random() < 0.03 else 0
    said = [Said("iPhone", on, SourceDay(phone, by_hand=typed))]
    if with_watch:
        said.append(Said("Apple Watch", on, SourceDay((*walked[:20], 0, 0, 0, 0))))
    return said


def _days(city: City) -> list[date]:
    first, today = _start(city).date(), city.now.astimezone(HONG_KONG).date()
    return [first + timedelta(days=number) for number in range((today - first).days + 1)]


def _is_played(park: Park) -> bool:
    return park.confirmed and park.category in PLAYED


def _start(city: City) -> datetime:
    """Monday midnight in Hong Kong, two weeks back."""
    day = city.now.astimezone(HONG_KONG).date() - timedelta(days=DAYS)
    return datetime.combine(day - timedelta(days=day.weekday()), time(0), HONG_KONG)


def _app_secret(ring: KeyRing, name: str) -> str:
    return base64.b32encode(ring.fingerprint(name.encode(), "seed", "totp")[:20]).decode()


def _password(ring: KeyRing, name: str) -> str:
    code = base64.b32encode(ring.fingerprint(name.encode(), "seed", "password"))[:12].decode().lower()
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
