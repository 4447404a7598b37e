"""The served city that the walk over every screen goes through: the seeded one, and what people do with each other."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from challenges_app.kit import clock
from challenges_app.kit.db import Tx
from challenges_app.kit.services import Services
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Viewer
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.care_links.rules import OFFERED
from challenges_app.people.carers import actions as carers
from challenges_app.people.classes import actions as classes
from challenges_app.people.departure import actions as departure
from challenges_app.people.family import actions as family
from challenges_app.people.identity import actions as identity
from challenges_app.people.meeting import actions as meeting
from challenges_app.people.memberships import actions as memberships
from challenges_app.people.persons.queries import person_of
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.challenges import queries as challenge_rows
from challenges_app.play.challenges.tables import Challenge
from challenges_app.play.phones import actions as phones
from challenges_app.play.phones.rules import fresh_key
from challenges_app.seed import seed, sign_ins
from tests.builders import RING, World, prepared, settings
from tests.journeys.exports import export, zipped
from tests.running import Browser, environment, served
from tests.walking import Walk, always_open

FIXES = 150  # of the walk: seven and a half minutes, the last five of them in the park
WEEKS = 5
FILE = "export.zip"


@dataclass
class City:
    """A served city, the accounts of those who walk through it, and what addresses need to name."""

    world: World
    port: int
    ids: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    ordinal: int = 500

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def today(self) -> date:
        """The day in Hong Kong."""
        return clock.now().astimezone(HONG_KONG).date()

    def session(self, name: str) -> str:
        """The session of somebody who has proved all that can be proved, except `wai`."""
        session_id, account = new_session_id(), self.accounts[name]
        strong = name not in WEAK
        device = "Chrome · Android"
        self.world.write(
            lambda tx: accounts.open_session(tx, clock.now(), account, session_id, None, device, strong=strong)
        )
        return session_id

    def person(self, name: str) -> UUID:
        """The person who signs in with a name."""
        with self.world.db.reading() as conn:
            row = person_of(conn, self.accounts[name])
        assert row is not None, name
        return UUID(str(row.id))

    def person_in(self, tx: Tx, name: str) -> UUID:
        """The person who signs in with a name, as a transaction sees them."""
        row = person_of(tx.conn, self.accounts[name])
        assert row is not None, name
        return UUID(str(row.id))

    def viewer(self, tx: Tx, name: str) -> Viewer:
        """What is known of somebody."""
        return access.viewer(tx.conn, clock.now(), RING, self.accounts[name], strong=True)

    def newcomer(self) -> str:
        """A new pupil of mei's class, who has not walked anywhere yet; answers the name to sign in with."""
        self.ordinal += 1
        name, born = f"walker-{self.ordinal}", date(self.today.year - 9, 4, 4)
        self.world.enrol(self.world.person(name, born, ("curious", "bulbul")), UUID(self.ids["class"]))
        with self.world.db.reading() as conn:
            self.accounts[name] = accounts.find(conn, RING, name).id
        return name

    def filled(self, text: str) -> str:
        """A text with what it names; a counter's code lasts for minutes, and guesses at one name are counted."""
        if "{counter-code}" in text:
            made = self.world.write(lambda tx: identity.make_code(tx, clock.now(), RING, self.viewer(tx, "ho")))
            self.ids["counter-code"] = made["code"]
        self.ordinal += 1
        return text.format(**self.ids, count=self.ordinal)

    def remove_phones(self, name: str) -> None:
        """Take the keys of all of somebody's phones away."""
        person_id = self.person(name)
        with self.world.db.reading() as conn:
            held = [each["id"] for each in phones.phones(conn, RING, person_id)]
        for phone_id in held:
            self.world.write(lambda tx, phone_id=phone_id: phones.remove(tx, person_id, phone_id))

    def find_near(self, count: int = 3) -> None:
        """Place finds where the walk ends, for whoever walks next."""
        last = Walk.until(clock.now(), FIXES).last
        with self.world.db.reading() as conn:
            challenge = conn.execute(select(Challenge.id).where(Challenge.kind == "park_collect")).scalar_one()
        rows = []
        for number, species in enumerate(("rosefly", "dragonfly", "bulbul")[:count]):
            self.ordinal += 1
            row = {"id": uuid4(), "challenge_id": challenge, "park_id": "hong-kong-park", "on": self.today}
            row |= {"ordinal": self.ordinal, "species": species, "stock": None}
            row |= {"lat": last["lat"] + 0.0001 * (number + 1), "lon": last["lon"] - 0.0001 * number}
            rows.append(row)
        self.world.write(lambda tx: challenge_rows.add_drops(tx, rows))


WEAK = {"wai", "dh-due"}  # whoever has not proved a second factor on the device


@contextlib.contextmanager
def city(folder: Path) -> Iterator[City]:
    """The city, built and served."""
    url = f"sqlite:///{folder / 'eplus.sqlite'}"
    parks = always_open(folder)
    prepared(url).close()
    world = World(Services.start(settings(url, parks=parks), clock.now), clock.now)
    assert seed(world.here)
    with served(environment(url, EPLUS_PARKS=str(parks)), folder) as port:
        made = City(world, port)
        _settle(made)
        yield made
    world.db.close()


def _settle(city: City) -> None:
    """What people do with each other, in the order in which it depends on itself."""
    for name in ("mei", "wing", "chan", "ho", "lee", "dh", "kwan", "fung", "tam"):
        with city.world.db.reading() as conn:
            city.accounts[name] = accounts.find(conn, RING, name).id
    city.accounts["dh-due"] = city.accounts["dh"]
    for name, face, born in ADULTS:
        city.world.person(name, born, face)
        with city.world.db.reading() as conn:
            city.accounts[name] = accounts.find(conn, RING, name).id
    city.accounts["wai"] = city.world.account("wai")
    city.world.role(city.accounts["wai"], "staff")
    _families(city)
    _meetings(city)
    _care(city)
    _classes(city)
    _organisations(city)
    _steps(city)
    _phones(city)
    _addresses(city)
    city.world.write(lambda tx: departure.ask(tx, clock.now(), RING, city.viewer(tx, "lau"), None))
    city.world.carry()


# Without a family, companions or steps: sam; about to leave: lau; chan's mother; the mother of another child.
ADULTS = (
    ("sam", ("kind", "frog"), date(1995, 3, 3)),
    ("lau", ("quiet", "kite"), date(1988, 8, 8)),
    ("poon", ("steady", "crab"), date(1951, 2, 1)),
    ("siu", ("singing", "egret"), date(1985, 6, 6)),
)


def _families(city: City) -> None:
    """chan has a second child, who plays, and a third, for whom she has not agreed; siu has one."""
    now = clock.now()

    def make(tx: Tx) -> None:
        chan = city.viewer(tx, "chan")
        for name, born, consent in (("jun", date(now.year - 7, 5, 5), True), ("bao", date(now.year - 6, 2, 2), False)):
            child = family.add_child(tx, now, RING, chan, born, consent=consent)
            city.ids[name] = str(child["person_id"])
        family.invite(tx, now, RING, chan, "member")
        family.make_family(tx, now, city.viewer(tx, "siu"))
        lok = family.add_child(tx, now, RING, city.viewer(tx, "siu"), date(now.year - 9, 9, 9), consent=True)
        city.ids["lok"] = str(lok["person_id"])
        for name in ("jun", "lok"):
            city.accounts[name] = family.account_for(tx, now, RING, UUID(city.ids[name]), "zh-Hant")

    city.world.write(make)
    city.ids["mei"] = str(city.person("mei"))


def _meetings(city: City) -> None:
    """mei and lok are companions, by both their mothers; mei and wing wait for theirs; ho and chan are too."""
    now = clock.now()

    def meet(one: str, other: str) -> None:
        def make(tx: Tx) -> None:
            code = meeting.make_code(tx, now, RING, city.person_in(tx, one))
            meeting.meet(tx, now, RING, city.viewer(tx, other), city.person_in(tx, other), code)

        city.world.write(make)

    for one, other in (("mei", "lok"), ("mei", "wing"), ("chan", "ho"), ("chan", "siu"), ("mei", "jun")):
        meet(one, other)

    def agree(tx: Tx) -> None:
        mei, lok = UUID(city.ids["mei"]), UUID(city.ids["lok"])
        meeting.agree(tx, now, RING, city.viewer(tx, "chan"), mei, lok)
        meeting.agree(tx, now, RING, city.viewer(tx, "siu"), lok, mei)

    city.world.write(agree)


def _care(city: City) -> None:
    """chan looks after her mother, ho after mei; poon has offered her care to one more."""
    now = clock.now()

    def make(tx: Tx) -> None:
        poon, chan = city.viewer(tx, "poon"), city.viewer(tx, "chan")
        told = carers.offer(tx, now, RING, poon, None, "family", OFFERED, None)
        carers.accept(tx, now, RING, chan, told["code"])
        told = carers.offer(
            tx, now, RING, chan, UUID(city.ids["mei"]), "friend", OFFERED[:1], city.today + timedelta(60)
        )
        carers.accept(tx, now, RING, city.viewer(tx, "ho"), told["code"])
        carers.offer(tx, now, RING, poon, None, "friend", OFFERED[:1], None)

    city.world.write(make)
    city.ids["poon"] = str(city.person("poon"))


def _classes(city: City) -> None:
    """mei's class has a code, a pupil who came by it, and cards for some; another has nobody yet."""
    now = clock.now()

    def make(tx: Tx) -> None:
        lee, mei = city.viewer(tx, "lee"), city.viewer(tx, "mei")
        assert mei.class_id is not None
        city.ids["class"] = str(mei.class_id)
        city.ids["class-code"] = classes.make_code(tx, now, RING, lee, mei.class_id, city.today + timedelta(14))["code"]
        joined = classes.join_anew(tx, now, RING, mei.class_id, date(now.year - 9, 7, 7), "zh-Hant")
        city.ids["yat-card"] = joined["card"]
        city.accounts["yat"] = accounts.account_of_card(tx.conn, joined["card"])
        other = classes.add_class(tx, now, RING, lee, "5C", None)
        city.ids["other-class"] = str(other["id"])
        city.ids["other-code"] = classes.make_code(
            tx, now, RING, lee, UUID(city.ids["other-class"]), city.today + timedelta(14)
        )["code"]
        classes.join_anew(tx, now, RING, UUID(city.ids["other-class"]), date(now.year - 10, 4, 4), "zh-Hant")
        city.ids["empty-class"] = str(classes.add_class(tx, now, RING, lee, "6B", None)["id"])

    city.world.write(make)


def _organisations(city: City) -> None:
    """fung has invited somebody more to the counter."""
    now = clock.now()

    def make(tx: Tx) -> None:
        for name in ("fung", "kwan", "dh"):
            held = memberships.organisations_of(tx.conn, now, city.viewer(tx, name))
            city.ids[f"{name}-organisation"] = str(held[0]["id"])
        fung = city.viewer(tx, "fung")
        memberships.invite(tx, now, RING, fung, UUID(city.ids["fung-organisation"]), "counter", strong=True)

    city.world.write(make)


def _addresses(city: City) -> None:
    """What addresses and forms name besides."""
    now, yesterday = clock.now(), city.today - timedelta(days=1)
    city.ids |= {"day": f"{yesterday}", "month": f"{yesterday:%Y-%m}"}
    city.ids["dh-password"] = next(each["password"] for each in sign_ins(RING, now) if each["name"] == "dh")


def _steps(city: City) -> None:
    """The three generations have walked for some weeks; mei and ho have given files, one of them not quite right."""
    for number, name in enumerate(("mei", "chan", "poon", "lok", "siu")):
        walked = {
            city.today - timedelta(days=ago): 4_000 + (ago * 1_733 + number * 911) % 9_000 for ago in range(WEEKS * 7)
        }
        city.world.steps(city.person(name), {on: steps for on, steps in walked.items() if steps % 11}, "Watch")
    days = {city.today - timedelta(days=ago): {8: 2_900, 12: 310 * ago, 18: 2_100} for ago in range(1, 11)}
    for name in ("mei", "ho"):
        browser = Browser(city.port, f"{COOKIE}={city.session(name)}")
        for content in (zipped(export(days)), CSV.format(on=city.today - timedelta(days=3)).encode()):
            status, told = browser.give(content)
            assert status == 202, told
            browser.wait_for_delivery(told["id"])


def _phones(city: City) -> None:
    """ho has three phones: one that counts, one of which nothing could be counted, and one that was never heard."""
    here, now = city.world.here, clock.now()
    pushed = (
        ("Pixel 8", {"date": f"{city.today - timedelta(days=1)}", "steps": 6_214, "tz": "Asia/Hong_Kong"}),
        ("iPhone", {"data": {"metrics": [{"name": "step_count", "data": [{"qty": "some", "date": "today"}]}]}}),
        ("Galaxy", None),
    )
    for name, body in pushed:
        made = city.world.write(lambda tx, name=name: phones.add(tx, now, RING, city.person_in(tx, "ho"), name))
        if body is not None:
            phones.receive(here, now, made.key, json.dumps(body).encode())
    while understand_next(here):
        pass
    city.ids["phone-key"] = fresh_key()


CSV = "date,steps\n{on},7650\n2026-13-45,12\nyesterday,many\n"
