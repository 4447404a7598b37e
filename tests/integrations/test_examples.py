"""Files of real trackers outside the repository, read when they are there; what was read is printed."""

import pytest

from integrations.reading import Outcome
from tests.integrations.files import counted, outcome, shared, whys

SESSION = b"\x44\0\0\x12\0\x55"  # in the run: 85 fields of the message 18, in the order of small machines


def raw(name: str) -> bytes | None:
    """An example's bytes, None when the folder is absent."""
    folder = shared("wearables", "examples")
    return (folder / name).read_bytes() if folder else None


def read_all() -> dict[str, Outcome]:
    """Every example by its name; none when the folder is absent."""
    folder = shared("wearables", "examples")
    return {path.name: outcome(path.read_bytes()) for path in sorted(folder.iterdir())} if folder else {}


def test_every_example_that_somebody_knows_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        found = read_all()
        known = {name: each for name, each in found.items() if each.provider}
        steps = sum(sum(steps or 0 for steps in counted(each).values()) for each in known.values())
        by = sorted({each.provider or "" for each in known.values()})
        print(f"\nexamples: {len(known)} of {len(found)} files known ({', '.join(by)}), {steps} steps")  # noqa: T201
    for name, each in known.items():
        assert each.days or each.problems, name
    for name, each in found.items():
        assert each.provider or whys(each) == [(None, "not_recognised")], name


def test_an_export_of_other_things_than_steps_says_so() -> None:
    found = read_all()
    if found:
        other = found["apple-health-export-small.xml"]
        assert (other.provider, other.days, whys(other)) == ("apple_health", [], [(None, "no_steps")])


def test_a_run_of_a_watch_is_two_steps_for_each_of_its_strides() -> None:
    content = raw("garmin-fenix5-run.fit")
    if content:
        at = content.index(SESSION)
        fields = [content[begin : begin + 3] for begin in range(at + 6, at + 6 + 3 * 85, 3)]
        numbers = [number for number, _, _ in fields]
        before = sum(size for _, size, _ in fields[: numbers.index(10)])  # 10 is total_strides, of four bytes
        begin = at + 6 + 3 * 85 + 1 + before
        strides = int.from_bytes(content[begin : begin + 4], "little")
        found = outcome(content)
        assert (found.provider, whys(found)) == ("garmin_fit", [])
        assert counted(found) == {("Garmin", "2017-06-11"): 2 * strides}
        assert strides == 78


def test_a_track_of_huawei_is_its_rates_for_as_long_as_they_held() -> None:
    content = raw("huawei-HiTrack-example.txt")
    if content:
        # s-r 119 at 1552679418000, s-r 68 at 1552679478000, and the last h-r at 1552679498000: 119 x 1 + 68 x 20/60.
        found = outcome(content)
        assert (found.provider, whys(found)) == ("huawei_hitrack", [])
        assert counted(found) == {("Huawei", "2019-03-16"): 142}
