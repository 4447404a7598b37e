"""Keep what sources say of days, merge it, let challenges know; and tell a person what counted, and what did not."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.services import Services
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import queries, rules
from challenges_app.play.goals import actions as goals
from challenges_app.play.goals.actions import Taking, Walked
from integrations.days import Days, SourceDay
from integrations.merge import Day, NotCounted, join, merge, typed_in

UNKNOWN_SOURCE = refusal("steps.unknown_source", 404)

HIGHEST_ID = 2**63 - 1  # that a database can look for


class Said(NamedTuple):
    """What a source, by its name, says of a local day."""

    source: str
    on: date
    day: SourceDay


class Receipt(NamedTuple):
    """Whose steps they are, what read them, and when they came: late steps count by when they came."""

    person_id: UUID
    provider: str
    received_at: datetime


def keep(tx: Tx, ring: KeyRing, now: datetime, receipt: Receipt, said: Sequence[Said]) -> None:
    """Join what was said to what is known, merge the days that change, and give challenges the difference.

    The same again changes nothing, in whichever order and however often it comes.
    """
    if not said:
        return
    queries.hold_person(tx, receipt.person_id)
    ids = _source_ids(tx, ring, receipt, {each.source for each in said})
    known = _known(tx.conn, receipt.person_id, [each.on for each in said])
    changed: dict[date, dict[int, SourceDay]] = defaultdict(dict)
    for source, on, day in said:
        old = known[on].get(ids[source])
        joined = replace(join(old, day), twin=old.twin) if old else day
        if joined != old:
            known[on][ids[source]] = changed[on][ids[source]] = joined
    rows = [
        {"person_id": receipt.person_id, "on": on, "source_id": source, **rules.packed(day)}
        for on, days in sorted(changed.items())
        for source, day in sorted(days.items())
    ]
    queries.keep_source_days(tx, rows)
    _hold_twins(tx, ring, now, receipt.person_id, known, {(each.on, ids[each.source]) for each in said})
    # Every day that was told of is merged again: one that lay in the future when it came first may have begun.
    _count(tx, ring, now, receipt.person_id, receipt.received_at, {each.on: known[each.on] for each in said})


def _hold_twins(
    tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, known: dict[date, dict[int, SourceDay]],
    told: Iterable[tuple[date, int]],
) -> None:  # fmt: skip
    """Hold the days that are hour by hour what somebody else's were first, and let go of those that no longer are."""
    prints = {(on, source): made for on, source in told if (made := _print(ring, now, on, known[on][source]))}
    if not prints:
        return
    queries.add_prints(tx, person_id, now, set(prints.values()))
    whose = queries.printed(tx.conn, set(prints.values()))
    for (on, source), made in sorted(prints.items()):
        twin = whose[made] != person_id
        queries.note_twin(tx, person_id, on, source, twin)
        known[on][source] = replace(known[on][source], twin=twin)


def _print(ring: KeyRing, now: datetime, on: date, day: SourceDay) -> bytes | None:
    said = rules.told_apart(on, day, now)
    return ring.fingerprint(said, "step_print", on.isoformat())[:16] if said else None


def keep_new(tx: Tx, ring: KeyRing, now: datetime, receipt: Receipt, days: Days) -> list[date]:
    """Keep a delivery that holds only what is new, together with what its sources told before; answers its days.

    Two quarters of one hour that come one after the other are both of it; by `keep` the larger would be.
    """
    told = days.stretches()
    if told:
        queries.hold_person(tx, receipt.person_id)
        ids = _source_ids(tx, ring, receipt, {source for source, _ in told})
        names = {source_id: name for name, source_id in ids.items()}
        # A stretch goes on over midnight, so the days beside are made anew from all their stretches too.
        near = {on + timedelta(days=off) for _, on in told for off in (-1, 0, 1)}
        for row in queries.stretches(tx.conn, receipt.person_id, near):
            if row.source_id in names:
                days.restore(names[row.source_id], row.on, row.stretches)
        whole = days.stretches()
        rows = [
            {
                "person_id": receipt.person_id,
                "on": on,
                "source_id": ids[source],
                "changed_at": now,
                "stretches": whole[source, on],
            }
            for source, on in sorted(told)
        ]
        queries.keep_stretches(tx, rows)
    said = [Said(*each) for each in days.finish()]
    keep(tx, ring, now, receipt, said)
    return sorted({each.on for each in said})


def said_on(
    conn: Connection, ring: KeyRing, provider: str, source: str, person_ids: Iterable[UUID], on: date
) -> dict[UUID, SourceDay]:
    """What the source of this name that each of some persons has by a provider says of a day."""
    indexes = [_index(ring, person_id, provider, source) for person_id in person_ids]
    return {row.person_id: rules.unpacked(row) for row in queries.said_on(conn, indexes, on)}


def forget_day(tx: Tx, ring: KeyRing, now: datetime, receipt: Receipt, source: str, on: date) -> None:
    """Take back what a source said of a day, as if it had never been told."""
    queries.hold_person(tx, receipt.person_id)
    source_id = _source_ids(tx, ring, receipt, {source})[source]
    queries.forget_day(tx, receipt.person_id, source_id, on)
    if not queries.days_of_source(tx.conn, receipt.person_id, source_id):
        queries.remove_source(tx, receipt.person_id, source_id)
    known = _known(tx.conn, receipt.person_id, [on])
    _count(tx, ring, now, receipt.person_id, receipt.received_at, {on: known[on]})


def remove_source(tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, source_id: int) -> str:
    """Forget a source with all that it said; answers the provider that it came by. Raises `steps.unknown_source`."""
    queries.hold_person(tx, person_id)
    days = queries.days_of_source(tx.conn, person_id, min(source_id, HIGHEST_ID))
    if days:
        _forget_prints(tx, ring, now, person_id, source_id, days)
    provider = queries.remove_source(tx, person_id, source_id) if source_id <= HIGHEST_ID else None
    if provider is None:
        raise UNKNOWN_SOURCE()
    if days:
        known = _known(tx.conn, person_id, days)
        _count(tx, ring, now, person_id, now, {on: known[on] for on in days})
    return provider


def _forget_prints(tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, source_id: int, days: Sequence[date]) -> None:
    known = _known(tx.conn, person_id, days)
    made = (_print(ring, now, on, known[on][source_id]) for on in days)
    queries.forget_prints(tx, person_id, [each for each in made if each])


def _count(
    tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, received_at: datetime,
    days: Mapping[date, dict[int, SourceDay]],
) -> None:  # fmt: skip
    """Merge days anew and carry those that come out otherwise to the challenges that still take them."""
    if not days:
        return
    before = _walked(tx.conn, person_id, (min(days), max(days)))
    counted = {on: _merged(sources, on, now).steps for on, sources in days.items()}
    typed = {on: typed_in(sources, on, rules.last_begun(now)) for on, sources in days.items()}
    after = {on: steps for on, steps in counted.items() if steps != before.counted.get(on)}
    after_typed = {on: steps for on, steps in typed.items() if steps != before.typed.get(on)}
    queries.keep_totals(tx, person_id, after)
    queries.keep_typed(tx, person_id, after_typed)
    changed = after.keys() | after_typed.keys()
    for challenge in goals.counting(tx.conn, received_at) if changed else ():
        first_on, last_on = goals.days_of(challenge)
        for weeks in rules.weeks(on for on in changed if first_on <= on <= last_on):
            goals.score(tx, ring, now, person_id, challenge, weeks, _walked(tx.conn, person_id, weeks))


def _walked(conn: Connection, person_id: UUID, span: tuple[date, date]) -> Walked:
    return Walked(queries.totals(conn, person_id, *span), queries.typed(conn, person_id, *span))


def _merged(sources: Mapping[int, SourceDay], on: date, now: datetime) -> Day:
    return merge(sources, on, rules.last_begun(now))


def _source_ids(tx: Tx, ring: KeyRing, receipt: Receipt, names: Iterable[str]) -> dict[str, int]:
    index = {name: _index(ring, receipt.person_id, receipt.provider, name) for name in names}
    rows = [
        {
            "person_id": receipt.person_id,
            "provider": receipt.provider,
            "name_index": digest,
            "name_sealed": ring.seal(name, "step_source", digest.hex(), "name"),
        }
        for name, digest in sorted(index.items())
    ]
    queries.add_sources(tx, rows)
    ids = {row.name_index: row.id for row in queries.sources(tx.conn, receipt.person_id)}
    return {name: ids[digest] for name, digest in index.items()}


def _index(ring: KeyRing, person_id: UUID, provider: str, name: str) -> bytes:
    return ring.fingerprint(name.encode(), "step_source", person_id.hex, provider)


def _known(conn: Connection, person_id: UUID, days: Sequence[date]) -> dict[date, dict[int, SourceDay]]:
    known: dict[date, dict[int, SourceDay]] = defaultdict(dict)
    for row in queries.source_days(conn, person_id, min(days), max(days)):
        known[row.on][row.source_id] = rules.unpacked(row)
    return known


def held(conn: Connection, now: datetime, person_id: UUID, on: date) -> dict[int | None, NotCounted]:
    """What is not counted of a day that may count after all, by its source (None: the whole day)."""
    merged = _merged(_known(conn, person_id, [on])[on], on, now)
    return {_number(each.source): each for each in merged.not_counted if each.why != "future"}


def _number(source: Hashable) -> int | None:
    return source if isinstance(source, int) else None


def release(
    tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, received_at: datetime, on: date, source_id: int | None
) -> None:  # fmt: skip
    """Let what a source said of a day (None: all of them) count as it stands; what it says later is judged anew."""
    queries.hold_person(tx, person_id)
    known = _known(tx.conn, person_id, [on])[on]
    chosen = known.keys() if source_id is None else {source_id} & known.keys()
    queries.release(tx, person_id, on, chosen)
    days = {source: replace(day, released=day.released or source in chosen) for source, day in known.items()}
    _count(tx, ring, now, person_id, received_at, {on: days})


def picture(conn: Connection, person_id: UUID, on: date) -> list[dict[str, Any]]:
    """What each source says of a day, without its name, for somebody who does not know whose day it is."""
    providers = {row.id: row.provider for row in queries.sources(conn, person_id)}
    return [
        {"source_id": source, "provider": providers[source], "hours": day.hours, "total": day.total,
         "by_hand": day.by_hand, "fastest": day.fastest}
        for source, day in _known(conn, person_id, [on])[on].items()
    ]  # fmt: skip


def day(here: Services, now: datetime, person_id: UUID, on: date) -> dict[str, Any]:
    """A local day as it counts: every hour with the source that counted, and what was not counted."""
    with here.db.reading() as conn:
        names = _names(here.ring, queries.sources(conn, person_id))
        merged = _merged(_known(conn, person_id, [on])[on], on, now)
        first_on, last_on = queries.days_known(conn, person_id)
        return {
            "on": on,
            "steps": merged.steps,
            "hours": [{"source": source, "steps": steps} for source, steps in merged.hours] if merged.hours else None,
            "whole": merged.whole,
            "sources": [{**names[source], "steps": steps} for source, steps in merged.said.items()],
            "not_counted": _not_counted(on, merged, names, goals.taking_typed(conn, on, on)),
            "first_on": first_on,
            "last_on": last_on,
        }


def month(here: Services, now: datetime, person_id: UUID, first: date) -> dict[str, Any]:
    """A month of days as they count, with everything in it that was not counted."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    with here.db.reading() as conn:
        names = _names(here.ring, queries.sources(conn, person_id))
        known = _known(conn, person_id, [first, last])
        merged = {on: _merged(sources, on, now) for on, sources in sorted(known.items())}
        first_on, last_on = queries.days_known(conn, person_id)
        taking = goals.taking_typed(conn, first, last)
        return {
            "today": now.astimezone(HONG_KONG).date(),
            "challenges": goals.summaries(conn, now, person_id, lambda span: _walked(conn, person_id, span)),
            "month": f"{first:%Y-%m}",
            "days": [{"on": on, "steps": each.steps} for on, each in merged.items() if each.steps is not None],
            "not_counted": [line for on, each in merged.items() for line in _not_counted(on, each, names, taking)],
            "sources": list(names.values()),
            "first_on": first_on,
            "last_on": last_on,
        }


def steps_week(conn: Connection, now: datetime, person_id: UUID) -> dict[str, Any]:
    """Today's counted steps, those of its week, and the goal of the challenge that counts them."""
    today = now.astimezone(HONG_KONG).date()
    monday = today - timedelta(days=today.weekday())
    week = [monday + timedelta(days=number) for number in range(7)]
    known = queries.totals(conn, person_id, week[0], week[-1])
    return {
        "steps": known.get(today),
        "goal": goals.day_goal(conn, now),
        "week": [{"on": on, "steps": known.get(on)} for on in week],
    }


def steps_on(conn: Connection, person_id: UUID, on: date) -> int | None:
    """The counted steps of a day, or None where nothing is known of it."""
    return queries.totals(conn, person_id, on, on).get(on)


def _names(ring: KeyRing, rows: Iterable[Row[Any]]) -> dict[Hashable, dict[str, Any]]:
    return {
        row.id: {
            "id": row.id,
            "name": ring.open(row.name_sealed, "step_source", row.name_index.hex(), "name"),
            "provider": row.provider,
        }
        for row in rows
    }


def _not_counted(
    on: date, merged: Day, names: Mapping[Hashable, Mapping[str, Any]], taking: Sequence[Taking]
) -> list[dict[str, Any]]:
    """What was not counted; what was typed in names the challenges in which it counts nevertheless."""
    nobody = {"name": "", "provider": None}
    covering = [each.names for each in taking if each.first_on <= on <= each.last_on]
    most = max((each.steps for each in merged.not_counted if each.why == "by_hand"), default=0)
    return [
        {
            "on": on,
            "source": (source := names[each.source] if each.source else nobody)["name"],
            "source_id": each.source,
            "provider": source["provider"],
            "steps": each.steps,
            "why": each.why,
            "counted_in": covering if each.why == "by_hand" and each.steps == most > (merged.steps or 0) else [],
        }
        for each in merged.not_counted
    ]
