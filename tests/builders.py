"""Builders: a settled little world in a few words, on any database."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy import make_url

from challenges_app import tables
from challenges_app.kit import schema
from challenges_app.kit.db import Database, Tx
from challenges_app.kit.seals import KeyRing, fresh_key
from challenges_app.kit.services import Services
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.consents import actions as consents
from challenges_app.people.households import queries as households
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons.rules import HONG_KONG, SPECIES, is_child
from challenges_app.people.schools import queries as schools
from challenges_app.play.activity.actions import Receipt, Said, keep
from challenges_app.play.captures.actions import Attempt, Taken, take
from challenges_app.play.challenges import actions as challenges
from challenges_app.play.challenges import queries as challenge_rows
from challenges_app.play.ledger.actions import Earner
from challenges_app.play.players import queries as players
from challenges_app.play.standings.jobs import project
from challenges_app.settings import Settings
from integrations.days import SourceDay

assert tables.METADATA.tables

# A Saturday morning in Hong Kong.
MORNING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
KEYS, PEPPER = f"test:{fresh_key()}", fresh_key()
RING = KeyRing.read(KEYS, PEPPER)
CHALLENGE, WALKING = "go-to-park", "walk-every-day"
LONG_AGO = MORNING - timedelta(days=400)
FACE = ("laughing", "bulbul")
PLACE = (22.2772, 114.1617)  # in Hong Kong Park
NOWHERE: dict[str, Any] = {"child": False, "household_id": None, "class_id": None, "school_id": None}

T = TypeVar("T")

# A hash tells its own cost, and a test proves nothing by a dear one.
_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def settings(url: str, **others: object) -> Settings:
    """Settings for tests: fresh secrets, no curfew, so that a test may run at any hour."""
    told = {"curfew": None, "files": files_of(url), "mail": f"folder:{files_of(url)}/mail", **others}
    return Settings(database_url=url, keys=KEYS, pepper=PEPPER, **told)  # type: ignore[arg-type]


def files_of(url: str) -> Path:
    """The folder of sealed files that belongs to a database."""
    return Path(tempfile.gettempdir()) / f"eplus-files-{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def prepared(url: str) -> Database:
    """A database in the newest shape; a fresh SQLite file is a copy of one that the migrations made."""
    path = make_url(url).database
    if url.startswith("sqlite:") and path and not Path(path).exists():
        shutil.copyfile(_empty_sqlite(), path)
    db = Database(url)
    schema.upgrade(db, MORNING)
    return db


@cache
def _empty_sqlite() -> Path:
    """A SQLite file in the newest shape with nobody in it, made once."""
    folder = Path(tempfile.mkdtemp(prefix="eplus-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = Database(f"sqlite:///{folder / 'empty.sqlite'}")
    schema.upgrade(db, MORNING)
    with db.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return folder / "empty.sqlite"


@dataclass
class World:
    """A database with one challenge, and verbs to put people and drops into it."""

    here: Services
    now: Callable[[], datetime] = lambda: MORNING
    ordinals: Iterator[int] = field(default_factory=count)

    @classmethod
    def on(cls, url: str, now: Callable[[], datetime] = lambda: MORNING, **others: object) -> "World":
        """A world on a database that may be empty; its challenge runs for two weeks around now."""
        prepared(url).close()
        world = cls(Services.start(settings(url, **others), now), now)
        span = (now() - timedelta(days=7), now() + timedelta(days=7))
        names = {"zh-Hant": "去公園", "zh-Hans": "去公园", "en": "Go to Park"}
        world.write(
            lambda tx: challenges.open_challenge(tx, CHALLENGE, "park_collect", {}, names, span, ["hong-kong-park"])
        )
        return world

    @property
    def db(self) -> Database:
        """The world's database."""
        return self.here.db

    def write(self, work: Callable[[Tx], T]) -> T:
        """One transaction."""
        return self.db.write(work)

    def person(
        self,
        name: str | None = None,
        born: date = date(1990, 5, 17),
        face: tuple[str, str] = FACE,
        *,
        consent: bool = True,
    ) -> UUID:
        """A person, with an account to sign in with when named; the password is the name twice.

        For a child somebody has agreed, unless told otherwise.
        """
        account = self.account(name) if name else None

        def make(tx: Tx) -> UUID:
            person_id = persons.add_person(tx, self.now(), RING, account, face, born)
            if consent and is_child(born, self.now()):
                consents.give(tx, self.now(), person_id, "play", None)
            return person_id

        return self.write(make)

    def account(self, name: str) -> UUID:
        """An account without a person, as staff have."""
        hashed = _hasher.hash(name * 2)
        return self.write(lambda tx: accounts.open_account(tx, self.now(), RING, name, hashed, "zh-Hant"))

    def school(self, school_id: str = "528781", classes: tuple[str, ...] = ("4A",)) -> list[UUID]:
        """A school with its classes; answers the classes' ids."""
        row = {"id": school_id, "name_en": f"School {school_id}", "name_zh_hant": f"學校{school_id}"}
        row |= {"name_zh_hans": f"学校{school_id}", "district_code": "CW"}
        ids = [uuid4() for _ in classes]

        def make(tx: Tx) -> None:
            schools.add_schools(tx, [row])
            for class_id, name in zip(ids, classes, strict=True):
                schools.add_class(tx, {"id": class_id, "school_id": school_id, "name": name})

        self.write(make)
        return ids

    def enrol(self, person: UUID, class_id: UUID) -> None:
        """Put a pupil into a class since long ago."""
        row = {"person_id": person, "class_id": class_id, "since": LONG_AGO, "until": None}
        self.write(lambda tx: schools.add_enrolment(tx, row))

    def family(self, *members: UUID, face: tuple[str, str] = FACE) -> UUID:
        """A household of these persons, the first one its guardian."""
        home = uuid4()

        def make(tx: Tx) -> None:
            row = {"id": home, "adjective": face[0], "species": face[1], "created_at": LONG_AGO}
            households.add_household(tx, row)
            for at, person in enumerate(members):
                role = "member" if at else "guardian"
                households.add_member(tx, {"person_id": person, "household_id": home, "role": role, "since": LONG_AGO})

        self.write(make)
        return home

    def role(self, account: UUID, role: str, school_id: str | None = None) -> None:
        """Make an account a teacher of a school, or staff of a department."""
        organisation = uuid4()
        kind = "school" if school_id else "department"
        own = {"id": organisation, "kind": kind, "school_id": school_id, "name_en": kind}
        held = {"account_id": account, "organisation_id": organisation, "role": role, "since": LONG_AGO, "until": None}

        def make(tx: Tx) -> None:
            organisations.add_organisation(tx, own)
            organisations.add_membership(tx, held)

        self.write(make)

    def player(self, person: UUID | None = None, **belongs: Any) -> Earner:
        """A player: of a person, or of one who is made for it; `belongs` are the earner's family, class and school."""
        who = person or self.person()

        def make(tx: Tx) -> Earner:
            players.make_player(tx, self.now(), who)
            player = players.player_of(tx.conn, who)
            assert player is not None
            return Earner(player, **{**NOWHERE, **belongs})

        return self.write(make)

    def walking(
        self, opens_on: date, days: int, params: Mapping[str, Any] | None = None, challenge_id: str = WALKING
    ) -> str:
        """A challenge that counts steps, from a day's Hong Kong midnight on; answers its id."""
        opens = datetime.combine(opens_on, time(0), HONG_KONG)
        span = (opens, opens + timedelta(days=days))
        names = {"zh-Hant": "日行萬步", "zh-Hans": "日行万步", "en": "Walk every day"}
        self.write(lambda tx: challenges.open_challenge(tx, challenge_id, "steps_goal", params or {}, names, span, []))
        return challenge_id

    def steps(
        self,
        person: UUID,
        days: Mapping[date, SourceDay | int],
        source: str = "phone",
        received: datetime | None = None,
    ) -> None:
        """Let a source tell of days: a number is its total of the day."""
        said = [
            Said(source, on, SourceDay(total=day) if isinstance(day, int) else day) for on, day in sorted(days.items())
        ]
        receipt = Receipt(person, "csv_steps", received or self.now())
        self.write(lambda tx: keep(tx, RING, self.now(), receipt, said))

    def drop(
        self, stock: int | None = None, park_id: str = "hong-kong-park", place: tuple[float, float] = PLACE
    ) -> UUID:
        """A drop of today."""
        drop_id, ordinal = uuid4(), next(self.ordinals)
        row = {
            "id": drop_id,
            "challenge_id": CHALLENGE,
            "park_id": park_id,
            "on": self.now().astimezone(HONG_KONG).date(),
        }
        row |= {
            "ordinal": ordinal,
            "species": SPECIES[ordinal % len(SPECIES)],
            "lat": place[0],
            "lon": place[1],
            "stock": stock,
        }
        self.write(lambda tx: challenge_rows.add_drops(tx, [row]))
        return drop_id

    def take(self, who: Earner, drop: UUID, client_id: str | None = None, at: datetime | None = None) -> Taken:
        """A capture, as decided by where somebody is."""
        attempt = Attempt(client_id or uuid4().hex, drop, at or self.now(), f"visit-{who.player_id.hex[:8]}", who)
        return self.write(lambda tx: take(tx, self.now(), attempt))

    def carry(self) -> int:
        """Let the projector run until nothing waits; answers how many events it carried."""
        carried = 0
        while step := project(self.here):
            carried += step
        return carried
