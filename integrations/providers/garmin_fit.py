"""Garmin: FIT files out of a watch, of whole days (monitoring) and of single walks and runs (activities)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import BinaryIO

from integrations.contract import Capabilities, DayCount, Part, Reading, Sample, problem, shown
from integrations.fit import EPOCH, MARK, TIMESTAMP, Message, messages
from integrations.upload import Unreadable

CAPABILITIES = Capabilities(
    name="garmin_fit", roads=("file",), grains=("days", "samples"), local_day="offset", by_hand=False, corrects=False
)

FILE, SESSION, ACTIVITY, MONITORING, MONITORING_INFO = 0, 18, 34, 55, 103
WANTED = {
    FILE: frozenset({8}),  # product_name
    SESSION: frozenset({2, 5, 7, 10}),  # start_time, sport, total_elapsed_time (ms), total_cycles
    ACTIVITY: frozenset({5}),  # local_timestamp
    MONITORING: frozenset({3, 5, 9, 24, 26}),  # cycles, activity_type, cycles_16, type and intensity, timestamp_16
    MONITORING_INFO: frozenset({0}),  # local_timestamp
}
ON_FOOT = {1, 11, 17}  # sports whose cycles are strides: running, walking, hiking
STEPPING = {1, 6}  # kinds of a day's activity whose cycles are steps: running, walking
MOST_WAITING = 1_000  # sessions that wait for the offset, which stands at the end of a file
BATCH = 1_000
MOST_OFFSET = 18 * 3600  # seconds
SOURCE = 100  # characters of a source's name


def recognises(part: Part) -> bool:
    """A FIT file, by its mark."""
    return part.head[8:12] == MARK


def read(part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
    """Read a watch's file: its totals of a day, as they grow, and a stretch for every walk and run."""
    reader, broken_off = _Reader(zone), None
    try:
        for message in messages(stream, WANTED):
            if isinstance(message, Message):
                reader.take(message)
            elif message is not None:
                reader.found.append(problem(None, message))
            if message is None or len(reader.found) >= BATCH:
                yield reader.said()
    except Unreadable as trouble:
        broken_off = trouble  # told when the sessions before it are out
    reader.release()
    yield reader.said()
    if broken_off:
        raise broken_off


class _Reader:
    """Understands the messages of one file after another."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.found: list[Reading] = []
        self._waiting: list[tuple[int, int, int]] = []
        self._begin("")

    def take(self, message: Message) -> None:
        """Understand one message."""
        fields = {number: value for number, value in message.fields.items() if isinstance(value, int)}
        if message.kind == FILE:
            self.release()
            self._begin(str(message.fields.get(8, "")))
        elif message.kind == MONITORING:
            self._monitored(fields)
        elif message.kind == SESSION:
            self._walked(fields)
        else:
            self._here(fields.get(TIMESTAMP), fields.get(5 if message.kind == ACTIVITY else 0))
            if message.kind == ACTIVITY:
                self.release()

    def said(self) -> list[Reading]:
        """What was found since this was last asked."""
        found, self.found = self.found, []
        return found

    def release(self) -> None:
        """Tell the sessions that waited for the offset: by now it is known, or never will be."""
        for begins, lasts, steps in self._waiting:
            starts = _moment(begins).astimezone(self._where or self._zone)
            self.found.append(Sample(self._source, starts, starts + timedelta(milliseconds=lasts), steps))
        self._waiting = []

    def _begin(self, product: str) -> None:
        self._source = shown(" ".join(f"Garmin {product}".split()), SOURCE)
        self._where: tzinfo | None = None
        self._time: int | None = None
        self._day = date.min
        self._steps: dict[int, int] = {}

    def _here(self, at: int | None, local: int | None) -> None:
        if at is not None:
            self._time = at
        if at is not None and local is not None and abs(local - at) <= MOST_OFFSET:
            # Whole minutes, as all offsets are: the two clocks may be a second apart.
            self._where = timezone(timedelta(minutes=round((local - at) / 60)))

    def _monitored(self, fields: dict[int, int]) -> None:
        """A count since midnight of one kind of activity; the day's is the sum of those that are made of steps.

        Files of one day overlap, and each begins in the middle of it with the count so far. So what is told is the
        day's total up to each message; differences between messages would count the morning twice.
        """
        at, kind = self._at(fields), fields.get(5, fields.get(24, 0xFF) & 0x1F)
        steps = fields.get(3, fields.get(9))
        if at is None or steps is None or kind not in STEPPING:
            return
        # A count at midnight is that of the day which has ended.
        on = (_moment(at - 1).astimezone(self._where or self._zone)).date()
        if on != self._day:
            self._day, self._steps = on, {}
        self._steps[kind] = max(steps, self._steps.get(kind, 0))
        self.found.append(DayCount(self._source, on, sum(self._steps.values())))

    def _at(self, fields: dict[int, int]) -> int | None:
        """A message's time: stated, or its last 16 bits after the one before."""
        at, low = fields.get(TIMESTAMP), fields.get(26)
        if at is None and low is not None and self._time is not None:
            at = self._time + ((low - self._time) & 0xFFFF)
        if at is not None:
            self._time = at
        return at

    def _walked(self, fields: dict[int, int]) -> None:
        """A walk or run, of two steps a stride; a watch's own total of the day contains them, and beats them."""
        begins, lasts, strides = fields.get(2), fields.get(7), fields.get(10)
        if fields.get(5) not in ON_FOOT or begins is None or strides is None:
            return
        if lasts is None:
            lasts = max(0, fields.get(TIMESTAMP, begins) - begins) * 1000
        self._waiting.append((begins, lasts, 2 * strides))
        if len(self._waiting) >= MOST_WAITING:
            self.release()


def _moment(at: int) -> datetime:
    """A moment from FIT's seconds, which four bytes hold."""
    return datetime.fromtimestamp(EPOCH + at, UTC)
