"""Files of real trackers outside the repository, read when they are there; what was read is printed."""

import pytest

from integrations.reading import Outcome
from tests.integrations.files import counted, outcome, shared, whys


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
