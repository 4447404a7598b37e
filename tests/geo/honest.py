"""Honest walks of many kinds, as a phone would report them: people who vary their pace, and errors that drift.

A *path* is the true place, in metres east and north of a start, once a second. A *phone* turns it into fixes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from geo.fix import Fix
from geo.metric import moved

Path = list[tuple[float, float]]

HONG_KONG_PARK = (22.2772, 114.1614)
MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def dice(seed: object) -> Random:
    """Repeatable chance."""
    return Random(repr(seed))  # noqa: S311


@dataclass(frozen=True)
class Phone:
    """How a phone errs: metres per axis, seconds."""

    every_s: int = 1
    drift_m: float = 3.0  # an error that wanders
    drift_s: float = 30.0  # and is forgotten after so long
    scatter_m: float = 0.3  # an error that is new in every fix
    accuracy: bool = True
    digits: int = 7

    def fixes(
        self, path: Path, chance: Random, start: datetime = MORNING, at: tuple[float, float] = HONG_KONG_PARK
    ) -> list[Fix]:
        """What the phone reports of a path."""
        keep = math.exp(-self.every_s / self.drift_s) if self.drift_s else 0.0
        fresh = self.drift_m * math.sqrt(1 - keep * keep)
        east, north = chance.gauss(0, self.drift_m), chance.gauss(0, self.drift_m)
        typical = 1.5 * math.hypot(self.drift_m, self.scatter_m) + 2
        found = []
        for second in range(0, len(path), self.every_s):
            x, y = path[second]
            east, north = keep * east + chance.gauss(0, fresh), keep * north + chance.gauss(0, fresh)
            lat, lon = moved(
                *at, x + east + chance.gauss(0, self.scatter_m), y + north + chance.gauss(0, self.scatter_m)
            )
            claimed = round(max(2.0, chance.gauss(typical, typical / 5)), 1) if self.accuracy else None
            found.append(
                Fix(start + timedelta(seconds=second), round(lat, self.digits), round(lon, self.digits), claimed)
            )
        return found


def any_phone(chance: Random) -> Phone:
    """Some phone: cheap or good, filtered or raw, reporting often or seldom, with an accuracy or without."""
    kind = chance.choice(["raw", "fused", "smooth", "white"])
    every = chance.choice([1, 1, 2, 3, 5, 10])
    accuracy = chance.random() < 0.7
    digits = chance.choice([7, 7, 6])
    if kind == "raw":
        return Phone(every, chance.uniform(2, 6), chance.uniform(8, 40), chance.uniform(0.2, 1.0), accuracy, digits)
    if kind == "fused":
        return Phone(every, chance.uniform(1.5, 4), chance.uniform(20, 90), 0.1, accuracy, digits)
    if kind == "smooth":
        return Phone(every, chance.uniform(0.8, 1.5), chance.uniform(30, 60), 0.03, accuracy, digits)
    return Phone(every, 0.5, 60.0, chance.uniform(1.5, 5), accuracy, digits)


def strolled(
    chance: Random, seconds: int, pace: float, turn_every: float = 40, sway: float = 0.12, pauses: bool = True
) -> Path:
    """Walking with turns, a pace that varies, and stops."""
    x = y = 0.0
    heading, wobble, ease = chance.uniform(0, math.tau), 0.0, 0.0
    rest = 0
    path = [(x, y)]
    for _ in range(seconds):
        if rest:
            rest -= 1
        elif pauses and chance.random() < 1 / 150:
            rest = chance.randrange(5, 40)
        if chance.random() < 1 / turn_every:
            heading += chance.gauss(0, 1.0)
        # Home is never far: a park has an end.
        if math.hypot(x, y) > 150:
            heading = math.atan2(-y, -x) + chance.gauss(0, 0.5)
        ease += -ease / 12 + chance.gauss(0, sway * 0.4)
        wobble += -wobble / 6 + chance.gauss(0, 0.06)
        speed = 0.0 if rest else max(0.1, pace * (1 + ease))
        x += speed * math.cos(heading + wobble)
        y += speed * math.sin(heading + wobble)
        path.append((x, y))
    return path


def straight(chance: Random, seconds: int, pace: float, sway: float = 0.05) -> Path:
    """An even walker on a straight promenade."""
    heading = chance.uniform(0, math.tau)
    along = aside = ease = 0.0
    path = []
    for _ in range(seconds):
        path.append(
            (
                along * math.cos(heading) - aside * math.sin(heading),
                along * math.sin(heading) + aside * math.cos(heading),
            )
        )
        ease += -ease / 15 + chance.gauss(0, sway * 0.36)
        aside += -aside / 10 + chance.gauss(0, 0.12)
        along += pace * max(0.1, 1 + ease)
    return path


def zigzag(chance: Random, seconds: int) -> Path:
    """A child at play: runs, stops, turns round."""
    x = y = heading = 0.0
    speed, left = 0.0, 0
    path = [(x, y)]
    for _ in range(seconds):
        if left <= 0:
            left = chance.randrange(2, 12)
            speed = chance.choice([0.0, 1.0, 1.5, 2.5, 3.5, 4.5])
            heading = chance.uniform(0, math.tau) if math.hypot(x, y) < 60 else math.atan2(-y, -x)
        left -= 1
        x += speed * math.cos(heading)
        y += speed * math.sin(heading)
        path.append((x, y))
    return path


def stroll(chance: Random) -> list[Fix]:
    return any_phone(chance).fixes(strolled(chance, chance.randrange(300, 900), chance.uniform(0.6, 1.6)), chance)


def promenade(chance: Random) -> list[Fix]:
    phone = any_phone(chance)
    return phone.fixes(
        straight(
            chance,
            chance.randrange(120, 600) if phone.every_s < 5 else 600,
            chance.uniform(0.8, 1.6),
            chance.uniform(0.04, 0.1),
        ),
        chance,
    )


def child(chance: Random) -> list[Fix]:
    return any_phone(chance).fixes(zigzag(chance, chance.randrange(200, 700)), chance)


def bench(chance: Random) -> list[Fix]:
    return any_phone(chance).fixes([(0.0, 0.0)] * 1200, chance)


def rest_with_repeats(chance: Random) -> list[Fix]:
    """While the phone lies still, the system repeats its last fix for up to two minutes."""
    found = stroll(chance)
    for _ in range(3):
        first = chance.randrange(5, len(found))
        for place in range(first + 1, len(found)):
            if (found[place].at - found[first].at).total_seconds() > chance.randrange(20, 121):
                break
            found[place] = replace(found[first], at=found[place].at)
    return found


def bus_then_walk(chance: Random) -> list[Fix]:
    """Four stops by bus, then on foot."""
    x, speed = -2500.0, 0.0
    path: Path = []
    target = 0.0
    while x < 0:
        if chance.random() < 0.03:
            target = chance.choice([0, 8, 12, 15])
        target = target or (chance.choice([8, 12]) if chance.random() < 0.1 else 0)
        speed += max(-1.5, min(1.2, target - speed))
        x += speed
        path.append((x, 20 * math.sin(x / 200)))
    return any_phone(chance).fixes(path + strolled(chance, 300, 1.2), chance)


def run(chance: Random) -> list[Fix]:
    return any_phone(chance).fixes(
        strolled(chance, chance.randrange(200, 600), chance.uniform(2.2, 3.3), 25, 0.08, False), chance
    )


def underground(chance: Random) -> list[Fix]:
    """Walk, eight minutes of nothing, walk five kilometres away; sometimes the first fix up is still the old place."""
    phone = any_phone(chance)
    before = phone.fixes(strolled(chance, 200, 1.2), chance, at=moved(*HONG_KONG_PARK, 4000, 2000))
    up = before[-1].at + timedelta(seconds=chance.randrange(240, 590))
    after = phone.fixes(strolled(chance, 400, 1.2), chance, start=up)
    if chance.random() < 0.5:
        after[0] = replace(before[-1], at=after[0].at)
    return before + after


def cold_start(chance: Random) -> list[Fix]:
    found = stroll(chance)
    far = moved(found[0].lat, found[0].lon, chance.uniform(-900, 900), chance.uniform(-900, 900))
    found[0] = replace(found[0], lat=far[0], lon=far[1], accuracy_m=chance.choice([None, 60.0, 300.0, 1000.0]))
    return found


def canyon(chance: Random) -> list[Fix]:
    phone = Phone(
        chance.choice([1, 2, 3, 5, 10]),
        chance.uniform(10, 25),
        chance.uniform(20, 60),
        chance.uniform(0.2, 1.5),
        chance.random() < 0.7,
    )
    return phone.fixes(strolled(chance, 600, 1.2), chance)


def glitches(chance: Random) -> list[Fix]:
    """One-second jumps of 20-90 m, claiming 6-13 m."""
    found = stroll(chance)
    for _ in range(chance.randrange(1, 5)):
        spot = chance.randrange(3, len(found) - 3)
        east, north = (chance.choice([-1, 1]) * chance.uniform(15, 64) for _ in "en")
        lat, lon = moved(found[spot].lat, found[spot].lon, east, north)
        found[spot] = replace(found[spot], lat=lat, lon=lon, accuracy_m=round(chance.uniform(6, 13), 1))
    return found


def screen_off(chance: Random) -> list[Fix]:
    found = stroll(chance)
    first = chance.randrange(5, len(found) // 2)
    return found[:first] + found[first + chance.randrange(5, len(found) // 3) :]


def laps(chance: Random) -> list[Fix]:
    """Round and round a lawn."""
    radius, angle, ease = chance.uniform(12, 60), 0.0, 0.0
    pace, path = chance.uniform(0.9, 3.2), []
    for _ in range(600):
        path.append((radius * math.cos(angle), radius * math.sin(angle)))
        ease += -ease / 12 + chance.gauss(0, 0.02)
        angle += pace * (1 + ease) / radius
    return any_phone(chance).fixes(path, chance)


def scooter(chance: Random) -> list[Fix]:
    """A wheelchair with a motor: hardly any change of pace, but steered by hand."""
    return any_phone(chance).fixes(strolled(chance, 500, chance.uniform(1.0, 1.8), 40, 0.03), chance)


def given_style(chance: Random) -> list[Fix]:
    """Straight legs at one speed under correlated noise, as recorded examples are often made."""
    legs: Path = [(0.0, 0.0)]
    heading = chance.uniform(0, math.tau)
    pace = chance.uniform(1.0, 1.5)
    while len(legs) < 650:
        for _ in range(chance.randrange(40, 150)):
            x, y = legs[-1]
            legs.append((x + pace * math.cos(heading), y + pace * math.sin(heading)))
        heading += chance.uniform(-1.6, 1.6)
    every = chance.choice([1, 2, 3, 5, 10])
    return Phone(every, chance.uniform(3, 5), every * chance.uniform(4, 10), 0.0, chance.random() < 0.7).fixes(
        legs, chance
    )


KINDS: dict[str, Callable[[Random], Sequence[Fix]]] = {
    kind.__name__: kind
    for kind in (
        stroll,
        promenade,
        child,
        bench,
        rest_with_repeats,
        bus_then_walk,
        run,
        underground,
        cold_start,
        canyon,
        glitches,
        screen_off,
        laps,
        scooter,
        given_style,
    )
}
