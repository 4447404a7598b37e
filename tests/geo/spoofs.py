"""Invented movement of every kind that cheating takes: each builder makes one recording from chance."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from geo.fix import Fix
from geo.metric import moved
from tests.geo.honest import HONG_KONG_PARK, MORNING, Path, Phone, any_phone, dice, given_style, strolled

_ = dice


def drawn(path: Sequence[tuple[float, float]], every: float, accuracy: float | None, digits: int = 7) -> list[Fix]:
    """A drawn path as fixes, one every so many seconds."""
    found = []
    for count, (x, y) in enumerate(path):
        lat, lon = moved(*HONG_KONG_PARK, x, y)
        found.append(Fix(MORNING + timedelta(seconds=every * count), round(lat, digits), round(lon, digits), accuracy))
    return found


def _sampling(chance: Random) -> tuple[int, int, float | None]:
    return chance.randrange(60, 601), chance.choice([1, 2, 3, 5, 10]), chance.choice([None, 5.0, 8.0, 12.0])


def _line(chance: Random, count: int, every: int, pace: float) -> Path:
    heading = chance.uniform(0, math.tau)
    return [(pace * every * n * math.cos(heading), pace * every * n * math.sin(heading)) for n in range(count)]


def line(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    return drawn(_line(chance, count, every, chance.uniform(0.7, 2.8)), every, accuracy, chance.choice([6, 7, 9]))


def noisy_line(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    sigma = chance.choice([0.1, 0.2, 0.3, 0.5])
    path = [
        (x + chance.gauss(0, sigma), y + chance.gauss(0, sigma))
        for x, y in _line(chance, max(count, 120), every, chance.uniform(0.8, 1.8))
    ]
    return drawn(path, every, accuracy)


def noisier_line(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    sigma = chance.choice([0.7, 1.0])
    path = [
        (x + chance.gauss(0, sigma), y + chance.gauss(0, sigma))
        for x, y in _line(chance, max(count, 200), max(every, 2), chance.uniform(0.8, 1.8))
    ]
    return drawn(path, max(every, 2), accuracy)


def legs(chance: Random) -> list[Fix]:
    """Straight legs between waypoints, one speed, perhaps a uniform jitter of centimetres."""
    _count, every, accuracy = _sampling(chance)
    pace, jitter = chance.uniform(0.9, 1.8), chance.choice([0.0, 0.05, 0.2])
    x = y = 0.0
    path: Path = []
    while len(path) < 600 // every + 40:
        heading, length = chance.uniform(0, math.tau), chance.uniform(80, 200)
        for _step in range(int(length / (pace * every))):
            x += pace * every * math.cos(heading)
            y += pace * every * math.sin(heading)
            path.append((x + chance.uniform(-jitter, jitter), y + chance.uniform(-jitter, jitter)))
    return drawn(path, every, accuracy)


def circle(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    radius, pace = chance.uniform(20, 120), chance.uniform(0.8, 2.0)
    turn = pace * every / radius
    return drawn(
        [(radius * math.cos(turn * n), radius * math.sin(turn * n)) for n in range(max(count, 150 // every))],
        every,
        accuracy,
    )


def frozen(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    return drawn([(0.0, 0.0)] * count, every, accuracy)


def frozen_later(chance: Random) -> list[Fix]:
    found = given_style(chance)[:60]
    step = found[1].at - found[0].at
    return found + [
        replace(found[-1], at=found[-1].at + step * n) for n in range(1, max(40, int(240 / step.total_seconds())))
    ]


def random_points(chance: Random) -> list[Fix]:
    count, every, accuracy = _sampling(chance)
    wide = chance.uniform(60, 200)
    return drawn([(chance.uniform(-wide, wide), chance.uniform(-wide, wide)) for _n in range(count)], every, accuracy)


def _phone(chance: Random) -> Phone:
    return replace(any_phone(chance), every_s=chance.choice([1, 2, 3, 5, 10]))


def teleport(chance: Random) -> list[Fix]:
    """At home, at once in the park for a while, at once at home again."""
    phone = _phone(chance)
    path = strolled(chance, phone.every_s * 150, chance.choice([0.0, 1.2]))
    found = phone.fixes(path, chance)
    east, north = (chance.choice([-1, 1]) * chance.uniform(500, 6000) for _n in "en")
    first = chance.randrange(15, 40)
    away = [index < first or index > first + 60 for index in range(len(found))]
    return [_moved(fix, east, north) if gone else fix for fix, gone in zip(found, away, strict=True)]


def teleport_in(chance: Random) -> list[Fix]:
    phone = _phone(chance)
    found = phone.fixes(strolled(chance, phone.every_s * 100, 1.2), chance)
    east, north = (chance.choice([-1, 1]) * chance.uniform(300, 3000) for _n in "en")
    return [_moved(fix, east, north) if index < 20 else fix for index, fix in enumerate(found)]


def _moved(fix: Fix, east: float, north: float) -> Fix:
    lat, lon = moved(fix.lat, fix.lon, east, north)
    return replace(fix, lat=round(lat, 7), lon=round(lon, 7))


def hastened(found: Sequence[Fix], times: float) -> list[Fix]:
    """The same recording played faster."""
    return [replace(fix, at=found[0].at + (fix.at - found[0].at) / times) for fix in found]


def _fast(low: float, high: float) -> Callable[[Random], list[Fix]]:
    def build(chance: Random) -> list[Fix]:
        every = chance.choice([1, 2, 3, 5])
        phone = Phone(
            every, chance.uniform(2, 5), chance.uniform(10, 30), chance.uniform(0, 1.5), chance.random() < 0.7
        )
        walk = phone.fixes(strolled(chance, 900, chance.uniform(1.1, 1.5), pauses=False), chance)
        return hastened(walk, chance.uniform(low, high))

    return build


def fast_drive(chance: Random) -> list[Fix]:
    """Through the park at 40 to 90 km/h."""
    phone = replace(any_phone(chance), every_s=chance.choice([1, 2, 3, 5]))
    return phone.fixes(strolled(chance, 200, chance.uniform(11, 25), 15, 0.05, False), chance)


KINDS: dict[str, Callable[[Random], Sequence[Fix]]] = {
    "line": line,
    "noisy_line": noisy_line,
    "noisier_line": noisier_line,
    "legs": legs,
    "circle": circle,
    "frozen": frozen,
    "frozen_later": frozen_later,
    "random_points": random_points,
    "teleport": teleport,
    "teleport_in": teleport_in,
    "fast_3": _fast(2.8, 3.2),
    "fast_5": _fast(4.5, 5.5),
    "fast_7": _fast(6, 8),
    "fast_10": _fast(9, 10),
    "fast_drive": fast_drive,
}
