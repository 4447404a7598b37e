"""Who plays: the player behind an account, and the names that players show."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.kit.words import Language, say_all
from challenges_app.people.access.actions import waiting_for_consent
from challenges_app.people.access.rules import Viewer
from challenges_app.people.persons import queries as persons
from challenges_app.people.persons.rules import nickname
from challenges_app.play.players import queries


@dataclass(frozen=True, slots=True)
class Face:
    """What a board shows of a player: a generated name in three languages and a picture's key."""

    name: Mapping[Language, str]
    avatar: str | None


def player_of(here: Services, now: datetime, viewer: Viewer) -> UUID:
    """The viewer's player, made when they first play."""
    person_id = viewer.person_id
    assert person_id is not None  # noqa: S101 - the gate lets only people through who can play
    with here.db.reading() as conn:
        found = queries.player_of(conn, person_id)
    if found:
        return found
    return here.db.write(lambda tx: player_in(tx, now, person_id))


def player_in(tx: Tx, now: datetime, person_id: UUID) -> UUID:
    """A person's player, made when they first play, within a transaction."""
    found = queries.player_of(tx.conn, person_id)
    if found:
        return found
    queries.make_player(tx, now, person_id)
    made = queries.player_of(tx.conn, person_id)
    assert made is not None  # noqa: S101 - whoever won the race, the tie exists now
    return made


def without_consent(conn: Connection, now: datetime, ring: KeyRing, player_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some players who are children for whom no guardian agrees any more."""
    person_of = queries.persons_of(conn, player_ids)
    waiting = waiting_for_consent(conn, now, ring, person_of.values())
    return {player for player, person in person_of.items() if person in waiting}


def faces(
    conn: Connection, now: datetime, ring: KeyRing, player_ids: Iterable[UUID], hidden: Set[UUID] = frozenset()
) -> dict[UUID, Face]:
    """The faces of players; one who was erased, or for whom no guardian agrees any more, is shown as having left.

    So are the persons who are hidden from whoever looks.
    """
    wanted = list(player_ids)
    person_of = queries.persons_of(conn, wanted)
    left = hidden | waiting_for_consent(conn, now, ring, person_of.values())
    words = persons.faces(conn, set(person_of.values()) - left)
    shown = {player: words.get(person_of[player]) for player in wanted if player in person_of}
    return {player: _face(shown.get(player)) for player in wanted}


def _face(words: tuple[str, str] | None) -> Face:
    return Face(nickname(*words), words[1]) if words else Face(say_all("nickname.left"), None)
