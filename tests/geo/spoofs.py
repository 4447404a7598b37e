"""Invented movement of every kind that cheating takes: each builder makes one recording by chance."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from geo.fix import Fix
from geo.metric import moved
from tests.geo.honest import HONG_KONG_PARK, MORNING, SAMPLING, Builder, Path, Phone, any_phone, polyline, strolled


def drawn(path: Sequence[tuple[float, float]], every_s: float, accuracy_m: float | None, digits: int = 7) -> list[Fix]:
    """A path as fixes, one every so many seconds."""
    found = []
    for count, place in enumerate(path):
        lat, lon = (round(degrees, digits) for degrees in moved(*HONG_KONG_PARK, *place))
        found.append(Fix(MORNING + timedelta(seconds=every_s * count), lat, lon, accuracy_m))
    return found


def hastened(found: Sequence[Fix], times: float) -> list[Fix]:
    """The same recording played faster."""
    return [replace(fix, at=found[0].at + (fix.at - found[0].at) / times) for fix in found]


def shifted(fix: Fix, east: float, north: float) -> Fix:
    """The same fix elsewhere."""
    lat, lon = moved(fix.lat, fix.lon, east, north)
    return replace(fix, lat=round(lat, 7), lon=round(lon, 7))


def _sampling(chance: Random) -> tuple[int, int, float | None]:
    """How many fixes, how many seconds apart, and what accuracy they claim."""
    return chance.randrange(60, 601), chance.choice([1, 2, 3, 5, 10]), chance.choice([None, 5.0, 8.0, 12.0])


def _straight(chance: Random, count: int, step_m: float, noise_m: float) -> Path:
    heading = chance.uniform(0, math.tau)
    return [
        (
            step_m * turn * math.cos(heading) + chance.gauss(0, noise_m),
            step_m * turn * math.sin(heading) + chance.gauss(0, noise_m),
        )
        for turn in range(count)
    ]


def line(chance: Random) -> list[Fix]:
    """A straight line at constant speed."""
    count, every, accuracy = _sampling(chance)
    path = _straight(chance, count, every * chance.uniform(0.7, 2.8), 0.0)
    return drawn(path, every, accuracy, chance.choice([6, 7, 9]))


def noisy_line(chance: Random) -> list[Fix]:
    """The same for two minutes and more, under a little noise."""
    count, every, accuracy = _sampling(chance)
    noise_m = chance.choice([0.1, 0.2, 0.3, 0.5])
    return drawn(_straight(chance, max(count, 120), every * chance.uniform(0.8, 1.8), noise_m), every, accuracy)


def noisier_line(chance: Random) -> list[Fix]:
    """The same for many minutes, under more noise."""
    count, every, accuracy = _sampling(chance)
    noise_m, every = chance.choice([0.7, 0.9]), max(every, 2)
    return drawn(_straight(chance, max(count, 250), every * chance.uniform(0.8, 1.8), noise_m), every, accuracy)


def legs(chance: Random) -> list[Fix]:
    """Straight legs between waypoints, at one speed, with a jitter of centimetres or none."""
    _, every, accuracy = _sampling(chance)
    pace, jitter = chance.uniform(0.9, 1.8), chance.choice([0.0, 0.05, 0.2])
    x = y = 0.0
    path: Path = []
    while len(path) < 600 // every + 40:
        heading, length = chance.uniform(0, math.tau), chance.uniform(80, 200)
        for _ in range(int(length / (pace * every))):
            x, y = x + pace * every * math.cos(heading), y + pace * every * math.sin(heading)
            path.append((x + chance.uniform(-jitter, jitter), y + chance.uniform(-jitter, jitter)))
    return drawn(path, every, accuracy)


def circle(chance: Random) -> list[Fix]:
    """Round and round at constant speed."""
    count, every, accuracy = _sampling(chance)
    radius = chance.uniform(20, 120)
    turn = every * chance.uniform(0.8, 2.0) / radius
    count = max(count, 150 // every)
    return drawn([(radius * math.cos(turn * n), radius * math.sin(turn * n)) for n in range(count)], every, accuracy)


def frozen(chance: Random) -> list[Fix]:
    """One position, for ever."""
    count, every, accuracy = _sampling(chance)
    return drawn([(0.0, 0.0)] * count, every, accuracy)


def frozen_later(chance: Random) -> list[Fix]:
    """An honest walk that ends in one position for four minutes."""
    found = polyline(chance)[:60]
    every = found[1].at - found[0].at
    count = max(40, timedelta(seconds=240) // every)
    return found + [replace(found[-1], at=found[-1].at + every * turn) for turn in range(1, count)]


def random_points(chance: Random) -> list[Fix]:
    """Each fix somewhere in the park."""
    count, every, accuracy = _sampling(chance)
    wide = chance.uniform(60, 200)
    return drawn([(chance.uniform(-wide, wide), chance.uniform(-wide, wide)) for _ in range(count)], every, accuracy)


def teleport(chance: Random) -> list[Fix]:
    """At home, at once in the park for a while, at once at home again."""
    phone = replace(any_phone(chance), every_s=chance.choice(SAMPLING))
    found = phone.fixes(strolled(chance, phone.every_s * 150, chance.choice([0.0, 1.2])), chance)
    east, north = (chance.choice([-1, 1]) * chance.uniform(500, 6000) for _ in "en")
    first = chance.randrange(15, 40)
    stay = range(first, first + chance.randrange(15, 80))
    return [fix if index in stay else shifted(fix, east, north) for index, fix in enumerate(found)]


def teleport_in(chance: Random) -> list[Fix]:
    """Far away, then at once in the park to stay."""
    phone = replace(any_phone(chance), every_s=chance.choice(SAMPLING))
    found = phone.fixes(strolled(chance, phone.every_s * 100, 1.2), chance)
    east, north = (chance.choice([-1, 1]) * chance.uniform(300, 3000) for _ in "en")
    return [shifted(fix, east, north) if index < 20 else fix for index, fix in enumerate(found)]


def _walk(chance: Random, every: int) -> list[Fix]:
    """An honest walk on a phone with a usual error."""
    phone = Phone(every, chance.uniform(3, 5), chance.uniform(10, 25), chance.uniform(0.5, 1.5), chance.random() < 0.7)
    return phone.fixes(strolled(chance, 900, chance.uniform(1.25, 1.5), sway=0.08, stops=False), chance)


def fast_4(chance: Random) -> list[Fix]:
    """A walk reported every one to three seconds, played four times as fast."""
    return hastened(_walk(chance, chance.choice([1, 2, 3])), 4)


def fast_5(chance: Random) -> list[Fix]:
    """A walk played five times as fast."""
    return hastened(_walk(chance, chance.choice([1, 2, 3])), 5)


def fast_10(chance: Random) -> list[Fix]:
    """A walk reported every one to five seconds, played ten times as fast."""
    return hastened(_walk(chance, chance.choice([1, 2, 3, 5])), 10)


def drive(chance: Random) -> list[Fix]:
    """Round the park at 38 to 47 km/h, with a driver's unsteady foot."""
    phone = replace(any_phone(chance), every_s=chance.choice([1, 2, 3, 5]))
    radius, cruise, angle, ease = chance.uniform(45, 60), chance.uniform(10.5, 13), 0.0, 0.0
    path = []
    for _ in range(200):
        path.append((radius * math.cos(angle), radius * math.sin(angle)))
        ease += chance.gauss(0, 0.02) - ease / 12
        angle += cruise * (1 + ease) / radius
    return phone.fixes(path, chance)


KINDS: dict[str, tuple[Builder, str]] = {
    "line": (line, "straight_constant"),
    "noisy_line": (noisy_line, "straight_constant"),
    "noisier_line": (noisier_line, "straight_constant"),
    "legs": (legs, "straight_constant"),
    "circle": (circle, "straight_constant"),
    "frozen": (frozen, "frozen"),
    "frozen_later": (frozen_later, "frozen"),
    "random_points": (random_points, "random_points"),
    "teleport": (teleport, "teleport"),
    "teleport_in": (teleport_in, "teleport"),
    "fast_4": (fast_4, "time_compressed"),
    "fast_5": (fast_5, "time_compressed"),
    "fast_10": (fast_10, "time_compressed"),
    "drive": (drive, "too_fast"),
}
