"""Honest walks of many kinds, as phones report them: people who vary their pace, and errors that drift.

A *path* is the true place once a second, in metres east and north of a start. A *phone* turns it into fixes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from geo.fix import Fix
from geo.metric import moved

Path = list[tuple[float, float]]
Builder = Callable[[Random], list[Fix]]

HONG_KONG_PARK = (22.2772, 114.1614)
MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SAMPLING = (1, 1, 2, 3, 5, 10)


def dice(seed: object) -> Random:
    """Repeatable chance."""
    return Random(repr(seed))


@dataclass(frozen=True)
class Phone:
    """How often a phone reports, and how it errs, in metres per axis."""

    every_s: int = 1
    drift_m: float = 3.0  # an error that wanders
    drift_s: float = 30.0  # and is forgotten after so long
    scatter_m: float = 0.3  # an error that is new in every fix
    accuracy: bool = True
    digits: int = 7

    def fixes(
        self,
        path: Path,
        chance: Random,
        start: datetime = MORNING,
        at: tuple[float, float] = HONG_KONG_PARK,
    ) -> list[Fix]:
        """What the phone reports of a path."""
        keep = math.exp(-self.every_s / self.drift_s)
        fresh = self.drift_m * math.sqrt(1 - keep * keep)
        east, north = chance.gauss(0, self.drift_m), chance.gauss(0, self.drift_m)
        typical = 1.5 * math.hypot(self.drift_m, self.scatter_m) + 2
        found = []
        for second in range(0, len(path), self.every_s):
            x, y = path[second]
            east, north = keep * east + chance.gauss(0, fresh), keep * north + chance.gauss(0, fresh)
            off_x, off_y = east + chance.gauss(0, self.scatter_m), north + chance.gauss(0, self.scatter_m)
            lat, lon = (round(degrees, self.digits) for degrees in moved(*at, x + off_x, y + off_y))
            claimed = round(max(2.0, chance.gauss(typical, typical / 5)), 1) if self.accuracy else None
            found.append(Fix(start + timedelta(seconds=second), lat, lon, claimed))
        return found


def any_phone(chance: Random) -> Phone:
    """Some phone: raw or filtered, very good or very jumpy, with an accuracy or without."""
    every, accuracy, digits = chance.choice(SAMPLING), chance.random() < 0.7, chance.choice([7, 7, 6])
    drift_m, drift_s, scatter_m = {
        "raw": (chance.uniform(2, 6), chance.uniform(8, 40), chance.uniform(0.2, 1.0)),
        "fused": (chance.uniform(1.5, 4), chance.uniform(20, 90), 0.1),
        "smooth": (chance.uniform(0.8, 1.5), chance.uniform(30, 60), 0.03),
        "jumpy": (0.5, 60.0, chance.uniform(1.5, 5)),
    }[chance.choice(["raw", "fused", "smooth", "jumpy"])]
    return Phone(every, drift_m, drift_s, scatter_m, accuracy, digits)


def strolled(
    chance: Random, seconds: int, pace: float, *, turns_s: float = 40, sway: float = 0.12, stops: bool = True
) -> Path:
    """Walking about within 150 m, with turns, a pace that varies, and stops."""
    x = y = ease = wobble = 0.0
    heading, rest = chance.uniform(0, math.tau), 0
    path = [(x, y)]
    for _ in range(seconds):
        rest = max(0, rest - 1)
        if stops and not rest and chance.random() < 1 / 150:
            rest = chance.randrange(5, 40)
        if chance.random() < 1 / turns_s:
            heading += chance.gauss(0, 1)
        if math.hypot(x, y) > 150:
            heading = math.atan2(-y, -x) + chance.gauss(0, 0.5)
        ease += chance.gauss(0, 0.4 * sway) - ease / 12
        wobble += chance.gauss(0, 0.06) - wobble / 6
        speed = 0.0 if rest else max(0.1, pace * (1 + ease))
        x, y = x + speed * math.cos(heading + wobble), y + speed * math.sin(heading + wobble)
        path.append((x, y))
    return path


def stroll(chance: Random) -> list[Fix]:
    """Somebody walks about."""
    return any_phone(chance).fixes(strolled(chance, chance.randrange(300, 900), chance.uniform(0.6, 1.6)), chance)


def promenade(chance: Random) -> list[Fix]:
    """An even walker goes straight on."""
    pace, heading, sway = chance.uniform(0.8, 1.6), chance.uniform(0, math.tau), chance.uniform(0.04, 0.1)
    along = aside = ease = 0.0
    path = []
    for _ in range(chance.randrange(120, 600)):
        path.append(
            (
                along * math.cos(heading) - aside * math.sin(heading),
                along * math.sin(heading) + aside * math.cos(heading),
            )
        )
        ease += chance.gauss(0, 0.36 * sway) - ease / 15
        aside += chance.gauss(0, 0.12) - aside / 10
        along += pace * max(0.1, 1 + ease)
    return any_phone(chance).fixes(path, chance)


def child(chance: Random) -> list[Fix]:
    """A child at play runs, stops and turns round."""
    x = y = heading = speed = 0.0
    left = 0
    path = [(x, y)]
    for _ in range(chance.randrange(200, 700)):
        if left == 0:
            left = chance.randrange(2, 12)
            speed = chance.choice([0.0, 1.0, 1.5, 2.5, 3.5, 4.5])
            heading = chance.uniform(0, math.tau) if math.hypot(x, y) < 60 else math.atan2(-y, -x)
        left -= 1
        x, y = x + speed * math.cos(heading), y + speed * math.sin(heading)
        path.append((x, y))
    return any_phone(chance).fixes(path, chance)


def bench(chance: Random) -> list[Fix]:
    """Twenty minutes on a bench."""
    return any_phone(chance).fixes([(0.0, 0.0)] * 1200, chance)


def repeats(chance: Random) -> list[Fix]:
    """While a phone lies still, it repeats its last fix for up to two minutes."""
    found = stroll(chance)
    every = found[1].at - found[0].at
    for index in range(len(found) - 2, 5, -max(20, len(found) // 4)):  # from the end, so that pauses never meet
        pause = timedelta(seconds=chance.randrange(20, 121))
        still = [replace(found[index], at=found[index].at + every * turn) for turn in range(1, pause // every)]
        later = [replace(fix, at=fix.at + every * len(still)) for fix in found[index + 1 :]]
        found = found[: index + 1] + still + later
    return found


def bus(chance: Random) -> list[Fix]:
    """By bus, stopping now and then, to a stop beside the park, and on foot from there."""
    east, cruise = -2500.0, chance.uniform(8, 15)
    path: Path = []
    for stop in (-1900.0, -1200.0, -700.0, -200.0):
        speed = 0.0
        while east < stop:
            braking = stop - east < speed * speed / 2.4
            speed = max(1.0, speed - 1.2) if braking else min(cruise, speed + 1) + chance.gauss(0, 0.2)
            east += speed
            path.append((east, 20 * math.sin(east / 200)))
        path += [path[-1]] * chance.randrange(5, 30)
    x, y = path[-1]
    path += [(x + east, y + north) for east, north in strolled(chance, 300, 1.2)]
    return any_phone(chance).fixes(path, chance)


def run(chance: Random) -> list[Fix]:
    """Somebody runs at 8 to 12 km/h."""
    path = strolled(chance, chance.randrange(200, 600), chance.uniform(2.2, 3.3), turns_s=25, sway=0.08, stops=False)
    return any_phone(chance).fixes(path, chance)


def underground(chance: Random) -> list[Fix]:
    """A walk, minutes of nothing, a walk five kilometres away; the first fix up may still be the old place."""
    phone = any_phone(chance)
    before = phone.fixes(strolled(chance, 200, 1.2), chance, at=moved(*HONG_KONG_PARK, 4000, 2000))
    up = before[-1].at + timedelta(seconds=chance.randrange(240, 590))
    after = phone.fixes(strolled(chance, 400, 1.2), chance, start=up)
    if chance.random() < 0.5:
        after[0] = replace(before[-1], at=after[0].at)
    return before + after


def cold_start(chance: Random) -> list[Fix]:
    """The first fix is hundreds of metres off, and may not say so."""
    found = stroll(chance)
    lat, lon = moved(found[0].lat, found[0].lon, chance.uniform(-900, 900), chance.uniform(-900, 900))
    found[0] = replace(found[0], lat=lat, lon=lon, accuracy_m=chance.choice([None, 60.0, 300.0, 1000.0]))
    return found


def towers(chance: Random) -> list[Fix]:
    """Between towers the error wanders by tens of metres."""
    drift_m, drift_s, scatter_m = chance.uniform(10, 25), chance.uniform(20, 60), chance.uniform(0.2, 1.5)
    phone = Phone(chance.choice(SAMPLING), drift_m, drift_s, scatter_m, chance.random() < 0.7)
    return phone.fixes(strolled(chance, 600, 1.2), chance)


def glitches(chance: Random) -> list[Fix]:
    """Single fixes jump by 20 to 90 m, claiming 6 to 13."""
    found = stroll(chance)
    for _ in range(chance.randrange(1, 5)):
        index, angle, far = chance.randrange(3, len(found) - 3), chance.uniform(0, math.tau), chance.uniform(20, 90)
        lat, lon = moved(found[index].lat, found[index].lon, far * math.cos(angle), far * math.sin(angle))
        found[index] = replace(found[index], lat=lat, lon=lon, accuracy_m=round(chance.uniform(6, 13), 1))
    return found


def screen_off(chance: Random) -> list[Fix]:
    """A part of the walk is missing."""
    found = stroll(chance)
    first = chance.randrange(5, len(found) // 2)
    return found[:first] + found[first + chance.randrange(5, len(found) // 3) :]


def laps(chance: Random) -> list[Fix]:
    """Round and round a lawn, walking or running."""
    radius, pace, angle, ease = chance.uniform(12, 60), chance.uniform(0.9, 3.2), 0.0, 0.0
    path = []
    for _ in range(600):
        path.append((radius * math.cos(angle), radius * math.sin(angle)))
        ease += chance.gauss(0, 0.02) - ease / 12
        angle += pace * (1 + ease) / radius
    return any_phone(chance).fixes(path, chance)


def scooter(chance: Random) -> list[Fix]:
    """A wheelchair with a motor hardly changes its pace, but is steered by hand."""
    return any_phone(chance).fixes(strolled(chance, 500, chance.uniform(1.0, 1.8), sway=0.03), chance)


def polyline(chance: Random) -> list[Fix]:
    """Straight legs at one speed under a wandering error, as examples are often made."""
    path: Path = [(0.0, 0.0)]
    heading, pace = chance.uniform(0, math.tau), chance.uniform(1.0, 1.5)
    while len(path) < 650:
        for _ in range(chance.randrange(40, 150)):
            x, y = path[-1]
            path.append((x + pace * math.cos(heading), y + pace * math.sin(heading)))
        heading += chance.uniform(-1.6, 1.6)
    every = chance.choice([1, 2, 3, 5, 10])
    phone = Phone(every, chance.uniform(3, 5), every * chance.uniform(4, 10), 0.0, chance.random() < 0.7)
    return phone.fixes(path, chance)


KINDS: dict[str, Builder] = {
    kind.__name__: kind
    for kind in (
        stroll,
        promenade,
        child,
        bench,
        repeats,
        bus,
        run,
        underground,
        cold_start,
        towers,
        glitches,
        screen_off,
        laps,
        scooter,
        polyline,
    )
}
